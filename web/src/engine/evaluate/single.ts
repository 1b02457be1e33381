// A Program in float32 arithmetic, every operation rounded by itself: how far that is from float64 says how a network
// amplifies rounding. Nothing is drawn with it.

import type { Conv, Program } from "../program/program.ts";
import { outputs } from "../program/program.ts";
import { run } from "./steps.ts";

const f = Math.fround;

// points of a block, so that a wide network's values take no more memory than a narrow one's
const BLOCK = 512;

/** (channels, n) values of a calibrated pointwise Program at (n,) x and (n,) y. */
export function single(program: Program, xs: Float64Array, ys: Float64Array): Float64Array {
  const k = outputs(program);
  const found = new Float64Array(k * xs.length);
  for (let first = 0; first < xs.length; first += BLOCK) {
    const [x, y] = [xs, ys].map((one) => one.subarray(first, first + BLOCK).map(f)) as [Float64Array, Float64Array];
    const made = block(program, x, y);
    for (let c = 0; c < k; c++) found.set(made.subarray(c * x.length, (c + 1) * x.length), c * xs.length + first);
  }
  return found;
}

function block(program: Program, xs: Float64Array, ys: Float64Array): Float64Array {
  const n = xs.length;
  const points = { xs, ys };
  const values: Float64Array[] = [];
  for (const operation of program.operations) {
    const sources = operation.sources.map((i) => values[i]!);
    const value = new Float64Array(operation.channels * n);
    if (operation.kind === "conv") convolve(operation, sources[0]!, value, n);
    else run(operation, sources, value, n, points);
    for (let i = 0; i < value.length; i++) value[i] = f(value[i]!);
    values.push(value);
  }
  return values[values.length - 1]!;
}

function convolve({ weight, bias, channels, groups }: Conv, source: Float64Array, target: Float64Array, n: number): void {
  const reads = weight.length / channels;
  const each = channels / groups;
  for (let c = 0; c < channels; c++) {
    const first = Math.floor(c / each) * reads;
    for (let p = 0; p < n; p++) {
      let sum = f(bias[c]!);
      for (let i = 0; i < reads; i++) sum = f(sum + f(f(weight[c * reads + i]!) * source[(first + i) * n + p]!));
      target[c * n + p] = sum;
    }
  }
}
