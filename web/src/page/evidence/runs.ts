// Runs of evidence: cases that are measured one after another, each row told of as it comes. Of several runs the first
// that was asked for goes first, and a run that is stopped ends at once.
import { type Link, Stale } from "../../link.ts";
import { type CaseData, type CaseRow, DEFAULTS, type PaneState, type Rectangle } from "../../server.ts";
import { KEYS } from "../../state.ts";

// cases of one request, where the answer has those that there was time for
const MANY = 32;

/** What is measured: networks, by which measures, and the frame with its pixels each way. */
export interface Wanted {
  readonly cases: readonly CaseData[];
  readonly names: readonly string[];
  readonly at: Rectangle;
  readonly side: number;
}

export class Run {
  readonly wanted: Wanted;
  /** one a case, in their order; null for what has not come */
  readonly rows: (CaseRow | null)[];
  /** what it ended for, where that is a fault */
  trouble = "";
  done = 0;
  #ended = false;
  readonly #told: () => void;

  /** `known` are rows that are there already. */
  constructor(wanted: Wanted, told: () => void, known: readonly (CaseRow | null)[] = []) {
    this.wanted = wanted;
    this.rows = wanted.cases.map((_, n) => known[n] ?? null);
    this.done = this.rows.filter((row) => row !== null).length;
    this.#told = told;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The rows of these cases, or of the first ones of them. */
  take(cases: readonly number[], rows: readonly CaseRow[]): void {
    rows.forEach((row, i) => { this.rows[cases[i] ?? 0] = row; });
    this.done += rows.length;
    if (this.done === this.rows.length) this.#ended = true;
    this.#told();
  }

  /** Whether somebody else ended it meanwhile. */
  isEnded(): boolean {
    return this.#ended;
  }

  end(trouble = ""): void {
    if (this.#ended) return;
    this.#ended = true;
    this.trouble = trouble;
    this.#told();
  }
}

/** Does runs in turn. */
export class Runner {
  readonly #link: Link;
  readonly #queue: Run[] = [];
  #now: Run | null = null;

  constructor(link: Link) {
    this.#link = link;
  }

  /** `told` hears of every row, and of the end. */
  start(wanted: Wanted, told: () => void): Run {
    return this.#begin(new Run(wanted, told));
  }

  /** A run that goes on where this one was ended. */
  again({ wanted, rows }: Run, told: () => void): Run {
    return this.#begin(new Run(wanted, told, rows));
  }

  #begin(run: Run): Run {
    this.#queue.push(run);
    void this.#go();
    return run;
  }

  /** The row of a single case. Rejects with an Error, one line, where none comes. */
  one(wanted: Wanted): Promise<CaseRow> {
    return new Promise((resolve, reject) => {
      const run = this.start(wanted, () => {
        const [row = null] = run.rows;
        if (row !== null) resolve(row);
        else if (run.ended) reject(new Error(run.trouble));
      });
    });
  }

  /** Ends a run; nothing more is asked for. */
  stop(run: Run): void {
    const now = run === this.#now && !run.ended;
    run.end();
    if (now) void this.#link.ask("evidence", 0, { ...run.wanted.at, cases: [], names: [] }).catch(() => undefined);
  }

  async #go(): Promise<void> {
    if (this.#now !== null) return;
    for (let run = this.#queue.shift(); run !== undefined; run = this.#queue.shift()) {
      this.#now = run;
      const one = run;
      const missing = one.rows.flatMap((row, n) => (row === null ? [n] : []));
      // of several workers each has the next case before it is done with one
      const hands = this.#link.crew === 1 ? 1 : 2 * this.#link.crew;
      await Promise.all(Array.from({ length: hands }, () => this.#hand(one, missing)));
      this.#now = null;
    }
  }

  /** Asks for the next of the cases that are missing until there are none; of one hand an answer says how many it has. */
  async #hand(run: Run, missing: number[]): Promise<void> {
    const { cases, names, at, side } = run.wanted;
    const alone = this.#link.crew === 1;
    while (!run.ended && missing.length > 0) {
      const next = alone ? missing.slice(0, MANY) : missing.splice(0, 1);
      try {
        const { rows } = await this.#link.ask("evidence", 0, { ...at, side, names: [...names], cases: next.flatMap((n) => cases[n] ?? []) });
        if (run.isEnded()) return;
        run.take(next, rows);
        if (alone) missing.splice(0, rows.length);
      } catch (error) {
        // whoever stopped it has said so; a connection that was lost leaves what has come
        run.end(error instanceof Stale ? "" : (error as Error).message);
      }
    }
  }
}

/** A case of a state: what it leaves unsaid is as by default. */
export function caseOf(state: PaneState, layer = 0): CaseData {
  const said = Object.fromEntries(KEYS.filter((key) => state[key] !== DEFAULTS[key]).map((key) => [key, state[key]]));
  return layer === 0 ? { state: said } : { state: said, layer };
}
