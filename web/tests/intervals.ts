// For tests/web/test_intervals.py: what the page makes of values over seeds.
import { contrast, fewest, judged, levelOf, median, rank } from "../src/page/evidence/intervals.ts";

interface Case {
  first: (number | null)[];
  later: (number | null)[];
  family: number;
}

export function run(cases: Case[]): unknown[] {
  return cases.map(({ first, later, family }) => {
    const level = levelOf(family);
    const found = contrast(first, later, family);
    const there = first.filter((one) => one !== null);
    return {
      median: there.length === 0 ? null : median(there, level),
      contrast: found,
      judged: found === null ? null : judged(found),
      fewest: fewest(level),
      rank: rank(first.length, level),
    };
  });
}
