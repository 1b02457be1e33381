// An affine map of every point: the loops that take nearly all the time. Tiles keep as many sums as stay in registers.

// points that all channels take in turn: what they read of them stays in the first cache
const CHUNK: usize = 32;
// float64 in bytes
const F: usize = 8;

/** Bias plus the weighted channels, added in their order, whatever the tiles. `n` must be at least 8. */
export function affine(weight: usize, bias: usize, source: usize, target: usize, reads: usize, channels: usize, n: usize): void {
  const row = reads * F;
  const line = n * F;
  for (let start: usize = 0; start < n; start += CHUNK) {
    const end = min(start + CHUNK, n);
    let c: usize = 0;
    for (; c + 4 <= channels; c += 4) four(weight + c * row, bias + c * F, source, target + c * line, reads, n, start, end);
    if (c + 2 <= channels) {
      two(weight + c * row, bias + c * F, source, target + c * line, reads, n, start, end);
      c += 2;
    }
    if (c < channels) one(weight + c * row, bias + c * F, source, target + c * line, reads, n, start, end);
  }
}

/** Four channels, four points a tile. Where points do not come out even, the last ones are computed again. */
function four(weight: usize, bias: usize, source: usize, target: usize, reads: usize, n: usize, start: usize, end: usize): void {
  const row = reads * F;
  const line = n * F;
  for (let tile = start; tile < end; tile += 4) {
    const p = min(tile, n - 4);
    let a0 = v128.load64_splat(bias);
    let b0 = v128.load64_splat(bias, F);
    let c0 = v128.load64_splat(bias, 2 * F);
    let d0 = v128.load64_splat(bias, 3 * F);
    let a1 = a0;
    let b1 = b0;
    let c1 = c0;
    let d1 = d0;
    let at = source + p * F;
    const last = weight + row;
    for (let w = weight; w < last; w += F) {
      const x0 = v128.load(at);
      const x1 = v128.load(at, 2 * F);
      at += line;
      const a = v128.load64_splat(w);
      a0 = f64x2.add(a0, f64x2.mul(a, x0));
      a1 = f64x2.add(a1, f64x2.mul(a, x1));
      const b = v128.load64_splat(w + row);
      b0 = f64x2.add(b0, f64x2.mul(b, x0));
      b1 = f64x2.add(b1, f64x2.mul(b, x1));
      const c = v128.load64_splat(w + 2 * row);
      c0 = f64x2.add(c0, f64x2.mul(c, x0));
      c1 = f64x2.add(c1, f64x2.mul(c, x1));
      const d = v128.load64_splat(w + 3 * row);
      d0 = f64x2.add(d0, f64x2.mul(d, x0));
      d1 = f64x2.add(d1, f64x2.mul(d, x1));
    }
    at = target + p * F;
    v128.store(at, a0);
    v128.store(at, a1, 2 * F);
    v128.store(at + line, b0);
    v128.store(at + line, b1, 2 * F);
    v128.store(at + 2 * line, c0);
    v128.store(at + 2 * line, c1, 2 * F);
    v128.store(at + 3 * line, d0);
    v128.store(at + 3 * line, d1, 2 * F);
  }
}

/** Two channels, eight points a tile. */
function two(weight: usize, bias: usize, source: usize, target: usize, reads: usize, n: usize, start: usize, end: usize): void {
  const row = reads * F;
  const line = n * F;
  for (let tile = start; tile < end; tile += 8) {
    const p = min(tile, n - 8);
    let a0 = v128.load64_splat(bias);
    let b0 = v128.load64_splat(bias, F);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b1 = b0;
    let b2 = b0;
    let b3 = b0;
    let at = source + p * F;
    const last = weight + row;
    for (let w = weight; w < last; w += F) {
      const x0 = v128.load(at);
      const x1 = v128.load(at, 2 * F);
      const x2 = v128.load(at, 4 * F);
      const x3 = v128.load(at, 6 * F);
      at += line;
      const a = v128.load64_splat(w);
      a0 = f64x2.add(a0, f64x2.mul(a, x0));
      a1 = f64x2.add(a1, f64x2.mul(a, x1));
      a2 = f64x2.add(a2, f64x2.mul(a, x2));
      a3 = f64x2.add(a3, f64x2.mul(a, x3));
      const b = v128.load64_splat(w + row);
      b0 = f64x2.add(b0, f64x2.mul(b, x0));
      b1 = f64x2.add(b1, f64x2.mul(b, x1));
      b2 = f64x2.add(b2, f64x2.mul(b, x2));
      b3 = f64x2.add(b3, f64x2.mul(b, x3));
    }
    at = target + p * F;
    v128.store(at, a0);
    v128.store(at, a1, 2 * F);
    v128.store(at, a2, 4 * F);
    v128.store(at, a3, 6 * F);
    v128.store(at + line, b0);
    v128.store(at + line, b1, 2 * F);
    v128.store(at + line, b2, 4 * F);
    v128.store(at + line, b3, 6 * F);
  }
}

/** One channel, eight points a tile. */
function one(weight: usize, bias: usize, source: usize, target: usize, reads: usize, n: usize, start: usize, end: usize): void {
  const line = n * F;
  for (let tile = start; tile < end; tile += 8) {
    const p = min(tile, n - 8);
    let a0 = v128.load64_splat(bias);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let at = source + p * F;
    const last = weight + reads * F;
    for (let w = weight; w < last; w += F) {
      const a = v128.load64_splat(w);
      a0 = f64x2.add(a0, f64x2.mul(a, v128.load(at)));
      a1 = f64x2.add(a1, f64x2.mul(a, v128.load(at, 2 * F)));
      a2 = f64x2.add(a2, f64x2.mul(a, v128.load(at, 4 * F)));
      a3 = f64x2.add(a3, f64x2.mul(a, v128.load(at, 6 * F)));
      at += line;
    }
    at = target + p * F;
    v128.store(at, a0);
    v128.store(at, a1, 2 * F);
    v128.store(at, a2, 4 * F);
    v128.store(at, a3, 6 * F);
  }
}
