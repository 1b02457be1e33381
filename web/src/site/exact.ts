// The exact cells that measures are taken of, where these are worth their while: decided by counts as netwarp.measures
// does, so that both take the same values of the same things.
import type { Plane, Raster } from "../engine/evaluate/raster.ts";
import { costOf } from "../engine/cells/cost.ts";
import { hasCells } from "../engine/cells/stages.ts";
import { ofChannel } from "../engine/program/channel.ts";
import { type Steepness, steepness } from "../engine/cells/integrals.ts";
import { Search, type Tessellation, TooMany } from "../engine/cells/tessellation.ts";
import type { Program } from "../engine/program/program.ts";
import { TAKEN } from "../words/site.ts";
import { keepCells, knownCells } from "./known_cells.ts";
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

/** A search for the cells of a view, which can be left and taken up again. */
export class Exactly {
  readonly #program: Program;
  readonly #plane: Plane;
  readonly #only: number | null;
  readonly #jumps: boolean;
  /** the most cells that may be found */
  readonly #most: number;
  // null where cells are not worth finding for what pixels give as well
  readonly #search: Search | null;
  #found: Exact | Missing | null = null;
  #counting: Search | null = null;
  #counted: Tessellation | string | null = null;

  /** Of a Program calibrated on the plane `home`, measured on so many pixels; `only` a channel of it, or of all. */
  constructor(program: Program, plane: Plane, home: Raster, pixels: number, only: number | null) {
    [this.#program, this.#plane, this.#only, this.#jumps] = [program, plane, only, jumps(program)];
    const bill = billOf(program, plane, home.plane, only);
    this.#most = bill === null || bill.expected > WORTH.slack * bill.most ? 0 : Math.min(bill.most, CELLS_LIMIT);
    const worth = bill !== null && (this.#jumps || bill.expected * bill.each <= Math.max(WORTH.value, WORTH.parts * bill.work * pixels));
    this.#search = worth && this.#most > 0 ? new Search(program, plane, this.#most) : null;
    if (this.#search === null) this.#found = { jumps: this.#jumps ? TAKEN.tooMany : "", doubtful: 0 };
    if (this.#most === 0) this.#counted = bill === null ? TAKEN.noRegions : TAKEN.manyRegions;
  }

  /** Goes on for so many milliseconds; whether all is found, or is known not to be there. */
  advance(milliseconds: number, now: () => number): boolean {
    if (this.#found !== null || this.#search === null) return true;
    try {
      const cells = this.#advanced(this.#search, milliseconds, now);
      if (cells !== null) this.#found = this.#judged(cells);
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      this.#found = { jumps: this.#jumps ? TAKEN.tooMany : "", doubtful: 0 };
      // of one channel there may be fewer
      if (this.#only === null) this.#counted = TAKEN.manyRegions;
    }
    return this.#found !== null;
  }

  /** All that there is to find. */
  get found(): Exact | Missing {
    while (this.#found === null) this.advance(Infinity, () => 0);
    return this.#found;
  }

  /** As `advance`, for what is counted of cells alone, however much that takes. */
  count(milliseconds: number, now: () => number): boolean {
    if (this.#counted !== null) return true;
    try {
      this.#counting ??= new Search(this.#only === null ? this.#program : ofChannel(this.#program, this.#only), this.#plane, this.#most);
      this.#counted = this.#only === null ? this.#advanced(this.#counting, milliseconds, now) : this.#counting.advance(milliseconds, now);
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      this.#counted = TAKEN.manyRegions;
    }
    return this.#counted !== null;
  }

  /** All cells, or why there are none. */
  get counted(): Tessellation | string {
    while (this.#counted === null) this.count(Infinity, () => 0);
    return this.#counted;
  }

  #advanced(search: Search, milliseconds: number, now: () => number): Tessellation | null {
    const found = knownCells(this.#program, this.#plane, this.#most) ?? search.advance(milliseconds, now);
    if (found !== null) keepCells(this.#program, found);
    return found;
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

/** What finding cells costs: how many may be found at most, how many are expected, the operations of each, and of a pixel. */
interface Bill {
  readonly most: number;
  readonly expected: number;
  readonly each: number;
  readonly work: number;
}

/** null of a Program that has no cells. */
function billOf(program: Program, plane: Plane, home: Plane, only: number | null): Bill | null {
  if (!hasCells(program)) return null;
  const share = Math.min((plane.width * plane.height) / (home.width * home.height), 1);
  const { work, stages, lines, chained } = costOf(program, only !== null);
  const each = (3 * work + WORTH.cell * Math.max(stages, 1)) / 2;
  const expected = 1 + lines + (share * lines ** 2) / 2;
  const growth = chained ? WORTH.plain : WORTH.branching;
  const most = Math.floor(Math.min(WORTH.limit, WORTH.budget / (each * Math.max(1, stages / WORTH.deep) ** growth)));
  return { most, expected, each, work };
}
