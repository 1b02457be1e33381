// The fitted mapping from values to colours, as netwarp.picture.tone and ranges fit it.
import { about, fitOf, isFlat, type Range } from "../gpu/contrast.ts";
import { shownBy } from "../gpu/tone.ts";
import { COLOURINGS, type ToneData } from "../server.ts";
import { mapOf } from "./palette.ts";
import { Refusal } from "./refusals.ts";
import { MAPS } from "./table.ts";
import { ENGINE } from "../words/site.ts";

// C channels, n points: values are (C, n), one channel after the other

const VERSION = 2;
const DEFAULT_MAP = "viridis";

/** The colouring asked for, or a map where it shows another number of channels than there are. Throws Refusal. */
export function colourFor(colour: string, channels: number): string {
  if (colour !== "auto" && !COLOURINGS.some((one) => one === colour) && mapOf(colour) === undefined) {
    throw new Refusal(ENGINE.colour(colour.slice(0, 40), [...COLOURINGS, ...Object.keys(MAPS)].join(", ")), "colour");
  }
  if (colour === "auto" || (shownBy(colour) === 3 && channels !== 3)) return channels === 3 ? "lab" : DEFAULT_MAP;
  return colour;
}

/** The Tone that shows the values; `channel` of the maps that show one. Throws Refusal where they are not finite. */
export function fit(values: Float64Array, channels: number, colour: string, channel = 0): ToneData {
  const n = values.length / channels;
  const shown = shownBy(colour) === 3 ? [0, 1, 2] : [channel];
  const seen = shown.map((c) => values.subarray(c * n, (c + 1) * n));
  checkFinite(seen);
  const ranges = seen.map((one, i) => range(one, fitOf(colour, i)));
  const tone: ToneData = { tone: VERSION, colour, channels: shown, low: ranges.map(([low]) => low), high: ranges.map(([, high]) => high) };
  const map = mapOf(colour);
  return map === undefined ? tone : { ...tone, map };
}

/** The least and the largest value of each channel that the Tone shows. */
export function rangeOf({ channels: shown }: ToneData, values: Float64Array, channels: number): Range {
  const n = values.length / channels;
  const ends = shown.map((c) => extremes(values.subarray(c * n, (c + 1) * n)));
  return { low: ends.map(([low]) => low), high: ends.map(([, high]) => high), depth: 0 };
}

/** The Range of what has these, part by part. */
export function joined(ranges: readonly Range[]): Range {
  const ends = (of: (range: Range) => number[], most: (...all: number[]) => number): number[] =>
    (ranges[0] === undefined ? [] : of(ranges[0])).map((_, i) => most(...ranges.map((range) => of(range)[i] ?? NaN)));
  return { low: ends(({ low }) => low, Math.min), high: ends(({ high }) => high, Math.max), depth: 0 };
}

/** Whether the Tone shows all values of this Range in one colour, nearly. */
export function flat(tone: ToneData, range: Range): boolean {
  return isFlat({ low: tone.low, high: tone.high, depth: 0 }, range, tone.colour);
}

function range(values: Float64Array, kind: ReturnType<typeof fitOf>): [number, number] {
  const [low, high] = extremes(values);
  if (kind === "extremes" || low === high) return [low, high];
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let square = 0;
  for (const value of values) square += (value - mean) ** 2;
  const deviation = Math.sqrt(square / values.length);
  return about(kind, mean, deviation, (low - mean + (high - mean)) / 2 / deviation);
}

function extremes(values: Float64Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** How many of the values that the Tone shows are NaN or infinite. */
export function unpaintable(values: Float64Array, channels: number, { channels: shown }: ToneData): number {
  const n = values.length / channels;
  return countBad(shown.map((c) => values.subarray(c * n, (c + 1) * n)));
}

export function checkFinite(seen: readonly Float64Array[]): void {
  refuseUnpaintable(countBad(seen), seen.reduce((all, { length }) => all + length, 0));
}

function countBad(seen: readonly Float64Array[]): number {
  let bad = 0;
  for (const values of seen) for (const value of values) if (!Number.isFinite(value)) bad++;
  return bad;
}

/** Throws Refusal where there are any. */
export function refuseUnpaintable(bad: number, total: number): void {
  if (bad === 0) return;
  throw new Refusal(ENGINE.notFinite(bad.toLocaleString("en"), total.toLocaleString("en")));
}
