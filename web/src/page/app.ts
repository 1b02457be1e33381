// The page: its panes, its panel, and what goes between them and the address.
import { type Link, Stale } from "../link.ts";
import { DEFAULTS, LONGEST_ADDRESS, type PageState, type PaneState } from "../server.ts";
import { showOf, toData, toQuery } from "../state.ts";
import { tellAgreement } from "./agreement.ts";
import { fillCaption } from "./caption.ts";
import { command } from "./commands.ts";
import { beside } from "./compare.ts";
import { type Controls, controls } from "./controls.ts";
import { byId, leftOut } from "./dom.ts";
import { downloads } from "./download.ts";
import { help } from "./help.ts";
import { history, type History } from "./history.ts";
import { onDrop } from "./keys.ts";
import { Inside } from "./layers/inside.ts";
import { lesson, unlocked } from "./lesson.ts";
import { shot } from "./lessons/handout.ts";
import { type Lessons, lessons } from "./lessons/lessons.ts";
import { fillMeasures } from "./measures.ts";
import { type Evidence, evidence } from "./evidence/evidence.ts";
import { fillNotice } from "./notice.ts";
import { pause } from "../gpu/device.ts";
import { Making } from "./making.ts";
import { type Motion, motion } from "./motion/motion.ts";
import { Offers } from "./offers.ts";
import { LETTERS, Pane } from "./pane.ts";
import { readBack } from "./pasted.ts";
import { type Pixels, pixelsOf } from "./pixels.ts";
import { Refusals } from "./refusals.ts";
import { Resting } from "./resting.ts";
import { type Share, type Sheet, sharing } from "./share.ts";
import { status, type Status } from "./status.ts";
import { UnitPanel } from "./unit/panel.ts";
import { forgetLost, tellLost } from "./unit/lost.ts";
import { kept } from "./unit/nudges.ts";
import { titleOf } from "./title.ts";
import { waited } from "./waiting.ts";

// what controls of their own ask for
const KINDS = ["measure", "cells", "neighbours", "children", "surprise"] as const;

export class App {
  readonly #link: Link;
  readonly #panes: Pane[] = [];
  #state: PageState;
  #active = 0;
  #reads = 0;
  #away = false;
  // what follows is no gesture: the page comes to be what an address says
  #own = true;
  // nothing is written to the history meanwhile
  #silent = false;
  // the controls that the lesson speaks of
  #spoken = "";
  readonly #controls: Controls;
  readonly #inside: Inside;
  readonly #status: Status;
  readonly #history: History;
  readonly #offers: Offers;
  readonly #lessons: Lessons;
  readonly #evidence: Evidence;
  readonly #unit: UnitPanel;
  readonly #refusals: Refusals;
  readonly #resting: Resting;
  readonly #share: Share;
  readonly #downloads: Sheet;
  readonly #motion: Motion;
  readonly #help = help();
  readonly #stage = byId("stage");
  readonly #notice = byId("notice");

  constructor(link: Link, state: PageState, fresh: boolean) {
    // style sheets hide what the back end cannot do
    document.body.dataset["lacks"] = KINDS.filter((kind) => !link.can(kind)).join(" ");
    this.#state = state;
    this.#status = status(byId("status"), (grows) => { this.change({ grows }, true); });
    this.#link = waited(link, (late) => { this.#status.late(late); });
    this.#controls = controls((patch, ended) => { this.change(patch, ended); }, (vision) => { this.#stage.dataset["vision"] = vision; }, {
      unit: (layer, channel) => { this.change({ show: showOf(layer, channel) }, true); },
      output: () => { this.change({ show: "output" }, true); },
    });
    byId("controls").append(this.#controls.element);
    this.#inside = new Inside(this.#controls.diagram, this.#link);
    this.#history = history((back) => { this.#take(back, false); });
    this.#offers = new Offers({
      link: this.#link,
      panes: () => this.#panes,
      active: () => this.#active,
      away: () => this.#away,
      take: (next) => { this.#take(next, true); },
      change: (patch) => { this.change(patch, true); },
    });
    this.#lessons = lessons({
      now: () => this.#state,
      seen: () => this.#seen(),
      take: (next) => { this.#take(next, true, true, true); },
      visit: (next) => { this.#take(next, false, true, true); },
      ready: () => this.ready(),
      pictures: () => this.#panes.map(shot),
      address: (query) => this.#share.address(query),
    });
    this.#evidence = evidence(this.#link, {
      panes: () => this.#panes,
      pane: () => this.#pane(),
      hidden: () => this.#state.hide.includes("evidence"),
      changed: () => { this.#report(); },
      change: (patch) => { this.change(patch, true); },
    });
    this.#unit = new UnitPanel({ link: this.#link, pane: () => this.#pane(), change: (patch, ended) => { this.change(patch, ended); } });
    this.#refusals = new Refusals(() => this.#pane(), this.#controls, this.#unit);
    this.#resting = new Resting(this.#panes, () => [
      this.#state.hide.includes("strip") ? Promise.resolve() : this.#inside.look(this.#pane()),
      tellAgreement(this.#link, this.#panes),
    ]);
    this.#share = sharing({
      state: () => this.#seen(),
      several: () => this.#panes.length > 1,
      share: () => this.#link.ask("share", this.#active, { state: this.#seen() }),
      file: () => `/download/html?${toQuery(this.#takenAway())}&pane=${this.#active}`,
      take: (body) => this.#read(body),
    });
    this.#downloads = downloads({
      estimate: (columns, rows, format) => this.#link.ask("estimate", this.#active, { ...this.#view(), columns, rows, format }),
      making: link.make === null ? null : new Making(link.make, { pane: () => this.#takenAway().panes[this.#active] ?? DEFAULTS, json: () => this.#json() }),
      json: () => this.#json(),
      address: (columns, rows, format) => `/download/${format}?${toQuery(this.#takenAway())}&columns=${columns}&rows=${rows}&pane=${this.#active}`,
    });
    this.#motion = motion({
      pane: () => this.#pane(),
      change: (patch, ended) => { this.change(patch, ended); },
      link: this.#link,
    });
    this.#build();
    this.#bind();
    this.#teach();
    link.onState((connected) => {
      const again = connected && this.#away;
      this.#status.lost(!connected);
      this.#away = !connected;
      for (const one of [this.#share, this.#downloads]) one.lost(!connected);
      if (again) for (const pane of this.#panes) pane.reopen();
    });
    if (fresh) void this.#offers.gallery();
  }

  /** Once every picture is final, and what is to lie over it does. Measures may still come. */
  async ready(): Promise<void> {
    while (!this.#panes.every((pane) => pane.settled && (this.#resting.laid || !pane.overlaid))) await pause(20);
  }

  /** The picture of a pane: RGBA, row 0 the smallest y, and its plane: the centre, the width and the height. */
  pixels(index: number): Pixels {
    const latest = this.#panes[index]?.view.latest ?? null;
    if (latest === null) throw new RangeError(`pane ${index}: there is no picture`);
    return pixelsOf(latest);
  }

  /** What the controls say: the active pane's next state. */
  change(patch: Partial<PaneState>, ended: boolean): void {
    this.#own = false;
    const { draft } = this.#pane();
    this.#refusals.forget();
    const next = unlocked({ ...draft, ...kept(patch, draft) }, draft, this.#state.lock);
    tellLost(patch, draft, next, ended);
    this.#pane().ask(next, ended);
    if (ended || patch.arch === undefined) this.#controls.read(this.#pane().draft, this.#pane().field);
  }

  #pane(): Pane {
    const found = this.#panes[this.#active] ?? this.#panes[0];
    if (found === undefined) throw new Error("a page has at least one pane");
    return found;
  }

  #view(): Partial<PaneState> {
    const { x, y, w, h, show, tone, colour } = this.#pane().seen;
    return { x, y, w, h, show, tone, colour };
  }

  /** What is seen, which is what is shared and taken away. */
  #seen(): PageState {
    return { ...this.#state, panes: this.#panes.map((one) => one.seen) };
  }

  /** The state that files hold: what a lesson hides is of its page alone. */
  #takenAway(): PageState {
    return { ...this.#seen(), hide: [], lock: [], embed: false, note: "", step: 1 };
  }

  #json(): string {
    return `${JSON.stringify(toData(this.#takenAway()), null, 1)}\n`;
  }

  /** What a lesson says of the page, and its own words. */
  #teach(): void {
    lesson(this.#state);
    this.#lessons.fill(this.#state);
    const spoken = [...this.#state.lock, ...this.#controls.spoken(this.#lessons.words)];
    // once: who folds it again meant to
    if (spoken.join(" ") !== this.#spoken) this.#controls.reveal(spoken);
    this.#spoken = spoken.join(" ");
  }

  /** What was pasted or dropped. */
  async #read(body: Blob | string): Promise<void> {
    const taught = this.#lessons.read(typeof body === "string" ? body : await body.slice(0, LONGEST_ADDRESS).text());
    if (taught !== null) {
      this.#take(taught, true, true, true);
      return;
    }
    const turn = ++this.#reads;
    const { state, address } = await readBack(this.#link, body);
    // something else was pasted or dropped since
    if (turn !== this.#reads) throw new Stale("stale");
    this.#take(state, true, address);
  }

  /** Another whole page: from the history, a file, a paste, the gallery. `written`: by hand, perhaps, as an address;
   * `step`: a lesson's own, which says by itself what is hidden and locked. */
  #take(state: PageState, noted: boolean, written = false, step = false): void {
    // where the history leads elsewhere, what played until then is not to be written over that
    this.#silent = !noted;
    this.#motion.pause();
    this.#silent = false;
    this.#refusals.forget();
    forgetLost();
    // what a lesson hides and locks stays so, whatever is dropped on it
    const teaching = this.#state.hide.length + this.#state.lock.length > 0 || this.#state.embed || this.#lessons.teaching;
    const kept = noted && teaching && !step;
    const now = this.#pane().state;
    this.#state = state = kept ? { ...this.#state, panes: state.panes.map((pane) => unlocked(pane, now, this.#state.lock)) } : state;
    if (noted) this.#history.note(state, true, false);
    this.#own = true;
    this.#teach();
    if (state.panes.length !== this.#panes.length) this.#build();
    else state.panes.forEach((pane, i) => this.#panes[i]?.ask(pane, noted, written));
    this.#controls.read(this.#pane().draft, this.#pane().field);
  }

  #build(): void {
    const within = this.#stage.contains(document.activeElement);
    this.#stage.replaceChildren();
    this.#panes.length = 0;
    this.#active = 0;
    this.#inside.forget();
    const { panes } = this.#state;
    this.#stage.dataset["panes"] = String(panes.length);
    document.body.dataset["panes"] = String(panes.length);
    panes.forEach((state, i) => {
      this.#panes.push(
        new Pane(this.#stage, i, state, this.#link, {
          taken: (pane, ended) => { this.#taken(pane, ended); },
          moved: (pane, camera, ended) => {
            this.#own = false;
            this.#refusals.forget();
            for (const one of this.#panes) {
              one.place(camera);
              if (one !== pane) one.view.look(camera);
              if (one !== pane) one.view.moving = !ended;
            }
            this.#noted(ended);
          },
          said: (pane) => {
            if (pane === this.#pane()) this.#refusals.say();
          },
          stood: () => {
            this.#report();
            this.#state = { ...this.#state, panes: this.#panes.map((one) => one.state) };
            this.#status.place(this.#pane());
            this.#resting.soon();
          },
          mended: (pane, patch) => {
            this.#choose(pane.index);
            this.change(patch, true);
          },
          lost: (message) => { leftOut([message]); },
          chosen: (pane) => { this.#choose(pane.index); },
          drawn: (pane, drawn) => {
            if (pane === this.#pane()) this.#status.drawn(drawn, pane.state.tone === "view");
            // a caption tells what such a picture is of
            if (pane.field !== null && pane.field.evaluated !== null) this.#report();
            document.body.dataset["drawn"] = String(Number(document.body.dataset["drawn"] ?? 0) + 1);
            this.#motion.drawn();
          },
          found: () => { this.#report(); },
          painted: (one) => { this.#unit.painted(one); },
          // what lies over a picture, and what is said of it, is of all that is in view
          resized: () => { this.#resting.age(); },
        }),
      );
    });
    if (panes.length > 1) this.#panes.forEach((pane, i) => { pane.element.dataset["letter"] = LETTERS[i] ?? ""; });
    for (const pane of this.#panes) pane.ask(pane.draft, true, true);
    for (const button of document.querySelectorAll<HTMLElement>("[data-compare]")) {
      button.setAttribute("aria-pressed", String(button.dataset["compare"] === String(panes.length)));
    }
    // new pictures have controls too
    lesson(this.#state);
    this.#choose(0);
    // the picture that had the focus is gone: the one in its place has it
    if (within) this.#pane().view.element.focus({ preventScroll: true });
  }

  #choose(index: number): void {
    const other = index !== this.#active;
    if (other) this.#motion.pause();
    if (other) this.#controls.leave();
    this.#active = index;
    this.#panes.forEach((pane, i) => pane.element.classList.toggle("active", i === index && this.#panes.length > 1));
    this.#controls.read(this.#pane().draft, this.#pane().field);
    this.#offered();
    this.#refusals.say();
    this.#status.place(this.#pane());
    this.#unit.read();
    if (!other) return;
    this.#inside.of(this.#pane());
    this.#report();
    this.#resting.soon();
  }

  #taken(pane: Pane, ended: boolean): void {
    if (pane === this.#pane()) {
      this.#refusals.say();
      this.#controls.read(pane.draft, pane.field);
      this.#offered();
      this.#inside.of(pane);
      this.#unit.read();
    }
    this.#noted(ended);
    this.#report();
  }

  /** Only what leads somewhere: of weights that are given there are no neighbours, and nothing stands beside a function. */
  #offered(): void {
    const { field, state } = this.#pane();
    const seeded = field?.facts.changes.includes("seed") !== false;
    for (const one of document.querySelectorAll("[data-control=neighbours], [data-control=children]")) one.classList.toggle("absent", !seeded);
    const many = seeded || this.#panes.length > 1 || field.layers.length > 0;
    document.querySelector("[data-compare]")?.parentElement?.classList.toggle("absent", !many);
    this.#controls.diagram.upwards(state.grows === "auto" ? field?.up === true : state.grows === "up");
  }

  #noted(ended: boolean): void {
    this.#state = this.#lessons.kept({ ...this.#state, panes: this.#panes.map((pane) => pane.state) }, this.#panes.map((pane) => pane.draft));
    this.#lessons.fill(this.#state);
    if (!this.#silent) this.#history.note(this.#state, ended, this.#own);
    this.#status.place(this.#pane());
    this.#notice.hidden = true;
    this.#evidence.follow(this.#panes);
    // a hand that pauses rests too: what is being typed may never be said to have ended
    this.#resting.age();
  }

  /** What is known of the panes, in the panel, under the pictures and over them. */
  #report(): void {
    this.#evidence.follow(this.#panes);
    const active = this.#pane();
    fillMeasures(active, this.#link.more, (one) => this.#evidence.part(one));
    const many = this.#panes.length > 1;
    const first = this.#panes[0];
    for (const pane of this.#panes) fillCaption(pane, many ? first ?? null : null, this.#evidence);
    document.title = titleOf(this.#panes);
    fillNotice(this.#notice, active);
  }

  #compare(count: number): void {
    this.#take({ ...this.#state, panes: beside(this.#panes.map((pane) => pane.state), this.#panes[0]?.field ?? null, count) }, true);
  }

  #bind(): void {
    command({
      gallery: () => void this.#offers.gallery(),
      lessons: () => { this.#lessons.open(); },
      neighbours: () => void this.#offers.neighbours(),
      children: () => { this.#offers.children(); },
      surprise: () => void this.#offers.surprise().catch(() => undefined),
      share: () => { this.#share.show(); },
      downloads: () => { this.#downloads.show(); },
      help: () => { this.#help.showModal(); },
      compare: (count) => { this.#compare(count); },
      change: (patch) => { this.change(patch, true); },
      now: () => this.#pane(),
      away: () => [...this.#state.hide, ...this.#state.lock],
      more: this.#motion,
    });
    onDrop((body) => {
      this.#read(body).then(
        () => { this.#offers.closeGallery(); },
        (error: unknown) => {
          if (error instanceof Stale) return;
          this.#refusals.file((error as Error).message);
        },
      );
    });
  }
}
