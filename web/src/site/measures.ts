// What every measure of the page reads of a view, by its name, and what a plain ramp and white noise have there.
import { boxDimension } from "../engine/measures/boxes.ts";
import { levelSetLength } from "../engine/measures/contour.ts";
import { meanFrequency } from "../engine/measures/frequency.ts";
import type { Image } from "../engine/measures/image.ts";
import { noise, noiseVariation } from "../engine/measures/noise.ts";
import { noteOf } from "../engine/measures/slopes.ts";
import { components, holes } from "../engine/measures/topology.ts";
import { lempelZiv } from "../engine/measures/words.ts";
import { Absent } from "./absent.ts";
import type { Specimen } from "./specimen.ts";
import { RAMP_AND_NOISE } from "./table.ts";
import { TAKEN } from "../words/site.ts";

/** `error` is what the value may be off by, where that is known; `note` what a reader must know of how it was taken. */
export interface Reading {
  readonly value: number;
  readonly error?: number;
  readonly note?: string;
}

// of one standardised channel; null where there is no value
const OF_IMAGES: Readonly<Record<string, (image: Image) => number | null>> = {
  mean_frequency: meanFrequency,
  lz_complexity: lempelZiv,
  box_dimension: boxDimension,
  components,
  holes,
};
const OF_VIEWS: Readonly<Record<string, (specimen: Specimen) => Reading>> = {
  total_variation: ({ variations, linear }) => ({
    value: mean(variations.map((one) => one.value)),
    error: mean(variations.map((one) => one.error)),
    note: [noteOf(variations), linear ? TAKEN.byPixels : ""].filter((one) => one !== "").join("; "),
  }),
  level_set_length: ({ images, pitch, linear }) => ({
    value: mean(images.map((image) => levelSetLength(image, ...pitch))),
    note: linear ? TAKEN.byPixels : "",
  }),
};

/** The mean over the channels that vary. Throws Absent. */
export function read(name: string, specimen: Specimen): Reading {
  const whole = OF_VIEWS[name];
  if (whole !== undefined) return whole(specimen);
  const found = specimen.images.map((image) => OF_IMAGES[name]?.(image) ?? null);
  const values = found.filter((one) => one !== null);
  if (values.length < found.length) throw new Absent(TAKEN.none);
  return { value: mean(values) };
}

/** The values of a plain ramp and of white noise. */
export function references(name: string, { raster, subject }: Specimen): readonly (number | null)[] {
  const { plane, columns, rows } = raster;
  const [across, down] = [plane.width / columns, plane.height / rows];
  if (name === "total_variation") return [Math.sqrt(12) / plane.width, noiseVariation(noise(rows, columns), across, down)];
  if (name === "level_set_length") return [1 / plane.width, levelSetLength(noise(rows, columns), across, down)];
  return RAMP_AND_NOISE[String(subject.side)]?.[name] ?? [];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
