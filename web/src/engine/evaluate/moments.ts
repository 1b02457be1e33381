// Mean and variance of a channel over a raster, in one fixed order of additions: netwarp.engine's, so that the same
// values give the same bits there and here.

import type { Moments } from "../program/fold.ts";

// accumulators of a row's sums
const LANES = 32;

/** The sums of a raster's rows, of C channels: of their values, and of their squared distances from the row's mean. */
export class RowSums {
  private readonly totals: Float64Array;
  private readonly squares: Float64Array;

  constructor(
    readonly channels: number,
    private readonly rows: number,
    private readonly columns: number,
  ) {
    this.totals = new Float64Array(channels * rows);
    this.squares = new Float64Array(channels * rows);
  }

  /** Takes (n, C, 2) the sums of the n rows from `row` on, as `rowSums` gives them. */
  take(row: number, sums: Float64Array): void {
    const { channels, rows } = this;
    for (let at = 0; at < sums.length; at += 2) {
      const c = (at / 2) % channels;
      const r = row + Math.floor(at / (2 * channels));
      this.totals[c * rows + r] = sums[at]!;
      this.squares[c * rows + r] = sums[at + 1]!;
    }
  }

  /** Takes the values (C, columns) of a row. */
  add(row: number, values: Float64Array): void {
    this.take(row, rowSums(values, this.channels, this.columns));
  }

  moments(): Moments {
    const { rows, columns, totals, squares } = this;
    const mean = new Float64Array(this.channels);
    const variance = new Float64Array(this.channels);
    for (let c = 0; c < this.channels; c++) {
      const first = c * rows;
      // a row and its mirror image first: rows that are exactly opposite then cancel exactly
      let twice = 0;
      for (let r = 0; r < rows; r++) twice += totals[first + r]! + totals[first + rows - 1 - r]!;
      mean[c] = twice / 2 / (rows * columns);
      let all = 0;
      for (let r = 0; r < rows; r++) {
        const apart = totals[first + r]! / columns - mean[c]!;
        all += squares[first + r]! + apart * apart * columns;
      }
      variance[c] = all / (rows * columns);
    }
    return { mean, variance };
  }
}

const lanes = new Float64Array(LANES);

/** (C, 2) the sum of a row of `values` (C, columns), and its squared distances from the row's mean. */
export function rowSums(values: Float64Array, channels: number, columns: number): Float64Array {
  const sums = new Float64Array(2 * channels);
  for (let c = 0; c < channels; c++) {
    const row = values.subarray(c * columns, (c + 1) * columns);
    const total = doubled(row) * 0.5;
    sums[2 * c] = total;
    sums[2 * c + 1] = squared(row, total / columns);
  }
  return sums;
}

/** Twice the sum: each value is added to its mirror image first, so that opposite ones cancel. */
function doubled(row: Float64Array): number {
  const covered = row.length - (row.length % LANES);
  const end = row.length - 1;
  lanes.fill(0);
  for (let at = 0; at < covered; at += LANES) {
    for (let lane = 0; lane < LANES; lane++) lanes[lane]! += row[at + lane]! + row[end - at - lane]!;
  }
  let sum = 0;
  for (let lane = 0; lane < LANES; lane++) sum += lanes[lane]!;
  for (let i = covered; i < row.length; i++) sum += row[i]! + row[end - i]!;
  return sum;
}

function squared(row: Float64Array, mean: number): number {
  const covered = row.length - (row.length % LANES);
  lanes.fill(0);
  for (let at = 0; at < covered; at += LANES) {
    for (let lane = 0; lane < LANES; lane++) {
      const apart = row[at + lane]! - mean;
      lanes[lane]! += apart * apart;
    }
  }
  let sum = 0;
  for (let lane = 0; lane < LANES; lane++) sum += lanes[lane]!;
  for (let i = covered; i < row.length; i++) {
    const apart = row[i]! - mean;
    sum += apart * apart;
  }
  return sum;
}
