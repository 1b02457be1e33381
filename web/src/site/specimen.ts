// A view of a network, with everything its measures look at computed once, when first asked for: netwarp.measures.specimen.
import { hasCells } from "../engine/cells/stages.ts";
import type { Raster } from "../engine/evaluate/raster.ts";
import { tangents } from "../engine/evaluate/tangent.ts";
import { type Image, spread } from "../engine/measures/image.ts";
import { type Amount, variation } from "../engine/measures/slopes.ts";
import { pointwise, type Program } from "../engine/program/program.ts";
import { Absent } from "./absent.ts";
import { sampled } from "./sampling.ts";
import { TAKEN } from "../words/site.ts";


/** One channel of the values: its image has mean 0 and variance 1. */
interface Channel {
  readonly number: number;
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

  readonly raster: Raster;

  /** `rasterAt` gives the view's raster of about so many pixels each way. */
  constructor(
    readonly subject: Subject,
    readonly rasterAt: (side: number) => Raster,
  ) {
    this.raster = rasterAt(subject.side);
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

  /** Whether it has exact cells, on each of which it is linear. */
  get linear(): boolean {
    const { program } = this.subject;
    return hasCells(program);
  }

  /** Mean |grad f| of every channel that varies. Throws Absent. */
  get variations(): readonly Amount[] {
    return (this.#variations ??= this.#steepness());
  }

  /** The same at half the resolution. */
  get half(): Specimen {
    const { subject, rasterAt } = this;
    return (this.#half ??= new Specimen({ ...subject, side: subject.side >> 1 }, rasterAt));
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
      return [{ number: only ?? i, deviation: is.deviation, image }];
    });
    if (found.length === 0) throw new Absent(TAKEN.constant);
    return (this.#channels = found);
  }

  #steepness(): readonly Amount[] {
    const vary = this.#vary();
    const { program } = this.subject;
    if (!pointwise(program)) throw new Absent(TAKEN.windows);
    const found = tangents(program, this.raster);
    if (found === null) throw new Absent(this.linear ? TAKEN.jumps : TAKEN.noDerivative);
    const n = this.raster.rows * this.raster.columns;
    return vary.map(({ number, deviation, image }) => {
      const [dx, dy] = [found.dx, found.dy].map((all) => all.subarray(number * n, (number + 1) * n).map((one) => one / deviation)) as [Float64Array, Float64Array];
      if (!dx.every(Number.isFinite) || !dy.every(Number.isFinite)) throw new Absent(TAKEN.infinite);
      return variation(image, dx, dy, ...this.pitch);
    });
  }
}
