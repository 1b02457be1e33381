// Workers that measure networks which no pane shows. A network is measured again by the worker that has calibrated it.
import type { Ask, Reply } from "../protocol.ts";
import { DEFAULTS } from "../server.ts";
import { networkOf } from "../state.ts";

/** A worker with a queue of its own. */
interface Measurer {
  ask(id: number, kind: "evidence", what: unknown): Promise<unknown>;
  /** Ends it: what waits for it is stale. */
  end(): void;
}

interface Look {
  readonly worker: Measurer;
  /** cases that wait for it */
  busy: number;
}

type Found = Omit<Reply<"evidence">, "id" | "pane">;

/** Calibrated networks that each worker keeps, so that the next measure of the same ones need not draw them again. */
export const KEPT = 64;

export class Looks {
  readonly #make: () => Measurer;
  readonly #most: number;
  #looks: Look[] = [];
  readonly #has = new Map<string, Look>();

  constructor(make: () => Measurer, most: number) {
    this.#make = make;
    this.#most = most;
  }

  /** No case ends all that is under way: who waits for that is told that it is stale. */
  async ask(what: Ask<"evidence">, id: number): Promise<Found> {
    const [first] = what.cases;
    if (first === undefined) {
      this.#stop();
      return { kind: "evidence", names: [...what.names ?? []], rows: [], seconds: 0 };
    }
    const one = this.#of(networkOf({ ...DEFAULTS, ...first.state }));
    one.busy += 1;
    try {
      return await one.worker.ask(id, "evidence", what) as Found;
    } finally {
      one.busy -= 1;
    }
  }

  #stop(): void {
    for (const { worker } of this.#looks.filter(({ busy }) => busy > 0)) worker.end();
    this.#looks = this.#looks.filter(({ busy }) => busy === 0);
    for (const [network, look] of this.#has) if (!this.#looks.includes(look)) this.#has.delete(network);
  }

  /** The worker that has calibrated the network, or else the one that takes it. */
  #of(network: string): Look {
    const found = this.#has.get(network) ?? this.#next();
    this.#has.delete(network);
    this.#has.set(network, found);
    for (const old of [...this.#has.keys()].slice(0, -KEPT * this.#most)) this.#has.delete(old);
    return found;
  }

  #next(): Look {
    const idle = this.#looks.find(({ busy }) => busy === 0);
    if (idle !== undefined) return idle;
    if (this.#looks.length < this.#most) {
      const made = { worker: this.#make(), busy: 0 };
      this.#looks.push(made);
      return made;
    }
    return this.#looks.reduce((least, other) => (other.busy < least.busy ? other : least));
  }
}
