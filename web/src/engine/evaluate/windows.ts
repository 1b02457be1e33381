// The evaluator of Programs that read windows of several pixels, in float64: whole pictures of values, one operation after
// another, each as far beyond what is shown as what reads it needs. A kernel's taps are gathered, and what is left is a
// pointwise convolution.

// C channels, n columns; a picture is rows, from the first to the last, each (C, n)

import type { Moments } from "../program/fold.ts";
import { folding } from "../program/fold.ts";
import type { Conv, Operation, Program } from "../program/program.ts";
import { outputs } from "../program/program.ts";
import type { Settle } from "./evaluator.ts";
import { loops } from "./fastest.ts";
import { type Axis, axis, type Reach } from "./lattice.ts";
import { RowSums } from "./moments.ts";
import { pooled, type Rows } from "./pooling.ts";
import { type Raster } from "./raster.ts";
import { run } from "./steps.ts";

/** The distance of a kernel's taps across and down: a pixel of the calibration raster. */
export type Tap = readonly [across: number, down: number];

export function tapOf({ columns, rows, plane }: Raster): Tap {
  return [plane.width / columns, plane.height / rows];
}

/** (channels, rows, columns) float64 values of a calibrated Program. */
export function sample(program: Program, raster: Raster, tap: Tap): Float64Array {
  return samples(program, raster, tap, [program.operations.length - 1])[0]!;
}

/** Of several of its values, in one pass: (channels, rows, columns) each. */
export function samples(program: Program, raster: Raster, tap: Tap, values: readonly number[]): Float64Array[] {
  const { rows, columns, plane } = raster;
  const reach = reachOf(program);
  const across = axis(columns, plane.width, plane.x, tap[0], reach);
  const down = axis(rows, plane.height, plane.y, tap[1], reach);
  const held = computed(program, { reach, xs: across.coordinates, ys: down.coordinates }, values);
  return values.map((value) => pixelsOf(held, value, program.operations[value]!.channels, across, down));
}

/** (channels, rows, columns) of a value at the pixels of a raster, whose lattices are laid along these axes. */
export function pixelsOf(held: Held, value: number, channels: number, across: Axis, down: Axis): Float64Array {
  const [columns, rows] = [across.pixels.length, down.pixels.length];
  const n = across.coordinates.length - across.before - across.after;
  const found = new Float64Array(channels * rows * columns);
  down.core.forEach((position, i) => {
    const row = held.row(value, position - down.before, 0, n);
    const first = down.pixels[i]! * columns;
    for (let c = 0; c < channels; c++) {
      const to = c * rows * columns + first;
      for (let j = 0; j < across.core.length; j++) found[to + across.pixels[j]!] = row[c * n + across.core[j]! - across.before]!;
    }
  });
  return found;
}

/** (channels, n) float64 values at (n,) x and (n,) y. */
export function at(program: Program, xs: Float64Array, ys: Float64Array, tap: Tap): Float64Array {
  const reach = reachOf(program);
  const channels = outputs(program);
  const taps = Array.from({ length: 1 + reach.before + reach.after }, (_, i) => i - reach.before);
  const found = new Float64Array(channels * xs.length);
  const end = program.operations.length - 1;
  for (let i = 0; i < xs.length; i++) {
    const around = (middle: number, distance: number): Float64Array => Float64Array.from(taps, (one) => middle + one * distance);
    const value = computed(program, { reach, xs: around(xs[i]!, tap[0]), ys: around(ys[i]!, tap[1]) }, [end]).row(end, 0, 0, 1);
    for (let c = 0; c < channels; c++) found[c * xs.length + i] = value[c]!;
  }
  return found;
}

/** As Evaluator.statistics: at each "normalise" the mean and the variance of its source over the raster's pixels. */
export function statistics(program: Program, raster: Raster, settle: Settle): void {
  const operations = program.operations.slice();
  // what a settled convolution reads is what the one that it takes the place of read
  const reads = operations.map((one, i) => {
    const folded = one.kind === "normalise" ? folding(program, i) : null;
    return folded === null ? one : operations[folded]!;
  });
  const measured = operations.map((one) => (one.kind === "normalise" ? one.sources[0]! : null));
  const reaches = reachesOf(reads, measured.filter((one) => one !== null));
  const last = lastReads(reads);
  measured.forEach((source, i) => { if (source !== null) last[source] = Math.max(last[source]!, i); });
  const reach = reaches[0] ?? NOWHERE;
  const { columns, rows, plane } = raster;
  const places = (count: number, length: number, middle: number): Float64Array => axis(count, length, middle, length / count, reach).coordinates;
  const held = new Held(operations, reaches, { reach, xs: places(columns, plane.width, plane.x), ys: places(rows, plane.height, plane.y) });
  for (const [i, source] of measured.entries()) {
    if (source !== null) operations[i] = settle(i, moments(held, source, operations[source]!.channels, raster));
    if (reaches[i] !== null) held.compute(i);
    for (const [old, reader] of last.entries()) if (reader === i) held.release(old);
  }
}

function moments(held: Held, source: number, channels: number, { rows, columns }: Raster): Moments {
  const sums = new RowSums(channels, rows, columns);
  for (let r = 0; r < rows; r++) sums.add(r, held.row(source, r, 0, columns));
  return sums.moments();
}

/** Points of the plane: all columns' x and all rows' y, `reach` more on each side than there are of the output. */
export interface Points {
  readonly reach: Reach;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

const NOWHERE: Reach = { before: 0, after: 0 };

/** The pictures of these values, the last of which is the output or feeds it. */
function computed(program: Program, points: Points, ends: readonly number[]): Held {
  const { operations } = program;
  const reaches = reachesOf(operations, ends);
  const last = lastReads(operations);
  const held = new Held(operations, reaches, points);
  for (const i of operations.keys()) {
    if (reaches[i] !== null) held.compute(i);
    for (const [old, reader] of last.entries()) if (reader === i && !ends.includes(old)) held.release(old);
  }
  return held;
}

/** How far around a pixel the plane is read. */
export function reachOf({ operations }: Program): Reach {
  return reachesOf(operations, [operations.length - 1])[0] ?? NOWHERE;
}

/** How far beyond the output each value is needed; null where it is not. `reads[i]` has the sources that value i reads,
 * and its window. */
export function reachesOf(reads: readonly Operation[], ends: readonly number[]): (Reach | null)[] {
  const found: (Reach | null)[] = reads.map((_, i) => (ends.includes(i) ? NOWHERE : null));
  for (let i = reads.length - 1; i >= 0; i--) {
    const own = found[i];
    if (own === null || own === undefined) continue;
    const window = windowOf(reads[i]!);
    for (const source of reads[i]!.sources) {
      const known = found[source] ?? NOWHERE;
      found[source] = { before: Math.max(known.before, own.before + window.before), after: Math.max(known.after, own.after + window.after) };
    }
  }
  return found;
}

function windowOf(operation: Operation): Reach {
  if (operation.kind !== "conv" && operation.kind !== "pool") return NOWHERE;
  const side = operation.kind === "conv" ? operation.kernel : operation.size;
  return { before: Math.floor((side - 1) / 2) * operation.dilation, after: Math.floor(side / 2) * operation.dilation };
}

export function lastReads(reads: readonly Operation[]): number[] {
  const last = reads.map((_, i) => i);
  for (const [i, { sources }] of reads.entries()) for (const source of sources) last[source] = i;
  return last;
}

/** The pictures of values that are still read. */
export class Held {
  readonly #pictures = new Map<number, Rows>();

  constructor(
    private readonly operations: readonly Operation[],
    private readonly reaches: readonly (Reach | null)[],
    private readonly points: Points,
  ) {}

  of(i: number): Rows {
    return this.#pictures.get(i)!;
  }

  put(i: number, picture: Rows): void {
    this.#pictures.set(i, picture);
  }

  release(i: number): void {
    this.#pictures.delete(i);
  }

  compute(i: number): void {
    const operation = this.operations[i]!;
    const { reach, xs, ys } = this.points;
    const own = this.#reach(i);
    const [n, m] = [xs, ys].map((all) => all.length - reach.before - reach.after + own.before + own.after) as [number, number];
    const first = reach.before - own.before;
    if (operation.kind === "pool") {
      const source = operation.sources[0]!;
      const window = windowOf(operation);
      const [high, wide] = [m + window.before + window.after, n + window.before + window.after];
      const read = Array.from({ length: high }, (_, r) => this.row(source, r - own.before - window.before, own.before + window.before, wide));
      this.#pictures.set(i, pooled(operation, read));
      return;
    }
    const here = { xs: xs.subarray(first, first + n) };
    if (operation.kind === "conv") {
      this.#pictures.set(i, this.#convolved(operation, own.before, n, m));
      return;
    }
    const picture = Array.from({ length: m }, (_, r) => {
      const target = new Float64Array(operation.channels * n);
      const sources = operation.sources.map((source) => this.row(source, r - own.before, own.before, n));
      run(operation, sources, target, n, { ...here, ys: ys.subarray(first + r, first + r + 1) });
      return target;
    });
    this.#pictures.set(i, picture);
  }

  /** Of every row: what its taps read, and a pointwise convolution of that. */
  #convolved(operation: Conv, before: number, n: number, m: number): Rows {
    const flat: Conv = { ...operation, kernel: 1 };
    const reads = (operation.weight.length / operation.channels) * operation.groups;
    const [gathered, made] = loops.begin([flat], [reads * n, operation.channels * n]) as [Float64Array, Float64Array];
    const nowhere = { xs: made, ys: made };
    return Array.from({ length: m }, (_, r) => {
      this.#gather(operation, r - before, before, n, gathered);
      loops.run(flat, [gathered], made, n, nowhere);
      return made.slice();
    });
  }

  /** Row r of value i, counted from the output's first: (C, n), from `before` columns before the output's first. */
  row(i: number, r: number, before: number, n: number): Float64Array {
    const own = this.#reach(i);
    const whole = this.of(i)[r + own.before]!;
    const { channels } = this.operations[i]!;
    const wide = whole.length / channels;
    if (wide === n) return whole;
    const part = new Float64Array(channels * n);
    const first = own.before - before;
    for (let c = 0; c < channels; c++) part.set(whole.subarray(c * wide + first, c * wide + first + n), c * n);
    return part;
  }

  /** (I, kernel, kernel, n): what the taps of a convolution read of a row. */
  #gather({ sources, kernel, dilation }: Conv, r: number, before: number, n: number, target: Float64Array): void {
    const source = sources[0]!;
    const own = this.#reach(source);
    const { channels } = this.operations[source]!;
    const picture = this.of(source);
    const wide = picture[0]!.length / channels;
    const middle = Math.floor((kernel - 1) / 2);
    let to = 0;
    for (let c = 0; c < channels; c++) {
      for (let y = 0; y < kernel; y++) {
        const row = picture[r + (y - middle) * dilation + own.before]!;
        for (let x = 0; x < kernel; x++, to += n) {
          const from = c * wide + own.before - before + (x - middle) * dilation;
          target.set(row.subarray(from, from + n), to);
        }
      }
    }
  }

  #reach(i: number): Reach {
    return this.reaches[i] ?? NOWHERE;
  }
}
