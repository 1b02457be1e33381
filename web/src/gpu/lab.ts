// The colours of "lab" by the CPU, to the byte as picture/oklab.py and picture/gamut.py have them; and the numbers that
// the shader in tone.ts takes from there. Every operation is rounded to float32 by itself, in the order that Python has.
import { bytes } from "./folded.ts";
import { TABLE } from "./gamut_table.ts";

const f = Math.fround;

/** the lightnesses of the table, and its cells by lightness and by hue */
export const [LOWEST, HIGHEST] = [0.35, 0.97] as const;
export const [ROWS, COLUMNS] = [24, 48] as const;
export const MIDDLE = (LOWEST + HIGHEST) / 2;
export const REACH = (HIGHEST - LOWEST) / 2;
/** Oklab's a and b at the ends of a Tone's range; how far beyond the ends colours still change */
export const CHROMA = 0.3;
export const EVEN_CHROMA = 0.1;
export const FAR = 1e9;
/** what a and b add to the cube roots of l, m and s; what l - m and s - m add to red, green and blue */
export const CONES = [
  [0.3963377774, 0.2158037573],
  [-0.1055613458, -0.0638541728],
  [-0.0894841775, -1.291485548],
] as const;
export const PRIMARIES = [
  [4.0767416621, 0.2309699292],
  [-1.2684380046, -0.3413193965],
  [-0.0041960863, 1.707614701],
] as const;

/** RGBA texels, COLUMNS + 1 wide, 3 ROWS high: of a cell's row 3 r + i the coefficients of u^i, u^i v and u^i v^2. */
export function polynomials(): Float32Array {
  const table = bytes(TABLE);
  const control = (row: number, column: number): number => {
    const at = 2 * (row * COLUMNS + (column % COLUMNS));
    return (table[at] ?? 0) + 256 * (table[at + 1] ?? 0);
  };
  const powers = (a: number, b: number, c: number): [number, number, number] => [a + b, 2 * (b - a), a - 2 * b + c];
  const wide = COLUMNS + 1;
  const texels = new Float32Array(4 * wide * 3 * ROWS);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < wide; column++) {
      const along = [0, 1, 2].map((n) => powers(control(row, column + n), control(row + 1, column + n), control(row + 2, column + n)));
      for (let i = 0; i < 3; i++) {
        const both = powers(along[0]?.[i] ?? 0, along[1]?.[i] ?? 0, along[2]?.[i] ?? 0);
        // whole numbers by a power of 2: exact
        texels.set(both.map((value) => value * 2 ** -19), 4 * (wide * (3 * row + i) + column));
      }
    }
  }
  return texels;
}

let kept: Float32Array | undefined;

/** The largest chroma to be used at a lightness and the hue of (a, b). */
function limit(texels: Float32Array, lightness: number, a: number, b: number): number {
  let u = f(f(lightness - f(LOWEST)) * f(ROWS / (HIGHEST - LOWEST)));
  let v = f(octants(a, b) * f(COLUMNS / 8));
  const row = Math.min(Math.trunc(u), ROWS - 1);
  const column = Math.trunc(v);
  u = f(u - row);
  v = f(v - column);
  let found = 0;
  for (let power = 2; power >= 0; power--) {
    const at = 4 * ((COLUMNS + 1) * (3 * row + power) + column);
    const along = f(f(f(f((texels[at + 2] ?? 0) * v) + (texels[at + 1] ?? 0)) * v) + (texels[at] ?? 0));
    found = f(f(found * u) + along);
  }
  return found;
}

/** The hue from 0 to 8, an octant each 1. */
function octants(a: number, b: number): number {
  const [across, up] = [Math.abs(a), Math.abs(b)];
  const r = f(Math.min(across, up) / Math.max(across, up, f(1e-30)));
  let turn = f(f(f(9 - f(r * r)) * r) * 0.125);
  if (up > across) turn = f(2 - turn);
  if (a < 0) turn = f(4 - turn);
  return b < 0 ? f(8 - turn) : turn;
}

// for every bin of linear light the byte at its lower edge, and the light from which it is one more: no two are in one bin
const BINS = 4096;
let codes: Quantiser | undefined;

export interface Quantiser {
  readonly first: Uint8Array;
  readonly above: Float32Array;
}

/** The sRGB byte of linear light, cut to 0..1. */
export function encoded(light: number): number {
  const { first, above } = (codes ??= quantiser());
  const within = Math.min(Math.max(light, 0), 1);
  const bin = Math.trunc(f(within * BINS));
  return (first[bin] ?? 0) + (within >= (above[bin] ?? 2) ? 1 : 0);
}

export function quantiser(): Quantiser {
  const steps = Array.from({ length: 255 }, (_, i) => {
    const middle = (i + 0.5) / 255;
    const exact = middle <= 0.04045 ? middle / 12.92 : ((middle + 0.055) / 1.055) ** 2.4;
    const near = f(exact);
    // the smallest float32 that is not below: the next has one more unit in its last place
    return near < exact ? after(near) : near;
  });
  const [first, above] = [new Uint8Array(BINS + 1), new Float32Array(BINS + 1)];
  let code = 0;
  for (let bin = 0; bin <= BINS; bin++) {
    while ((steps[code] ?? 2) <= f(bin / BINS)) code++;
    first[bin] = code;
    above[bin] = steps[code] ?? 2;
  }
  return { first, above };
}

function after(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  view.setUint32(0, view.getUint32(0) + 1);
  return view.getFloat32(0);
}

/** Where float32 values lie on a range, as picture/ranges.py has it. */
function position(value: number, low: number, high: number): number {
  const span = high - low;
  if (span < 1e-300) return 0.5;
  return span > 1e-30 && span < 1e30 ? f(f(value - f(low)) / f(span)) : f((value - low) / span);
}

/** Three float32 values a pixel through a Tone of the colour "lab", or of "oklab" where chroma is `held`: RGBA bytes. */
export function labColours(values: Float32Array, low: readonly number[], high: readonly number[], held = false): Uint8ClampedArray {
  const strength = f(held ? EVEN_CHROMA : CHROMA);
  const out = new Uint8ClampedArray((values.length / 3) * 4);
  const texels = (kept ??= polynomials());
  const [[la, lb], [ma, mb], [sa, sb]] = CONES;
  // half ranges from the middle
  const wide = (at: number, channel: number): number => {
    const unit = position(values[at + channel] ?? 0, low[channel] ?? 0, high[channel] ?? 0);
    return f(f(Math.min(Math.max(unit, -FAR), FAR) * 2) - 1);
  };
  for (let at = 0, to = 0; at < values.length; at += 3, to += 4) {
    const x = wide(at, 0);
    const within = held ? Math.min(Math.max(x, -1), 1) : f(x / f(Math.sqrt(f(f(x * x) + 1))));
    const lightness = f(f(within * f(REACH)) + f(MIDDLE));
    let a = f(wide(at, 1) * strength);
    let b = f(wide(at, 2) * strength);
    const most = limit(texels, lightness, a, b);
    const square = f(f(a * a) + f(b * b));
    const chroma = f(Math.sqrt(square));
    const share = held ? f(Math.min(most, chroma) / Math.max(chroma, f(1e-30))) : f(most / f(Math.sqrt(f(square + f(most * most)))));
    a = f(a * share);
    b = f(b * share);
    const l = cubed(f(lightness + f(f(a * f(la)) + f(b * f(lb)))));
    const m = cubed(f(lightness + f(f(a * f(ma)) + f(b * f(mb)))));
    const s = cubed(f(lightness + f(f(a * f(sa)) + f(b * f(sb)))));
    const first = f(l - m);
    const last = f(s - m);
    for (let channel = 0; channel < 3; channel++) {
      const [fromFirst, fromLast] = PRIMARIES[channel] as readonly [number, number];
      out[to + channel] = encoded(f(f(f(first * f(fromFirst)) + f(last * f(fromLast))) + m));
    }
    out[to + 3] = 255;
  }
  return out;
}

/** Positions of chroma and hue as those of a and b: "oklch" as "lab" takes it. */
export function flattened(chroma: number, hue: number): [number, number] {
  const size = f(Math.min(Math.max(chroma, 0), FAR) * 0.5);
  const turn = Math.min(Math.max(hue, -FAR), FAR);
  const angle = 2 * Math.PI * (turn - Math.floor(turn));
  return [f(size * Math.cos(angle) + 0.5), f(size * Math.sin(angle) + 0.5)];
}

function cubed(root: number): number {
  return f(f(root * root) * root);
}
