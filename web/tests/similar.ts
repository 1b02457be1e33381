// How alike the page finds texts, and the closest of some names.

import { closest, ratio } from "../src/engine/language/similar.ts";

interface Case {
  readonly word: string;
  readonly names: readonly string[];
}

export function run(cases: readonly Case[]): unknown[] {
  return cases.map(({ word, names }) => ({
    ratios: names.map((name) => ratio(name, word)),
    closest: closest(word, names, 0.5) ?? null,
  }));
}
