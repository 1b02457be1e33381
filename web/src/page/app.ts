// The page: its panes, its panel, and what goes between them and the address.
import { cameraOf, extent, HOME, rectangleOf, scaled } from "../camera.ts";
import { type Link, Refused, Stale } from "../link.ts";
import { DEFAULTS, NETWORK, type Offer, type PageState, type PaneState } from "../server.ts";
import { fromQuery, page, toQuery } from "../state.ts";
import { type Controls, controls } from "./controls.ts";
import { describe } from "./describe.ts";
import { byId, el, icon, ICONS } from "./dom.ts";
import { downloads } from "./download.ts";
import { counted, shown, told, whole } from "./facts.ts";
import { type Shelf, shelf } from "./gallery.ts";
import { help } from "./help.ts";
import { history, type History } from "./history.ts";
import { percent } from "./legend.ts";
import { lesson, unlocked } from "./lesson.ts";
import { measureList, measureTable } from "./measures.ts";
import { LETTERS, Pane, type Refusal } from "./pane.ts";
import { dropped, type Sheet, sharing } from "./share.ts";
import { AWAY, status, type Status } from "./status.ts";
import { fillStrip, markStrip } from "./strip.ts";
import { flattened } from "./texts.ts";

const REST = 320;

export class App {
  readonly #link: Link;
  readonly #panes: Pane[] = [];
  #state: PageState;
  #active = 0;
  #timer = 0;
  #turn = 0;
  #stripped = "";
  #away = false;
  #dropped: Refusal | null = null;
  readonly #controls: Controls;
  readonly #status: Status;
  readonly #history: History;
  readonly #gallery: Shelf;
  readonly #neighbours: Shelf;
  readonly #share: Sheet;
  readonly #downloads: Sheet;
  readonly #help = help();
  readonly #stage = byId("stage");
  readonly #strip = byId("strip");
  readonly #measures = byId("measures");
  readonly #notice = byId("notice");

  constructor(link: Link, state: PageState, fresh: boolean) {
    this.#link = link;
    this.#state = state;
    this.#status = status(byId("status"));
    this.#controls = controls((patch, ended) => { this.change(patch, ended); }, (vision) => { this.#stage.dataset["vision"] = vision; });
    byId("controls").append(this.#controls.element);
    this.#history = history((back) => { this.#take(back, false); });
    this.#gallery = shelf("gallery", "What does a network draw?", "Every picture here is one network, shown the x and the y of each point and nothing else. Begin with any of them.", (offer) => { this.#offer(offer); });
    this.#neighbours = shelf("neighbours", "Neighbours", "The present network with one thing changed. Go on from any of them.", (offer) => { this.#offer(offer); });
    this.#share = sharing({
      state: () => this.#state,
      letter: () => this.#panes.length > 1 ? LETTERS[this.#active] ?? "" : "",
      share: () => this.#link.ask("share", this.#active, { state: this.#state }),
      take: (taken) => { this.#take(taken, true); },
    });
    this.#downloads = downloads({
      estimate: (columns, rows, format) => this.#link.ask("estimate", this.#active, { ...this.#view(), columns, rows, format }),
      address: (columns, rows, format) => `/download/${format}?${toQuery({ ...this.#state, hide: [], lock: [], embed: false })}&columns=${columns}&rows=${rows}&pane=${this.#active}`,
    });
    this.#build();
    this.#bind();
    lesson(this.#state);
    link.onState((connected) => {
      const again = connected && this.#away;
      this.#status.lost(!connected);
      this.#away = !connected;
      for (const one of [this.#share, this.#downloads]) one.lost(!connected);
      if (again) for (const pane of this.#panes) pane.reopen();
    });
    if (fresh) void this.#openGallery();
  }

  /** What the controls say: the active pane's next state. */
  change(patch: Partial<PaneState>, ended: boolean): void {
    const { draft } = this.#pane();
    this.#forget();
    this.#pane().ask(unlocked({ ...draft, ...patch }, draft, this.#state.lock), ended);
    if (ended || patch.arch === undefined) this.#controls.read(this.#pane().draft, this.#pane().field);
  }

  /** A file that could not be read is spoken of until the next thing is done. */
  #forget(): void {
    if (this.#dropped === null) return;
    this.#dropped = null;
    this.#say();
  }

  #pane(): Pane {
    const found = this.#panes[this.#active] ?? this.#panes[0];
    if (found === undefined) throw new Error("a page has at least one pane");
    return found;
  }

  #view(): Partial<PaneState> {
    const { x, y, w, h, show, tone, colour } = this.#pane().state;
    return { x, y, w, h, show, tone, colour };
  }

  /** Another whole page: from the history, a file, a paste, the gallery. */
  #take(state: PageState, noted: boolean): void {
    this.#forget();
    // what a lesson hides and locks stays so, whatever is dropped on it
    const teaching = this.#state.hide.length + this.#state.lock.length > 0 || this.#state.embed;
    const { hide, lock, embed } = noted && teaching ? this.#state : state;
    const now = this.#pane().state;
    const panes = noted && teaching ? state.panes.map((pane) => unlocked(pane, now, lock)) : state.panes;
    this.#state = state = { panes, hide, lock, embed };
    lesson(state);
    if (state.panes.length !== this.#panes.length) this.#build();
    else state.panes.forEach((pane, i) => this.#panes[i]?.ask(pane, noted));
    this.#controls.read(this.#pane().draft, this.#pane().field);
    if (noted) this.#history.note(this.#state, true);
  }

  #offer(offer: Offer): void {
    const taken = offer.address === undefined ? null : fromQuery(offer.address);
    if (taken !== null && (taken.panes.length > 1 || this.#panes.length === 1)) this.#take(taken, true);
    else if (this.#panes.length === 1) this.#take(page(offer.state), true);
    else this.change({ ...DEFAULTS, ...this.#pane().state, ...offer.state }, true);
  }

  #build(): void {
    this.#stage.replaceChildren();
    this.#panes.length = 0;
    this.#active = 0;
    this.#stripped = "";
    const { panes } = this.#state;
    this.#stage.dataset["panes"] = String(panes.length);
    document.body.dataset["panes"] = String(panes.length);
    panes.forEach((state, i) => {
      this.#panes.push(
        new Pane(this.#stage, i, state, this.#link, {
          taken: (pane, ended) => { this.#taken(pane, ended); },
          moved: (pane, camera, ended) => {
            this.#forget();
            for (const one of this.#panes) {
              one.place(camera);
              if (one !== pane) one.view.look(camera);
              if (one !== pane) one.view.moving = !ended;
            }
            this.#noted(ended);
          },
          said: (pane) => {
            if (pane === this.#pane()) this.#say();
          },
          stood: () => {
            this.#report();
            this.#state = { ...this.#state, panes: this.#panes.map((one) => one.state) };
            this.#restSoon();
          },
          chosen: (pane) => { this.#choose(pane.index); },
          drawn: (pane, drawn) => {
            if (pane === this.#pane()) this.#status.drawn(drawn, pane.state.tone === "view");
            document.body.dataset["drawn"] = String(Number(document.body.dataset["drawn"] ?? 0) + 1);
          },
          found: () => { this.#report(); },
          // what lies over a picture, and what is said of it, is of all that is in view
          resized: () => {
            document.body.classList.add("stale");
            this.#restSoon();
          },
        }),
      );
    });
    if (panes.length > 1) this.#panes.forEach((pane, i) => { pane.element.dataset["letter"] = LETTERS[i] ?? ""; });
    for (const pane of this.#panes) pane.ask(pane.draft, true);
    for (const button of document.querySelectorAll<HTMLElement>("[data-compare]")) {
      button.setAttribute("aria-pressed", String(button.dataset["compare"] === String(panes.length)));
    }
    this.#choose(0);
  }

  #choose(index: number): void {
    const other = index !== this.#active;
    if (other) this.#controls.leave();
    this.#active = index;
    this.#panes.forEach((pane, i) => pane.element.classList.toggle("active", i === index && this.#panes.length > 1));
    this.#controls.read(this.#pane().draft, this.#pane().field);
    this.#offered();
    this.#say();
    this.#status.place(this.#pane());
    if (!other) return;
    this.#stripped = "";
    this.#report();
    this.#restSoon();
  }

  #taken(pane: Pane, ended: boolean): void {
    if (pane === this.#pane()) {
      this.#say();
      this.#controls.read(pane.draft, pane.field);
      this.#offered();
      markStrip(this.#strip, { show: pane.state.show, whole: whole(pane.state, pane.field) });
    }
    this.#noted(ended);
    this.#report();
  }

  /** Only what leads somewhere: of weights that are given there are no neighbours, and nothing stands beside a function. */
  #offered(): void {
    const { field, state } = this.#pane();
    const seeded = field?.facts.changes.includes("seed") !== false;
    byId("open-neighbours").classList.toggle("absent", !seeded);
    const many = seeded || this.#panes.length > 1 || field.layers.length > 0;
    document.querySelector("[data-compare]")?.parentElement?.classList.toggle("absent", !many);
    this.#strip.classList.toggle("upwards", state.grows === "auto" ? field?.up === true : state.grows === "up");
  }

  /** What is said against the active pane, or against the file that was dropped last. */
  #say(): void {
    const refusal = this.#dropped ?? this.#pane().refusal;
    if (refusal === null) this.#controls.accept();
    else this.#controls.refuse(refusal);
  }

  #noted(ended: boolean): void {
    this.#state = { ...this.#state, panes: this.#panes.map((pane) => pane.state) };
    this.#history.note(this.#state, ended);
    this.#status.place(this.#pane());
    this.#notice.hidden = true;
    document.body.classList.add("stale");
    // a hand that pauses rests too: what is being typed may never be said to have ended
    this.#restSoon();
  }

  #restSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#rest(), REST);
  }

  async #rest(): Promise<void> {
    const turn = ++this.#turn;
    await Promise.all([this.#look(), this.#agree(), ...this.#panes.map((pane) => pane.rest())]);
    if (turn !== this.#turn) return;
    document.body.classList.remove("stale");
    byId("live").textContent = describe(this.#panes);
  }

  /** On how much of what is in view the panes decide alike, where all show decision regions. */
  async #agree(): Promise<void> {
    const place = byId("agreement");
    place.hidden = this.#panes.length < 2 || !this.#panes.every((pane) => pane.decides && pane.trouble === "");
    if (place.hidden) return;
    const { view } = this.#pane();
    try {
      const found = await this.#link.ask("agree", 0, { ...rectangleOf(extent(view.camera, view.size)), panes: this.#panes.length });
      place.textContent = `${this.#panes.map((pane) => LETTERS[pane.index]).join(", ")} decide alike on ${percent(found.share)} of what is in view (${found.exact ? "exact" : "sampled"})`;
    } catch (error) {
      if (error instanceof Refused) place.textContent = error.message;
    }
  }

  /** The strip of the active pane, where it is another than the one that is shown. */
  async #look(): Promise<void> {
    const pane = this.#pane();
    const subject = NETWORK.map((key) => String(pane.state[key])).join("\n") + JSON.stringify(pane.rectangle());
    if (subject === this.#stripped || this.#state.hide.includes("strip")) return;
    try {
      const reply = await this.#link.ask("strip", pane.index, pane.rectangle());
      fillStrip(this.#strip, reply, { show: pane.state.show, whole: whole(pane.state, pane.field) }, (show) => { this.change({ show }, true); });
      this.#stripped = subject;
    } catch (error) {
      if (error instanceof Refused) this.#strip.replaceChildren(el("p", { class: "soft" }, error.message));
    }
  }

  /** What is known of the panes, in the panel, under the pictures and over them. */
  #report(): void {
    const active = this.#pane();
    if (active.measures !== null) {
      this.#measures.replaceChildren(measureList(active.measures));
      byId("measured").textContent = `of what is in view, on ${active.measured} points`;
    }
    const many = this.#panes.length > 1;
    const first = this.#panes[0];
    for (const pane of this.#panes) {
      const { field, state } = pane;
      const { name, rest } = told(state, field);
      const what = shown(state, field);
      pane.caption.replaceChildren(
        el("p", { class: "subject" }, many && el("b", { class: "letter" }, LETTERS[pane.index] ?? ""), el("code", {}, name), ` ${rest}${what === "" ? "" : `; shown is ${what}`}`),
        el("p", { class: "soft counts" }, counted(field)),
        ...(many && pane.trouble !== "" ? [el("p", { class: "error" }, `In place of ${pane.draft.arch}, which is not opened: ${pane.trouble}`)] : []),
        ...(pane.rounding === "" ? [] : [el("p", { class: "error rounding" }, pane.rounding)]),
        ...(pane.note === "" ? [] : [el("p", { class: "soft" }, pane.note)]),
        ...(pane.cells === "" ? [] : [el("p", { class: "soft cells" }, pane.cells)]),
      );
      // a network that only stands in for another is not compared
      if (many && pane.measures !== null && pane.trouble === "") {
        // a difference of rasters is none of networks
        const alike = pane !== first && pane.measured === first?.measured;
        pane.caption.append(measureTable(pane.measures, alike ? first.measures : null));
      }
    }
    const { nearest } = active;
    const ways = [nearest?.found, nearest?.corner].filter((one) => one !== null && one !== undefined);
    // between classes there may be a boundary inside of it
    this.#notice.hidden = active.decides || nearest?.inside !== true;
    this.#notice.replaceChildren(
      el("span", {}, "Nothing more is below: all of this view is one linear region. "),
      ...ways.map((way) => el("button", { type: "button", on: { click: () => { void active.view.fly(cameraOf(way)); } } }, `Fly to ${way.what}`)),
    );
  }

  async #openGallery(): Promise<void> {
    this.#gallery.show();
    await this.#fill(this.#gallery, () => this.#link.ask("gallery", 0, {}));
  }

  async #openNeighbours(): Promise<void> {
    this.#neighbours.fill([]);
    this.#neighbours.show();
    await this.#fill(this.#neighbours, () => this.#link.ask("neighbours", this.#active, {}));
  }

  async #fill(one: Shelf, ask: () => Promise<{ offers: Offer[] }>): Promise<void> {
    one.say(this.#away ? AWAY : "Drawing them \u2026");
    try {
      one.fill((await ask()).offers);
    } catch (error) {
      if (!(error instanceof Stale)) one.say((error as Error).message);
    }
  }

  async #surprise(): Promise<void> {
    const { state } = await this.#link.ask("surprise", this.#active, {});
    this.change({ ...state, ...HOME, show: "output", tone: "whole" }, true);
  }

  #compare(count: number): void {
    const panes = this.#panes.map((pane) => pane.state).slice(0, count);
    const [first] = panes;
    const field = this.#panes[0]?.field;
    if (first !== undefined && field !== undefined && field !== null && !field.facts.changes.includes("seed")) {
      // no seed makes another network of these weights: beside the output stands what its layers make of the plane
      const inside = field.layers.map((_, i) => `layer:${i + 1}:channel:0`).filter((show) => panes.every((pane) => pane.show !== show));
      panes.push(...inside.slice(0, count - panes.length).map((show) => ({ ...first, show })));
      this.#take({ ...this.#state, panes }, true);
      return;
    }
    while (first !== undefined && panes.length < count) {
      // the founding comparison first: as many units in one layer
      const flat = panes.length === 1 ? flattened(first.arch) : null;
      panes.push(flat === null ? { ...first, seed: (first.seed ?? 0) + panes.length, show: "output" } : { ...first, arch: flat, show: "output" });
    }
    this.#take({ ...this.#state, panes }, true);
  }

  #bind(): void {
    const press = (id: string, act: () => void): void => {
      byId(id).addEventListener("click", act);
    };
    const seed = (by: number): void => {
      const { seed: now } = this.#pane().draft;
      if (now !== null) this.change({ seed: now + by }, true);
    };
    press("open-gallery", () => void this.#openGallery());
    press("open-neighbours", () => void this.#openNeighbours());
    press("surprise", () => void this.#surprise().catch(() => undefined));
    press("open-share", () => { this.#share.show(); });
    press("open-downloads", () => { this.#downloads.show(); });
    press("open-help", () => { this.#help.showModal(); });
    for (const button of document.querySelectorAll<HTMLElement>("[data-compare]")) {
      button.addEventListener("click", () => { this.#compare(Number(button.dataset["compare"])); });
    }
    byId("zooming").append(
      this.#tool("zoom in", ICONS.plus, () => { this.#pane().view.zoom(0.5); }),
      this.#tool("zoom out", ICONS.minus, () => { this.#pane().view.zoom(2); }),
      this.#tool("home: where this network is looked at first", ICONS.home, () => { this.#pane().view.home(); }),
    );
    const keys: Record<string, () => void> = {
      "?": () => { this.#help.showModal(); },
      g: () => void this.#openGallery(),
      s: () => { this.#share.show(); },
      n: () => { seed(1); },
      p: () => { seed(-1); },
      r: () => {
        if (this.#pane().draft.seed !== null) this.change({ seed: Math.floor(Math.random() * 1e6) }, true);
      },
      c: () => { this.change({ cells: !this.#pane().draft.cells }, true); },
      "0": () => { this.#pane().view.home(); },
      "+": () => { this.#pane().view.fly(scaled(this.#pane().view.camera, 0.8)).catch(() => undefined); },
    };
    // the keys of a lesson's hidden controls do nothing either
    const owners: Record<string, string> = { g: "gallery", s: "share", n: "seed", p: "seed", r: "seed", c: "cells" };
    addEventListener("keydown", (event) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (target.matches("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]") !== null) return;
      const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
      const owner = owners[event.key];
      if (act === undefined || (owner !== undefined && [...this.#state.hide, ...this.#state.lock].includes(owner))) return;
      event.preventDefault();
      act();
    });
    addEventListener("dragover", (event) => {
      event.preventDefault();
      document.body.classList.add("dropping");
    });
    addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) document.body.classList.remove("dropping");
    });
    addEventListener("drop", (event) => {
      event.preventDefault();
      document.body.classList.remove("dropping");
      const [file] = event.dataTransfer?.files ?? [];
      const body = file ?? event.dataTransfer?.getData("text") ?? "";
      dropped(body).then(
        (state) => {
          this.#gallery.close();
          this.#take(state, true);
        },
        (error: unknown) => {
          this.#dropped = { error: new Refused((error as Error).message), arch: "" };
          this.#say();
        },
      );
    });
  }

  #tool(label: string, path: string, act: () => void): HTMLElement {
    return el("button", { type: "button", title: label, aria: { label }, on: { click: act } }, icon(path));
  }
}
