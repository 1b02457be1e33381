// A pool's window put together from pairs: the largest or the sum of n neighbours in about log2 n steps, in the order of
// netwarp.architecture.windows, so that the sums are the same.

import type { Pool } from "../program/program.ts";

/** The value `sources[0]` at `offsets[0]`, joined with `sources[1]` at `offsets[1]`; values are numbered from 0. */
interface Pair {
  readonly sources: readonly [number, number];
  readonly offsets: readonly [number, number];
}

type Join = (one: number, other: number) => number;

/** Rows (channels, columns), from the first to the last that there is; what a place would need of others is left out. */
export type Rows = readonly Float64Array[];

/** Every window of these rows: so many rows fewer as the window is high, each as many columns shorter as it is wide. */
export function pooled({ pool, size, dilation, channels }: Pool, rows: Rows): Rows {
  const steps = pairs(pool, size);
  // NaN stays NaN
  const join: Join = pool === "max" ? Math.max : (one, other) => one + other;
  const wide = rows.map((row) => across(row, channels, steps, dilation, join));
  const made = down(wide, steps, dilation, join);
  if (pool === "avg") for (const row of made) for (let i = 0; i < row.length; i++) row[i]! /= size * size;
  return made;
}

function across(row: Float64Array, channels: number, steps: readonly Pair[], dilation: number, join: Join): Float64Array {
  const n = row.length / channels;
  // each value with the place of its first column
  const values = [{ first: 0, n, of: row }];
  for (const { sources, offsets } of steps) {
    const [one, other] = [values[sources[0]]!, values[sources[1]]!];
    const [near, far] = [offsets[0] * dilation, offsets[1] * dilation];
    const first = Math.max(one.first - near, other.first - far);
    const end = Math.min(one.first + one.n - near, other.first + other.n - far);
    const count = end - first;
    const made = new Float64Array(channels * count);
    for (let c = 0; c < channels; c++) {
      const [a, b] = [c * one.n + first + near - one.first, c * other.n + first + far - other.first];
      for (let i = 0; i < count; i++) made[c * count + i] = join(one.of[a + i]!, other.of[b + i]!);
    }
    values.push({ first, n: count, of: made });
  }
  return values[values.length - 1]!.of;
}

function down(rows: Rows, steps: readonly Pair[], dilation: number, join: Join): Rows {
  const values = [{ first: 0, of: rows }];
  for (const { sources, offsets } of steps) {
    const [one, other] = [values[sources[0]]!, values[sources[1]]!];
    const [near, far] = [offsets[0] * dilation, offsets[1] * dilation];
    const first = Math.max(one.first - near, other.first - far);
    const end = Math.min(one.first + one.of.length - near, other.first + other.of.length - far);
    const of = Array.from({ length: end - first }, (_, i) => {
      const [a, b] = [one.of[first + i + near - one.first]!, other.of[first + i + far - other.first]!];
      return a.map((value, at) => join(value, b[at]!));
    });
    values.push({ first, of });
  }
  return values[values.length - 1]!.of;
}

/** The steps of one axis over `size` taps, at -((size - 1) // 2) to size // 2. */
function pairs(pool: "max" | "avg", size: number): Pair[] {
  return pool === "max" ? largest(size) : sum(size);
}

/** Of a window's taps, those before its own place. */
function before(width: number): number {
  return Math.floor((width - 1) / 2);
}

function largest(size: number): Pair[] {
  const steps: Pair[] = [];
  for (let width = 1; width < size; ) {
    const span = Math.min(width, size - width);
    const first = before(width) - before(width + span);
    steps.push({ sources: [steps.length, steps.length], offsets: [first, first + span] });
    width += span;
  }
  return steps;
}

function sum(size: number): Pair[] {
  const steps: Pair[] = [];
  let width = 1;
  // the digits of the size after its first: each doubles the window, a one adds a tap between its halves
  for (const digit of size.toString(2).slice(1)) {
    const half = steps.length;
    if (digit === "0") {
      const first = before(width) - before(2 * width);
      steps.push({ sources: [half, half], offsets: [first, first + width] });
    } else {
      steps.push({ sources: [half, 0], offsets: [before(width) - width, 0] });
      steps.push({ sources: [steps.length, half], offsets: [0, 1 + before(width)] });
    }
    width = 2 * width + Number(digit);
  }
  return steps;
}
