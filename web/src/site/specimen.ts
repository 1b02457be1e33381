// A view of a network, with everything its measures look at computed once, when first asked for: netwarp.measures.specimen.
import { contourLength } from "../engine/cells/contour.ts";
import type { Raster } from "../engine/evaluate/raster.ts";
import { tangents } from "../engine/evaluate/tangent.ts";
import { windowTangents } from "../engine/evaluate/window_tangent.ts";
import { tapOf } from "../engine/evaluate/windows.ts";
import { levelSetLength } from "../engine/measures/contour.ts";
import { type Image, spread, threshold } from "../engine/measures/image.ts";
import { type Amount, variation } from "../engine/measures/slopes.ts";
import { pointwise, type Program } from "../engine/program/program.ts";
import { Absent } from "./absent.ts";
import { type Exact, Exactly, type Missing } from "./exact.ts";
import { sampled } from "./sampling.ts";
import { TAKEN } from "../words/site.ts";


/** One channel of the values: its image has mean 0 and variance 1. */
interface Channel {
  readonly number: number;
  readonly mean: number;
  readonly deviation: number;
  readonly image: Image;
}

/** What is measured: a Program calibrated on `home`, `only` one channel of it or all of them, on `side` pixels each way. */
export interface Subject {
  readonly program: Program;
  readonly home: Raster;
  readonly only: number | null;
  readonly side: number;
}

export class Specimen {
  #channels: readonly Channel[] | null = null;
  #half: Specimen | null = null;
  #variations: readonly Amount[] | null = null;
  #contours: readonly number[] | null = null;

  readonly raster: Raster;
  readonly exactly: Exactly;

  /** `rasterAt` gives the view's raster of about so many pixels each way; `exactly` has the cells of one that is known. */
  constructor(
    readonly subject: Subject,
    readonly rasterAt: (side: number) => Raster,
    exactly: Exactly | null = null,
  ) {
    this.raster = rasterAt(subject.side);
    const { columns, rows, plane } = this.raster;
    this.exactly = exactly ?? new Exactly(subject.program, plane, subject.home, columns * rows, subject.only);
  }

  /** From one pixel's centre to the next, along x and along y. */
  get pitch(): readonly [across: number, down: number] {
    const { plane, columns, rows } = this.raster;
    return [plane.width / columns, plane.height / rows];
  }

  /** The channels that vary. Throws Absent where none does, or where a value is not finite. */
  get images(): readonly Image[] {
    return this.#vary().map((one) => one.image);
  }

  /** How many signs rounding leaves in doubt of cells that measures would be taken of; 0 where there are none. */
  get doubtful(): number {
    const { found } = this.exactly;
    return "cells" in found ? 0 : found.doubtful;
  }

  /** Whether there are exact cells, of which measures are taken. */
  get exact(): boolean {
    return "cells" in this.exactly.found;
  }

  /** Mean |grad f| of every channel that varies: of the cells, or else of the pixels. Throws Absent. */
  get variations(): readonly Amount[] {
    const { found } = this.exactly;
    return (this.#variations ??= "cells" in found ? this.#ofCells(found) : this.#ofPixels(found));
  }

  /** The length an area of every channel's contour at the median. Throws Absent. */
  get contours(): readonly number[] {
    const { found } = this.exactly;
    const { width, height } = this.raster.plane;
    return (this.#contours ??= this.#vary().map(({ number, mean, deviation, image }) =>
      "cells" in found
        ? contourLength(found.cells, number, threshold(image) * deviation + mean) / width / height
        : levelSetLength(image, ...this.pitch),
    ));
  }

  /** The same at half the resolution, of the same cells. */
  get half(): Specimen {
    const { subject, rasterAt, exactly } = this;
    return (this.#half ??= new Specimen({ ...subject, side: subject.side >> 1 }, rasterAt, exactly));
  }

  #vary(): readonly Channel[] {
    if (this.#channels !== null) return this.#channels;
    const { rows, columns } = this.raster;
    const n = rows * columns;
    const { program, home, only } = this.subject;
    const values = sampled(home, program, this.raster);
    const all = Array.from({ length: values.length / n }, (_, c) => values.subarray(c * n, (c + 1) * n)).filter((_, c) => only === null || c === only);
    let broken = 0;
    for (let i = 0; i < n; i++) if (!all.every((own) => Number.isFinite(own[i]))) broken++;
    if (broken > 0) throw new Absent(TAKEN.broken(broken.toLocaleString("en"), n.toLocaleString("en")));
    const found = all.flatMap((own, i): Channel[] => {
      const is = spread(own);
      if (is === null) return [];
      if (!is.told) throw new Absent(TAKEN.alike);
      const image = { values: own.map((one) => (one - is.mean) / is.deviation), rows, columns };
      return [{ number: only ?? i, mean: is.mean, deviation: is.deviation, image }];
    });
    if (found.length === 0) throw new Absent(TAKEN.constant);
    return (this.#channels = found);
  }

  #ofCells({ steepness }: Exact): readonly Amount[] {
    const { only } = this.subject;
    const found = steepness.filter(({ channel }) => only === null || channel === only);
    if (found.length === 0) throw new Absent(TAKEN.constant);
    return found.map(({ value, error }) => ({ value, error, steepest: NaN, low: false }));
  }

  #ofPixels({ jumps }: Missing): readonly Amount[] {
    if (jumps !== "") throw new Absent(jumps);
    const vary = this.#vary();
    const { program, home } = this.subject;
    const found = pointwise(program) ? tangents(program, this.raster) : windowTangents(program, this.raster, tapOf(home));
    if (found === null) throw new Absent(TAKEN.noDerivative);
    const n = this.raster.rows * this.raster.columns;
    return vary.map(({ number, deviation, image }) => {
      const [dx, dy] = [found.dx, found.dy].map((all) => all.subarray(number * n, (number + 1) * n).map((one) => one / deviation)) as [Float64Array, Float64Array];
      if (!dx.every(Number.isFinite) || !dy.every(Number.isFinite)) throw new Absent(TAKEN.infinite);
      return variation(image, dx, dy, ...this.pitch);
    });
  }
}
