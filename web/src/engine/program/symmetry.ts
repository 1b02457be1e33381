// Waves summed over a group of motions: the rows of an embedding, and the 1x1 convolutions that sum them, to the last
// bit as netwarp.network.symmetry, which says why they are summed in pairs.

// G motions of the group, but for its lattice's

import { WALLPAPERS, type Wallpapers } from "../language/table.ts";
import type { Rosette, Symmetric, Wallpaper } from "../language/tree.ts";
import { type Conv, LINEAR, SINE } from "./program.ts";

/** The kind of an input channel and its coefficients a, b, c. */
export type Row = readonly [kind: number, a: number, b: number, c: number];

/** Of each motion: the wave it makes of the first, and whether its sign is changed. */
type Star = readonly (readonly [h: number, k: number, odd: boolean])[];

const TURN = 2 * Math.PI;
// the cosine is the sine a quarter of a turn ahead
export const QUARTER = Math.PI / 2;
// periods a cell side, of the shortest waves of a lattice
const REACH = 24;

/** A channel is the sum of 2 ** pairs * rest waves. */
export function orderOf(part: Symmetric): { pairs: number; rest: number } {
  if (part.kind === "Wallpaper") return WALLPAPERS[part.group]!;
  let [pairs, rest] = [part.mirrored ? 1 : 0, Number(part.fold)];
  for (; rest % 2 === 0; rest /= 2) pairs++;
  return { pairs, rest };
}

/** The G waves of each channel; `vectors` (n, 2) are in periods a unit. */
export function rosetteRows(part: Rosette, vectors: Float64Array): Row[] {
  const { rest } = orderOf(part);
  const fold = Number(part.fold);
  let turns = [0];
  // 0; 0 1/2; 0 1/2 1/4 3/4; ...
  for (let step = 2; step <= fold / rest; step *= 2) turns = [...turns, ...turns.map((turn) => turn + fold / step)];
  const rows: Row[] = [];
  for (let channel = 0; channel < Number(part.n); channel++) {
    const [a, b] = [TURN * vectors[2 * channel]!, TURN * vectors[2 * channel + 1]!];
    const phase = channel % 2 === 0 ? QUARTER : 0;
    for (let other = 0; other < rest; other++) {
      for (const sign of part.mirrored ? [1, -1] : [1]) {
        for (const turn of turns) {
          const [cosine, sine] = turned(turn + other, fold);
          rows.push([SINE, sign * (cosine * a + sine * b), cosine * b - sine * a, phase]);
        }
      }
    }
  }
  return rows;
}

/** Cosine and sine of part / fold turns, by Taylor's series within an eighth of a turn. */
function turned(part: number, fold: number): [number, number] {
  const parts = 8 * (part % fold);
  const [eighths, rest] = [Math.floor(parts / fold), parts % fold];
  const isOdd = eighths % 2 === 1;
  // an odd eighth is measured back from its end
  const angle = (TURN * (isOdd ? fold - rest : rest)) / (8 * fold);
  const square = angle * angle;
  let [cosine, sine] = [1, 1];
  for (let n = 20; n > 0; n -= 2) {
    cosine = 1 - (square / (n * (n - 1))) * cosine;
    sine = 1 - (square / (n * (n + 1))) * sine;
  }
  sine *= angle;
  if (isOdd && rest === 0) cosine = sine = Math.sqrt(0.5);
  if (isOdd) sine = -sine;
  for (let quarter = Math.floor((eighths + 1) / 2) % 4; quarter > 0; quarter--) [cosine, sine] = [-sine, cosine];
  return [cosine + 0, sine + 0];
}

/** The G waves of each channel: the n longest sums over the group that are not zero everywhere. */
export function wallpaperRows(part: Wallpaper): Row[] {
  const group = WALLPAPERS[part.group]!;
  const [width, height, shear] =
    group.lattice === "hexagonal"
      ? [part.cell, (Math.sqrt(3) / 2) * part.cell, -0.5]
      : [part.cell, part.ratio * part.cell, part.shear];
  const rows: Row[] = [];
  for (const star of stars(group)) {
    for (const phase of [QUARTER, 0]) {
      if (!vanishes(star, phase === QUARTER)) {
        for (const [h, k, odd] of star) {
          const [a, b] = [(TURN * h) / width, (TURN * (k - h * shear)) / height];
          // minus a cosine is a cosine half a turn on; minus a sine is that of minus the angle
          const sign = phase === 0 && odd ? -1 : 1;
          rows.push([SINE, sign * a + 0, sign * b + 0, phase !== 0 && odd ? -phase : phase]);
        }
      }
      if (rows.length === Number(part.n) * group.motions.length) return rows;
    }
  }
  throw new Error("there are waves enough");
}

function* stars({ lattice, motions }: Wallpapers): Generator<Star> {
  const every: [number, number][] = [];
  for (let h = 0; h <= REACH; h++) {
    for (let k = -REACH; k <= REACH; k++) {
      if ((h > 0 || k > 0) && (lattice !== "rhombic" || (h + k) % 2 === 0)) every.push([h, k]);
    }
  }
  const mixed = lattice === "hexagonal" ? 1 : 0;
  const length = ([h, k]: [number, number]): number => h * h + mixed * h * k + k * k;
  const known = new Set<string>();
  for (const [h, k] of every.sort((one, other) => length(one) - length(other))) {
    if (known.has(`${h},${k}`)) continue;
    const star = motions.map(([a, b, c, d, s, t]): Star[number] => [a * h + c * k, b * h + d * k, (h * s + k * t) % 2 !== 0]);
    for (const [p, q] of star) known.add(`${p},${q}`).add(`${-p},${-q}`);
    yield star;
  }
}

/** Whether the sum is zero everywhere. */
function vanishes(star: Star, isCosine: boolean): boolean {
  const sums = new Map<string, number>();
  for (const [h, k, odd] of star) {
    // in terms of the wave that is not its negative; the sine of minus an angle is minus its sine
    const isUpright = h > 0 || (h === 0 && k > 0);
    const wave = isUpright ? `${h},${k}` : `${-h},${-k}`;
    sums.set(wave, (sums.get(wave) ?? 0) + (odd !== (isUpright || isCosine) ? 1 : -1));
  }
  return ![...sums.values()].some((sum) => sum !== 0);
}

/** What sums the rows of an embedding, each of these reading the one before it, the first one operation 0.
 *
 * `isSum` says of each channel whether it is one; of one that is none the first of its rows is kept.
 */
export function summed(isSum: readonly boolean[], { pairs, rest }: { pairs: number; rest: number }): Conv[] {
  // a wave's variance is a half
  const scale = 2 ** even(Math.log2(2 / (2 ** pairs * rest)) / 2);
  const sizes = [...Array<number>(pairs).fill(2), ...(rest > 1 ? [rest] : [])];
  return sizes.map((size, number) => {
    const own = sizes.slice(number + 1).reduce((product, one) => product * one, 1);
    const channels = isSum.length * own;
    const weight = Float64Array.from({ length: channels * size }, (_, i) => {
      if (!isSum[Math.floor(i / (own * size))]!) return i % size === 0 ? 1 : 0;
      return number === 0 ? scale : 1;
    });
    const bias = new Float64Array(channels);
    return { kind: "conv", sources: [number], channels, weight, bias, kernel: 1, dilation: 1, groups: channels, layer: `inputs.sum.${number}` };
  });
}

/** The nearest whole number, the even one of two, as Python rounds. */
function even(value: number): number {
  const low = Math.floor(value);
  const isHalf = value - low === 0.5;
  return isHalf ? low + Math.abs(low % 2) : Math.round(value);
}

/** The rows of a channel that is no sum. */
export function padded(row: Row, { pairs, rest }: { pairs: number; rest: number }): Row[] {
  return [row, ...Array<Row>(2 ** pairs * rest - 1).fill([LINEAR, 0, 0, 0])];
}
