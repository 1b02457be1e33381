// Functions that are proportional by their numbers: wherever one of them is zero, all are.

import type { Conv, Embed } from "../program/program.ts";

/** The first channel that each is a multiple of, itself where it has none, and the factor: 1, -1, or 2 for any other. */
export interface Heads {
  readonly heads: Int32Array;
  readonly facing: Int8Array;
}

const known = new WeakMap<Conv | Embed, Heads>();
// rows that agree to so many digits, their largest number scaled to 1, are compared exactly
const DIGITS = 9;

export function kinOf(one: Conv | Embed): Heads {
  const found = known.get(one) ?? compared(one.kind === "conv" ? rowsOf(one) : coefficients(one));
  known.set(one, found);
  return found;
}

/** What a channel reads, its weights and its bias. */
type Row = readonly [reads: number, numbers: readonly number[]];

function rowsOf({ weight, bias, channels, groups }: Conv): Row[] {
  const reads = weight.length / channels;
  const each = channels / groups;
  return Array.from(bias, (one, c) => [Math.floor(c / each), [...weight.subarray(c * reads, (c + 1) * reads), one]]);
}

function coefficients({ coefficients: numbers, kinds }: Embed): Row[] {
  return Array.from(kinds, (_, k) => [0, [...numbers.subarray(3 * k, 3 * k + 3)]]);
}

function compared(rows: readonly Row[]): Heads {
  const heads = Int32Array.from(rows, (_, c) => c);
  const facing = new Int8Array(rows.length).fill(1);
  const first = new Map<string, number>();
  for (const [c, [reads, row]] of rows.entries()) {
    const pivot = row.slice(0, -1).reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0);
    if (pivot === 0) continue;
    const key = [reads, ...row.map((one) => (one / pivot + 0).toPrecision(DIGITS))].join();
    const head = first.get(key);
    if (head === undefined) {
      first.set(key, c);
      continue;
    }
    const factor = factorOf(rows[head]![1], row);
    if (factor !== 0) [heads[c], facing[c]] = [head, factor];
  }
  return { heads, facing };
}

/** 1, -1, or 2 for any other; 0 where rows are not proportional, or where float64 cannot tell. */
function factorOf(one: readonly number[], other: readonly number[]): number {
  if (one.every((value, i) => value === other[i])) return 1;
  if (one.every((value, i) => value === -other[i]!)) return -1;
  // of numbers of float32 the products are exact
  const exact = [...one, ...other].every((value) => Math.fround(value) === value);
  const at = one.findIndex((value) => value !== 0);
  return exact && one.every((value, i) => value * other[at]! === other[i]! * one[at]!) ? 2 : 0;
}
