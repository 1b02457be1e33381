// What evaluates Programs: today plain loops; a faster one stands behind the same face.

import type { Moments } from "../program/fold.ts";
import type { Conv, Program } from "../program/program.ts";
import type { Raster } from "./raster.ts";

/** Gives the convolution that makes value i, a "normalise", from now on. */
export type Settle = (i: number, moments: Moments) => Conv;

export interface Evaluator {
  /** (channels, rows, columns) float64 values of a calibrated Program. */
  sample(program: Program, raster: Raster): Float64Array;

  /** (channels, n) float64 values of a calibrated Program at (n,) x and (n,) y. */
  at(program: Program, xs: Float64Array, ys: Float64Array): Float64Array;

  /** Walks the Program over the raster in float64: at each "normalise" i it takes mean and variance of its source and
   * calls `settle`; the convolution that returns makes value i for all that follows. */
  statistics(program: Program, raster: Raster, settle: Settle): void;
}
