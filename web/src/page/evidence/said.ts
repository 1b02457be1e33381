// What is said of a measure over seeds, in words.
import type { MeasureData } from "../../server.ts";
import { number } from "../dom.ts";
import { LETTERS } from "../pane.ts";
import type { Interval } from "./intervals.ts";
import type { OverSeeds, Series, Verdict } from "./seeds.ts";
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

/** A line a network, then a line a comparison. */
export function lines(found: OverSeeds, series: Series): string[] {
  const many = series.values.length > 1;
  const medians = series.values.map((_, pane) => middleText(many ? LETTERS[pane] ?? "" : "", found.middle(series, pane)));
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
  return [
    many ? EVIDENCE.told(series.seeds, found.family) : EVIDENCE.level(series.seeds),
    ...(lacking.length === 0 ? [] : [EVIDENCE.absent(lacking.length, why)]),
    ...(rounding === null ? [] : [rounding]),
    ...(series.trouble === "" ? [] : [series.trouble]),
  ];
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
