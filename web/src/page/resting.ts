// What follows once nothing moves any more: what lies over the pictures, and what takes long to count.
import { describe } from "./describe.ts";
import { byId } from "./dom.ts";
import type { Pane } from "./pane.ts";

const REST = 320;

export class Resting {
  readonly #panes: readonly Pane[];
  readonly #beside: () => Promise<unknown>[];
  #timer = 0;
  #turn = 0;
  #laid = false;

  /** `beside` is what else is to be asked for then, once for all panes. */
  constructor(panes: readonly Pane[], beside: () => Promise<unknown>[]) {
    this.#panes = panes;
    this.#beside = beside;
  }

  /** Whether what lies over the pictures is of what is in view. */
  get laid(): boolean {
    return this.#laid;
  }

  /** What is said of the pictures, and lies over them, is of other ones. */
  age(): void {
    document.body.classList.add("stale");
    // what still comes for the last rest is not of these pictures
    this.#turn++;
    this.#laid = false;
    this.soon();
  }

  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#rest(), REST);
  }

  async #rest(): Promise<void> {
    const turn = ++this.#turn;
    // before what takes longer
    const laid = Promise.all(this.#panes.map((pane) => pane.lay())).then(() => { this.#laid = turn === this.#turn; });
    await Promise.all([...this.#beside(), laid, ...this.#panes.map((pane) => pane.rest())]);
    if (turn !== this.#turn) return;
    document.body.classList.remove("stale");
    byId("live").textContent = describe(this.#panes);
  }
}
