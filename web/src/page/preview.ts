// What stands in for a network while a hand moves: the same one, calibrated on fewer pixels. Where the network itself would
// be late it is shown first, and says so; the network follows once the hand rests.
import { el } from "./dom.ts";
import { SAID } from "../words/index.ts";

// milliseconds: a network that takes longer is late, and a hand that does nothing for so long rests
const LATE = 40;
const REST = 100;

export class Preview {
  readonly badge = el("span", { class: "badge preview", hidden: true, title: SAID.preview.title }, SAID.preview.badge);
  #late = false;
  #stop: (rested: boolean) => void = () => undefined;

  /** Whether the next network is to be shown by a preview first; `ended` where the gesture has. */
  wanted(ended: boolean): boolean {
    return this.#late && !ended;
  }

  /** A network itself took so many milliseconds. */
  took(milliseconds: number): void {
    this.#late = milliseconds > LATE;
  }

  /** Waits until the hand rests; false where it moved on. */
  rested(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#stop = resolve;
      setTimeout(() => { resolve(true); }, REST);
    });
  }

  /** The hand moves on. */
  moved(): void {
    this.#stop(false);
  }
}
