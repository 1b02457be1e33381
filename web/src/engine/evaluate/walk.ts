// Calibration's walk over some rows of a raster, pass by pass; what one pass computes and a later one reads is kept.

import type { Conv, Operation, Program } from "../program/program.ts";
import { layoutOf, viewsOf } from "./layout.ts";
import type { Loops } from "./loops.ts";
import { type Pass, passesOf } from "./passes.ts";
import { type Raster, xsOf, ysOf } from "./raster.ts";

/** The rows from `first` to `last` of a raster, `last` not among them. */
export interface Band {
  readonly first: number;
  readonly last: number;
}

export class Walk {
  readonly passes: readonly Pass[];
  private readonly operations: Operation[];
  private readonly pictures: Pictures;
  private readonly xs: Float64Array;
  private readonly ys: Float64Array;

  constructor(
    private readonly loops: Loops,
    program: Program,
    raster: Raster,
    private readonly band: Band,
    output = false,
  ) {
    this.operations = program.operations.slice();
    this.passes = passesOf(program, output);
    this.xs = xsOf(raster);
    this.ys = ysOf(raster);
    this.pictures = new Pictures(raster.columns * (band.last - band.first));
  }

  /** What makes the value of a "normalise" from now on. */
  settle(i: number, conv: Conv): void {
    this.operations[i] = conv;
  }

  /** (rows, C, 2) the sums of each row of what pass number `n` measures, as Loops.rowSums gives them. */
  measure(n: number): Float64Array {
    const { band, loops, xs } = this;
    const each = 2 * this.operations[this.passes[n]!.end]!.channels;
    const found = new Float64Array(each * (band.last - band.first));
    this.#rows(this.passes[n]!, (row, r) => { found.set(loops.rowSums(row, each / 2, xs.length), r * each); });
    return found;
  }

  /** (channels, rows of the band, columns) the values of the output, all normalisations settled; the last pass. */
  values(): Float64Array {
    const { band, xs: { length: columns } } = this;
    const pass = this.passes.at(-1)!;
    const { channels } = this.operations[pass.end]!;
    const points = columns * (band.last - band.first);
    const found = new Float64Array(channels * points);
    this.#rows(pass, (row, r) => {
      for (let c = 0; c < channels; c++) found.set(row.subarray(c * columns, (c + 1) * columns), c * points + r * columns);
    });
    return found;
  }

  /** Computes a pass and hands over its end row by row, (C, columns), counted from the band's first. */
  #rows(pass: Pass, take: (row: Float64Array, r: number) => void): void {
    const { operations, pictures, loops, xs, ys, band } = this;
    const columns = xs.length;
    const layout = layoutOf(operations, pass.computed, pass.read, [pass.end, ...pass.kept]);
    const arrays = loops.begin(pass.computed.map((i) => operations[i]!), layout.channels.map((channels) => channels * columns));
    const values = viewsOf(operations, layout, arrays, columns);
    const read = pass.read.map((i) => [i, pictures.of(i)] as const);
    // a row is read before it is written: what is read for the last time gives its memory to what is kept
    for (const i of pass.freed) pictures.free(i);
    const kept = pass.kept.map((i) => [i, pictures.make(i, operations[i]!.channels)] as const);
    for (let r = 0; r < band.last - band.first; r++) {
      const at = r * columns;
      for (const [i, channels] of read) {
        for (const [c, picture] of channels.entries()) values[i]!.set(picture.subarray(at, at + columns), c * columns);
      }
      const points = { xs, ys: ys.subarray(band.first + r, band.first + r + 1) };
      for (const i of pass.computed) loops.run(operations[i]!, operations[i]!.sources.map((source) => values[source]!), values[i]!, columns, points);
      take(values[pass.end]!, r);
      for (const [i, channels] of kept) {
        for (const [c, picture] of channels.entries()) picture.set(values[i]!.subarray(c * columns, (c + 1) * columns), at);
      }
    }
  }
}

/** Values at all points, channel by channel. */
class Pictures {
  private readonly held = new Map<number, Float64Array[]>();
  private readonly spare: Float64Array[] = [];

  constructor(private readonly points: number) {}

  of(i: number): Float64Array[] {
    return this.held.get(i)!;
  }

  make(i: number, channels: number): Float64Array[] {
    const made = Array.from({ length: channels }, () => this.spare.pop() ?? new Float64Array(this.points));
    this.held.set(i, made);
    return made;
  }

  free(i: number): void {
    this.spare.push(...this.of(i));
    this.held.delete(i);
  }
}
