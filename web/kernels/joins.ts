// What takes several values, or several channels of one. Counts are at least 2.

const F: usize = 8;

/** Adds the n numbers of the source to the target's. */
export function add(source: usize, target: usize, n: usize): void {
  let at: usize = 0;
  for (; at + F < n * F; at += 2 * F) v128.store(target + at, f64x2.add(v128.load(target + at), v128.load(source + at)));
  if (at < n * F) store<f64>(target + at, load<f64>(target + at) + load<f64>(source + at));
}

/** Multiplies the n numbers of the target by the source's. */
export function multiply(source: usize, target: usize, n: usize): void {
  let at: usize = 0;
  for (; at + F < n * F; at += 2 * F) v128.store(target + at, f64x2.mul(v128.load(target + at), v128.load(source + at)));
  if (at < n * F) store<f64>(target + at, load<f64>(target + at) * load<f64>(source + at));
}

/** Of each channel the largest of its pieces, source channels that follow one another. NaN stays NaN. */
export function largest(source: usize, target: usize, pieces: usize, channels: usize, n: usize): void {
  const line = n * F;
  for (let c: usize = 0; c < channels; c++) {
    const from = source + c * pieces * line;
    for (let i: usize = 0; i < n; i += 2) {
      const at = min(i, n - 2) * F;
      let most = v128.load(from + at);
      for (let piece: usize = 1; piece < pieces; piece++) most = f64x2.max(most, v128.load(from + piece * line + at));
      v128.store(target + c * line + at, most);
    }
  }
}

/** Over the channels of each point: less their mean, by their deviation, times scale, plus shift. */
export function layerNormalise(source: usize, target: usize, scale: usize, shift: usize, eps: f64, channels: usize, n: usize): void {
  const line = n * F;
  const count = f64x2.splat(<f64>channels);
  for (let i: usize = 0; i < n; i += 2) {
    const at = min(i, n - 2) * F;
    const end = source + at + channels * line;
    let sum = f64x2.splat(0);
    for (let z = source + at; z < end; z += line) sum = f64x2.add(sum, v128.load(z));
    const mean = f64x2.div(sum, count);
    let squares = f64x2.splat(0);
    for (let z = source + at; z < end; z += line) {
      const apart = f64x2.sub(v128.load(z), mean);
      squares = f64x2.add(squares, f64x2.mul(apart, apart));
    }
    const rate = f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(f64x2.div(squares, count), f64x2.splat(eps))));
    for (let c: usize = 0; c < channels; c++) {
      const unit = f64x2.mul(f64x2.sub(v128.load(source + c * line + at), mean), rate);
      const scaled = f64x2.mul(unit, v128.load64_splat(scale + c * F));
      v128.store(target + c * line + at, f64x2.add(scaled, v128.load64_splat(shift + c * F)));
    }
  }
}
