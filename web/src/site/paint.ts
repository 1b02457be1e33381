// Values through a Tone to the bytes of a picture, as netwarp.picture.paint paints them: to the byte but for rounding.
import { bytes } from "../gpu/folded.ts";
import { encoded, labColours } from "../gpu/lab.ts";
import type { ToneData } from "../server.ts";
import { labBytes } from "./lab.ts";
import { checkFinite } from "./tone.ts";
import { LINEAR_FROM_WHITE, MAPS } from "./table.ts";

const f = Math.fround;
const DELTA = 6 / 29;

/** RGBA bytes, opaque, of values (channels, n). Throws Refusal where a value is not finite. */
export function paint(values: Float64Array, channels: number, tone: ToneData): Uint8ClampedArray {
  const n = values.length / channels;
  const seen = tone.channels.map((c) => values.subarray(c * n, (c + 1) * n));
  checkFinite(seen);
  if (tone.colour === "lab") {
    // from the lower end, so that float32 is enough wherever the range lies
    const wide = tone.high.map((high, c) => high - (tone.low[c] ?? 0));
    const fast = labBytes(seen, tone.low, wide);
    if (fast !== null) return fast;
    const apart = new Float32Array(3 * n);
    seen.forEach((one, c) => {
      const low = tone.low[c] ?? 0;
      for (let i = 0; i < n; i++) apart[3 * i + c] = (one[i] ?? 0) - low;
    });
    return labColours(apart, [0, 0, 0], wide);
  }
  const units = seen.map((one, c) => positions(one, tone.low[c] ?? 0, tone.high[c] ?? 0));
  const out = new Uint8ClampedArray(4 * n).fill(255);
  if (tone.colour === "lab-clipped") clipped(units, out);
  else if (Object.hasOwn(MAPS, tone.colour)) mapped(units, out, bytes(MAPS[tone.colour] ?? ""));
  else {
    for (let channel = 0; channel < 3; channel++) {
      const unit = units[channel % units.length] ?? new Float32Array(n);
      for (let i = 0; i < n; i++) out[4 * i + channel] = closest(unit[i] ?? 0, 255);
    }
  }
  return out;
}

/** 0..1, clipped; the middle where low equals high. */
function positions(values: Float64Array, low: number, high: number): Float32Array {
  const span = high - low;
  if (span < 1e-300) return new Float32Array(values.length).fill(0.5);
  return Float32Array.from(values, (value) => Math.min(1, Math.max(0, (value - low) / span)));
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
