// For tests/web/test_looks.py: which worker measures which network, where some have been measured before.

import type { CaseData } from "../src/server.ts";
import { Looks } from "../src/site/looks.ts";
import { answer } from "./data.ts";

interface Waiting {
  readonly of: number;
  readonly done: () => void;
  readonly stop: () => void;
}

type Made = ReturnType<ConstructorParameters<typeof Looks>[0]>;

/** Workers that answer when they are told to, and note which seeds they were asked for. */
class Crew {
  readonly asked: number[][] = [];
  readonly ended: number[] = [];
  #waiting: Waiting[] = [];
  readonly looks: Looks;

  constructor(most: number) {
    this.looks = new Looks(() => this.#made(), most);
  }

  #made(): Made {
    const of = this.asked.push([]) - 1;
    return {
      ask: (_id, _kind, what) => new Promise((resolve, reject) => {
        const [{ state }] = (what as { cases: [{ state: { seed: number } }] }).cases;
        this.asked[of]?.push(state.seed);
        this.#waiting.push({ of, done: () => { resolve({ rows: [of] }); }, stop: () => { reject(new Error("stale")); } });
      }),
      end: () => {
        this.ended.push(of);
        const mine = this.#waiting.filter((one) => one.of === of);
        this.#waiting = this.#waiting.filter((one) => one.of !== of);
        for (const one of mine) one.stop();
      },
    };
  }

  ask(seed: number): Promise<unknown> {
    const cases: CaseData[] = [{ state: { arch: "conv(3)", seed } }];
    return this.looks.ask({ cases, names: ["holes"], x: "0", y: "0", w: "1", h: "1" }, 1).then(() => "done", (error: unknown) => (error as Error).message);
  }

  stop(): Promise<unknown> {
    return this.looks.ask({ cases: [], names: [], x: "0", y: "0", w: "1", h: "1" }, 1);
  }

  /** All that waits is answered. */
  async answer(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) one.done();
    await new Promise((resolve) => { setTimeout(resolve, 0); });
  }
}

async function run(): Promise<void> {
  const crew = new Crew(2);
  const first = [1, 2, 3].map((seed) => crew.ask(seed));
  await crew.answer();
  await Promise.all(first);
  // in another order, and one after another
  for (const seed of [3, 2, 1, 4]) {
    const one = crew.ask(seed);
    await crew.answer();
    await one;
  }
  const before = crew.asked.map((each) => [...each]);
  // one is under way, and is ended; the worker that rested stays
  const under = crew.ask(2);
  await crew.stop();
  const said = await under;
  const again = [1, 2].map((seed) => crew.ask(seed));
  await crew.answer();
  await Promise.all(again);
  answer({ before, said, ended: crew.ended, after: crew.asked });
}

void run();
