// What is said of a measure over seeds, in words.
import type { MeasureData } from "../../server.ts";
import { number } from "../quantities.ts";
import { LETTERS } from "../pane.ts";
import type { Interval } from "./intervals.ts";
import { type OverSeeds, seedsOf, type Series, type Verdict } from "./seeds.ts";
import { EVIDENCE } from "../../words/evidence.ts";

/** A later pane's difference from the first: an arrow only where the interval excludes none. */
export function differenceOf(verdict: Verdict): string {
  if (verdict.kind !== "told") return EVIDENCE[verdict.kind];
  const { contrast: { kind, interval }, way, needed } = verdict;
  if (way === null || interval.low === null || interval.high === null) return EVIDENCE.few(needed);
  const [low, high] = [short(interval.low), short(interval.high)];
  if (way === 0) return EVIDENCE.unseen(low, high, kind === "ratio");
  const up = way > 0;
  // so many times less is how many times A has more
  if (kind === "ratio" && !up) return EVIDENCE.times(short(1 / interval.value), up, short(1 / interval.high), short(1 / interval.low));
  return kind === "ratio" ? EVIDENCE.times(short(interval.value), up, low, high) : EVIDENCE.from(signed(interval.value), up, low, high);
}

/** Two fixed networks: how many times as much, or how much away, which says nothing of their architectures. */
export function factOf(value: number, first: number): string {
  if (value === first) return EVIDENCE.equal;
  if (first !== 0 && value / first > 0) {
    const up = value > first === value > 0;
    return EVIDENCE.ratio(short(up ? value / first : first / value), up);
  }
  return EVIDENCE.away(signed(value - first));
}

/** A line a network, then, of all seeds that were asked for, a line a comparison. */
export function lines(found: OverSeeds, series: Series): string[] {
  const many = series.values.length > 1;
  const medians = series.values.map((_, pane) => middleText(many ? LETTERS[pane] ?? "" : "", found.middle(series, pane)));
  if (series.done < series.all) return medians;
  const later = series.values.slice(1).map((_, i) => `${LETTERS[i + 1] ?? ""}: ${differenceOf(found.verdict(series, i + 1))}`);
  return [...medians, ...later];
}

/** Under the lines: which seeds, what the intervals are, and what is missing. */
export function notes(found: OverSeeds, series: Series): string[] {
  const many = series.values.length > 1;
  const lacking = series.values.flatMap((values, pane) => values.flatMap((value, seed) => {
    const row = series.rows[pane]?.[seed] ?? null;
    return value === null && row !== null ? [row] : [];
  }));
  const why = lacking.flatMap(({ reasons }) => reasons).find((one) => one !== "") ?? "";
  const rounding = series.rows.flat().find((row) => row !== null && row.rounding !== null)?.rounding ?? null;
  const blurred = found.unresolved(series, series.values.map((_, pane) => pane));
  return [
    ...(series.stopped ? [stoppedAt(found, [series])] : [many ? EVIDENCE.told(series.seeds, found.family) : EVIDENCE.level(series.seeds)]),
    EVIDENCE.rings(many),
    ...(lacking.length === 0 ? [] : [EVIDENCE.absent(lacking.length, why)]),
    ...(blurred === 0 ? [] : [EVIDENCE.unresolved(blurred, series.done)]),
    ...(rounding === null ? [] : [rounding]),
    ...(series.trouble === "" ? [] : [series.trouble]),
  ];
}

/** How far a run came that was ended, and which seeds all of its networks have. */
export function stoppedAt(found: OverSeeds, all: readonly Series[]): string {
  const { done, all: asked } = found.networks(all);
  const there = all.map((one) => new Set(seedsOf(one)));
  const seeds = [...there[0] ?? []].filter((seed) => there.every((one) => one.has(seed)));
  return EVIDENCE.stopped(done, asked, seeds.length === 0 ? "" : runsOf(seeds), (all[0]?.rows.length ?? 1) > 1);
}

/** "0 to 3, 5": whole numbers in ascending order. */
function runsOf(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const one of numbers) {
    const last = runs.at(-1);
    if (last?.[1] === one - 1) last[1] = one;
    else runs.push([one, one]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : EVIDENCE.range(from, to))).join(", ");
}

function middleText(letter: string, middle: Interval | null): string {
  if (middle === null) return letter === "" ? EVIDENCE.none : `${letter}: ${EVIDENCE.none}`;
  const { value, low, high } = middle;
  return EVIDENCE.median(letter, number(value), low === null ? null : number(low), high === null ? null : number(high));
}

function signed(by: number): string {
  return `${by < 0 ? "\u2212" : "+"} ${short(Math.abs(by))}`;
}

/** Three digits are enough to say how many times. */
function short(value: number): string {
  return number(Number(value.toPrecision(3)));
}

/** The value of the network that is shown. */
export function ownOf(measures: readonly MeasureData[], name: string): number | null {
  return measures.find((one) => one.name === name)?.value ?? null;
}
