// The cells of a view, and the one at a point, as netwarp.explorer.cells answers. A long search goes on in portions: it
// is left for what is seen at once, and taken up again.
import { pieceOf } from "../engine/cells/digits.ts";
import type { Cell } from "../engine/cells/found.ts";
import { hasCells } from "../engine/cells/stages.ts";
import { Search, type Tessellation, TooMany } from "../engine/cells/tessellation.ts";
import { WORDS } from "../engine/language/table.ts";
import { say, thousands } from "../engine/language/words.ts";
import { DEEPEST } from "../link.ts";
import type { Ask, Reply } from "../protocol.ts";
import type { Rectangle } from "../server.ts";
import { keepCells, knownCells } from "./known_cells.ts";
import type { Opened } from "./networks.ts";
import { Refusal } from "./refusals.ts";
import { CELLS_LIMIT, CELLS_SECONDS } from "./table.ts";
import { rasterOf } from "./views.ts";
import { ENGINE } from "../words/site.ts";

type Unmarked<K extends "cells" | "cell"> = Omit<Reply<K>, "id" | "pane">;

// milliseconds between two looks at whether something else is asked for
const PORTION = 40;

/** What is under way, or was found last, of one pane. */
export class CellSearch {
  #opened: Opened | null = null;
  #view = "";
  #search: Search | null = null;
  #spent = 0;
  #found: Tessellation | null = null;
  // those that are drawn: found last, of whichever view
  #held: Tessellation | null = null;

  /** null where `stopped` said so before all was found: the next call goes on. Throws Refusal. */
  async all(opened: Opened, { limit = CELLS_LIMIT, ...at }: Ask<"cells">, stopped: () => boolean): Promise<Unmarked<"cells"> | null> {
    const most = Math.min(limit, CELLS_LIMIT);
    this.#look(opened, at, most);
    while (this.#found === null) {
      const start = performance.now();
      try {
        this.#found = this.#search?.advance(PORTION, () => performance.now()) ?? null;
      } catch (error) {
        this.#view = "";
        if (!(error instanceof TooMany)) throw error;
        return { kind: "cells", unit: "view", count: most, edges: 0, more: true, doubtful: 0, sentence: say("CELLS_MORE", { count: thousands(most) }), bytes: new Uint8Array() };
      }
      this.#spent += (performance.now() - start) / 1000;
      if (this.#found !== null) break;
      if (this.#spent > CELLS_SECONDS) throw new Refusal(say("CELLS_TOO_LONG", { seconds: CELLS_SECONDS }));
      await new Promise((resolve) => setTimeout(resolve));
      if (stopped()) return null;
    }
    this.#held = this.#found;
    keepCells(opened.program, this.#found);
    return described(this.#found, this.#spent);
  }

  /** The cells that `all` found last. */
  get held(): Tessellation | null {
    return this.#held;
  }

  /** Throws Refusal outside of the view whose cells are drawn. */
  at(opened: Opened, x: string, y: string): Unmarked<"cell"> {
    const found = this.#held;
    if (found === null || this.#opened !== opened) throw new Refusal(ENGINE.cellsNotYet);
    const { plane } = found;
    const [s, t] = [(Number(x) - plane.x) / plane.width, (Number(y) - plane.y) / plane.height];
    const number = found.polygons.findIndex(({ polygon }) => holds(polygon, s, t));
    if (number < 0) throw new Refusal(ENGINE.cellOutside);
    return one(found, number, s, t);
  }

  #look(opened: Opened, at: Rectangle, limit: number): void {
    const view = JSON.stringify([at.x, at.y, at.w, at.h, limit]);
    if (this.#opened === opened && this.#view === view) return;
    if (!hasCells(opened.program)) throw new Refusal(WORDS.NO_CELLS);
    if (Math.min(Number(at.w), Number(at.h)) < DEEPEST) throw new Refusal(WORDS.CELLS_TOO_SMALL);
    if (this.#opened !== opened) this.#held = null;
    const { program } = opened;
    const { plane } = rasterOf(at, 1, 1);
    [this.#opened, this.#view, this.#found, this.#spent] = [opened, view, knownCells(program, plane, limit), 0];
    this.#search = this.#found === null ? new Search(program, plane, limit) : null;
  }
}

/** What is said of a count: that it is exact only where no sign was left in doubt. */
function sentence(count: number, doubtful: number): string {
  const plural = (many: number): string => (many === 1 ? "" : "s");
  if (doubtful === 0) return say("CELLS_EXACT", { count: thousands(count), plural: plural(count) });
  return say("CELLS_ABOUT", { count: thousands(count), plural: plural(count), signs: thousands(doubtful), signs_plural: plural(doubtful) });
}

function described({ cells, edges, doubtful }: Tessellation, seconds: number): Unmarked<"cells"> {
  const ends = Float32Array.from(edges.flatMap((edge) => edge.ends));
  const layers = Int32Array.from(edges, (edge) => edge.line.layer);
  const bytes = new Uint8Array(ends.byteLength + layers.byteLength);
  bytes.set(new Uint8Array(ends.buffer));
  bytes.set(new Uint8Array(layers.buffer), ends.byteLength);
  return { kind: "cells", unit: "view", count: cells.count, edges: edges.length, more: false, doubtful, sentence: sentence(cells.count, doubtful), seconds, bytes };
}

function holds({ x, y }: Cell["polygon"], s: number, t: number): boolean {
  return x.every((px, i) => {
    const j = (i + 1) % x.length;
    const [qx, qy, py] = [x[j] ?? NaN, y[j] ?? NaN, y[i] ?? NaN];
    return (qx - px) * (t - py) - (qy - py) * (s - px) >= 0;
  });
}

function areaOf({ x, y }: Cell["polygon"]): number {
  return x.reduce((sum, px, i) => sum + px * (y[(i + 1) % x.length] ?? NaN) - (x[(i + 1) % x.length] ?? NaN) * (y[i] ?? NaN), 0) / 2;
}

function one({ plane, stages, layout, polygons, edges, cells }: Tessellation, number: number, s: number, t: number): Unmarked<"cell"> {
  const cell = cells.of[number];
  const parts = polygons.filter((_, i) => cells.of[i] === cell);
  const { bits, numbers } = polygons[number] ?? { bits: new Uint32Array(), numbers: new Float64Array() };
  const sides = edges.filter((edge) => cells.of[edge.cell] === cell || cells.of[edge.other] === cell);
  const affine = Array.from({ length: numbers.length / 3 }, (_, c) => {
    const [a = NaN, b = NaN, d = NaN] = numbers.subarray(3 * c, 3 * c + 3);
    return [a / plane.width, b / plane.height, d + a * s + b * t];
  });
  const on = Array.from({ length: stages.units }, (_, unit) => pieceOf(layout, bits, unit)).filter((piece) => piece > 0).length;
  return {
    kind: "cell",
    pattern: on,
    units: stages.units,
    affine,
    area: parts.reduce((sum, { polygon }) => sum + areaOf(polygon), 0) * plane.width * plane.height,
    clipped: parts.some(({ polygon }) => polygon.lines.some((line) => line.layer === 0)),
    edges: sides.length,
    layers: [...new Set(sides.map((edge) => edge.line.layer))].sort((p, q) => p - q),
  };
}
