// Values through a Tone to the bytes of a picture, as netwarp.picture.paint paints them: to the byte but for rounding.
import { bytes } from "../gpu/folded.ts";
import { encoded, flattened, labColours } from "../gpu/lab.ts";
import type { ToneData } from "../server.ts";
import { labBytes } from "./lab.ts";
import { mapOf } from "./palette.ts";
import { checkFinite } from "./tone.ts";
import { LINEAR_FROM_WHITE } from "./table.ts";

const f = Math.fround;
const DELTA = 6 / 29;

/** RGBA bytes, opaque, of values (channels, n). Throws Refusal where a value is not finite. */
export function paint(values: Float64Array, channels: number, tone: ToneData): Uint8ClampedArray {
  const n = values.length / channels;
  const seen = tone.channels.map((c) => values.subarray(c * n, (c + 1) * n));
  checkFinite(seen);
  if (tone.colour === "lab" || tone.colour === "oklab") {
    // from the lower end, so that float32 is enough wherever the range lies
    const wide = tone.high.map((high, c) => high - (tone.low[c] ?? 0));
    const held = tone.colour === "oklab";
    const fast = held ? null : labBytes(seen, tone.low, wide);
    if (fast !== null) return fast;
    const apart = new Float32Array(3 * n);
    seen.forEach((one, c) => {
      const low = tone.low[c] ?? 0;
      for (let i = 0; i < n; i++) apart[3 * i + c] = (one[i] ?? 0) - low;
    });
    return labColours(apart, [0, 0, 0], wide, held);
  }
  if (tone.colour === "oklch") {
    const [light, a, b] = seen.map((one, c) => Float64Array.from(positions(one, tone.low[c] ?? 0, tone.high[c] ?? 0, Infinity))) as [Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < n; i++) [a[i], b[i]] = flattened(a[i] ?? 0, b[i] ?? 0);
    const flat = [light, a, b];
    return labBytes(flat, [0, 0, 0], [1, 1, 1]) ?? labColours(Float32Array.from({ length: 3 * n }, (_, i) => flat[i % 3]?.[Math.trunc(i / 3)] ?? 0), [0, 0, 0], [1, 1, 1]);
  }
  const units = seen.map((one, c) => positions(one, tone.low[c] ?? 0, tone.high[c] ?? 0));
  const out = new Uint8ClampedArray(4 * n).fill(255);
  const map = mapOf(tone.colour);
  if (tone.colour === "lab-clipped") clipped(units, out);
  else if (tone.colour === "hsv") around(units, out);
  else if (map !== undefined) mapped(units, out, bytes(map));
  else {
    for (let channel = 0; channel < 3; channel++) {
      const unit = units[channel % units.length] ?? new Float32Array(n);
      for (let i = 0; i < n; i++) out[4 * i + channel] = closest(unit[i] ?? 0, 255);
    }
  }
  return out;
}

/** 0..1, within that and `beyond` it; the middle where low equals high. */
function positions(values: Float64Array, low: number, high: number, beyond = 0): Float32Array {
  const span = high - low;
  if (span < 1e-300) return new Float32Array(values.length).fill(0.5);
  return Float32Array.from(values, (value) => Math.min(1 + beyond, Math.max(-beyond, (value - low) / span)));
}

function closest(unit: number, top: number): number {
  return Math.floor(f(f(unit * top) + 0.5));
}

function mapped([unit = new Float32Array()]: readonly Float32Array[], out: Uint8ClampedArray, colours: Uint8Array): void {
  for (let i = 0; i < unit.length; i++) {
    const at = 3 * closest(unit[i] ?? 0, 1023);
    for (let channel = 0; channel < 3; channel++) out[4 * i + channel] = colours[at + channel] ?? 0;
  }
}

/** Hue, saturation and value, as picture/hsv_pixels.py has them. */
function around([hue, saturation, value]: readonly Float32Array[], out: Uint8ClampedArray): void {
  for (let i = 0; 4 * i < out.length; i++) {
    const [turn, v] = [f((hue?.[i] ?? 0) * 6), value?.[i] ?? 0];
    const grey = f(v * (saturation?.[i] ?? 0));
    [5, 3, 1].forEach((from, channel) => {
      const k = f(turn + from) % 6;
      out[4 * i + channel] = closest(f(v - f(grey * Math.max(0, Math.min(k, 4 - k, 1)))), 255);
    });
  }
}

/** CIE Lab, cut channel by channel in linear light. */
function clipped([first, second, third]: readonly Float32Array[], out: Uint8ClampedArray): void {
  const line = (t: number): number => (t <= f(DELTA) ? f(f(t - f(4 / 29)) * f(3 * DELTA * DELTA)) : f(f(t * t) * t));
  for (let i = 0; 4 * i < out.length; i++) {
    const [l, a, b] = [f((first?.[i] ?? 0) * 100), f(f((second?.[i] ?? 0) * 220) - 110), f(f((third?.[i] ?? 0) * 220) - 110)];
    const fy = f(f(l + 16) * f(1 / 116));
    const y = line(fy);
    const x = f(line(f(fy + f(a * f(1 / 500)))) - y);
    const z = f(line(f(fy - f(b * f(1 / 200)))) - y);
    LINEAR_FROM_WHITE.forEach(([fromX = 0, , fromZ = 0], channel) => {
      out[4 * i + channel] = encoded(f(f(f(x * f(fromX)) + f(z * f(fromZ))) + y));
    });
  }
}
