// The values of one pane's network under the pointer.
import { type Dec, write } from "../decimal.ts";
import { type Link, Refused } from "../link.ts";
import type { FieldReply, PaneState } from "../server.ts";
import { el } from "./dom.ts";
import { reading } from "./place.ts";

/** `now` says what the pane shows, which may change while the back end answers. */
export class Pointed {
  readonly element = el("p", { class: "values", hidden: true });
  readonly #link: Link;
  readonly #index: number;
  readonly #now: () => { state: PaneState; field: FieldReply | null };
  #busy = false;
  #over = false;
  #next: { x: Dec; y: Dec } | null = null;

  constructor(link: Link, index: number, now: () => { state: PaneState; field: FieldReply | null }) {
    this.#link = link;
    this.#index = index;
    this.#now = now;
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** The pointer is there; null where it has left the picture. */
  to(at: { x: Dec; y: Dec } | null): void {
    this.#next = at;
    // what is answered after it has left is not shown
    this.#over = at !== null;
    if (!this.#over) this.hide();
    else if (!this.#busy) void this.#follow();
  }

  /** One request at a time, always for the newest place. */
  async #follow(): Promise<void> {
    this.#busy = true;
    for (let at = this.#next; at !== null && this.#known(); at = this.#next) {
      this.#next = null;
      try {
        const { show } = this.#now().state;
        const { values } = await this.#link.ask("at", this.#index, { x: write(at.x), y: write(at.y), show });
        this.element.replaceChildren(...reading(at, values, this.#now().state.w));
        this.element.hidden = !this.#over;
      } catch (error) {
        if (error instanceof Refused) this.hide();
      }
    }
    this.#busy = false;
  }

  /** No number is of a preview. */
  #known(): boolean {
    const { field } = this.#now();
    return field !== null && !field.preview;
  }
}
