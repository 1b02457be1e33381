// How far the float64 values of a view are from the network's own function, as netwarp.fields.probing finds it.
//
// Deep networks amplify rounding: a hundred layers of sines make of 2^-53 more than the whole picture. Where the growth
// of a small change says that this may be so, some points are computed to as many digits as it takes, and compared.

// k channels, n probe points

import { fixed } from "../../gpu/fixed.ts";
import type { Program as Unpacked } from "../../gpu/folded.ts";
import { evaluateAt } from "../../gpu/orbit.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Plane, type Raster, xsOf, ysOf } from "../evaluate/raster.ts";
import { single } from "../evaluate/single.ts";
import { holding } from "./holding.ts";
import { outputs, type Program } from "./program.ts";

/** `share`: the largest error found, in standard deviations of its channel; `points`: at how many it was computed, and
 * where that is 0 it is what the growth of small changes lets expect. */
export interface Rounding {
  readonly share: number;
  readonly points: number;
}

// an error above this share is reported; below the other it is not looked into
const REPORTED = 1e-3;
const SUSPECTED = 1e-6;
// float32 rounds so many times as coarsely as float64; a gap up to CALM between them is no chaos, and scales with it
const COARSER = 2 ** 29;
const CALM = 0.1;
// points along an axis: computed exactly, followed under a small change, and compared with float32
const PROBES = [4, 3] as const;
const SIDE = 32;
const GAP_SIDE = 64;
// the coordinates are changed by so many roundings
const NUDGE = 8;
// two computations are right where they agree to this share of the deviation, the second with so many bits more
const AGREED = 1e-9;
const SPARE = 192;
const MORE = 64;
const MOST = 1 << 13;
// milliseconds that the probes of one view may take
const BUDGET = 2000;

interface Points {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** Whether values that far off must not be called the network's function. */
export function isReported({ share }: Rounding): boolean {
  return !(share <= REPORTED);
}

/** Of a calibrated pointwise Program on a plane; `home` is the raster it was calibrated on, `now` in milliseconds. */
export function rounding(program: Program, plane: Plane, home: Raster, evaluator: Evaluator, now: () => number): Rounding {
  const apart = gap(program, home.plane, evaluator);
  if (apart <= CALM && same(plane, home.plane)) return { share: apart / COARSER, points: 0 };
  const inner = scaled(plane, 0.983);
  const probes = grid(inner, ...PROBES);
  const all = joined(probes, grid(inner, SIDE, SIDE));
  const values = evaluator.at(program, all.xs, all.ys);
  const k = outputs(program);
  const deviation = deviations(values, k);
  const expected = Math.max(grown(program, all, values, deviation, evaluator), lost(program, home, apart, deviation, evaluator));
  if (!(expected > SUSPECTED)) return { share: expected, points: 0 };
  return exactly(program, probes, values, deviation, now) ?? { share: expected, points: 0 };
}

/** A share in words: two digits, no powers of ten below a million. netwarp.fields.rounding writes it alike. */
export function spelledShare(share: number): string {
  const two = Number(share.toPrecision(2));
  return two < 1e6 ? two.toLocaleString("en", { maximumSignificantDigits: 2 }) : share.toExponential(1).replace("e+", "e+0").replace(/e\+0(\d\d)/, "e+$1");
}

/** Largest |float32 - float64| over a grid of the plane, in standard deviations of its channel. */
export function gap(program: Program, plane: Plane, evaluator: Evaluator): number {
  const { xs, ys } = grid(scaled(plane, 0.99), GAP_SIDE, GAP_SIDE);
  const [one, other] = [single(program, xs, ys), evaluator.at(program, xs, ys)];
  const k = outputs(program);
  const n = xs.length;
  const deviation = deviations(other, k);
  let most = 0;
  for (let at = 0; at < one.length; at++) {
    const [a, b] = [one[at]!, other[at]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const spread = deviation[Math.floor(at / n)]!;
    const share = Math.abs(a - b) / (Number.isFinite(spread) ? spread : 1);
    if (!(share <= most)) most = Number.isNaN(share) ? Infinity : share;
  }
  return most;
}

/** What a rounding of the coordinates grows to. */
function grown(program: Program, { xs, ys }: Points, values: Float64Array, deviation: readonly number[], evaluator: Evaluator): number {
  const [right, down] = [xs, ys].map((along) => {
    const step = NUDGE * spacing(along.reduce((most, one) => Math.max(most, Math.abs(one)), 0));
    return along.map((one) => one + step);
  }) as [Float64Array, Float64Array];
  const moved = evaluator.at(program, right, down);
  const n = xs.length;
  let most = 0;
  for (let at = 0; at < values.length; at++) {
    const share = Math.abs(moved[at]! - values[at]!) / deviation[Math.floor(at / n)]!;
    if (Number.isFinite(share) && share > most) most = share;
  }
  return most / NUDGE;
}

/** What is lost in a large sum grows from no change of the coordinates; but float32 loses 2^29 times as much. */
function lost(program: Program, home: Raster, apart: number, deviation: readonly number[], evaluator: Evaluator): number {
  if (!Number.isFinite(apart)) return 0;
  const { xs, ys } = grid(home.plane, SIDE, SIDE);
  const whole = deviations(evaluator.at(program, xs, ys), outputs(program));
  // of a channel that is constant in view there is no share
  const times = whole.map((one, c) => (Number.isFinite(deviation[c]!) ? one / deviation[c]! : 0));
  return (apart / COARSER) * Math.max(...times);
}

/** The largest error at points that are computed in whole numbers, with so many bits that more change nothing. */
function exactly(program: Program, { xs, ys }: Points, values: Float64Array, deviation: readonly number[], now: () => number): Rounding | null {
  const unpacked = { layers: [], operations: program.operations.map((one) => holding(one, (numbers) => Float32Array.from(numbers))) };
  const k = outputs(program);
  const n = values.length / k;
  const end = now() + BUDGET;
  let [share, points] = [0, 0];
  for (let p = 0; p < xs.length && (points === 0 || now() < end); p++) {
    const found = Array.from({ length: k }, (_, c) => values[c * n + p]!);
    if (!found.every(Number.isFinite)) continue;
    const error = errorAt(unpacked, xs[p]!, ys[p]!, found, deviation);
    if (error === null) continue;
    share = Math.max(share, error);
    points++;
  }
  return points === 0 ? null : { share, points };
}

function errorAt(program: Unpacked, x: number, y: number, values: readonly number[], deviation: readonly number[]): number | null {
  let last: { bits: number; values: readonly bigint[] } | null = null;
  for (let [bits, step] = [SPARE, MORE]; bits <= MOST; bits += step, step = bits >> 1) {
    const m = fixed(bits);
    const exact = evaluateAt(program, m, x, y);
    const share = (others: readonly bigint[]): number => {
      const shares = exact.map((one, c) => (Number.isFinite(deviation[c]!) ? Math.abs(m.toNumber(one - others[c]!)) / deviation[c]! : 0));
      return Math.max(...shares);
    };
    const coarse = last;
    if (coarse !== null && share(coarse.values.map((one) => one << BigInt(bits - coarse.bits))) <= AGREED) return share(values.map((one) => m.ofNumber(one)));
    last = { bits, values: exact };
  }
  return null;
}

/** (k,) standard deviations of (k, n) values, of the finite ones; infinite where there is none to speak of. */
function deviations(values: Float64Array, k: number): number[] {
  const n = values.length / k;
  return Array.from({ length: k }, (_, c) => {
    const own = values.subarray(c * n, (c + 1) * n).filter(Number.isFinite);
    const size = own.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    // brought near 1 by a power of two: squares of very large values are beyond float64
    const power = size === 0 ? 1 : 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(size))));
    const mean = own.reduce((sum, one) => sum + one / power, 0) / own.length;
    const spread = Math.sqrt(own.reduce((sum, one) => sum + (one / power - mean) ** 2, 0) / own.length) * power;
    return spread > 0 ? spread : Infinity;
  });
}

/** The pixel centres, row by row. */
function grid(plane: Plane, columns: number, rows: number): Points {
  const raster = { columns, rows, plane };
  const [across, down] = [xsOf(raster), ysOf(raster)];
  const all = Array.from({ length: columns * rows }, (_, i) => i);
  return {
    xs: Float64Array.from(all, (i) => across[i % columns]!),
    ys: Float64Array.from(all, (i) => down[Math.floor(i / columns)]!),
  };
}

function joined(one: Points, other: Points): Points {
  const both = (a: Float64Array, b: Float64Array): Float64Array => Float64Array.from([...a, ...b]);
  return { xs: both(one.xs, other.xs), ys: both(one.ys, other.ys) };
}

function scaled(plane: Plane, by: number): Plane {
  return { ...plane, width: plane.width * by, height: plane.height * by };
}

function same(one: Plane, other: Plane): boolean {
  return one.x === other.x && one.y === other.y && one.width === other.width && one.height === other.height;
}

/** From a float64 to the next one. */
function spacing(value: number): number {
  return 2 ** (Math.floor(Math.log2(value)) - 52);
}
