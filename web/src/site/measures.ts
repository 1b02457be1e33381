// What every measure of the page reads of a view, by its name, and what a plain ramp and white noise have there.
import { boxDimension } from "../engine/measures/boxes.ts";
import { linearRegions, type Tessellation } from "../engine/cells/tessellation.ts";
import { levelSetLength } from "../engine/measures/contour.ts";
import { meanFrequency } from "../engine/measures/frequency.ts";
import { held } from "../engine/measures/held.ts";
import type { Image } from "../engine/measures/image.ts";
import { noise, noiseVariation, ramp } from "../engine/measures/noise.ts";
import { noteOf } from "../engine/measures/slopes.ts";
import { components, holes } from "../engine/measures/topology.ts";
import { lempelZiv } from "../engine/measures/words.ts";
import { Absent } from "./absent.ts";
import type { Specimen } from "./specimen.ts";
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
  total_variation: (specimen) => {
    const { variations } = specimen;
    return known(specimen, mean(variations.map((one) => one.value)), mean(variations.map((one) => one.error)), noteOf(variations));
  },
  level_set_length: (specimen) => {
    const { contours, exactly: { found } } = specimen;
    const value = mean(contours);
    if ("cells" in found) return known(specimen, value, found.open, "");
    // pixels see no crease that touches the level, and stairs for jumps
    if (found.doubtful > 0) throw new Absent(TAKEN.doubtful);
    return { value };
  },
};

// of exact cells alone; there is no value where rounding leaves signs of them in doubt
const OF_REGIONS: Readonly<Record<string, (cells: Tessellation) => number>> = {
  regions: ({ cells, doubtful }) => sure(cells.count, doubtful),
  linear_regions: (cells) => {
    const found = linearRegions(cells);
    return sure(found.count, found.doubtful);
  },
  boundary_length: ({ edges, plane: { width, height }, doubtful, unsure }) => {
    const lengths = edges.map(({ ends: [x, y, u, v] }) => Math.hypot((u - x) * width, (v - y) * height));
    return sure(lengths.reduce((sum, one) => sum + one, 0) / width / height, doubtful + unsure);
  },
};

function sure(value: number, doubtful: number): number {
  if (doubtful > 0) throw new Absent(TAKEN.doubtful);
  return value;
}

/** Those that are taken of exact cells, where there are any, and those that are taken of nothing else. */
export const OF_CELLS: readonly string[] = Object.keys(OF_VIEWS);
export const OF_CELLS_ALONE: readonly string[] = Object.keys(OF_REGIONS);

/** A reading of no more digits than hold, where it would be of cells but for rounding. */
function known({ doubtful, exact }: Specimen, value: number, error: number, note: string): Reading {
  if (doubtful === 0) return { value: exact ? held(value, error) : value, error, note };
  return { value: held(value, error), error, note: [note, TAKEN.byPixels].filter((one) => one !== "").join("; ") };
}

/** The mean over the channels that vary. Throws Absent. */
export function read(name: string, specimen: Specimen): Reading {
  const whole = OF_VIEWS[name];
  if (whole !== undefined) return whole(specimen);
  const counted = OF_REGIONS[name];
  if (counted !== undefined) {
    const { counted: cells } = specimen.exactly;
    if (typeof cells === "string") throw new Absent(cells);
    return { value: counted(cells) };
  }
  const found = specimen.images.map((image) => OF_IMAGES[name]?.(image) ?? null);
  const values = found.filter((one) => one !== null);
  if (values.length < found.length) throw new Absent(TAKEN.none);
  return { value: mean(values) };
}

// of a raster's size; these are no function of the plane
const ofSizes = new Map<string, readonly (number | null)[]>();

/** The values of a plain ramp and of white noise. */
export function references(name: string, { raster: { plane, columns, rows } }: Specimen): readonly (number | null)[] {
  const [across, down] = [plane.width / columns, plane.height / rows];
  if (name === "total_variation") return [Math.sqrt(12) / plane.width, noiseVariation(noise(rows, columns), across, down)];
  if (name === "level_set_length") return [1 / plane.width, levelSetLength(noise(rows, columns), across, down)];
  // a plane that is not cut is one region, and noise of pixels has none
  if (OF_CELLS_ALONE.includes(name)) return [name === "boundary_length" ? 0 : 1, null];
  const key = `${name} ${columns}x${rows}`;
  const known = ofSizes.get(key) ?? [ramp(rows, columns), noise(rows, columns)].map((image) => OF_IMAGES[name]?.(image) ?? null);
  ofSizes.set(key, known);
  return known;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
