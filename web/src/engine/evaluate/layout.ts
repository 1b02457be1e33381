// Which values of a block share memory: a value's array is another's once nothing reads it any more.

import type { Operation } from "../program/program.ts";

/** `place[i]` is the array of value i, of `channels[place[i]]` channels or more. */
export interface Layout {
  readonly place: readonly (number | undefined)[];
  readonly channels: readonly number[];
}

/** Of the values `computed`, in order; `given` are there before them, and `held` stay until all are computed. */
export function layoutOf(
  operations: readonly Operation[],
  computed: readonly number[],
  given: readonly number[],
  held: readonly number[],
): Layout {
  const place: (number | undefined)[] = [];
  const channels: number[] = [];
  const free: number[] = [];
  const put = (i: number): void => {
    const needed = operations[i]!.channels;
    const [best] = free.filter((at) => channels[at]! >= needed).sort((one, other) => channels[one]! - channels[other]!);
    place[i] = best ?? channels.push(needed) - 1;
    if (best !== undefined) free.splice(free.indexOf(best), 1);
  };
  const last = new Map<number, number>();
  for (const i of computed) for (const source of operations[i]!.sources) last.set(source, i);
  const stays = new Set(held);
  given.forEach(put);
  for (const i of computed) {
    put(i);
    for (const source of new Set(operations[i]!.sources)) {
      if (last.get(source) === i && !stays.has(source)) free.push(place[source]!);
    }
  }
  return { place, channels };
}

/** Value i at n points, in its place among the arrays. */
export function viewsOf(operations: readonly Operation[], { place }: Layout, arrays: readonly Float64Array[], n: number): Float64Array[] {
  const views: Float64Array[] = [];
  for (const [i, at] of place.entries()) if (at !== undefined) views[i] = arrays[at]!.subarray(0, operations[i]!.channels * n);
  return views;
}
