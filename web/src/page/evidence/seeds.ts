// A measure over seeds: the networks that are in view, drawn from seeds 0, 1, .. as `netwarp compare` draws them, the
// same for all. What is known is of these networks and this frame: it is forgotten where any of them becomes another.
import { type MeasureData, NETWORK, type PaneState, type Rectangle, type CaseRow } from "../../server.ts";
import { measuredOf } from "../../state.ts";
import { contrast, type Contrast, fewest, type Interval, judged, levelOf, median } from "./intervals.ts";
import { caseOf, type Run, type Runner } from "./runs.ts";

/** How many seeds are offered, and how many more after these. */
export const [FEW, MANY] = [16, 64] as const;

/** What is looked at: a pane's state, its frame, and whether a seed draws it. */
export interface Seen {
  readonly state: PaneState;
  readonly at: Rectangle;
  readonly seeded: boolean;
  /** pixels of the raster that it is measured on, each way */
  readonly side: number;
  readonly measures: readonly MeasureData[];
}

/** Some seeds of some measures: case n is of seed `from` + n / panes, of pane n % panes. */
interface Part {
  readonly names: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly run: Run;
}

/** What is known of one measure. */
export interface Series {
  readonly name: string;
  /** how many seeds were asked for */
  readonly seeds: number;
  readonly running: boolean;
  /** networks that are there, of all */
  readonly done: number;
  readonly all: number;
  /** ended before all were there: then nothing is claimed of what was asked for */
  readonly stopped: boolean;
  readonly trouble: string;
  /** of each pane, a row a seed; null for what has not come, or will not */
  readonly rows: readonly (readonly (CaseRow | null)[])[];
  /** of each pane, the same seeds' values */
  readonly values: readonly (readonly (number | null)[])[];
}

/** What is said of a later pane against the first: how they differ, or why that is not told. */
export type Verdict =
  | { readonly kind: "told"; readonly contrast: Contrast; readonly way: 1 | 0 | -1 | null; readonly needed: number }
  | { readonly kind: "some" | "same" | "pixels" | "none" };

export class OverSeeds {
  readonly #runner: Runner;
  readonly #told: (names: readonly string[]) => void;
  #seen: readonly Seen[] = [];
  #key = "";
  #parts: Part[] = [];

  /** `told` hears which measures there is more of. */
  constructor(runner: Runner, told: (names: readonly string[]) => void) {
    this.#runner = runner;
    this.#told = told;
  }

  /** What is in view now; whether that is something else than before, of which nothing is known. */
  follow(seen: readonly Seen[]): boolean {
    this.#seen = seen;
    const key = JSON.stringify(seen.map(({ state, at }) => [NETWORK.map((name) => (name === "seed" || name === "bred" ? "" : state[name])), measuredOf(state), at]));
    if (key === this.#key) return false;
    this.#key = key;
    this.stop();
    this.#parts = [];
    return true;
  }

  /** Whether the networks in view have seeds. */
  get possible(): boolean {
    return this.#seen.length > 0 && this.#seen.every(({ seeded }) => seeded);
  }

  /** Measures by seeds 0 to `seeds` - 1, beside what is known. */
  ask(names: readonly string[], seeds: number): void {
    if (!this.possible) return;
    const again = this.#goOn(names);
    // what begins at the same seed goes in one run
    const begins = new Map<number, string[]>();
    for (const name of names) {
      const from = Math.max(0, ...this.#partsOf(name).map(({ to }) => to));
      if (from < seeds) begins.set(from, [...(begins.get(from) ?? []), name]);
    }
    const panes = this.#seen;
    const [first] = panes;
    if (first === undefined) return;
    for (const [from, some] of begins) {
      const cases = Array.from({ length: seeds - from }, (_, i) => panes.map(({ state }) => caseOf({ ...state, show: measuredOf(state), seed: from + i, bred: "" }))).flat();
      const run = this.#runner.start({ cases, names: some, at: first.at, side: Math.min(...panes.map(({ side }) => side)) }, () => { this.#told(some); });
      this.#parts.push({ names: some, from, to: seeds, run });
    }
    this.#told([...new Set([...names, ...again])]);
  }

  /** What was stopped of these measures goes on where it stood; the measures that went with them too. */
  #goOn(names: readonly string[]): string[] {
    const stopped = this.#parts.filter((part) => isStopped(part.run) && part.names.some((name) => names.includes(name)));
    this.#parts = this.#parts.map((part) => (stopped.includes(part) ? { ...part, run: this.#runner.again(part.run, () => { this.#told(part.names); }) } : part));
    return stopped.flatMap((part) => part.names);
  }

  /** Ends what is under way, of a measure or of all; what has come stays. */
  stop(name: string | null = null): void {
    for (const { run, names } of this.#parts) if (!run.ended && (name === null || names.includes(name))) this.#runner.stop(run);
  }

  /** The measures that were asked for. */
  get names(): readonly string[] {
    return [...new Set(this.#parts.flatMap(({ names }) => names))];
  }

  /** How many comparisons the intervals are corrected for. */
  get family(): number {
    return Math.max(1, this.names.length * (this.#seen.length - 1));
  }

  /** null of a measure that was not asked for. */
  of(name: string): Series | null {
    const parts = this.#partsOf(name);
    if (parts.length === 0) return null;
    const panes = this.#seen.length;
    const rows: (CaseRow | null)[][] = this.#seen.map(() => []);
    const values: (number | null)[][] = this.#seen.map(() => []);
    for (const { names, from, to, run } of parts) {
      const place = names.indexOf(name);
      for (let n = 0; n < (to - from) * panes; n++) {
        const row = run.rows[n] ?? null;
        rows[n % panes]?.push(row);
        values[n % panes]?.push(row?.values[place] ?? null);
      }
    }
    return {
      name,
      seeds: Math.max(...parts.map(({ to }) => to)),
      running: parts.some(({ run }) => !run.ended),
      done: parts.reduce((sum, { run }) => sum + run.done, 0),
      all: parts.reduce((sum, { run }) => sum + run.rows.length, 0),
      stopped: parts.some(({ run }) => isStopped(run)),
      trouble: parts.map(({ run }) => run.trouble).find((one) => one !== "") ?? "",
      rows,
      values,
    };
  }

  /** Networks of which all these measures are there, of those of which any was asked for: one measure more is no network more. */
  networks(all: readonly Series[]): { done: number; all: number } {
    const seeds = Math.max(0, ...all.map((one) => one.seeds));
    const places = this.#seen.flatMap((_, pane) => Array.from({ length: seeds }, (_, seed) => [pane, seed] as const));
    const done = places.filter(([pane, seed]) => all.every(({ rows }) => rows[pane]?.[seed] !== null));
    return { done: done.length, all: places.length };
  }

  /** The median of a pane's values. There is an interval only of all seeds that were asked for, where nobody saw what had
   * come before they ended it; of one that others are compared with there is none, which would be none of a difference. */
  middle({ values, done, all }: Series, pane: number): Interval | null {
    const there = (values[pane] ?? []).filter((one) => one !== null);
    if (there.length === 0) return null;
    const found = median(there);
    return this.#seen.length > 1 || done < all ? { value: found.value, low: null, high: null } : found;
  }

  /** A later pane against the first, once all seeds that were asked for are there. */
  verdict({ rows, values, done, all }: Series, pane: number): Verdict {
    if (done < all) return { kind: "some" };
    const there = (rows[0] ?? []).flatMap((one, i) => {
      const other = rows[pane]?.[i] ?? null;
      return one === null || other === null ? [] : [[one, other] as const];
    });
    const [first] = there;
    if (first === undefined) return { kind: "none" };
    const [one, other] = first;
    const shown = this.#seen.map(({ state }) => measuredOf(state));
    if (one.text === other.text && shown[0] === shown[pane]) return { kind: "same" };
    if (one.size.join() !== other.size.join() && other.size[0] !== 0 && one.size[0] !== 0) return { kind: "pixels" };
    const found = contrast(values[0] ?? [], values[pane] ?? [], this.family);
    return found === null ? { kind: "none" } : { kind: "told", contrast: found, way: judged(found), needed: fewest(levelOf(this.family)) };
  }

  /** How many networks of these panes have a value that is not resolved. */
  unresolved({ name, rows }: Series, panes: readonly number[]): number {
    const some = panes.flatMap((pane) => (rows[pane] ?? []).filter((row, seed) => row?.resolved[this.place(name, seed)] === false));
    return some.length;
  }

  /** Where a row of this seed has the measure. */
  place(name: string, seed: number): number {
    return this.#partsOf(name).find(({ from, to }) => seed >= from && seed < to)?.names.indexOf(name) ?? 0;
  }

  #partsOf(name: string): Part[] {
    return this.#parts.filter(({ names }) => names.includes(name));
  }
}

function isStopped(run: Run): boolean {
  return run.ended && run.done < run.rows.length;
}

/** Seeds that are there of every pane. */
export function seedsOf({ rows }: Series): number[] {
  const [first = []] = rows;
  return first.flatMap((_, seed) => (rows.every((some) => (some[seed] ?? null) !== null) ? [seed] : []));
}
