// What a worker does of a network for itself or for another worker: rows of a calibration, and rows of a view.
import { loops } from "../engine/evaluate/fastest.ts";
import { sampled } from "../engine/evaluate/blocks.ts";
import type { Raster } from "../engine/evaluate/raster.ts";
import { type Band, Walk } from "../engine/evaluate/walk.ts";
import { type Conv, outputs, type Program } from "../engine/program/program.ts";
import type { Range } from "../gpu/contrast.ts";
import type { ToneData } from "../server.ts";
import { paint } from "./paint.ts";
import { rangeOf, unpaintable } from "./tone.ts";

/** A view of a pointwise network, painted by a Tone; null where its values are wanted. */
export interface Picture {
  readonly program: Program;
  readonly raster: Raster;
  readonly tone: ToneData | null;
}

/** Painted rows: RGBA bytes, the range of each channel that the Tone shows, and how many values have no colour. */
export interface PaintedPart {
  readonly bytes: Uint8ClampedArray;
  readonly range: Range;
  readonly bad: number;
}

/** Rows of a Picture; values are (channels, rows of the band, columns). */
export type Part = PaintedPart | Float64Array;

export type Job =
  | { readonly kind: "walk"; readonly program: Program; readonly raster: Raster; readonly band: Band }
  | { readonly kind: "measure"; readonly pass: number }
  | { readonly kind: "settle"; readonly value: number; readonly conv: Conv }
  | { readonly kind: "values" }
  | { readonly kind: "picture"; readonly picture: Picture }
  | { readonly kind: "part"; readonly band: Band };

export class Bench {
  #walk: Walk | null = null;
  #picture: Picture | null = null;

  /** Begins a calibration over the rows of a band. */
  walk(program: Program, raster: Raster, band: Band): Walk {
    return (this.#walk = new Walk(loops, program, raster, band, true));
  }

  /** The output's values on the band, the last that is asked of a walk. */
  values(): Float64Array {
    const found = this.#begun().values();
    this.#walk = null;
    return found;
  }

  picture(picture: Picture): void {
    this.#picture = picture;
  }

  part(band: Band): Part {
    if (this.#picture === null) throw new Error("no picture has begun");
    const { program, raster, tone } = this.#picture;
    const values = sampled(loops, program, raster, band);
    if (tone === null) return values;
    const channels = outputs(program);
    const bad = unpaintable(values, channels, tone);
    const bytes = bad === 0 ? paint(values, channels, tone) : new Uint8ClampedArray();
    return { bytes, range: rangeOf(tone, values, channels), bad };
  }

  /** The job's answer, and what of it another worker can be given without a copy. */
  do(job: Job): { answer: unknown; given: ArrayBuffer[] } {
    switch (job.kind) {
      case "walk":
        this.walk(job.program, job.raster, job.band);
        return NOTHING;
      case "measure":
        return whole(this.#begun().measure(job.pass));
      case "settle":
        this.#begun().settle(job.value, job.conv);
        return NOTHING;
      case "values":
        return whole(this.values());
      case "picture":
        this.picture(job.picture);
        return NOTHING;
      case "part": {
        const part = this.part(job.band);
        return part instanceof Float64Array ? whole(part) : { answer: part, given: [part.bytes.buffer as ArrayBuffer] };
      }
    }
  }

  #begun(): Walk {
    if (this.#walk === null) throw new Error("no calibration has begun");
    return this.#walk;
  }
}

const NOTHING = { answer: null, given: [] };

function whole(values: Float64Array): { answer: unknown; given: ArrayBuffer[] } {
  return { answer: values, given: [values.buffer as ArrayBuffer] };
}
