// The loops over the points of a block, which take nearly all the time: in plain JavaScript, and a faster kind of them.

import type { Operation } from "../program/program.ts";
import { rowSums } from "./moments.ts";
import { type Points, run } from "./steps.ts";

/** Values are (channels, n), one channel after the other. */
export interface Loops {
  /** Arrays of these lengths to work in, for these operations; those that were given before are no longer to be used. */
  begin(operations: readonly Operation[], lengths: readonly number[]): Float64Array[];

  /** Makes the value of one of the operations from those of its sources, all in arrays of `begin`. */
  run(operation: Operation, sources: readonly Float64Array[], target: Float64Array, n: number, points: Points): void;

  /** (C, 2) the sum of a row of `values` (C, columns), and its squared distances from the row's mean. */
  rowSums(values: Float64Array, channels: number, columns: number): Float64Array;
}

export const plainLoops: Loops = {
  begin: (_, lengths) => lengths.map((length) => new Float64Array(length)),
  run,
  rowSums,
};
