// Where to begin and where to go on: the gallery, the neighbours and the children of what is shown, a surprise.
import { HOME } from "../camera.ts";
import type { Link } from "../link.ts";
import { DEFAULTS, type Offer, type PageState, type PaneState } from "../server.ts";
import { fromQuery, page } from "../state.ts";
import { SAID } from "../words/index.ts";
import { type Breeder, breeder } from "./children.ts";
import { type Shelf, shelf } from "./gallery.ts";
import { captioned } from "./lessons/lessons.ts";
import { LETTERS, type Pane } from "./pane.ts";

interface Asks {
  link: Link;
  panes: () => readonly Pane[];
  active: () => number;
  /** whether nobody answers */
  away: () => boolean;
  take: (state: PageState) => void;
  change: (patch: Partial<PaneState>) => void;
}

export class Offers {
  readonly #asks: Asks;
  readonly #gallery: Shelf;
  readonly #neighbours: Shelf;
  readonly #children: Breeder;

  constructor(asks: Asks) {
    this.#asks = asks;
    this.#gallery = shelf("gallery", SAID.gallery.title, SAID.gallery.lead, (offer) => { this.#offer(offer); });
    this.#neighbours = shelf("neighbours", SAID.neighbours.title, SAID.neighbours.lead, (offer) => { this.#offer(offer); });
    this.#children = breeder(asks.link, (bred) => { asks.change({ bred, show: "output" }); });
  }

  async gallery(): Promise<void> {
    this.#gallery.show();
    await this.#gallery.ask(this.#asks.away(), () => this.#asks.link.ask("gallery", 0, {}));
  }

  closeGallery(): void {
    this.#gallery.close();
  }

  async neighbours(): Promise<void> {
    void this.#neighbours.fill([]);
    this.#neighbours.show();
    await this.#neighbours.ask(this.#asks.away(), () => this.#asks.link.ask("neighbours", this.#asks.active(), this.#neighbours.size()));
  }

  /** Of weights that are given there are none. */
  children(): void {
    const panes = this.#asks.panes();
    if (panes[this.#asks.active()]?.field?.facts.changes.includes("seed") !== true) return;
    this.#children.open(panes.map((one) => one.seen), this.#asks.active(), LETTERS);
  }

  async surprise(): Promise<void> {
    const { state } = await this.#asks.link.ask("surprise", this.#asks.active(), {});
    this.#asks.change({ ...state, ...HOME, show: "output", tone: "whole" });
  }

  #offer(offer: Offer): void {
    const panes = this.#asks.panes();
    const there = offer.address === undefined ? null : fromQuery(offer.address).state;
    const taken = there === null || offer.sentence === undefined ? there : captioned(there, offer.title, offer.sentence);
    if (taken !== null && (taken.panes.length > 1 || panes.length === 1)) this.#asks.take(taken);
    else if (panes.length === 1) this.#asks.take(page(offer.state));
    else this.#asks.change({ ...DEFAULTS, ...panes[this.#asks.active()]?.state, ...offer.state });
  }
}
