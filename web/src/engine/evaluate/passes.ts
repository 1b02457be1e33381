// The passes over a raster that calibration takes: each ends in the sums of one normalisation's source, and begins with
// the value that the one before has settled. Only what a later pass reads is kept as a picture.

import { folding } from "../program/fold.ts";
import type { Program } from "../program/program.ts";

/** One walk over all rows. `computed` are its values, in order; `read` those of earlier passes, of which no later pass
 * reads the `freed` ones; `kept` those that later ones read; `end` is the value that it is walked for, and `normalise` the
 * operation that `end` is measured for, null where `end` is the output. */
export interface Pass {
  readonly computed: readonly number[];
  readonly read: readonly number[];
  readonly freed: readonly number[];
  readonly kept: readonly number[];
  readonly end: number;
  readonly normalise: number | null;
}

/** A pass a normalisation; `output`: and a last one, which computes the values of the output. */
export function passesOf(program: Program, output = false): Pass[] {
  const { operations } = program;
  const norms = operations.flatMap((operation, i) => (operation.kind === "normalise" ? [i] : []));
  // a settled value is made by a convolution, which reads what the one before it read
  const sources = operations.map((operation, i) => {
    const at = operation.kind === "normalise" ? folding(program, i) : null;
    return at === null ? operation.sources : operations[at]!.sources;
  });
  const ends = norms.map((i) => operations[i]!.sources[0]!);
  if (output) ends.push(operations.length - 1);
  const needed = feeding(sources, ends);
  // the pass that computes each value, and the last one that reads it
  let begun = 0;
  const made = operations.map((operation) => (operation.kind === "normalise" ? ++begun : begun));
  const last = made.slice();
  for (const [pass, i] of ends.entries()) last[i] = Math.max(last[i]!, pass);
  for (const i of needed) for (const source of sources[i]!) last[source] = Math.max(last[source]!, made[i]!);
  return ends.map((end, pass) => {
    const computed = needed.filter((i) => made[i] === pass);
    const read = [...new Set([...computed.flatMap((i) => sources[i]!), end])].filter((i) => made[i]! < pass);
    return {
      computed,
      read,
      freed: read.filter((i) => last[i] === pass),
      kept: computed.filter((i) => last[i]! > pass),
      end,
      normalise: norms[pass] ?? null,
    };
  });
}

/** How many channels are kept as pictures at once, at most, where the output's values end the passes. */
export function mostKept(program: Program): number {
  const count = (values: readonly number[]): number => values.reduce((sum, i) => sum + program.operations[i]!.channels, 0);
  let [now, most] = [0, 0];
  for (const { freed, kept } of passesOf(program, true)) {
    now += count(kept) - count(freed);
    most = Math.max(most, now);
  }
  return most;
}

/** The values that these are computed from, and they themselves, in order. */
function feeding(sources: readonly (readonly number[])[], ends: readonly number[]): number[] {
  const needed = new Set(ends);
  for (let i = sources.length - 1; i >= 0; i--) {
    if (needed.has(i)) for (const source of sources[i]!) needed.add(source);
  }
  return [...needed].sort((one, other) => one - other);
}
