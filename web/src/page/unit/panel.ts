// The panel of one unit: what it is, the numbers it is made of, and handles that change them.
import { UNIT } from "../../words/unit.ts";
import type { Link } from "../../link.ts";
import { Refused } from "../../link.ts";
import type { Reply } from "../../protocol.ts";
import { type IncomingData, NETWORK, type NumberData, type PaneState } from "../../server.ts";
import { networkOf, showOf } from "../../state.ts";
import { byId, el, icon, ICONS } from "../dom.ts";
import { Lines } from "./lines.ts";
import { number, round } from "../quantities.ts";
import { changesOf, nudged, type Place, placeText, putBack } from "./nudges.ts";
import { row, type Row } from "./numbers.ts";
import type { Pane } from "../pane.ts";

/** weights that are in view at once */
const FIRST = 8;
/** float32 holds numbers up to some 3e38: what is larger than this is refused for its size */
const HUGE = 1e30;

interface Asks {
  link: Link;
  pane: () => Pane;
  change: (patch: Partial<PaneState>, ended: boolean) => void;
}

interface Chosen {
  readonly pane: Pane;
  readonly layer: number;
  readonly channel: number;
}

export class UnitPanel {
  readonly #asks: Asks;
  readonly #host = byId("unit");
  readonly #lines: Lines;
  #chosen: Chosen | null = null;
  #reply: Reply<"unit"> | null = null;
  // of which network the reply is, and which one is asked about
  #of = "";
  #asked = "";
  #rows: { readonly number: NumberData; readonly row: Row }[] = [];
  // the unit whose rows there are
  #built = "";
  // what a hand set last
  #last: { readonly bred: string; readonly numbers: readonly (readonly [Place, number | null])[] } | null = null;
  // whether somebody has pressed something: what an address opens is not scrolled to
  #opened = false;

  constructor(asks: Asks) {
    this.#asks = asks;
    this.#lines = new Lines({
      unit: () => this.#reply,
      nudge: (numbers, ended) => { this.#nudge(numbers.filter(([place, value]) => value !== this.#set(place)), ended); },
      seeded: () => this.#seeded,
    });
  }

  /** What the active pane shows has changed. */
  read(): void {
    const pane = this.#asks.pane();
    const [, layer, , channel] = pane.state.show.split(":");
    if (layer !== undefined) this.#choose({ pane, layer: Number(layer), channel: Number(channel) });
    else if (this.#chosen !== null && (this.#chosen.pane !== pane || pane.state.show !== "output" || !this.#has(this.#chosen))) this.#choose(null);
    if (this.#chosen === null) {
      this.#opened ||= pane.field !== null;
      return;
    }
    this.#watch();
    this.#fill();
    void this.#ask();
  }

  /** The picture was painted anew, perhaps from elsewhere. */
  painted(pane: Pane): void {
    if (this.#chosen?.pane === pane) this.#lines.place(pane);
  }

  /** Whether what is refused is the number that was set last: then what stood there is put back, and its row says why. */
  refused(pane: Pane): boolean {
    const { draft, state, refusal } = pane;
    const last = this.#last;
    const [place, value] = last?.numbers[0] ?? [];
    if (last === null || place === undefined || value === undefined || value === null || this.#chosen?.pane !== pane || pane.field === null) return false;
    if (refusal?.about !== "network" || draft.bred !== last.bred || state.bred === last.bred || !NETWORK.every((key) => key === "bred" || draft[key] === state[key])) return false;
    this.#last = null;
    this.#asks.change({ bred: state.bred }, true);
    this.#fill();
    const now = this.#set(place) ?? 0;
    const said = Math.abs(value) > HUGE ? UNIT.large(String(value), number(now)) : UNIT.refused(String(value), number(now), refusal.error.message);
    this.#rows.find((one) => placeText(one.number) === placeText(place))?.row.say(said);
    return true;
  }

  /** The number that stands in a place, changed or not. */
  #set(place: Place): number | undefined {
    const text = placeText(place);
    return changesOf(this.#asks.pane().draft).get(text) ?? this.#value(text);
  }

  get #seeded(): boolean {
    return this.#asks.pane().field?.facts.changes.includes("bred") === true;
  }

  #has({ layer, channel }: Chosen): boolean {
    return channel < (this.#asks.pane().field?.layers[layer - 1]?.channels ?? 0);
  }

  #choose(next: Chosen | null): void {
    const before = this.#chosen;
    if (before?.pane === next?.pane && before?.layer === next?.layer && before?.channel === next?.channel) return;
    this.#chosen = next;
    this.#reply = null;
    this.#of = this.#asked = this.#built = "";
    this.#rows = [];
    this.#host.classList.toggle("closed", next === null);
    this.#host.replaceChildren();
    this.#lines.hide();
  }

  /** Asks for the unit's numbers, where they are of another network than those that are shown. */
  async #ask(): Promise<void> {
    const chosen = this.#chosen;
    if (chosen === null || chosen.pane.field === null) return;
    const { layer, channel, pane } = chosen;
    const of = JSON.stringify([layer, channel, pane.field?.preview, networkOf(pane.state)]);
    if (of === this.#asked) return;
    this.#asked = of;
    try {
      const reply = await this.#asks.link.ask("unit", pane.index, { layer, channel });
      if (this.#chosen !== chosen) return;
      this.#reply = reply;
      this.#of = of;
      this.#fill();
      this.#lines.place(pane);
    } catch (error) {
      if (this.#chosen !== chosen) return;
      if (!(error instanceof Refused)) {
        this.#asked = this.#of;
        return;
      }
      this.#reply = null;
      this.#built = "";
      this.#lines.hide();
      this.#host.replaceChildren(this.#head(chosen), el("p", { class: "soft" }, error.message));
    }
  }

  #head({ layer, channel }: Chosen): HTMLElement {
    return el(
      "header",
      {},
      el("h2", { id: "unit-title" }, UNIT.title(layer, number(channel + 1))),
      el("button", { type: "button", class: "quiet", title: UNIT.close, aria: { label: UNIT.close }, on: { click: () => { this.#close(); } } }, icon(ICONS.close)),
    );
  }

  #close(): void {
    const back = this.#chosen?.pane;
    this.#choose(null);
    this.#asks.change({ show: "output" }, true);
    back?.view.element.focus({ preventScroll: true });
  }

  /** The rows of the unit that is chosen, made once; then what they hold. */
  #fill(): void {
    const [reply, chosen] = [this.#reply, this.#chosen];
    if (reply === null || chosen === null) return;
    const key = `${chosen.layer} ${chosen.channel} ${this.#seeded} ${JSON.stringify([...reply.weights, reply.bias, reply.scale, reply.shift].map((one) => one === null ? null : placeText(one)))}`;
    if (key !== this.#built) this.#build(reply, chosen, key);
    const changes = changesOf(this.#asks.pane().draft);
    for (const one of this.#rows) {
      const place = placeText(one.number);
      one.row.show(changes.get(place) ?? this.#value(place) ?? one.number.value, changes.has(place));
    }
    this.#part(".flat")?.classList.toggle("absent", reply.weights.some((one) => one.value !== 0));
    const own = this.#rows.filter((one) => changes.has(placeText(one.number))).length;
    this.#part(".put-unit")?.classList.toggle("absent", own === 0);
    const all = this.#part(".put-all");
    all?.classList.toggle("absent", changes.size === 0 || changes.size === own);
    if (all !== null) all.textContent = UNIT.putAll(changes.size);
    this.#watch();
  }

  #part(selector: string): HTMLElement | null {
    return this.#host.querySelector(selector);
  }

  #value(place: string): number | undefined {
    if (this.#reply === null) return undefined;
    return numbersOf(this.#reply).find((one) => placeText(one) === place)?.value;
  }

  #watch(): void {
    for (const one of this.#host.querySelectorAll<HTMLElement>("[data-watch]")) {
      one.setAttribute("aria-pressed", String((one.dataset["watch"] === "output") === (this.#asks.pane().state.show === "output")));
    }
  }

  #build(reply: Reply<"unit">, chosen: Chosen, key: string): void {
    const first = this.#built === "";
    this.#built = key;
    const { weights, bias, scale, shift } = reply;
    const seeded = this.#seeded;
    const ordered = [...weights].sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
    const most = round(1.5 * Math.max(...weights.map((one) => Math.abs(one.value)), 0.1));
    const rows = ordered.map((one) => this.#row(one, called(one, reply.layer), most, seeded));
    const others = ([["bias", bias], ["scale", scale], ["shift", shift]] as const).flatMap(([name, one]) =>
      one === null ? [] : [this.#row(one, UNIT.others[name], round(1.5 * Math.max(Math.abs(one.value), 2)), seeded)],
    );
    this.#rows = [...rows, ...others];
    const element = (one: { row: Row }): HTMLElement => one.row.element;
    const { layer, channel } = chosen;
    const rest = rows.slice(FIRST);
    this.#host.replaceChildren(
      this.#head(chosen),
      el(
        "div",
        { class: "segments", role: "group", aria: { label: UNIT.watch } },
        watch("unit", UNIT.watched.unit, () => { this.#asks.change({ show: showOf(layer, channel) }, true); }),
        watch("output", UNIT.watched.output, () => { this.#asks.change({ show: "output" }, true); }),
      ),
      el("p", { class: "soft" }, UNIT.made(reply.activation, reply.norm, weights.length)),
      el("div", { class: "numbers" }, ...rows.slice(0, FIRST).map(element)),
      ...(rest.length === 0 ? [] : [el("details", {}, el("summary", {}, UNIT.rest(number(rows.length))), el("div", { class: "numbers" }, ...rest.map(element)))]),
      ...(others.length === 0 ? [] : [el("div", { class: "numbers others" }, ...others.map(element))]),
      el("p", { class: "soft flat absent" }, UNIT.flat),
      ...(seeded ? [] : [el("p", { class: "soft" }, UNIT.fixed)]),
      el(
        "p",
        { class: "onward" },
        el("button", { type: "button", class: "put-unit absent", on: { click: () => { this.#nudge(this.#rows.map((one) => [one.number, null] as const), true); } } }, UNIT.putUnit),
        el("button", { type: "button", class: "put-all absent", on: { click: () => { this.#asks.change({ bred: putBack(this.#asks.pane().draft) }, true); } } }),
      ),
    );
    // below a diagram that is pressed it may be out of sight
    if (first && this.#opened) this.#host.scrollIntoView({ block: "nearest" });
    this.#opened = true;
  }

  #row(of: NumberData, label: string, most: number, seeded: boolean): { number: NumberData; row: Row } {
    return { number: of, row: row(of, label, most, seeded ? (value, ended) => { this.#nudge([[of, value]], ended); } : null) };
  }

  #nudge(numbers: readonly (readonly [Place, number | null])[], ended: boolean): void {
    const bred = nudged(this.#asks.pane().draft, numbers);
    this.#last = { bred, numbers };
    this.#asks.change({ bred }, ended);
    this.#fill();
  }
}

function numbersOf({ weights, bias, scale, shift }: Reply<"unit">): NumberData[] {
  return [...weights, bias, scale, shift].filter((one) => one !== null);
}

/** What a weight multiplies, in the page's words: units are counted from 1. */
function called({ layer, channel, name, tap }: IncomingData, of: number): string {
  const [across = 0, down = 0] = tap;
  return UNIT.incoming(layer > 0 && layer === of - 1 ? null : layer, number(channel + 1), layer === 0 && Object.hasOwn(UNIT.others, name) ? UNIT.input(name) : name, across === 0 && down === 0 ? "" : `${across}, ${down}`.replaceAll("-", "\u2212"));
}

function watch(name: string, text: string, act: () => void): HTMLElement {
  return el("button", { type: "button", data: { watch: name }, on: { click: act } }, text);
}
