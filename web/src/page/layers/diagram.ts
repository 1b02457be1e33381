// The network as a diagram: a column a layer, in it a small picture of each unit, and along its edges the two numbers
// that it is made of. What is pressed becomes the picture.
import type { Reply } from "../../protocol.ts";
import type { FieldReply, ShownLayer } from "../../server.ts";
import { showOf } from "../../state.ts";
import { byId, el, rove } from "../dom.ts";
import { channelOf } from "../facts.ts";
import type { Slider } from "../form.ts";
import { playButton } from "../motion/button.ts";
import { painted } from "../source.ts";
import { SAID } from "../../words/index.ts";
import { laidOut } from "./room.ts";

/** What the button of the output says: all of it, or the one that a map shows. */
export interface Whole {
  label: string;
  text: string;
}

export interface Chosen {
  /** a unit is pressed: its layer from 1, its channel from 0, as in addresses */
  unit(layer: number, channel: number): void;
  output(): void;
}

export interface Diagram {
  readonly element: HTMLElement;
  /** the layers of a network that was opened; its pictures follow, those of the one before are faint until then */
  layers(field: FieldReply): void;
  fill(reply: Reply<"strip">): void;
  /** instead of pictures: why there are none */
  refuse(message: string): void;
  /** what is on the stage */
  mark(show: string, whole: Whole): void;
  upwards(up: boolean): void;
}

// pixels of the strip at both its ends
const PADDING = 6;
// what a file calls its layers says no more than their number
const NUMBERED = /^\d+$/;
// a column so many pixels wide has room for its layer's name
const NAMED = 72;
// thumbnails of one strip at most: what the answer to "strip" has of the channels
const STRIP = 512;
// a thumbnail's side on the page at most, and what it is asked for in at least and at most
const [SIDE, LEAST, MOST] = [44, 64, 128];

/** How many pixels a thumbnail has on this screen. */
export function thumbSize(): number {
  return Math.max(LEAST, Math.min(MOST, Math.ceil(SIDE * devicePixelRatio)));
}

export function diagram(depth: Slider, width: Slider, chosen: Chosen): Diagram {
  const host = el("div", { id: "strip", class: "strip", aria: { role: "group", label: SAID.strip.label }, data: { control: "strip" } });
  const told = el("p", { class: "told soft", aria: { hidden: "true" } });
  const handle = (name: "depth" | "width", label: string, one: Slider): HTMLElement =>
    el("div", { class: `handle of-${name}`, data: { control: name } }, el("label", { htmlFor: name }, label), one.range, one.output, playButton(name));
  const element = el(
    "div",
    { class: "diagram" },
    handle("width", SAID.controls.width, width),
    host,
    handle("depth", SAID.controls.depth, depth),
    told,
    // what is said of the unit that was pressed
    byId("unit"),
  );
  let shape: readonly ShownLayer[] = [];
  let columns: readonly HTMLElement[] = [];
  let [show, whole]: [string, Whole] = ["output", SAID.facts.whole];

  const press = (name: string): void => {
    const [, layer, , channel] = name.split(":");
    if (layer === undefined) chosen.output();
    else chosen.unit(Number(layer), Number(channel ?? 0));
  };
  const button = (name: string, label: string, picture: HTMLElement | null): HTMLButtonElement =>
    el("button", { type: "button", class: "thumb", tabIndex: -1, title: label, aria: { label, pressed: "false" }, data: { show: name }, on: { click: () => { press(name); } } }, picture);
  const column = (layer: ShownLayer, number: number): HTMLElement => {
    const rest = layer.channels - layer.shown;
    const label = SAID.strip.layer(number, layer.name);
    const name = el("span", { class: "layer-name", title: label }, el("b", {}, String(number)), !NUMBERED.test(layer.name) && el("span", { class: "kind" }, ` ${layer.name}`));
    // by keys the first of its units is there
    name.addEventListener("click", () => { chosen.unit(number, 0); });
    const thumbs = Array.from({ length: layer.shown }, (_, channel) => button(showOf(number, channel), channelOf(number, channel, layer.channels), null));
    return el("div", { class: "layer", aria: { role: "group", label } }, name, el("div", { class: "thumbs" }, ...thumbs), rest > 0 && el("span", { class: "rest" }, SAID.strip.rest(rest)));
  };
  const last = el(
    "div",
    { class: "layer last" },
    el("span", { class: "layer-name" }, el("b", {}, SAID.strip.out)),
    el("div", { class: "thumbs" }, button("output", "", el("span", { class: "whole" }))),
  );
  /** The columns of other layers; those that are as they were stay, for a depth that plays changes one at a time. */
  const build = (next: readonly ShownLayer[]): void => {
    const left = host.scrollLeft;
    const held = host.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["show"] : undefined;
    const before = pictures();
    columns = next.map((layer, i) => {
      const [old, known] = [shape[i], columns[i]];
      if (known !== undefined && old !== undefined && JSON.stringify(old) === JSON.stringify(layer)) return known;
      const made = column(layer, i + 1);
      for (const one of made.querySelectorAll<HTMLElement>("[data-show]")) one.append(before.get(one.dataset["show"] ?? "") ?? "");
      return made;
    });
    shape = next;
    place();
    fit();
    host.scrollLeft = left;
    mark();
    if (held !== undefined) keepFocus(host, held);
  };
  /** Puts the columns in, moving none that is there: what has the focus would lose it. */
  const place = (): void => {
    const all = [...columns, last];
    for (const one of [...host.children]) if (!all.includes(one as HTMLElement)) one.remove();
    all.forEach((one, i) => { if (host.children[i] !== one) host.insertBefore(one, host.children[i] ?? null); });
  };
  const pictures = (): Map<string, HTMLElement> => {
    const found = new Map<string, HTMLElement>();
    for (const one of host.querySelectorAll<HTMLElement>("[data-show] canvas")) found.set(one.parentElement?.dataset["show"] ?? "", one);
    return found;
  };
  const fit = (): void => {
    if (host.clientWidth === 0) return;
    const { side, rows } = laidOut(shape.map((one) => one.shown), host.clientWidth - PADDING, matchMedia("(max-width: 46rem), (pointer: coarse)").matches);
    host.style.setProperty("--side", `${side}px`);
    columns.forEach((one, i) => {
      const count = Math.max(1, shape[i]?.shown ?? 1);
      const columns = Math.ceil(count / rows);
      one.style.setProperty("--rows", String(Math.ceil(count / columns)));
      one.classList.toggle("narrow", columns * side < NAMED);
    });
    further();
  };
  // where columns are hidden behind the last one, it says that more follow
  const further = (): void => { host.classList.toggle("further", host.scrollLeft + host.clientWidth < host.scrollWidth - 1); };
  const mark = (): void => {
    const output = last.querySelector<HTMLElement>("[data-show=output]");
    if (output !== null && (output.title !== whole.label || output.textContent !== whole.text)) {
      output.title = whole.label;
      output.setAttribute("aria-label", whole.label);
      output.replaceChildren(el("span", { class: "whole" }, whole.text));
    }
    const here = unitOf(show);
    for (const one of host.querySelectorAll('[aria-pressed="true"]')) if (one !== here) one.setAttribute("aria-pressed", "false");
    here?.setAttribute("aria-pressed", "true");
    // while decision regions are shown none is chosen, and the last is the way in
    const stop = here ?? output;
    for (const one of host.querySelectorAll<HTMLElement>('[data-show][tabindex="0"]')) if (one !== stop) one.tabIndex = -1;
    if (stop !== null) stop.tabIndex = 0;
    tell(null);
  };
  const unitOf = (name: string): HTMLElement | null => host.querySelector<HTMLElement>(`[data-show="${CSS.escape(name)}"]`);
  /** What is under the pointer or has the focus, else what is on the stage. */
  const tell = (one: HTMLElement | null): void => {
    const name = one?.dataset["show"] ?? show;
    const layer = shape[Number(name.split(":")[1] ?? 0) - 1];
    const unit = unitOf(name);
    told.textContent = unit === null ? "" : layer === undefined ? whole.label : NUMBERED.test(layer.name) ? unit.title : SAID.strip.told(layer.name, unit.title);
  };
  host.addEventListener("pointerover", (event) => { tell((event.target as HTMLElement).closest<HTMLElement>("[data-show]")); });
  host.addEventListener("pointerleave", () => { tell(null); });
  host.addEventListener("focusin", (event) => { tell((event.target as HTMLElement).closest<HTMLElement>("[data-show]")); });
  host.onkeydown = (event) => { walk(host, event); };
  host.addEventListener("scroll", further, { passive: true });
  new ResizeObserver(fit).observe(host);

  return {
    element,
    layers: ({ layers }) => {
      const most = Math.max(1, Math.floor(STRIP / Math.max(1, layers.length)));
      const next = layers.map((one) => ({ ...one, shown: Math.min(most, one.channels) }));
      host.classList.add("awaited");
      if (JSON.stringify(next) !== JSON.stringify(shape)) build(next);
    },
    fill: (reply) => {
      build(reply.layers);
      const thumb = 4 * reply.size * reply.size;
      // of every unit in turn
      columns.flatMap((one) => [...one.querySelectorAll("[data-show]")]).forEach((unit, n) => {
        unit.replaceChildren(painted(reply.bytes.subarray(n * thumb, (n + 1) * thumb), reply.size, reply.size));
      });
      host.classList.remove("awaited");
    },
    refuse: (message) => {
      [shape, columns] = [[], []];
      host.classList.remove("awaited");
      host.replaceChildren(el("p", { class: "soft" }, message));
    },
    mark: (now, said) => {
      [show, whole] = [now, said];
      mark();
    },
    upwards: (up) => { host.classList.toggle("upwards", up); },
  };
}

/** New thumbnails come whenever the view does: who walks among them by keys stays where they were, or on the output. */
function keepFocus(host: HTMLElement, held: string): void {
  const all = [...host.querySelectorAll<HTMLElement>("[data-show]")];
  const here = all.find((one) => one.dataset["show"] === held) ?? all[all.length - 1];
  rove(all, here, { preventScroll: true });
}

/** One stop of the Tab key for all of them, however many there are; arrows go from unit to unit of a layer, and to the
 * same unit of the next layer. */
function walk(host: HTMLElement, event: KeyboardEvent): void {
  const columns = [...host.querySelectorAll<HTMLElement>(".layer")].map((one) => [...one.querySelectorAll<HTMLElement>("[data-show]")]);
  const all = columns.flat();
  const here = all.findIndex((one) => one === document.activeElement);
  const column = columns.findIndex((one) => one.includes(all[here] as HTMLElement));
  const row = columns[column]?.findIndex((one) => one === all[here]) ?? 0;
  const beside = (by: number): HTMLElement | undefined => columns[column + by]?.[Math.min(row, (columns[column + by]?.length ?? 1) - 1)];
  const steps: Record<string, HTMLElement | undefined> = {
    ArrowDown: all[here + 1], ArrowUp: all[here - 1], ArrowRight: beside(1), ArrowLeft: beside(-1), Home: all[0], End: all[all.length - 1],
  };
  if (here < 0 || !Object.hasOwn(steps, event.key)) return;
  event.preventDefault();
  const next = steps[event.key];
  if (next !== undefined) rove(all, next);
}
