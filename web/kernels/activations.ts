// Activations without exponentials, of n values, at least 2; where n is odd the last but one is computed again, so that
// source and target must be two arrays. NaN stays NaN.

const F: usize = 8;

export function relu(source: usize, target: usize, n: usize): void {
  const zero = f64x2.splat(0);
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    const z = v128.load(source + at);
    v128.store(target + at, v128.bitselect(zero, z, f64x2.lt(z, zero)));
  }
}

export function leaky(source: usize, target: usize, n: usize, slope: f64): void {
  const zero = f64x2.splat(0);
  const p = f64x2.splat(slope);
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    const z = v128.load(source + at);
    v128.store(target + at, v128.bitselect(z, f64x2.mul(z, p), f64x2.gt(z, zero)));
  }
}

export function clip(source: usize, target: usize, n: usize, low: f64, high: f64): void {
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    v128.store(target + at, clipped(v128.load(source + at), f64x2.splat(low), f64x2.splat(high)));
  }
}

export function hardSigmoid(source: usize, target: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    const share = f64x2.div(f64x2.add(v128.load(source + at), f64x2.splat(3)), f64x2.splat(6));
    v128.store(target + at, clipped(share, f64x2.splat(0), f64x2.splat(1)));
  }
}

export function hardSwish(source: usize, target: usize, n: usize): void {
  const six = f64x2.splat(6);
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    const z = v128.load(source + at);
    v128.store(target + at, f64x2.mul(z, f64x2.div(clipped(f64x2.add(z, f64x2.splat(3)), f64x2.splat(0), six), six)));
  }
}

export function absolute(source: usize, target: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    v128.store(target + at, f64x2.abs(v128.load(source + at)));
  }
}

export function softsign(source: usize, target: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    const z = v128.load(source + at);
    v128.store(target + at, f64x2.div(z, f64x2.add(f64x2.abs(z), f64x2.splat(1))));
  }
}

export function square(source: usize, target: usize, n: usize): void {
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    const z = v128.load(source + at);
    v128.store(target + at, f64x2.mul(z, z));
  }
}

export function step(source: usize, target: usize, n: usize): void {
  const zero = f64x2.splat(0);
  for (let i: usize = 0; i < n; i += 2) {
    const at = place(i, n);
    const z = v128.load(source + at);
    v128.store(target + at, v128.bitselect(f64x2.splat(1), f64x2.mul(z, zero), f64x2.gt(z, zero)));
  }
}

/** Where the pair that begins at number i of n lies. */
function place(i: usize, n: usize): usize {
  return min(i, n - 2) * F;
}

function clipped(z: v128, low: v128, high: v128): v128 {
  return v128.bitselect(low, v128.bitselect(high, z, f64x2.gt(z, high)), f64x2.lt(z, low));
}
