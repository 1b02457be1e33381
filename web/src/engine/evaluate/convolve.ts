// An affine map of every point: the loops that take nearly all the time.

import type { Conv } from "../program/program.ts";

// points of a tile, which is of two channels: as many sums as stay in registers
const POINTS = 4;
// points that all channels take in turn: what they read of them stays in the first cache
const CHUNK = 32;

/** (C, n) of a source (I, n): bias plus the weighted channels, added in their order, whatever the tiles. */
export function convolve(conv: Conv, source: Float64Array, target: Float64Array, n: number): void {
  const { channels, groups, weight } = conv;
  const reads = weight.length / channels;
  const each = channels / groups;
  for (let g = 0; g < groups; g++) {
    const from = source.subarray(g * reads * n, (g + 1) * reads * n);
    const first = g * each;
    const last = first + each;
    if (each < 2 || n < POINTS) {
      for (let c = first; c < last; c++) channel(conv, c, from, target, n);
      continue;
    }
    for (let start = 0; start < n; start += CHUNK) {
      const end = Math.min(start + CHUNK, n);
      // where channels do not come out even, the last but one is computed again; and so are points
      for (let c = first; c < last; c += 2) pair(conv, Math.min(c, last - 2), from, target, n, start, end);
    }
  }
}

function channel({ weight, bias, channels }: Conv, c: number, source: Float64Array, target: Float64Array, n: number): void {
  const reads = weight.length / channels;
  for (let p = 0; p < n; p++) {
    let sum = bias[c]!;
    for (let i = 0; i < reads; i++) sum += weight[c * reads + i]! * source[i * n + p]!;
    target[c * n + p] = sum;
  }
}

/** Channels c and c + 1 at the points from `start` to `end`. */
function pair(
  { weight, bias, channels }: Conv,
  c: number,
  source: Float64Array,
  target: Float64Array,
  n: number,
  start: number,
  end: number,
): void {
  const reads = weight.length / channels;
  for (let tile = start; tile < end; tile += POINTS) {
    const p = Math.min(tile, n - POINTS);
    const one = c * reads;
    const other = one + reads;
    let a0 = bias[c]!;
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = bias[c + 1]!;
    let b1 = b0;
    let b2 = b0;
    let b3 = b0;
    for (let i = 0, at = p; i < reads; i++, at += n) {
      const a = weight[one + i]!;
      const b = weight[other + i]!;
      const x0 = source[at]!;
      const x1 = source[at + 1]!;
      const x2 = source[at + 2]!;
      const x3 = source[at + 3]!;
      a0 += a * x0;
      a1 += a * x1;
      a2 += a * x2;
      a3 += a * x3;
      b0 += b * x0;
      b1 += b * x1;
      b2 += b * x2;
      b3 += b * x3;
    }
    const at = c * n + p;
    target[at] = a0;
    target[at + 1] = a1;
    target[at + 2] = a2;
    target[at + 3] = a3;
    target[at + n] = b0;
    target[at + n + 1] = b1;
    target[at + n + 2] = b2;
    target[at + n + 3] = b3;
  }
}
