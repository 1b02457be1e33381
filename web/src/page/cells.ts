// The cells that lie over a picture: their sides, how many are in the frame, and the card of the one that was pressed.
import { cameraOf, rectangleOf, sameRectangle } from "../camera.ts";
import { type Dec, write } from "../decimal.ts";
import { type Link, Refused } from "../link.ts";
import type { Reply } from "../protocol.ts";
import type { FieldReply, PaneState, Rectangle } from "../server.ts";
import type { View } from "../view.ts";
import { el } from "./dom.ts";
import { Once } from "./once.ts";
import { cellCard } from "./place.ts";
import { SAID } from "../words/index.ts";

const MOST = 20_000;

/** Of one pane; `now` says what it shows, which may change while the server answers. */
export class Cells {
  readonly card = el("div", { class: "cell-card", hidden: true, aria: { live: "polite" } });
  /** what the caption says of them */
  text = "";
  readonly #counted = new Once<Reply<"cells">>();
  readonly #link: Link;
  readonly #index: number;
  readonly #now: () => { state: PaneState; field: FieldReply | null };

  constructor(link: Link, index: number, now: () => { state: PaneState; field: FieldReply | null }) {
    this.#link = link;
    this.#index = index;
    this.#now = now;
  }

  /** The number is the frame's, as of all that is said of a picture; lines lie over all that is seen, or over the frame
   * alone where around it there are too many. */
  async draw(view: View, frame: Rectangle): Promise<void> {
    if (!this.#wanted()) return;
    if (this.#now().field?.piecewise_linear !== true) {
      this.text = SAID.cells.none;
      return;
    }
    const { field } = this.#now();
    const ask = (at: Rectangle): Promise<Reply<"cells">> => this.#link.ask("cells", this.#index, { ...at, limit: MOST });
    let [at, reply]: [Rectangle, Reply<"cells"> | null] = [frame, null];
    try {
      reply = await this.#counted.get([field, frame.x, frame.y, frame.w, frame.h], () => ask(frame));
      if (!this.#wanted()) return;
      this.text = reply.sentence;
      const all = rectangleOf(view.seen);
      const around = reply.more || sameRectangle(all, frame) ? reply : await ask(all);
      if (!around.more) [at, reply] = [all, around];
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // around the frame it may be refused that is not in it
      if (reply === null) {
        view.edges = null;
        this.text = error.message;
        return;
      }
    }
    if (!this.#wanted()) return;
    const count = reply.bytes.byteLength / 20;
    const floats = new Float32Array(reply.bytes.slice(0, 16 * count).buffer);
    const layers = new Int32Array(reply.bytes.slice(16 * count).buffer);
    view.edges = reply.more ? null : { camera: cameraOf(at), ends: floats, layer: layers };
  }

  hide(view: View): void {
    view.edges = null;
    this.text = "";
    this.card.hidden = true;
  }

  /** Tells of the cell at a place. */
  async tell(at: { x: Dec; y: Dec }): Promise<void> {
    if (!this.#wanted() || this.#now().field?.piecewise_linear !== true) return;
    const cell = await this.#link.ask("cell", this.#index, { x: write(at.x), y: write(at.y) });
    this.card.replaceChildren(...cellCard(cell, at, () => { this.card.hidden = true; }));
    this.card.hidden = false;
  }

  // asked anew after every wait: the box may have been cleared meanwhile
  #wanted(): boolean {
    return this.#now().state.cells;
  }
}
