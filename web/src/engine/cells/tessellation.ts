// The cells of a network in a view: netwarp.regions by float64, with every sign that rounding leaves in doubt counted.
//
// A cell is an activation region: a maximal convex polygon on which every unit stays on one piece. Linear regions, on
// which the function is one affine map, consist of one cell or of several.

import type { Plane } from "../evaluate/raster.ts";
import type { Program } from "../program/program.ts";
import { Descent } from "./descent.ts";
import type { Layout } from "./digits.ts";
import type { Cell } from "./found.ts";
import { type Edge, glued } from "./glue.ts";
import { joined, merged, type Unions, whole } from "./merge.ts";
import type { Tally } from "./polygon.ts";
import { type Stages, stagesOf } from "./stages.ts";

/** Polygons of one pattern each, in the view's coordinates, -1/2 to 1/2 across and down. */
export interface Tessellation {
  readonly plane: Plane;
  readonly stages: Stages;
  readonly layout: Layout;
  readonly polygons: readonly Cell[];
  /** where two cells meet, and where two polygons of one cell do */
  readonly edges: readonly Edge[];
  readonly seams: readonly Edge[];
  /** cells, each of one polygon, or of several that a maxout's smaller pieces divide */
  readonly cells: Unions;
  /** signs that rounding left in doubt: where there are none, all counts are exact */
  readonly doubtful: number;
  /** the same of where edges meet, which change no count of cells */
  readonly unsure: number;
  /** the length, in the view's sides, of the cells' border that signs in doubt leave open */
  readonly vague: number;
}

/** More cells than the limit. */
export class TooMany extends Error {
  constructor(readonly found: number) {
    super(`more than ${found - 1} cells`);
  }
}

/** Work in portions: `advance` goes on for so many milliseconds, and gives what is found once all is. Errors: TooMany. */
export class Search {
  private readonly descent: Descent;
  private readonly stages: Stages;

  constructor(
    program: Program,
    private readonly plane: Plane,
    limit: number,
  ) {
    this.stages = stagesOf(program);
    this.descent = new Descent(this.stages, plane, limit);
  }

  advance(milliseconds: number, now: () => number): Tessellation | null {
    const { descent, stages, plane } = this;
    if (!descent.advance(now() + milliseconds, now)) return null;
    if (descent.more) throw new TooMany(descent.cells.length);
    const unsure: Tally = { doubtful: 0, vague: 0 };
    const all = glued(descent.cells, descent.book, stages, descent.layout, unsure);
    const cells = joined(descent.cells, all, stages);
    const isEdge = (edge: Edge): boolean => cells.of[edge.cell] !== cells.of[edge.other];
    const [real, seams] = [all.filter(isEdge), all.filter((edge) => !isEdge(edge))];
    const edges = seams.length > 0 ? whole(real, cells) : real;
    const doubtful = descent.tally.doubtful + (seams.length > 0 ? unsure.doubtful : 0);
    return { plane, stages, layout: descent.layout, polygons: descent.cells, edges, seams, cells, doubtful, unsure: unsure.doubtful, vague: descent.tally.vague };
  }
}

/** The cells of a Program that has cells, at once. Errors: TooMany. */
export function tessellate(program: Program, plane: Plane, limit: number): Tessellation {
  const found = new Search(program, plane, limit).advance(Infinity, () => 0);
  if (found === null) throw new Error("without end");
  return found;
}

/** The linear regions, and how many signs rounding left in doubt for them, those of the cells included. */
export function linearRegions({ polygons, edges, seams, stages, layout, doubtful, unsure }: Tessellation): Unions & { readonly doubtful: number } {
  const tally: Tally = { doubtful: doubtful + unsure, vague: 0 };
  const found = merged(polygons, [...edges, ...seams], stages, layout, tally);
  return { ...found, doubtful: tally.doubtful };
}
