// Which cells meet along which edges. Two sides of one edge were born together, and whatever cut one cut the other, in the
// same places and the reverse order; only where the function jumps are places compared.

import type { Layout } from "./digits.ts";
import type { Cell, SideBook } from "./found.ts";
import { alike, type Line } from "./line.ts";
import type { Tally } from "./polygon.ts";
import type { Stages } from "./stages.ts";

/** Two cells, the line between them, and the edge's ends: the corner `place` of `cell`, and the one after it. */
export interface Edge {
  readonly cell: number;
  readonly other: number;
  readonly line: Line;
  readonly ends: readonly [number, number, number, number];
}

/** Sides that were not cut any further, in order, and the lines that cut between them. */
interface Row {
  readonly sides: number[];
  readonly cuts: Line[];
}

/** A place along an edge, and how far it may be from the true one. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly reach: number;
}

export function glued(cells: readonly Cell[], book: SideBook, stages: Stages, layout: Layout, tally: Tally): Edge[] {
  const edges: Edge[] = [];
  const steps = stepsOf(stages, layout);
  for (const side of book.pairs) {
    const line = book.line(side);
    const [one, other] = [row(book, side), row(book, side + 1)];
    other.sides.reverse();
    other.cuts.reverse();
    if (one.sides.length !== other.sides.length || isStep(cells, book, one, other, steps)) laid(cells, book, line, one, other, edges, tally);
    else for (const [n, here] of one.sides.entries()) edges.push(edge(cells, book, line, here, other.sides[n]!));
  }
  return edges;
}

/** Which bits of a cell's pattern are those of units that jump. */
function stepsOf({ stages }: Stages, { word, shift, mask, words }: Layout): Uint32Array {
  const found = new Uint32Array(words);
  for (const { jumps, first, units } of stages) {
    if (!jumps) continue;
    for (let unit = first; unit < first + units; unit++) found[word[unit]!]! |= mask[unit]! << shift[unit]!;
  }
  return found;
}

/** Whether the function may jump between two rows: a unit that jumps is on two pieces, whichever unit's line they lie along. */
function isStep(cells: readonly Cell[], book: SideBook, one: Row, other: Row, steps: Uint32Array): boolean {
  return one.sides.some((side, n) => {
    const [here, there] = [cells[book.cell(side)]!.bits, cells[book.cell(other.sides[n]!)]!.bits];
    return steps.some((bits, w) => ((here[w]! ^ there[w]!) & bits) !== 0);
  });
}

function row(book: SideBook, side: number): Row {
  const found: Row = { sides: [], cuts: [] };
  const walk = (at: number): void => {
    const first = book.part(at);
    if (first === 0) {
      found.sides.push(at);
      return;
    }
    walk(first);
    found.cuts.push(book.line(first));
    walk(first + 1);
  };
  walk(side);
  return found;
}

function edge(cells: readonly Cell[], book: SideBook, line: Line, side: number, twin: number): Edge {
  const [start, end] = [cornerOf(cells, book, side, 0), cornerOf(cells, book, side, 1)];
  return { cell: book.cell(side), other: book.cell(twin), line, ends: [start.x, start.y, end.x, end.y] };
}

function cornerOf(cells: readonly Cell[], book: SideBook, side: number, further: 0 | 1): Place {
  const { x, y, reach } = cells[book.cell(side)]!.polygon;
  const at = (book.place(side) + further) % x.length;
  return { x: x[at]!, y: y[at]!, reach: reach[at]! };
}

/** Sides of cells that need not have been cut in the same places. */
function laid(cells: readonly Cell[], book: SideBook, line: Line, one: Row, other: Row, edges: Edge[], tally: Tally): void {
  const begin = cornerOf(cells, book, one.sides[0]!, 0);
  const finish = cornerOf(cells, book, one.sides[one.sides.length - 1]!, 1);
  const [dx, dy] = [finish.x - begin.x, finish.y - begin.y];
  const along = (place: Place): number => place.x * dx + place.y * dy;
  const size = Math.abs(dx) + Math.abs(dy);
  let [i, j, from] = [0, 0, begin];
  for (;;) {
    const [here, there] = [one.sides[i]!, other.sides[j]!];
    const [last, lastThere] = [i === one.sides.length - 1, j === other.sides.length - 1];
    // the twin runs the other way: its first corner is where it ends here
    const [end, endThere] = [cornerOf(cells, book, here, 1), cornerOf(cells, book, there, 0)];
    let first = along(end) - along(endThere);
    const same = !last && !lastThere && alike(one.cuts[i]!, other.cuts[j]!);
    if (same) first = 0;
    else if (last || lastThere) first = last && lastThere ? 0 : last ? 1 : -1;
    else if (!(Math.abs(first) > 2 * size * (end.reach + endThere.reach) + 1e-15 * size * size)) {
      tally.doubtful++;
      first = 0;
    }
    const to = first <= 0 ? end : endThere;
    edges.push({ cell: book.cell(here), other: book.cell(there), line, ends: [from.x, from.y, to.x, to.y] });
    if (last && lastThere) return;
    if (first <= 0) i++;
    if (first >= 0) j++;
    from = to;
  }
}
