// One network on the page: its state, the field the server keeps for it, its picture and what lies over it.
import { type Camera, cameraOf, extent, rectangleOf, same } from "../camera.ts";
import { type Dec, dec, magnitude, quantised, write } from "../decimal.ts";
import { type Link, Refused } from "../link.ts";
import { type CellReply, DEFAULTS, type FieldReply, type MeasureData, type NearestReply, NETWORK, type PaneState, type Rectangle } from "../server.ts";
import { type Drawn, View } from "../view.ts";
import { spelled } from "../view/axes.ts";
import { layerColour } from "../view/edges.ts";
import type { Points } from "../view/points.ts";
import { el, number } from "./dom.ts";
import { Legend } from "./legend.ts";
import { PictureSource } from "./source.ts";

const VIEW = ["x", "y", "w", "h"] as const;
/** what makes a picture another: all but the cells over it */
const SEEN = [...NETWORK, ...VIEW, "show", "tone", "colour"] as const;
export const LETTERS = ["A", "B", "C", "D"] as const;
const CELLS = 20_000;

interface PaneEvents {
  /** the server took the state; `ended` where a gesture ends with it */
  taken(pane: Pane, ended: boolean): void;
  moved(pane: Pane, camera: Camera, ended: boolean): void;
  /** `refusal` is another */
  said(pane: Pane): void;
  /** what was asked for first cannot be opened: `state` is now the founding network's */
  stood(pane: Pane): void;
  chosen(pane: Pane): void;
  drawn(pane: Pane, drawn: Drawn): void;
  resized(): void;
  found(pane: Pane): void;
}

/** What the server will not show, and the text that was asked for. */
export interface Refusal {
  error: Refused;
  arch: string;
}

export class Pane {
  readonly element: HTMLElement;
  readonly view: View;
  readonly index: number;
  /** what is asked for; `state` is what the last good picture shows */
  draft: PaneState;
  state: PaneState;
  field: FieldReply | null = null;
  measures: MeasureData[] | null = null;
  /** the raster they were taken on, as "128 x 128" */
  measured = "";
  /** what rounding makes of the values, where they are not the network's own */
  rounding = "";
  nearest: NearestReply | null = null;
  /** why another network stands in for the one that was asked for */
  trouble = "";
  cells = "";
  readonly caption = el("figcaption", {});
  readonly #link: Link;
  readonly #events: PaneEvents;
  readonly #source: PictureSource;
  readonly #values = el("p", { class: "values", hidden: true });
  readonly #legend = new Legend();
  readonly #card = el("div", { class: "cell-card", hidden: true, aria: { live: "polite" } });
  /** what must be said of the data's points */
  note = "";
  #points: Points | null = null;
  #opening = false;
  #again = false;
  // a network that is refused is so until another is opened; a view until another is asked for, whatever is answered
  // meanwhile: the whole plane that stands in for it, or the same network opened once more after the server was away
  #network: Refusal | null = null;
  #view: Refusal | null = null;
  #ended = true;
  #pointing = false;
  #next: { x: Dec; y: Dec } | null = null;

  constructor(host: HTMLElement, index: number, state: PaneState, link: Link, events: PaneEvents) {
    this.index = index;
    this.draft = this.state = state;
    this.#link = link;
    this.#events = events;
    this.#source = new PictureSource(link, index, state);
    const frame = el("div", { class: "frame" }, this.#values, this.#legend.element);
    this.element = el("figure", { class: "pane", on: { pointerdown: this.#choose, focusin: this.#choose } }, frame, this.#card, this.caption);
    host.append(this.element);
    this.view = new View(frame, this.#source, cameraOf(state), {
      moved: (camera, ended) => { events.moved(this, camera, ended); },
      pointed: (at) => { this.#point(at); },
      pressed: (at) => { void this.#cell(at); },
      drawn: (drawn) => { events.drawn(this, drawn); },
      resized: () => { events.resized(); },
      failed: (error) => {
        // before its network is open a view fails for no reason of its own
        if (!(error instanceof Refused) || this.field === null) return;
        this.#view = { error, arch: this.draft.arch };
        events.said(this);
        if (this.view.latest === null) this.#home();
      },
    }, { label: `Picture ${LETTERS[index] ?? ""}` });
  }

  /** What the server says against what is asked for; null where it is shown. */
  get refusal(): Refusal | null {
    return this.#network ?? this.#view;
  }

  /** Asks for another state. The picture follows; where the server refuses, the last good one stays. */
  ask(draft: PaneState, ended: boolean): void {
    const before = this.draft;
    this.draft = draft;
    this.#ended = ended;
    if (SEEN.some((key) => draft[key] !== before[key])) this.#forgive();
    const camera = cameraOf(draft);
    if (!same(camera, this.view.camera)) this.view.look(camera);
    if (this.field === null || NETWORK.some((key) => draft[key] !== before[key]) || NETWORK.some((key) => draft[key] !== this.state[key])) {
      void this.#open();
      return;
    }
    const looks = draft.tone !== this.state.tone || draft.show !== this.state.show || draft.colour !== this.state.colour;
    this.state = draft;
    this.#source.set(draft, null);
    if (looks) this.view.refresh();
    if (!draft.cells) this.#hideCells();
    this.#settle();
    this.#events.taken(this, ended);
  }

  /** The server has forgotten everything: begins again. */
  reopen(): void {
    this.field = null;
    // what was never sent is sent by the new connection
    if (!this.#opening) void this.#open();
  }

  /** Where the view went; the network is the same. */
  place(camera: Camera): void {
    this.#forgive();
    this.#stands(camera);
  }

  #stands(camera: Camera): void {
    const at = rectangleOf(camera);
    this.state = { ...this.state, ...at };
    this.draft = { ...this.draft, ...at };
  }

  /** What takes time and is only of use when nothing moves: measures, cells, the way out of a flat view. */
  async rest(): Promise<void> {
    if (this.field === null) return;
    const at = this.rectangle();
    const still = (): boolean => VIEW.every((key) => this.rectangle()[key] === at[key]);
    await Promise.all([
      this.#quietly(async () => {
        const { measures, size, rounding } = await this.#link.ask("measure", this.index, at);
        if (still()) [this.measures, this.measured, this.rounding] = [measures, size.join(" \u00d7 "), rounding.sentence ?? ""];
      }),
      this.#quietly(async () => {
        this.nearest = this.field?.piecewise_linear === true ? await this.#link.ask("nearest", this.index, at) : null;
      }),
      this.#quietly(() => this.#drawCells(rectangleOf(extent(this.view.camera, this.view.size)))),
      this.#quietly(() => this.#drawRegions(rectangleOf(extent(this.view.camera, this.view.size)))),
    ]);
  }

  #choose = (): void => {
    this.#events.chosen(this);
  };

  /** The frame, on every screen the same. */
  rectangle(): Rectangle {
    const { x, y, w, h } = this.state;
    return { x, y, w, h };
  }

  async #open(): Promise<void> {
    if (this.#opening) {
      this.#again = true;
      return;
    }
    this.#opening = true;
    do {
      this.#again = false;
      const draft = this.draft;
      try {
        const field = await this.#link.ask("open", this.index, { state: draft });
        this.field = field;
        const canonical = { ...draft, ...field.state };
        // a channel that the new network has not got
        if (!hasShow(field, canonical.show)) canonical.show = "output";
        if (NETWORK.every((key) => this.draft[key] === draft[key])) this.draft = { ...canonical, ...pick(this.draft) };
        this.state = { ...canonical, ...pick(this.draft) };
        this.#source.set(this.state, field);
        this.#hideCells();
        this.#forget();
        this.#settle();
        this.measures = null;
        this.rounding = "";
        this.#network = null;
        this.trouble = "";
        this.view.expect(1000 * field.pace);
        this.view.refresh(true);
        this.#events.taken(this, this.#ended && !this.#isAgain());
      } catch (error) {
        if (error instanceof Refused) {
          this.#network = { error, arch: draft.arch };
          this.#events.said(this);
        }
        if (error instanceof Refused && this.field === null && !this.#isAgain()) await this.#stand(error);
      }
    } while (this.#isAgain());
    this.#opening = false;
  }

  /** Never a blank page: the founding network stands in for one that cannot be opened, whose text stays to be mended. */
  async #stand(why: Refused): Promise<void> {
    const state = { ...DEFAULTS, ...this.rectangle() };
    try {
      const field = await this.#link.ask("open", this.index, { state });
      if (this.#isAgain()) return;
      this.field = field;
      this.state = state;
      this.trouble = why.message;
      this.#source.set(state, field);
      this.#forget();
      this.#settle();
      this.view.refresh(true);
      this.#events.stood(this);
    } catch {
      // then there is no picture, and the error says why
    }
  }

  /** Never a blank page: where nothing was drawn yet and the view is refused, the whole plane. */
  #home(): void {
    const home = cameraOf(this.field?.facts.home ?? DEFAULTS);
    if (same(home, this.view.camera)) return;
    this.#stands(home);
    this.#source.set(this.state, null);
    this.view.look(home);
  }

  /** Another view is asked for than the one that was refused. */
  #forgive(): void {
    if (this.#view === null) return;
    this.#view = null;
    this.#events.said(this);
  }

  // read through a call, because it changes while another waits
  #isAgain(): boolean {
    return this.#again;
  }

  #point(at: { x: Dec; y: Dec } | null): void {
    this.#next = at;
    if (at === null) {
      this.#values.hidden = true;
      return;
    }
    if (!this.#pointing) void this.#follow();
  }

  /** One request at a time, always for the newest place. */
  async #follow(): Promise<void> {
    this.#pointing = true;
    while (this.#next !== null && this.field !== null) {
      const at = this.#next;
      this.#next = null;
      await this.#quietly(async () => {
        const { values } = await this.#link.ask("at", this.index, { x: write(at.x), y: write(at.y), show: this.state.show });
        this.#values.replaceChildren(...reading(at, values, this.state.w));
        this.#values.hidden = false;
      });
    }
    this.#pointing = false;
  }

  async #drawCells(at: Rectangle): Promise<void> {
    if (!this.state.cells) return;
    if (this.field?.piecewise_linear !== true) {
      this.cells = "cells: only piecewise linear, pointwise networks have exact ones";
      return;
    }
    const reply = await this.#link.ask("cells", this.index, { ...at, limit: CELLS });
    if (!this.#wantsCells()) return;
    this.cells = reply.more ? `more than ${number(reply.count)} cells: zoom in to see them` : `${number(reply.count)} cells in view`;
    const count = reply.bytes.byteLength / 20;
    const floats = new Float32Array(reply.bytes.slice(0, 16 * count).buffer);
    const layers = new Int32Array(reply.bytes.slice(16 * count).buffer);
    this.view.edges = reply.more ? null : { camera: cameraOf(at), ends: floats, layer: layers };
  }

  /** Asked anew after every wait: the box may have been cleared meanwhile. */
  #wantsCells(): boolean {
    return this.state.cells;
  }

  /** What follows of the network and of how it is shown: which way is up, the legend, the data's points. */
  #settle(): void {
    const { field, state } = this;
    if (field === null) return;
    this.view.settle(cameraOf(field.facts.home), state.grows === "auto" ? field.up : state.grows === "up");
    this.#legend.show(this.decides ? field.classes : []);
    if (!this.decides) this.view.boundary = null;
    if (state.points && field.points > 0) void this.#quietly(() => this.#drawPoints(field));
    else this.view.points = null;
  }

  /** What was known of the classes of another network. */
  #forget(): void {
    this.view.boundary = null;
    this.view.points = null;
    this.#points = null;
    this.note = "";
  }

  /** Whether decision regions are shown. */
  get decides(): boolean {
    return this.state.show === "classes" && this.field !== null && this.field.classes.length > 0;
  }

  async #drawPoints(field: FieldReply): Promise<void> {
    if (this.#points === null) {
      const { count, total, note, bytes } = await this.#link.ask("points", this.index, {});
      if (this.field !== field) return;
      const places = new Float64Array(bytes.slice(0, 16 * count).buffer);
      const labels = new Int32Array(bytes.slice(16 * count).buffer);
      this.#points = { places, labels, colours: field.classes.map((each) => each.colour) };
      this.note = [count < total ? `${number(count)} of ${number(total)} points are shown` : "", note].filter((text) => text !== "").join("; ");
    }
    this.view.points = this.#wantsPoints() ? this.#points : null;
  }

  /** Asked anew after every wait. */
  #wantsPoints(): boolean {
    return this.state.points;
  }

  async #drawRegions(at: Rectangle): Promise<void> {
    if (!this.decides) return;
    const { regions, exact, bytes } = await this.#link.ask("regions", this.index, at);
    if (!this.#wantsRegions()) return;
    this.view.boundary = { camera: cameraOf(at), ends: new Float32Array(bytes.slice().buffer) };
    this.#legend.tell(regions, exact);
  }

  #wantsRegions(): boolean {
    return this.decides;
  }

  #hideCells(): void {
    this.view.edges = null;
    this.cells = "";
    this.#card.hidden = true;
  }

  async #cell(at: { x: Dec; y: Dec }): Promise<void> {
    if (!this.state.cells || this.field?.piecewise_linear !== true) return;
    await this.#quietly(async () => {
      const cell = await this.#link.ask("cell", this.index, { x: write(at.x), y: write(at.y) });
      this.#card.replaceChildren(...cellCard(cell, at, () => { this.#card.hidden = true; }));
      this.#card.hidden = false;
    });
  }

  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#events.found(this);
    } catch (error) {
      if (error instanceof Refused) this.#events.found(this);
    }
  }
}

/** What a view may change while the network is being opened. */
function pick({ x, y, w, h, tone, colour, cells, grows, points }: PaneState): Partial<PaneState> {
  return { x, y, w, h, tone, colour, cells, grows, points };
}

function hasShow(field: FieldReply, show: string): boolean {
  const [, layer, , channel] = show.split(":");
  if (layer === undefined) return show === "output" || field.classes.length > 0;
  const found = field.layers[Number(layer) - 1];
  return found !== undefined && Number(channel) < found.channels;
}

/** The values under the pointer, and where it is. */
function reading(at: { x: Dec; y: Dec }, values: number[], width: string): Node[] {
  const finest = magnitude(dec(width)) - 4;
  const short = (value: Dec): string => {
    const text = spelled(quantised(value, finest));
    return text.length > 20 ? `\u2026${text.slice(-10)}` : text;
  };
  return [
    el("span", { class: "soft" }, `${short(at.x)}, ${short(at.y)}`),
    ...values.slice(0, 4).map((value) => el("span", { class: "number" }, number(value))),
  ];
}

function cellCard(cell: CellReply, at: { x: Dec; y: Dec }, close: () => void): Node[] {
  const rows = cell.affine.map(([a = 0, b = 0, c = 0], i) =>
    el("tr", {}, el("th", { scope: "row" }, `output ${i + 1}`), ...[a, b, c].map((value) => el("td", {}, number(value)))),
  );
  return [
    el("header", {}, el("strong", {}, "The cell here"), el("button", { type: "button", class: "quiet", aria: { label: "Close" }, on: { click: close } }, "\u00d7")),
    el("p", {}, `${number(cell.pattern)} of ${number(cell.units)} units are on. Area ${number(cell.area)}${cell.clipped ? " (its part in view)" : ""}.`),
    el("p", { class: "layers" }, "Its sides come from layers ", ...cell.layers.map((layer) => chip(layer))),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, el("th", {}), ...["slope in x", "slope in y", "value here"].map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...rows),
    ),
    el("p", { class: "soft" }, `at ${spelled(at.x)}, ${spelled(at.y)}`),
  ];
}

function chip(layer: number): HTMLElement {
  const made = el("span", { class: "chip" }, String(layer));
  made.style.setProperty("--layer", layerColour(layer));
  return made;
}
