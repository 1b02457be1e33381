// Where values lie on a line: evenly, or in ratios where these are far apart.
import { round } from "../quantities.ts";

// a line is of ratios where its ends are further apart than this
const RATIOS = 30;
// of the line, left free at each end
const MARGIN = 0.04;

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ratios: boolean;
  /** 0 to 1 for what lies within, beyond for what does not */
  place(value: number): number;
}

/** One that holds all of these values, at least one. */
export function scaleOf(values: readonly number[]): Scale {
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const ratios = low > 0 && high / low > RATIOS;
  if (low === high) [low, high] = low === 0 ? [-1, 1] : [low - Math.abs(low) / 10, high + Math.abs(high) / 10];
  const to = (value: number): number => (ratios ? Math.log(value) : value);
  const [from, span] = [to(low), to(high) - to(low)];
  const place = (value: number): number => MARGIN + ((1 - 2 * MARGIN) * (to(value) - from)) / span;
  // what has no logarithm lies before everything else
  return { low, high, ratios, place: (value) => (ratios && value <= 0 ? -1 : place(value)) };
}

/** Round numbers to write beside it, about so many. */
export function ticks({ low, high, ratios }: Scale, most: number): number[] {
  if (ratios) {
    const all: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const digit of [1, 2, 5]) all.push(digit * 10 ** power);
    }
    const within = all.filter((one) => one >= low && one <= high);
    const tens = within.filter((one) => Number.isInteger(Math.log10(one)));
    return within.length <= most ? within : tens.length >= 2 ? thinned(tens, most) : thinned(within, most);
  }
  const step = round((high - low) / most);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function thinned(values: readonly number[], most: number): number[] {
  const every = Math.ceil(values.length / most);
  return values.filter((_, i) => i % every === 0);
}
