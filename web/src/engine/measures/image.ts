// One channel of a picture, and the levels that its measures cut it at, as netwarp.measures.level_sets.

/** (rows, columns) values, row by row, of mean 0 and variance 1 where a measure says so. */
export interface Image {
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

// a deviation below this share of a channel's size is what rounding leaves of a constant
const CONSTANT = 2 ** -46;

// and of one below this too few digits are left to measure
const TOLD = 2 ** -36;

/** Mean and deviation of finite values, and whether float64 tells them well apart; null where they are constant, but
 * for rounding. */
export function spread(values: Float64Array): { mean: number; deviation: number; told: boolean } | null {
  const size = values.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length);
  return deviation > CONSTANT * size ? { mean, deviation, told: deviation > TOLD * size } : null;
}

/** The values at mean 0 and variance 1; null where they are constant. */
export function standardised(values: Float64Array): Float64Array | null {
  const found = spread(values);
  return found === null ? null : values.map((one) => (one - found.mean) / found.deviation);
}

/** Levels with the lowest `quantile` of the pixels below each, or as near as ties allow, and no pixel on any.
 *
 * Midway between the pixel's value of that rank and the next larger one (of the largest, the next smaller one). The
 * image is not constant.
 */
export function thresholds({ values }: Image, quantiles: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return quantiles.map((quantile) => {
    const rank = Math.min(Math.max(even(quantile * sorted.length) - 1, 0), sorted.length - 2);
    let [below, above] = [sorted[rank]!, sorted[rank + 1]!];
    if (below === above) {
      // ties: the next value that differs, above or else below
      const larger = sorted.find((one) => one > below);
      if (larger !== undefined) above = larger;
      else below = sorted.subarray(0, sorted.indexOf(below)).at(-1)!;
    }
    const middle = below + (above - below) / 2;
    return middle < above ? middle : below;
  });
}

/** The median's threshold. */
export function threshold(image: Image): number {
  return thresholds(image, [0.5])[0]!;
}

/** The median itself: of an even number the mean of the two in the middle. */
export function median({ values }: Image): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** To the nearest whole number, halves to the even one, as Python rounds. */
function even(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
