// The colours of "lab", four pixels at once: the operations of src/gpu/lab.ts in their order, each rounded to float32 by
// itself, so that all bytes are equal.

const F32: usize = 4;
const F64: usize = 8;
// a row of the polynomials, and the last one; numbers of a cell
const COLUMNS: i32 = 49;
const LAST: i32 = 23;
const TEXEL: usize = 16;
const BINS: f32 = 4096;

/** Paints `n` pixels, a multiple of four, of `values` (3, n) float64 on ranges from `low` that are `wide`, into RGBA bytes.
 * `texels` are the polynomials, `first` and `above` the quantiser, `numbers` float32: those of src/site/lab.ts. */
export function lab(values: usize, n: usize, low0: f64, low1: f64, low2: f64, wide: usize, texels: usize, first: usize, above: usize, numbers: usize, out: usize): void {
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < n; i += 4) {
    const x = ranged(values + i * F64, low0, load<f32>(wide));
    const y = ranged(values + (n + i) * F64, low1, load<f32>(wide + F32));
    const z = ranged(values + (2 * n + i) * F64, low2, load<f32>(wide + 2 * F32));
    const root = f32x4.sqrt(f32x4.add(f32x4.mul(x, x), one));
    const lightness = f32x4.add(f32x4.mul(f32x4.div(x, root), constant(numbers, 0)), constant(numbers, 1));
    let a = f32x4.mul(y, constant(numbers, 2));
    let b = f32x4.mul(z, constant(numbers, 2));
    const most = limit(texels, lightness, a, b, numbers);
    const square = f32x4.add(f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b)), f32x4.mul(most, most));
    const share = f32x4.div(most, f32x4.sqrt(square));
    a = f32x4.mul(a, share);
    b = f32x4.mul(b, share);
    const l = cone(lightness, a, b, numbers, 5);
    const m = cone(lightness, a, b, numbers, 7);
    const s = cone(lightness, a, b, numbers, 9);
    const from = f32x4.sub(l, m);
    const to = f32x4.sub(s, m);
    for (let channel: usize = 0; channel < 3; channel++) {
      const one = f32x4.mul(from, constant(numbers, 11 + 2 * channel));
      const other = f32x4.mul(to, constant(numbers, 12 + 2 * channel));
      encode(f32x4.add(f32x4.add(one, other), m), first, above, out + 4 * i + channel);
    }
    for (let pixel: usize = 0; pixel < 4; pixel++) store<u8>(out + 4 * (i + pixel), 255, 3);
  }
}

/** Four values as half ranges from the middle of their range. */
function ranged(at: usize, low: f64, wide: f32): v128 {
  const from = f64x2.splat(low);
  const two = f32x4.demote_f64x2_zero(f64x2.sub(v128.load(at), from));
  const more = f32x4.demote_f64x2_zero(f64x2.sub(v128.load(at, 2 * F64), from));
  const unit = f32x4.div(v128.shuffle<f32>(two, more, 0, 1, 4, 5), f32x4.splat(wide));
  const far = f32x4.splat(1e9);
  const within = f32x4.min(f32x4.max(unit, f32x4.neg(far)), far);
  return f32x4.sub(f32x4.mul(within, f32x4.splat(2)), f32x4.splat(1));
}

/** The largest chroma at a lightness and the hue of (a, b). */
function limit(texels: usize, lightness: v128, a: v128, b: v128, numbers: usize): v128 {
  let u = f32x4.mul(f32x4.sub(lightness, constant(numbers, 3)), constant(numbers, 4));
  let v = f32x4.mul(octants(a, b), f32x4.splat(6));
  const row = i32x4.min_s(i32x4.trunc_sat_f32x4_s(u), i32x4.splat(LAST));
  const column = i32x4.trunc_sat_f32x4_s(v);
  u = f32x4.sub(u, f32x4.convert_i32x4_s(row));
  v = f32x4.sub(v, f32x4.convert_i32x4_s(column));
  const cell = i32x4.add(i32x4.mul(row, i32x4.splat(3 * COLUMNS)), column);
  let found = f32x4.splat(0);
  for (let power: i32 = 2; power >= 0; power--) {
    const here = texels + <usize>(power * COLUMNS) * TEXEL;
    const p0 = v128.load(here + <usize>i32x4.extract_lane(cell, 0) * TEXEL);
    const p1 = v128.load(here + <usize>i32x4.extract_lane(cell, 1) * TEXEL);
    const p2 = v128.load(here + <usize>i32x4.extract_lane(cell, 2) * TEXEL);
    const p3 = v128.load(here + <usize>i32x4.extract_lane(cell, 3) * TEXEL);
    // the cells' numbers, one of each of the four pixels
    const t0 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
    const t1 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
    const none = v128.shuffle<f32>(t0, t1, 0, 1, 4, 5);
    const once = v128.shuffle<f32>(t0, t1, 2, 3, 6, 7);
    const twice = v128.shuffle<f32>(v128.shuffle<f32>(p0, p1, 2, 6, 2, 6), v128.shuffle<f32>(p2, p3, 2, 6, 2, 6), 0, 1, 4, 5);
    const along = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(twice, v), once), v), none);
    found = f32x4.add(f32x4.mul(found, u), along);
  }
  return found;
}

/** The hue from 0 to 8, an octant each 1. */
function octants(a: v128, b: v128): v128 {
  const zero = f32x4.splat(0);
  const across = f32x4.abs(a);
  const up = f32x4.abs(b);
  const r = f32x4.div(f32x4.min(across, up), f32x4.max(f32x4.max(across, up), f32x4.splat(1e-30)));
  let turn = f32x4.mul(f32x4.mul(f32x4.sub(f32x4.splat(9), f32x4.mul(r, r)), r), f32x4.splat(0.125));
  turn = v128.bitselect(f32x4.sub(f32x4.splat(2), turn), turn, f32x4.gt(up, across));
  turn = v128.bitselect(f32x4.sub(f32x4.splat(4), turn), turn, f32x4.lt(a, zero));
  return v128.bitselect(f32x4.sub(f32x4.splat(8), turn), turn, f32x4.lt(b, zero));
}

/** The cube of the lightness and what a and b add to it. */
function cone(lightness: v128, a: v128, b: v128, numbers: usize, at: usize): v128 {
  const root = f32x4.add(lightness, f32x4.add(f32x4.mul(a, constant(numbers, at)), f32x4.mul(b, constant(numbers, at + 1))));
  return f32x4.mul(f32x4.mul(root, root), root);
}

/** The sRGB bytes of four pixels' linear light, cut to 0..1. */
function encode(light: v128, first: usize, above: usize, out: usize): void {
  const within = f32x4.min(f32x4.max(light, f32x4.splat(0)), f32x4.splat(1));
  const bin = i32x4.trunc_sat_f32x4_s(f32x4.mul(within, f32x4.splat(BINS)));
  byte(f32x4.extract_lane(within, 0), i32x4.extract_lane(bin, 0), first, above, out);
  byte(f32x4.extract_lane(within, 1), i32x4.extract_lane(bin, 1), first, above, out + 4);
  byte(f32x4.extract_lane(within, 2), i32x4.extract_lane(bin, 2), first, above, out + 8);
  byte(f32x4.extract_lane(within, 3), i32x4.extract_lane(bin, 3), first, above, out + 12);
}

function byte(within: f32, bin: usize, first: usize, above: usize, out: usize): void {
  store<u8>(out, load<u8>(first + bin) + <u8>(within >= load<f32>(above + bin * F32)));
}

function constant(numbers: usize, at: usize): v128 {
  return v128.load32_splat(numbers + at * F32);
}
