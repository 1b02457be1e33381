// Intervals over seeds of a median and of the median of ratios, at any level: netwarp.measures.intervals, to the digit.

const LEVEL = 0.95;
// by this factor interpolated ends are made to miss more seldom, for distributions that they miss more often
const CAUTION = 1.25;

/** An estimate with its interval; `low` and `high` are null where there are too few values. */
export interface Interval {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** How a later network's values differ from the first one's, in pairs of the same seed: the median ratio, or where a value
 * is not positive the median difference. */
export interface Contrast {
  readonly kind: "ratio" | "difference";
  readonly interval: Interval;
  readonly pairs: number;
}

/** The level at which each of `family` intervals is taken, so that all hold together with 95%. */
export function levelOf(family: number): number {
  return 1 - (1 - LEVEL) / family;
}

/** The median of one value or more, with an interval between order statistics. */
export function median(values: readonly number[], level = LEVEL): Interval {
  const sorted = [...values].sort((one, other) => one - other);
  const n = sorted.length;
  const at = (i: number): number => sorted[i] ?? NaN;
  const value = n % 2 === 1 ? at((n - 1) / 2) : (at(n / 2 - 1) + at(n / 2)) / 2;
  const place = rank(n, level);
  if (place === 0) return { value, low: null, high: null };
  const share = inwards(n, place, level);
  const end = (outer: number, inner: number): number => outer + share * (inner - outer);
  return { value, low: end(at(place - 1), at(place)), high: end(at(n - place), at(n - 1 - place)) };
}

/** The median of the ratios other / one of positive values of the same seeds; not the ratio of the two medians. */
export function ratio(below: readonly number[], above: readonly number[], level = LEVEL): Interval {
  const found = median(above.map((one, i) => Math.log(one) - Math.log(below[i] ?? NaN)), level);
  const back = (end: number | null): number | null => (end === null ? null : Math.exp(end));
  return { value: Math.exp(found.value), low: back(found.low), high: back(found.high) };
}

/** What compares two networks over the same seeds, one of `family` comparisons, where both have a value; null where none has. */
export function contrast(first: readonly (number | null)[], later: readonly (number | null)[], family: number): Contrast | null {
  const pairs = first.flatMap((one, i) => {
    const other = later[i] ?? null;
    return one === null || other === null ? [] : [[one, other] as const];
  });
  if (pairs.length === 0) return null;
  const [below, above] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  const level = levelOf(family);
  if (pairs.every(([one, other]) => one > 0 && other > 0)) return { kind: "ratio", interval: ratio(below, above, level), pairs: pairs.length };
  return { kind: "difference", interval: median(above.map((one, i) => one - (below[i] ?? NaN)), level), pairs: pairs.length };
}

/** What its interval excludes: 1 where the later one has more, -1 where it has less, 0 where neither is seen; null of no interval. */
export function judged({ kind, interval: { low, high } }: Contrast): 1 | 0 | -1 | null {
  if (low === null || high === null) return null;
  const same = kind === "ratio" ? 1 : 0;
  if (low <= same && same <= high) return 0;
  return low > same ? 1 : -1;
}

/** How many values an interval takes. */
export function fewest(level = LEVEL): number {
  let count = 2;
  while (rank(count, level) === 0) count += 1;
  return count;
}

/** The largest r for which the r-th smallest and the r-th largest of `count` values hold their median between them with
 * probability `level` or more, whatever the values' distribution; 0 where not even the two ends do. */
export function rank(count: number, level = LEVEL): number {
  let found = 0;
  while (found < Math.floor(count / 2) && misses(found + 1, count) <= 1 - level) found += 1;
  return found;
}

/** The probability that the median does not lie between the order statistics of this rank from either end. */
function misses(place: number, count: number): number {
  let [term, sum] = [2 ** -count, 0];
  for (let k = 0; k < place; k++) {
    sum += term;
    term *= (count - k) / (k + 1);
  }
  return 2 * sum;
}

/** How far from the order statistic `place` to the next an end lies, as a share of the way; 0 at the first. */
function inwards(count: number, place: number, level: number): number {
  const [outer, inner] = [misses(place, count), misses(place + 1, count)];
  const part = Math.max(0, (1 - level) / CAUTION - outer) / (inner - outer);
  return ((count - place) * part) / (place + (count - 2 * place) * part);
}
