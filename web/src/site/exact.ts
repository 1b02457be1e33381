// The exact cells that measures are taken of, where these are worth their while: decided by counts as netwarp.measures
// does, so that both take the same values of the same things.
import type { Plane, Raster } from "../engine/evaluate/raster.ts";
import { costOf } from "../engine/cells/cost.ts";
import { hasCells } from "../engine/cells/stages.ts";
import { type Steepness, steepness } from "../engine/cells/integrals.ts";
import { Search, type Tessellation, TooMany } from "../engine/cells/tessellation.ts";
import type { Program } from "../engine/program/program.ts";
import { TAKEN } from "../words/site.ts";
import { CELLS_LIMIT, WORTH } from "./table.ts";


/** Cells, and how steep the channels are that vary over them. */
export interface Exact {
  readonly cells: Tessellation;
  readonly steepness: readonly Steepness[];
  /** the length an area of a contour that signs in doubt leave open: across a jump, elsewhere they move it by roundings */
  readonly open: number;
}

/** Why there are none. */
export interface Missing {
  /** of an output that jumps, whose derivatives tell nothing; "" of others */
  readonly jumps: string;
  /** how many signs rounding leaves in doubt: netwarp explore decides them */
  readonly doubtful: number;
}

/** A search for the cells of a view, which can be left and taken up again; null of what has none worth finding. */
export class Exactly {
  readonly #search: Search | null;
  readonly #jumps: boolean;
  #found: Exact | Missing | null = null;

  /** Of a Program calibrated on the plane `home`, measured on so many pixels; `only` a channel of it, or of all. */
  constructor(program: Program, plane: Plane, home: Raster, pixels: number, only: number | null) {
    this.#jumps = jumps(program);
    const most = mostCells(program, plane, home.plane, pixels, only);
    this.#search = most === 0 ? null : new Search(program, plane, Math.min(most, CELLS_LIMIT));
    if (this.#search === null) this.#found = { jumps: this.#jumps ? TAKEN.tooMany : "", doubtful: 0 };
  }

  /** Goes on for so many milliseconds; whether all is found, or is known not to be there. */
  advance(milliseconds: number, now: () => number): boolean {
    if (this.#found !== null || this.#search === null) return true;
    try {
      const cells = this.#search.advance(milliseconds, now);
      if (cells !== null) this.#found = this.#judged(cells);
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      this.#found = { jumps: this.#jumps ? TAKEN.tooMany : "", doubtful: 0 };
    }
    return this.#found !== null;
  }

  /** All that there is to find. */
  get found(): Exact | Missing {
    while (this.#found === null) this.advance(Infinity, () => 0);
    return this.#found;
  }

  #judged(cells: Tessellation): Exact | Missing {
    const { plane, vague } = cells;
    const found = steepness(cells);
    return found === null ? { jumps: this.#jumps ? TAKEN.doubtful : "", doubtful: Math.max(1, cells.doubtful) } : { cells, steepness: found, open: this.#jumps ? vague / Math.min(plane.width, plane.height) : 0 };
  }
}

function jumps({ operations }: Program): boolean {
  return operations.some((one) => one.kind === "activate" && one.name === "step");
}

/** How many cells are found at most for measures; 0 where pixels do. */
function mostCells(program: Program, plane: Plane, home: Plane, pixels: number, only: number | null): number {
  if (!hasCells(program)) return 0;
  const share = Math.min((plane.width * plane.height) / (home.width * home.height), 1);
  const { work, stages, lines, chained } = costOf(program, only !== null);
  const each = (3 * work + WORTH.cell * Math.max(stages, 1)) / 2;
  const expected = 1 + lines + (share * lines ** 2) / 2;
  const growth = chained ? WORTH.plain : WORTH.branching;
  const most = Math.floor(Math.min(WORTH.limit, WORTH.budget / (each * Math.max(1, stages / WORTH.deep) ** growth)));
  if (!jumps(program) && expected * each > Math.max(WORTH.value, WORTH.parts * work * pixels)) return 0;
  return expected > WORTH.slack * most ? 0 : most;
}
