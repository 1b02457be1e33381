// The sums of a row that its mean and variance are made of, in the fixed order of src/engine/evaluate/moments.

const F: usize = 8;
// accumulators of a row's sums, and how many of them are in registers at once
const LANES: usize = 32;
const HELD: usize = 8;

/** Of each channel of `source` (channels, columns), in turn, into `into`: its sum, and its squared distances from its mean. */
export function rowSums(source: usize, channels: usize, columns: usize, into: usize): void {
  for (let c: usize = 0; c < channels; c++) {
    const row = source + c * columns * F;
    const total = doubled(row, columns) * 0.5;
    store<f64>(into + 2 * c * F, total);
    store<f64>(into + (2 * c + 1) * F, squared(row, columns, total / <f64>columns));
  }
}

/** Twice the sum: each value is added to its mirror image first, so that opposite ones cancel. */
function doubled(row: usize, columns: usize): f64 {
  const covered = row + (columns - (columns % LANES)) * F;
  const mirror = row + row + (columns - 2) * F;
  let sum: f64 = 0;
  for (let lane: usize = 0; lane < LANES; lane += HELD) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let at = row + lane * F; at < covered; at += LANES * F) {
      s0 = f64x2.add(s0, both(at, mirror));
      s1 = f64x2.add(s1, both(at + 2 * F, mirror));
      s2 = f64x2.add(s2, both(at + 4 * F, mirror));
      s3 = f64x2.add(s3, both(at + 6 * F, mirror));
    }
    sum = inTurn(sum, s0, s1, s2, s3);
  }
  const end = row + columns * F;
  for (let at = covered; at < end; at += F) sum += load<f64>(at) + load<f64>(mirror + F - at);
  return sum;
}

function squared(row: usize, columns: usize, mean: f64): f64 {
  const covered = row + (columns - (columns % LANES)) * F;
  const middle = f64x2.splat(mean);
  let sum: f64 = 0;
  for (let lane: usize = 0; lane < LANES; lane += HELD) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let at = row + lane * F; at < covered; at += LANES * F) {
      const d0 = f64x2.sub(v128.load(at), middle);
      const d1 = f64x2.sub(v128.load(at, 2 * F), middle);
      const d2 = f64x2.sub(v128.load(at, 4 * F), middle);
      const d3 = f64x2.sub(v128.load(at, 6 * F), middle);
      s0 = f64x2.add(s0, f64x2.mul(d0, d0));
      s1 = f64x2.add(s1, f64x2.mul(d1, d1));
      s2 = f64x2.add(s2, f64x2.mul(d2, d2));
      s3 = f64x2.add(s3, f64x2.mul(d3, d3));
    }
    sum = inTurn(sum, s0, s1, s2, s3);
  }
  const end = row + columns * F;
  for (let at = covered; at < end; at += F) {
    const apart = load<f64>(at) - mean;
    sum += apart * apart;
  }
  return sum;
}

/** The pair at `at` and its mirror image; `mirror` less an address is that of the pair opposite to it. */
function both(at: usize, mirror: usize): v128 {
  const other = v128.load(mirror - at);
  return f64x2.add(v128.load(at), v128.shuffle<f64>(other, other, 1, 0));
}

function inTurn(before: f64, s0: v128, s1: v128, s2: v128, s3: v128): f64 {
  let sum = before + f64x2.extract_lane(s0, 0);
  sum += f64x2.extract_lane(s0, 1);
  sum += f64x2.extract_lane(s1, 0);
  sum += f64x2.extract_lane(s1, 1);
  sum += f64x2.extract_lane(s2, 0);
  sum += f64x2.extract_lane(s2, 1);
  sum += f64x2.extract_lane(s3, 0);
  return sum + f64x2.extract_lane(s3, 1);
}
