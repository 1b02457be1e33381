// What lies over a picture of decision regions: boundaries, the data's points, and the legend of the classes.
import { cameraOf, rectangleOf, sameRectangle } from "../camera.ts";
import type { Link } from "../link.ts";
import type { FieldReply, PaneState, Rectangle } from "../server.ts";
import type { View } from "../view.ts";
import type { Points } from "../view/points.ts";
import type { Reply } from "../protocol.ts";
import { Legend } from "./legend.ts";
import { number } from "./quantities.ts";
import { Once } from "./once.ts";
import { SAID } from "../words/index.ts";

/** Whether a state shows decision regions: flat ones, or shaded by how far the winner is ahead. */
export function decides(show: string): boolean {
  return show === "classes" || show === "margin";
}

/** Of one pane; `now` says what it shows, which may change while the server answers. */
export class Decided {
  readonly legend = new Legend();
  /** what must be said of the data's points */
  note = "";
  readonly #link: Link;
  readonly #index: number;
  readonly #now: () => { state: PaneState; field: FieldReply | null };
  readonly #own = new Once<Reply<"regions">>();
  #points: Points | null = null;

  constructor(link: Link, index: number, now: () => { state: PaneState; field: FieldReply | null }) {
    this.#link = link;
    this.#index = index;
    this.#now = now;
  }

  /** Whether there are regions to show, and these are shown. */
  get shown(): boolean {
    const { state, field } = this.#now();
    return decides(state.show) && field !== null && field.classes.length > 0;
  }

  // read through a call, because it changes while another waits
  #wanted(): boolean {
    return this.shown;
  }

  /** Nothing is known of another network's classes. */
  forget(view: View): void {
    view.boundary = null;
    view.points = null;
    this.#points = null;
    this.note = "";
  }

  /** The legend, and nothing that is not to be seen any more. Says whether points are to be fetched. */
  settle(view: View, field: FieldReply): boolean {
    this.legend.show(this.shown ? field.classes : []);
    if (!this.shown) view.boundary = null;
    if (this.#now().state.points && field.points > 0) return true;
    view.points = null;
    return false;
  }

  async drawPoints(view: View, field: FieldReply): Promise<void> {
    if (this.#points === null) {
      const { count, total, note, bytes } = await this.#link.ask("points", this.#index, {});
      if (this.#now().field !== field) return;
      const places = new Float64Array(bytes.slice(0, 16 * count).buffer);
      const labels = new Int32Array(bytes.slice(16 * count).buffer);
      this.#points = { places, labels, colours: field.classes.map((each) => each.colour) };
      this.note = [count < total ? SAID.legend.points(number(count), number(total)) : "", note].filter((text) => text !== "").join("; ");
    }
    view.points = this.#now().state.points ? this.#points : null;
  }

  /** The boundaries of all that is seen, and the shares of the frame. */
  async drawRegions(view: View, frame: Rectangle): Promise<void> {
    if (!this.#wanted()) return;
    const { field } = this.#now();
    const own = await this.#own.get([field, frame.x, frame.y, frame.w, frame.h], () => this.#link.ask("regions", this.#index, frame));
    if (!this.#wanted()) return;
    this.legend.tell(own.regions, own.exact);
    const all = rectangleOf(view.seen);
    const { bytes } = sameRectangle(all, frame) ? own : await this.#link.ask("regions", this.#index, all);
    if (!this.#wanted()) return;
    view.boundary = { camera: cameraOf(all), ends: new Float32Array(bytes.slice().buffer) };
  }
}
