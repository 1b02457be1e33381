// The exact derivatives of a calibrated pointwise Program, forwards: beside every value how it changes along x and y.

import type { Activate, Conv, Embed, LayerNorm, Maxout, Operation, Program } from "../program/program.ts";
import { outputs, RADIUS, SINE } from "../program/program.ts";
import { convolve } from "./convolve.ts";
import { type Raster, xsOf, ysOf } from "./raster.ts";
import { slope } from "./slopes.ts";
import { run } from "./steps.ts";

// points of a block
const BLOCK = 256;

/** A value of n points, (channels, n), and its derivatives along x and along y. */
interface Dual {
  readonly value: Float64Array;
  readonly along: readonly [Float64Array, Float64Array];
}

/** Of every pixel of a raster: (channels, rows, columns) d/dx, then as many d/dy. null where an activation jumps. */
export function tangents(program: Program, raster: Raster): { dx: Float64Array; dy: Float64Array } | null {
  const { operations } = program;
  if (!hasSlopes(program)) return null;
  const count = raster.rows * raster.columns;
  const [across, down] = [xsOf(raster), ysOf(raster)];
  const channels = outputs(program);
  const found = { dx: new Float64Array(channels * count), dy: new Float64Array(channels * count) };
  for (let first = 0; first < count; first += BLOCK) {
    const n = Math.min(BLOCK, count - first);
    const xs = Float64Array.from({ length: n }, (_, i) => across[(first + i) % raster.columns]!);
    const ys = Float64Array.from({ length: n }, (_, i) => down[Math.floor((first + i) / raster.columns)]!);
    const held: Dual[] = [];
    for (const operation of operations) held.push(step(operation, operation.sources.map((one) => held[one]!), xs, ys));
    const [dx, dy] = held[operations.length - 1]!.along;
    for (let c = 0; c < channels; c++) {
      found.dx.set(dx.subarray(c * n, (c + 1) * n), c * count + first);
      found.dy.set(dy.subarray(c * n, (c + 1) * n), c * count + first);
    }
  }
  return found;
}

function step(operation: Operation, sources: readonly Dual[], xs: Float64Array, ys: Float64Array): Dual {
  const n = xs.length;
  const value = new Float64Array(operation.channels * n);
  const values = sources.map((one) => one.value);
  run(operation, values, value, n, { xs, ys });
  const along = ([0, 1] as const).map((axis) => moved(operation, axis, { value, sources: values, xs, ys }, sources.map((one) => one.along[axis])));
  return { value, along: along as [Float64Array, Float64Array] };
}

/** An operation's value at n points, (channels, n), what it was made of, and the points. */
export interface Made {
  readonly value: Float64Array;
  readonly sources: readonly Float64Array[];
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** (channels, n) how the value of a pointwise operation changes along x, of axis 0, or y, as its sources change so. */
export function moved(operation: Operation, axis: 0 | 1, { value, sources, xs, ys }: Made, changes: readonly Float64Array[]): Float64Array {
  const n = xs.length;
  const made = new Float64Array(value.length);
  switch (operation.kind) {
    case "embed":
      embed(operation, axis, xs, ys, value, made);
      break;
    case "conv":
      convolve(unshifted(operation), changes[0]!, made, n);
      break;
    case "activate":
      activate(operation, sources[0]!, changes[0]!, made, n);
      break;
    case "maxout":
      largest(operation, sources[0]!, changes[0]!, made, n);
      break;
    case "layernorm":
      normalised(operation, sources[0]!, changes[0]!, made, n);
      break;
    case "multiply":
      product(sources, changes, made);
      break;
    default:
      // a sum's derivative is the sum of theirs, and likewise for channels side by side
      run(operation, changes, made, n, { xs, ys });
  }
  return made;
}

/** A convolution without its bias: how its value changes. */
export function unshifted(conv: Conv): Conv {
  return { ...conv, bias: new Float64Array(conv.channels) };
}

/** Whether every activation has a slope: none jumps. */
export function hasSlopes({ operations }: Program): boolean {
  return operations.every((one) => one.kind !== "activate" || slope(one.name) !== null);
}

function embed({ kinds, coefficients }: Embed, axis: 0 | 1, xs: Float64Array, ys: Float64Array, value: Float64Array, made: Float64Array): void {
  const n = xs.length;
  for (const [k, kind] of kinds.entries()) {
    const [a, b, c] = [coefficients[3 * k]!, coefficients[3 * k + 1]!, coefficients[3 * k + 2]!];
    const rise = axis === 0 ? a : b;
    for (let i = 0; i < n; i++) {
      const at = k * n + i;
      const own = axis === 0 ? xs[i]! : ys[i]!;
      if (kind === RADIUS) made[at] = own / (value[at]! > 0 ? value[at]! : 1);
      else made[at] = kind === SINE ? rise * Math.cos(a * xs[i]! + b * ys[i]! + c) : rise;
    }
  }
}

function activate({ name, parameter, channels }: Activate, source: Float64Array, moved: Float64Array, made: Float64Array, n: number): void {
  const of = slope(name)!;
  for (let c = 0; c < channels; c++) {
    const p = parameter[c]!;
    for (let i = c * n; i < (c + 1) * n; i++) made[i] = of(source[i]!, p) * moved[i]!;
  }
}

/** That of the first of the largest pieces. */
function largest({ pieces, channels }: Maxout, source: Float64Array, moved: Float64Array, made: Float64Array, n: number): void {
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < n; i++) {
      let best = c * pieces;
      for (let piece = best + 1; piece < (c + 1) * pieces; piece++) if (source[piece * n + i]! > source[best * n + i]!) best = piece;
      made[c * n + i] = moved[best * n + i]!;
    }
  }
}

function normalised({ channels, scale, eps }: LayerNorm, source: Float64Array, moved: Float64Array, made: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    let [sum, sumMoved] = [0, 0];
    for (let c = 0; c < channels; c++) {
      sum += source[c * n + i]!;
      sumMoved += moved[c * n + i]!;
    }
    const [mean, meanMoved] = [sum / channels, sumMoved / channels];
    let squares = 0;
    for (let c = 0; c < channels; c++) squares += (source[c * n + i]! - mean) ** 2;
    const spread = Math.sqrt(squares / channels + eps);
    let common = 0;
    for (let c = 0; c < channels; c++) common += ((source[c * n + i]! - mean) / spread) * (moved[c * n + i]! - meanMoved);
    common /= channels;
    for (let c = 0; c < channels; c++) {
      const unit = (source[c * n + i]! - mean) / spread;
      made[c * n + i] = ((moved[c * n + i]! - meanMoved - unit * common) / spread) * scale[c]!;
    }
  }
}

function product(sources: readonly Float64Array[], changes: readonly Float64Array[], made: Float64Array): void {
  for (let i = 0; i < made.length; i++) {
    let sum = 0;
    for (const [k, one] of changes.entries()) sum += sources.reduce((all, other, at) => (at === k ? all : all * other[i]!), one[i]!);
    made[i] = sum;
  }
}
