// One network on the page: its state, the field the server keeps for it, its picture and what lies over it.
import { type Camera, cameraOf, rectangleOf, same } from "../camera.ts";
import { type Link, Refused } from "../link.ts";
import { DEFAULTS, type FieldReply, type NearestReply, NETWORK, type PaneState, type Rectangle } from "../server.ts";
import { KEYS } from "../state.ts";
import { pause } from "../gpu/device.ts";
import { View } from "../view.ts";
import { Answer } from "./answer/answer.ts";
import { Cells } from "./cells.ts";
import { Decided } from "./decided.ts";
import { CommandLine } from "./commandline.ts";
import { el } from "./dom.ts";
import { shown, told } from "./facts.ts";
import { Key } from "./key.ts";
import { Once } from "./once.ts";
import { hasShow, kept, otherPlane } from "./others.ts";
import { Pointed } from "./pointed.ts";
import { Preview } from "./preview.ts";
import type { PaneEvents, Refusal } from "./paneevents.ts";
import { PictureSource } from "./source.ts";
import { Taken } from "./taken.ts";
import { type Ending, ending, type Veil, veil } from "./veil.ts";
import { SAID } from "../words/index.ts";

const VIEW = ["x", "y", "w", "h"] as const;
/** what makes a picture another: all but the cells over it */
const SEEN = [...NETWORK, ...VIEW, "show", "tone", "colour"] as const;
export const LETTERS = ["A", "B", "C", "D"] as const;

export class Pane {
  readonly element: HTMLElement;
  readonly view: View;
  readonly index: number;
  /** what is asked for; `state` is what the last good picture shows */
  draft: PaneState;
  state: PaneState;
  field: FieldReply | null = null;
  /** its measures */
  readonly taken: Taken;
  readonly answer: Answer;
  nearest: NearestReply | null = null;
  /** how many pictures of it were drawn */
  pictures = 0;
  /** why another network stands in for the one that was asked for */
  trouble = "";
  readonly caption = el("figcaption", {});
  readonly #link: Link;
  readonly #events: PaneEvents;
  readonly #source: PictureSource;
  readonly #pointed: Pointed;
  readonly #cells: Cells;
  readonly #decided: Decided;
  readonly #veil: Veil = veil();
  readonly #ending: Ending = ending();
  readonly #key = new Key();
  readonly #preview = new Preview();
  // as an address says it
  #written: PaneState | null;
  #opening = false;
  #again = false;
  #previewed = false;
  #rests = 0;
  // a network that is refused is so until another is opened; a view until another is asked for, whatever is answered
  // meanwhile: the whole plane that stands in for it, or the same network opened once more after the server was away
  #network: Refusal | null = null;
  #view: Refusal | null = null;
  #ended = true;
  readonly #command: CommandLine;
  readonly #measured = new Once<void>();
  readonly #near = new Once<NearestReply | null>();

  constructor(host: HTMLElement, index: number, state: PaneState, link: Link, events: PaneEvents) {
    this.index = index;
    this.draft = this.state = this.#written = state;
    this.#link = link;
    this.#events = events;
    this.#source = new PictureSource(link, index, state);
    const now = (): { state: PaneState; field: FieldReply | null } => ({ state: this.state, field: this.field });
    this.taken = new Taken(link, index);
    this.answer = new Answer(link, index);
    // there from the first: a lesson that hides it looks for it once
    this.caption.append(this.answer.element);
    this.#command = new CommandLine(link, index);
    this.#pointed = new Pointed(link, index, now);
    this.#decided = new Decided(link, index, now);
    this.#cells = new Cells(link, index, now);
    const frame = el("div", { class: "frame" }, this.#pointed.element, this.#ending.element, this.#preview.badge, this.#veil.element);
    this.element = el("figure", { class: "pane", on: { pointerdown: this.#choose, focusin: this.#choose } }, frame, this.#decided.legend.element, this.#key.element, this.#cells.card, this.caption);
    host.append(this.element);
    this.view = new View(frame, this.#source, cameraOf(state), {
      moved: (camera, ended) => { events.moved(this, camera, ended); },
      pointed: (at) => { this.#pointed.to(at); },
      pressed: (at) => { void this.#quietly(() => this.#cells.tell(at)); },
      drawn: (drawn) => {
        this.pictures += 1;
        this.#key.show(this.decides ? "" : shown(this.state, this.field) || SAID.strip.output, this.decides ? null : drawn.scale);
        events.drawn(this, drawn);
      },
      painted: () => { events.painted(this); },
      resized: () => { events.resized(); },
      failed: (error) => {
        // before its network is open a view fails for no reason of its own
        if (!(error instanceof Refused) || this.field === null) return;
        if (this.view.retreat()) {
          this.#ending.say(SAID.pane.ends(error.message), this.view.camera);
          return;
        }
        this.#view = { error, about: "view", arch: this.draft.arch, slice: this.draft.slice };
        events.said(this);
        if (this.view.latest === null) this.#home(error);
      },
      ended: () => { this.#ending.again(); },
    }, { label: SAID.pane.label(LETTERS[index] ?? ""), role: SAID.pane.role });
  }

  /** What the server says against what is asked for; null where it is shown. */
  get refusal(): Refusal | null {
    return this.#network ?? this.#view;
  }

  /** The state that says what is seen: where colours were fitted to the view by themselves, it says so. */
  get seen(): PaneState {
    const byItself = this.state.tone === "whole" && this.view.latest?.fitted === true && !this.decides;
    return byItself ? { ...this.state, tone: "view" } : this.state;
  }

  /** The command line that draws what is seen, of a network that is evaluated on fewer pixels here; empty until it is known. */
  get command(): string {
    return this.#command.of(this.seen);
  }

  /** Whether all that was asked for is there, or refused. */
  get settled(): boolean {
    return !this.#opening && (this.view.settled || (this.refusal !== null && this.view.latest === null));
  }

  /** Asks for another state. The picture follows; where the server refuses, the last good one stays. One that an address
   * says, `written` by hand perhaps, loses what is refused of it. */
  ask(draft: PaneState, ended: boolean, written = false): void {
    const before = this.draft;
    this.draft = draft;
    this.#written = written ? draft : null;
    this.#ended = ended;
    if (SEEN.some((key) => draft[key] !== before[key])) this.#forgive();
    const camera = cameraOf(draft);
    if (!same(camera, this.view.camera)) this.view.look(camera);
    this.#ending.look(camera);
    if (this.field === null || NETWORK.some((key) => draft[key] !== before[key]) || NETWORK.some((key) => draft[key] !== this.state[key])) {
      void this.#open();
      return;
    }
    const looks = draft.tone !== this.state.tone || draft.show !== this.state.show || draft.colour !== this.state.colour;
    this.state = draft;
    this.#source.set(draft, null);
    if (looks) {
      this.view.free();
      this.view.refresh();
    }
    if (!draft.cells) this.#cells.hide(this.view);
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
    this.#ending.look(camera);
    this.#stands(camera);
  }

  #stands(camera: Camera): void {
    const at = rectangleOf(camera);
    this.state = { ...this.state, ...at };
    this.draft = { ...this.draft, ...at };
  }

  /** Whether something is to lie over the picture. */
  get overlaid(): boolean {
    return this.state.cells || this.decides;
  }

  /** What lies over the picture once nothing moves: cells, and the boundaries of decision regions. */
  async lay(): Promise<void> {
    if (this.field === null || this.field.preview) return;
    const at = this.rectangle();
    await Promise.all([this.#quietly(() => this.#cells.draw(this.view, at)), this.#quietly(() => this.#decided.drawRegions(this.view, at))]);
  }

  /** What takes time and is only of use when nothing moves: measures, the way out of a flat view. */
  async rest(): Promise<void> {
    if (this.field === null || this.field.preview) return;
    const [at, field, { show }] = [this.rectangle(), this.field, this.state];
    // nothing of this is asked of, or said of, another network
    const still = (): boolean => this.field === field && !this.#opening && this.state.show === show && VIEW.every((key) => this.rectangle()[key] === at[key]);
    // in the page what takes long would keep the sharp picture waiting, and no newer one would overtake it
    const turn = ++this.#rests;
    while (this.#link.place === "page" && !this.view.settled && this.refusal === null && turn === this.#rests && still()) await pause(20);
    if (turn !== this.#rests || !still()) return;
    // a pane of another size has the same frame
    const frame = [field, ...VIEW.map((key) => at[key])];
    await Promise.all([
      this.#quietly(() => this.answer.take(field, this.state, at, still)),
      this.#quietly(() => this.#measured.get([...frame, show], () => this.taken.take({ ...at, show }, still, () => { this.#events.found(this); }))),
      this.#quietly(async () => {
        this.nearest = await this.#near.get(frame, async () => field.piecewise_linear && this.#link.can("nearest") ? this.#link.ask("nearest", this.index, at) : null);
      }),
      this.#quietly(async () => { if (field.evaluated !== null) await this.#command.take(this.seen); }),
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
      this.#preview.moved();
      // of what a preview will show there is no need to have the network first
      if (!this.#previewed && this.#preview.wanted(this.#ended)) this.#link.leave(this.index);
      return;
    }
    this.#opening = true;
    let rested = false;
    do {
      this.#again = false;
      const draft = this.draft;
      const preview = !rested && this.field !== null && this.#preview.wanted(this.#ended);
      rested = false;
      this.#previewed = preview;
      try {
        const start = performance.now();
        const field = await this.#link.ask("open", this.index, { state: draft, preview });
        if (!field.preview) this.#preview.took(performance.now() - start);
        const before = this.field?.slice ?? null;
        // the view that was asked for with another plane stays, as that of an address or of a step back
        const elsewhere = otherPlane(before, field.slice) && draft.arch === this.state.arch && VIEW.every((key) => draft[key] === this.state[key]);
        this.field = field;
        const canonical = { ...draft, ...field.state };
        // a channel that the new network has not got
        if (!hasShow(field, canonical.show)) canonical.show = "output";
        if (NETWORK.every((key) => this.draft[key] === draft[key])) this.draft = { ...canonical, ...kept(this.draft) };
        this.state = { ...canonical, ...kept(this.draft) };
        this.#source.set(this.state, field);
        this.#cells.hide(this.view);
        this.#decided.forget(this.view);
        this.#settle();
        this.taken.forget(field.piecewise_linear);
        this.answer.wait(field);
        this.#network = null;
        this.#veil.lift();
        this.trouble = "";
        this.#shows(field);
        this.#ending.look(null);
        // the flight home ends the gesture
        this.#events.taken(this, this.#ended && !field.preview && !this.#isAgain() && !elsewhere);
        if (elsewhere) this.view.home();
        if (field.preview) {
          await this.view.shown();
          rested = !this.#isAgain() && await this.#preview.rested();
        }
      } catch (error) {
        if (error instanceof Refused && !this.#loses(error, draft)) {
          this.#network = { error, about: "network", arch: draft.arch, slice: draft.slice };
          this.#cover(error);
          this.#events.said(this);
          if (this.field === null && !this.#isAgain()) await this.#stand(error);
        }
      }
    } while (rested || this.#isAgain());
    this.#opening = false;
  }

  /** Of an address one bad key loses that key alone: asks again without it. False where another is at fault. */
  #loses(error: Refused, draft: PaneState): boolean {
    const key = draft === this.draft && draft === this.#written ? KEYS.find((one) => one === error.key) : undefined;
    if (key === undefined || key === "arch") return false;
    this.#events.lost(error.message);
    this.draft = this.#written = { ...draft, [key]: DEFAULTS[key] };
    this.#again = true;
    return true;
  }

  /** The next pictures are of this network. */
  #shows({ preview, pace }: FieldReply): void {
    // no number is of a preview
    if (preview) this.#pointed.hide();
    this.#preview.badge.hidden = !preview;
    this.element.classList.toggle("previewing", preview);
    // a preview's pace is that of few pixels: the one that was found while drawing is better
    if (!preview) this.view.expect(1000 * pace);
    this.view.preview = preview;
    this.view.refresh(true);
  }

  /** The picture is of another network than the one that is asked for: it says so, and leads on. */
  #cover(why: Refused): void {
    // of a text that is being typed the fault is shown in the text itself
    if (this.field === null || why.position !== null) return;
    const { state } = this;
    const { fits } = why;
    this.#veil.cover(why.message, [
      ...(fits === null ? [] : [[SAID.pane.show(fits), () => { this.#events.mended(this, { arch: fits }); }] as const]),
      [SAID.pane.back(told(state, null).name), () => { this.#events.mended(this, state); }],
    ]);
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
      this.#cover(why);
      this.#source.set(state, field);
      this.#decided.forget(this.view);
      this.#settle();
      this.view.refresh(true);
      this.#events.stood(this);
    } catch {
      // then there is no picture, and the error says why
    }
  }

  /** Never a blank page: where nothing was drawn yet and the view is refused, the whole plane. */
  #home(why: Refused): void {
    const home = cameraOf(this.field?.facts.home ?? DEFAULTS);
    if (same(home, this.view.camera)) return;
    this.#stands(home);
    this.#source.set(this.state, null);
    this.view.look(home);
    this.#ending.say(SAID.pane.all(why.message), home);
    this.#events.stood(this);
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

  /** What follows of the network and of how it is shown: which way is up, the legend, the data's points. */
  #settle(): void {
    const { field, state } = this;
    if (field === null) return;
    this.view.settle(cameraOf(field.facts.home), state.grows === "auto" ? field.up : state.grows === "up");
    this.view.axes = field.axes.length === 0 ? null : field.axes;
    this.view.marks = state.marks ? (field.slice?.marks ?? []) : [];
    if (this.#decided.settle(this.view, field)) void this.#quietly(() => this.#decided.drawPoints(this.view, field));
  }

  /** Whether decision regions are shown. */
  get decides(): boolean {
    return this.#decided.shown;
  }

  /** What is said of the cells in the frame. */
  get cells(): string {
    const { state, field } = this;
    // whatever it will be has its place from the start: else the picture would change its size
    const ahead = field?.piecewise_linear === true ? SAID.cells.awaited : SAID.cells.none;
    return this.#cells.text === "" && state.cells && field?.preview === false ? ahead : this.#cells.text;
  }

  /** What must be said of the data's points. */
  get note(): string {
    return this.#decided.note;
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
