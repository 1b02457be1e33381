// Calibration's walk over some rows of a raster, pass by pass; what one pass computes and a later one reads is kept.

import type { Conv, Operation, Program } from "../program/program.ts";
import { layoutOf, viewsOf } from "./layout.ts";
import type { Loops } from "./loops.ts";
import { type Pass, passesOf } from "./passes.ts";
import { type Raster, xsOf, ysOf } from "./raster.ts";
import type { Points } from "./steps.ts";

/** The rows from `first` to `last` of a raster, `last` not among them. */
export interface Band {
  readonly first: number;
  readonly last: number;
}

// points that are computed at once, at most, where rows are shorter than that: each call costs as much as some dozen points
const TILE = 600;

export class Walk {
  readonly passes: readonly Pass[];
  private readonly operations: Operation[];
  private readonly pictures: Pictures;
  private readonly columns: number;
  private readonly rows: number;
  private readonly tiles: readonly Tile[];

  constructor(
    private readonly loops: Loops,
    program: Program,
    raster: Raster,
    band: Band,
    output = false,
  ) {
    this.operations = program.operations.slice();
    this.passes = passesOf(program, output);
    this.columns = raster.columns;
    this.rows = band.last - band.first;
    this.tiles = tilesOf(raster, band);
    this.pictures = new Pictures(this.tiles.map(({ xs }) => xs.length));
  }

  /** What makes the value of a "normalise" from now on. */
  settle(i: number, conv: Conv): void {
    this.operations[i] = conv;
  }

  /** (rows, C, 2) the sums of each row of what pass number `n` measures, as Loops.rowSums gives them. */
  measure(n: number): Float64Array {
    const { loops, columns, rows } = this;
    const { channels } = this.operations[this.passes[n]!.end]!;
    const found = new Float64Array(2 * channels * rows);
    this.#run(this.passes[n]!, (value, { row, xs }) => {
      const count = xs.length / columns;
      const sums = loops.rowSums(value, channels * count, columns);
      for (let c = 0; c < channels; c++) {
        for (let r = 0; r < count; r++) {
          const [from, into] = [2 * (c * count + r), 2 * ((row + r) * channels + c)];
          found[into] = sums[from]!;
          found[into + 1] = sums[from + 1]!;
        }
      }
    });
    return found;
  }

  /** (channels, rows of the band, columns) the values of the output, all normalisations settled; the last pass. */
  values(): Float64Array {
    const { columns, rows } = this;
    const pass = this.passes.at(-1)!;
    const { channels } = this.operations[pass.end]!;
    const found = new Float64Array(channels * columns * rows);
    this.#run(pass, (value, { row, xs: { length } }) => {
      for (let c = 0; c < channels; c++) found.set(value.subarray(c * length, (c + 1) * length), (c * rows + row) * columns);
    });
    return found;
  }

  /** Computes a pass and hands over its end tile by tile, (C, points of the tile). */
  #run(pass: Pass, take: (value: Float64Array, tile: Tile) => void): void {
    const { operations, pictures, loops, tiles } = this;
    const most = tiles[0]?.xs.length ?? 0;
    const layout = layoutOf(operations, pass.computed, pass.read, [pass.end, ...pass.kept]);
    const arrays = loops.begin(pass.computed.map((i) => operations[i]!), layout.channels.map((channels) => channels * most));
    const read = pass.read.map((i) => pictures.of(i));
    // a tile is read before it is written: what is read for the last time gives its memory to what is kept
    for (const i of pass.freed) pictures.free(i);
    const kept = pass.kept.map((i) => pictures.make(i, operations[i]!.channels));
    const steps = pass.computed.map((i) => [operations[i]!, i] as const);
    let [n, values, sources, parts]: [number, Float64Array[], Float64Array[][], Float64Array[][]] = [0, [], [], []];
    for (const [t, tile] of tiles.entries()) {
      if (tile.xs.length !== n) {
        // the last tile may be smaller
        n = tile.xs.length;
        values = viewsOf(operations, layout, arrays, n);
        sources = steps.map(([operation]) => operation.sources.map((source) => values[source]!));
        parts = pass.kept.map((i) => channelsOf(values[i]!, n));
      }
      for (let k = 0; k < read.length; k++) {
        const [value, channels] = [values[pass.read[k]!]!, read[k]!];
        for (let c = 0; c < channels.length; c++) value.set(channels[c]![t]!, c * n);
      }
      for (let k = 0; k < steps.length; k++) loops.run(steps[k]![0], sources[k]!, values[steps[k]![1]]!, n, tile);
      take(values[pass.end]!, tile);
      for (let k = 0; k < kept.length; k++) {
        const [part, channels] = [parts[k]!, kept[k]!];
        for (let c = 0; c < channels.length; c++) channels[c]![t]!.set(part[c]!);
      }
    }
  }
}

/** Whole rows, and which row of the band is the first of them; `ys` is one number where they are one row. */
interface Tile extends Points {
  readonly row: number;
}

function tilesOf(raster: Raster, { first, last }: Band): Tile[] {
  const { columns } = raster;
  const [across, down] = [xsOf(raster), ysOf(raster)];
  const most = Math.max(1, Math.min(last - first, Math.floor(TILE / columns)));
  const xs = new Float64Array(most * columns);
  for (let r = 0; r < most; r++) xs.set(across, r * columns);
  const tiles: Tile[] = [];
  for (let row = 0; row < last - first; row += most) {
    const own = down.subarray(first + row, Math.min(last, first + row + most));
    const each = own.length === 1 ? own : Float64Array.from({ length: own.length * columns }, (_, i) => own[Math.floor(i / columns)]!);
    tiles.push({ row, xs: xs.subarray(0, own.length * columns), ys: each });
  }
  return tiles;
}

/** A view of each channel of a value at `n` points. */
function channelsOf(numbers: Float64Array, n: number): Float64Array[] {
  return Array.from({ length: numbers.length / n }, (_, k) => numbers.subarray(k * n, (k + 1) * n));
}

/** Values at all points, channel by channel, each by tiles. Their views are made once: making one takes as long as copying what it shows. */
class Pictures {
  private readonly held = new Map<number, Float64Array[][]>();
  private readonly spare: Float64Array[][] = [];

  /** `sizes` are the points of each tile. */
  constructor(private readonly sizes: readonly number[]) {}

  /** By channels and tiles. */
  of(i: number): Float64Array[][] {
    return this.held.get(i)!;
  }

  make(i: number, channels: number): Float64Array[][] {
    const made = Array.from({ length: channels }, () => this.spare.pop() ?? this.#picture());
    this.held.set(i, made);
    return made;
  }

  free(i: number): void {
    this.spare.push(...this.of(i));
    this.held.delete(i);
  }

  #picture(): Float64Array[] {
    const whole = new Float64Array(this.sizes.reduce((sum, one) => sum + one, 0));
    let at = 0;
    return this.sizes.map((size) => whole.subarray(at, (at += size)));
  }
}
