// How steep a standardised channel is, by derivatives and differences at its pixels, as netwarp.measures.slopes.

import type { Image } from "./image.ts";
import { STEEP } from "../../words/steep.ts";

// standard errors to either side of a mean: 95%
const SPREAD = 1.96;
// the share of the pixels, the steepest, that a heavy tail is told by, and the share of the whole that makes it heavy
const [STEEPEST, HEAVY] = [0.01, 0.5];
// what differences prove beyond the derivatives counts from this share on
const FAITHFUL = 0.01;

/** A mean over the plane, and what it may be off by; `low` where differences prove more than derivatives show. */
export interface Amount {
  readonly value: number;
  readonly error: number;
  /** the share that the steepest hundredth of the pixels holds; NaN of none */
  readonly steepest: number;
  readonly low: boolean;
}

/** What there is to say of several channels' amounts; "" where there is nothing. */
export function noteOf(amounts: readonly Amount[]): string {
  if (amounts.some((one) => one.low)) return STEEP.low;
  return amounts.some((one) => one.steepest > HEAVY) ? STEEP.tail : "";
}

/** Mean |grad f| of an image with its derivatives (rows, columns) along x and y; `across` and `down` are its pitch. */
export function variation(image: Image, dx: Float64Array, dy: Float64Array, across: number, down: number): Amount {
  const { values, rows, columns } = image;
  const steep = dx.map((one, i) => Math.hypot(one, dy[i]!));
  const beside = (r: number, c: number): number => Math.abs(values[r * columns + c + 1]! - values[r * columns + c]!) / across;
  const below = (r: number, c: number): number => Math.abs(values[(r + 1) * columns + c]! - values[r * columns + c]!) / down;
  // of the squares between four centres: the mean over their sides, whose directions are two
  const apart = new Float64Array((rows - 1) * (columns - 1));
  let climbed = 0;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const one = Math.hypot((beside(r, c) + beside(r + 1, c)) / 2, (below(r, c) + below(r, c + 1)) / 2);
      climbed += one;
      apart[r * (columns - 1) + c] = steep[r * columns + c]! - one;
    }
  }
  return larger(steep, apart, climbed / values.length);
}

function larger(steep: Float64Array, apart: Float64Array, bound: number): Amount {
  const total = sum(steep);
  const mean = total / steep.length;
  const value = Math.max(mean, bound);
  const middle = sum(apart) / apart.length;
  const error = Math.sqrt(apart.reduce((all, one) => all + (one - middle) ** 2, 0) / apart.length) / Math.sqrt(apart.length);
  const few = Math.max(1, Math.round(STEEPEST * steep.length));
  const most = sum(Float64Array.from(steep).sort().subarray(-few));
  const short = Math.max(bound - mean, 0);
  return { value, error: SPREAD * error + short, steepest: mean > 0 ? most / total : NaN, low: short > FAITHFUL * value };
}

function sum(values: Float64Array): number {
  return values.reduce((all, one) => all + one, 0);
}
