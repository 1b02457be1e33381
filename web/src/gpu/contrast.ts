// From the range of values that colours stand for to what the painter multiplies by and adds.
import type { ToneData } from "../server.ts";

/** A range of each shown channel, from the centre's value, in units of 2^-depth. */
export interface Range {
  low: number[];
  high: number[];
  depth: number;
}

interface Stretch {
  gain: number[];
  offset: number[];
}

const LARGEST = 1e30;
const within = (value: number): number => (Number.isNaN(value) ? 0.5 : Math.min(Math.max(value, -LARGEST), LARGEST));

/** The Tone's own range about a centre of `values`. */
export function whole(tone: ToneData, values: readonly number[], depth: number): Range {
  const from = (bounds: readonly number[]): number[] =>
    tone.channels.map((channel, i) => ((bounds[i] ?? 0) - (values[channel] ?? 0)) * 2 ** depth);
  return { low: from(tone.low), high: from(tone.high), depth };
}

// standard deviations from the middle of a range to its ends, as picture/ranges.py has them; and the most grey is shifted
const LIGHTNESS_REACH = 1.75;
const CHROMA_REACH = 2;
const CHROMA_SHIFT = 1.2;

/** What fits the range of a channel that is shown, as Tone.fit does: "extremes" are the least and the largest value. */
export function fitOf(colour: string, channel: number): "lightness" | "chroma" | "bytes" | "extremes" {
  if (colour === "rgb") return "bytes";
  if (channel === 0) return colour === "lab" || colour === "oklch" ? "lightness" : "extremes";
  return colour === "lab" || colour === "oklab" ? "chroma" : "extremes";
}

/** The range fitted to values RGBA. */
export function fitted(tone: ToneData, rgba: Float32Array, depth: number): Range {
  const range: Range = { low: [], high: [], depth };
  for (let channel = 0; channel < tone.channels.length; channel++) {
    let [least, most, sum, squares, count] = [Infinity, -Infinity, 0, 0, 0];
    for (let i = channel; i < rgba.length; i += 4) {
      const value = rgba[i] ?? 0;
      if (!Number.isFinite(value)) continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
      sum += value;
      squares += value * value;
      count++;
    }
    const mean = sum / Math.max(1, count);
    const std = Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean));
    let [low, high] = [least, most];
    const fit = most > least && std > 0 ? fitOf(tone.colour, channel) : "extremes";
    if (fit !== "extremes") [low, high] = about(fit, mean, std, (least - mean + (most - mean)) / 2 / std);
    range.low.push(low);
    range.high.push(high);
  }
  return range;
}

/** The range about a mean; `tail` is how many deviations the middle of the extremes lies beyond it. */
export function about(fit: "lightness" | "chroma" | "bytes", mean: number, std: number, tail: number): [number, number] {
  if (fit === "bytes") return [mean - 1.28 * std, mean + 1.27 * std];
  const middle = fit === "lightness" ? mean : mean + CHROMA_SHIFT * std * (tail / (1 + Math.abs(tail)));
  const reach = (fit === "lightness" ? LIGHTNESS_REACH : CHROMA_REACH) * std;
  return [middle - reach, middle + reach];
}

/** unit = value * gain + offset, of values in units of 2^-depth about a centre that lies `moved` from the range's. */
export function stretch(range: Range, depth: number, moved: readonly number[]): Stretch {
  const [gain, offset] = [[0, 0, 0], [0.5, 0.5, 0.5]];
  range.low.forEach((low, i) => {
    const span = (range.high[i] ?? low) - low;
    if (!(span > 0)) return;
    // `moved` is in the range's units
    gain[i] = within(2 ** (range.depth - depth) / span);
    offset[i] = within(((moved[i] ?? 0) - low) / span);
  });
  return { gain, offset };
}

// the server's, in explorer/views.py, is the same: some eight levels of 255 are one colour to the eye
const FLAT = 1 / 32;

/** Whether the Tone's own range gives all of a view's values one colour, nearly. `colour` is the Tone's. */
export function isFlat(own: Range, view: Range, colour: string): boolean {
  return own.low.every((low, i) => {
    const span = (own.high[i] ?? low) - low;
    // but for a hue, which goes on around
    if (colour === "lab" || (colour === "oklch" && i < 2)) {
      // values beyond the ends still have colours, ever more alike
      const bent = (value: number): number => {
        const x = span > 0 ? (2 * (value - low)) / span - 1 : 0;
        return x / Math.sqrt(1 + Math.min(x * x, LARGEST));
      };
      return !(bent(view.high[i] ?? 0) - bent(view.low[i] ?? 0) > 2 * FLAT);
    }
    // beyond both ends there is nothing to see either
    const clip = (value: number): number => Math.min(Math.max(value, low), low + span);
    const seen = clip(view.high[i] ?? 0) - clip(view.low[i] ?? 0);
    return !(seen > span * FLAT);
  });
}

/** Between two ranges about one centre, t from 0 to 1: their widths go by equal ratios. */
export function between(a: Range, b: Range, t: number): Range {
  const unit = 2 ** (b.depth - a.depth);
  const mixed: Range = { low: [], high: [], depth: b.depth };
  b.low.forEach((low, i) => {
    const high = b.high[i] ?? low;
    const [first, last] = [(a.low[i] ?? low) * unit, (a.high[i] ?? high) * unit];
    const [from, to] = [last - first, high - low];
    const ratio = Math.log(to / from);
    const share = Number.isFinite(ratio) && Math.abs(ratio) > 1e-6 ? Math.expm1(ratio * t) / Math.expm1(ratio) : t;
    mixed.low.push(first + (low - first) * share);
    mixed.high.push(last + (high - last) * share);
  });
  return mixed;
}
