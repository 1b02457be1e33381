// The part of a Program that one of its values needs, renumbered.

import type { Operation, Program } from "./program.ts";

/** The Program whose output is `value` (the last one, unless given) and which holds nothing that does not feed it.
 *
 * The embedding stays operation 0. `layers` keeps the layers from 1 on, up to the first whose output is gone.
 */
export function cut(program: Program, value: number = program.operations.length - 1): Program {
  const needed = new Set([0, value]);
  for (let i = value; i >= 0; i--) {
    if (needed.has(i)) for (const source of program.operations[i]!.sources) needed.add(source);
  }
  const kept = [...needed].sort((one, other) => one - other);
  const number = new Map(kept.map((old, at) => [old, at]));
  const operations = kept.map((i): Operation => {
    const operation = program.operations[i]!;
    return { ...operation, sources: operation.sources.map((source) => number.get(source)!) };
  });
  const layers: number[] = [];
  for (const layer of program.layers) {
    const found = number.get(layer);
    if (found === undefined) break;
    layers.push(found);
  }
  return { operations, layers };
}
