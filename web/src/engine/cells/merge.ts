// Neighbours that are one: cells that only a maxout's smaller pieces divide, and linear regions, which have one affine map.

import type { Operation } from "../program/program.ts";
import { type Layout, pieceOf } from "./digits.ts";
import type { Cell } from "./found.ts";
import type { Edge } from "./glue.ts";
import type { Tally } from "./polygon.ts";
import type { Stage, Stages } from "./stages.ts";

/** The number of unions, and that of each cell, in the order of their first cells. */
export interface Unions {
  readonly count: number;
  readonly of: Int32Array;
}

/** Cells as the definition has them: a maxout's line between two pieces divides nothing where a third is larger. */
export function joined(cells: readonly Cell[], edges: readonly Edge[], { stages }: Stages): Unions {
  const many = new Set(stages.flatMap((stage, i) => (stage.pieces > 2 ? [i] : [])));
  const same = edges.filter((edge) => {
    if (!many.has(edge.line.stage)) return false;
    const other = cells[edge.other]!.bits;
    return cells[edge.cell]!.bits.every((word, i) => word === other[i]);
  });
  return unions(cells.length, same);
}

/** Edges whose parts, which a maxout's smaller pieces divide, are one: two convex cells meet along one edge at most. */
export function whole(edges: readonly Edge[], { of }: Unions): Edge[] {
  const found = new Map<string, Edge>();
  for (const edge of edges) {
    const [one, other] = [of[edge.cell]!, of[edge.other]!];
    const key = one < other ? `${one} ${other}` : `${other} ${one}`;
    const before = found.get(key);
    found.set(key, before === undefined ? edge : { ...before, ends: farthest(before.ends, edge.ends) });
  }
  return [...found.values()];
}

/** Of two parts of one segment, all. */
function farthest(one: Edge["ends"], other: Edge["ends"]): Edge["ends"] {
  const [x, y] = [one[2] - one[0], one[3] - one[1]];
  const places = [one.slice(0, 2), one.slice(2), other.slice(0, 2), other.slice(2)] as [number, number][];
  places.sort((p, q) => p[0] * x + p[1] * y - (q[0] * x + q[1] * y));
  return [...places[0]!, ...places[3]!];
}

/** Linear regions: maximal connected unions of cells on which the output is one affine map. */
export function merged(cells: readonly Cell[], edges: readonly Edge[], stages: Stages, layout: Layout, tally: Tally): Unions {
  const same = edges.filter((edge) => {
    const [one, other] = [cells[edge.cell]!, cells[edge.other]!];
    if (differ(one, other)) return false;
    if (reaches(one, other, stages, layout)) tally.doubtful++;
    return true;
  });
  return unions(cells.length, same);
}

/** Whether two cells' maps are farther apart than their errors. */
function differ(one: Cell, other: Cell): boolean {
  return one.numbers.some((p, at) => {
    const q = other.numbers[at]!;
    return Math.abs(p - q) > (one.errors[at]! + other.errors[at]! + 2 ** -52 * (Math.abs(p) + Math.abs(q))) * (1 + 1e-14);
  });
}

/** Whether what differs between two cells' patterns reaches the output: not over weights of zero and dead units only. */
function reaches(one: Cell, other: Cell, { program, stages }: Stages, layout: Layout): boolean {
  const at = new Map(stages.map((stage) => [stage.value, stage]));
  const heard: boolean[][] = [];
  for (const [i, operation] of program.operations.entries()) {
    const sources = operation.sources.map((source) => heard[source]!);
    const stage = at.get(i);
    heard.push(stage === undefined ? carried(operation, sources) : switched(stage, sources[0]!, one, other, layout));
  }
  return heard[heard.length - 1]!.includes(true);
}

function switched(stage: Stage, source: readonly boolean[], one: Cell, other: Cell, layout: Layout): boolean[] {
  return Array.from({ length: stage.units }, (_, unit) => {
    const piece = pieceOf(layout, one.bits, stage.first + unit);
    if (piece !== pieceOf(layout, other.bits, stage.first + unit)) return true;
    if (stage.pieces > 0) return source[unit * stage.pieces + piece]!;
    return source[unit]! && stage.bends[unit]!.pieces[piece]!.slope !== 0;
  });
}

function carried(one: Operation, sources: readonly (readonly boolean[])[]): boolean[] {
  const source = sources[0] ?? [];
  if (one.kind === "embed") return new Array<boolean>(one.channels).fill(false);
  if (one.kind === "concat") return sources.flat();
  if (one.kind !== "conv") return source.map((_, c) => sources.some((of) => of[c]!));
  const reads = one.weight.length / one.channels;
  const each = one.channels / one.groups;
  return Array.from({ length: one.channels }, (_, c) => {
    const from = Math.floor(c / each) * reads;
    for (let i = 0; i < reads; i++) if (source[from + i]! && one.weight[c * reads + i] !== 0) return true;
    return false;
  });
}

function unions(count: number, edges: readonly Edge[]): Unions {
  const head = Int32Array.from({ length: count }, (_, i) => i);
  const find = (at: number): number => {
    while (head[at] !== at) at = head[at] = head[head[at]!]!;
    return at;
  };
  for (const edge of edges) {
    const [a, b] = [find(edge.cell), find(edge.other)];
    head[Math.max(a, b)] = Math.min(a, b);
  }
  const of = new Int32Array(count);
  let found = 0;
  for (let c = 0; c < count; c++) of[c] = find(c) === c ? found++ : of[find(c)]!;
  return { count: found, of };
}
