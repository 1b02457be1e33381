// Elements in one expression. Texts become text nodes: nothing typed or received is ever read as HTML.

import { SAID } from "../words/index.ts";

type Child = Node | string | null | undefined | false;
type Props<T> = Partial<Omit<T, "style" | "dataset">> & {
  class?: string;
  data?: Record<string, string>;
  aria?: Record<string, string>;
  on?: Record<string, (event: Event) => void>;
};

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const { class: name, data = {}, aria = {}, on = {}, ...own } = props;
  const made = document.createElement(tag);
  Object.assign(made, own);
  if (name !== undefined) made.className = name;
  for (const [key, value] of Object.entries(data)) made.dataset[key] = value;
  for (const [key, value] of Object.entries(aria)) made.setAttribute(key === "role" ? key : `aria-${key}`, value);
  for (const [key, value] of Object.entries(on)) made.addEventListener(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** A line drawing of 20 by 20, in the colour of the text. */
export function icon(path: string): SVGSVGElement {
  return svg("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" }, svg("path", { d: path }));
}

/** An element of a drawing. */
export function svg<K extends keyof SVGElementTagNameMap>(kind: K, attributes: Record<string, string | number>, ...children: (Node | string)[]): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, kind);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** Has the browser keep a file. */
export function keep(file: Blob, name: string): void {
  const href = URL.createObjectURL(file);
  el("a", { href, download: name }).click();
  setTimeout(() => { URL.revokeObjectURL(href); }, 60_000);
}

/** Of all of these one is a stop of the Tab key, and has the focus. */
export function rove(all: readonly HTMLElement[], to: HTMLElement | undefined, options: FocusOptions = {}): void {
  for (const one of all) one.tabIndex = one === to ? 0 : -1;
  to?.focus(options);
}

export const ICONS = {
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  alike: "M4 4h3v3h-3zM13 4h3v3h-3zM8.5 8.5h3v3h-3zM4 13h3v3h-3zM13 13h3v3h-3z",
  home: "M3 10l7-6 7 6M5 9v7h10V9",
  before: "M12 4l-6 6 6 6",
  after: "M8 4l6 6-6 6",
  dice: "M4 4h12v12H4zM7.5 7.5v.01M12.5 7.5v.01M7.5 12.5v.01M12.5 12.5v.01M10 10v.01",
  back: "M4 8h8a4 4 0 0 1 0 8H8M7 4L4 8l3 4",
  close: "M5 5l10 10M15 5L5 15",
};

/** The element of index.html that has this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
}

/** Puts another content into an element; what has the focus and is in the new content too keeps it. */
export function keepFocus(host: HTMLElement, content: () => Node): void {
  const held = host.contains(document.activeElement) ? document.activeElement as HTMLElement : null;
  host.replaceChildren(content());
  if (held?.isConnected === true) held.focus({ preventScroll: true });
}

// what was named of the present address
let named: readonly string[] = [];

/** Names what of an address could not be read, beside what was named before unless it is another address. */
export function leftOut(lost: readonly string[], another = false): void {
  const said = byId("said");
  named = [...(another ? [] : named), ...lost];
  said.hidden = named.length === 0;
  said.textContent = named.length === 0 ? "" : SAID.address.left(named.join("; "));
}

// what waits for the end of a press, in order; null while nothing is pressed
let waiting: (() => void)[] | null = null;
// milliseconds: what is pressed for longer is dragged or held, and is to see what happens
const PRESS = 1000;

/** Begins to look when pressing begins and ends. */
export function watchPresses(): void {
  let timer = 0;
  const end = (): void => {
    clearTimeout(timer);
    const acts = waiting ?? [];
    waiting = null;
    for (const act of acts) act();
  };
  addEventListener("pointerdown", () => {
    waiting ??= [];
    clearTimeout(timer);
    timer = window.setTimeout(end, PRESS);
  }, true);
  // the click follows, and is to land where the press began
  for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, () => { setTimeout(end); }, true);
}

/** Does what may move the page's parts: at once, or once nothing is pressed, so that no press lands beside what it began on. */
export function afterPress(act: () => void): void {
  if (waiting === null) act();
  else waiting.push(act);
}

/** A dialog with a heading and a button that closes it. */
export function dialog(id: string, title: string, ...children: Child[]): HTMLDialogElement {
  const heading = el("h2", { id: `${id}-title`, tabIndex: -1 }, title);
  const made = el(
    "dialog",
    { id, class: "dialog", aria: { labelledby: `${id}-title` } },
    el(
      "header",
      {},
      heading,
      el("button", { type: "button", class: "quiet", aria: { label: SAID.close }, on: { click: () => { made.close(); } } }, icon(ICONS.close)),
    ),
    ...children,
  );
  // a click beside it closes it, as the Escape key does
  let beside = false;
  made.addEventListener("pointerdown", (event) => { beside = event.target === made; });
  made.addEventListener("click", (event) => {
    if (event.target === made && beside) made.close();
  });
  // the browser gives the focus back to what had it; where nothing had, or it is gone, to the picture and not to nothing
  made.addEventListener("close", () => {
    if (document.activeElement !== document.body && !made.contains(document.activeElement)) return;
    const view = document.querySelector<HTMLElement>(".pane.active .view") ?? document.querySelector<HTMLElement>(".pane .view");
    view?.focus({ preventScroll: true });
  });
  document.body.append(made);
  // where the eye goes first the focus is, and no button looks pressed; in a frame it must not be asked for before
  heading.autofocus = true;
  return made;
}

/** Says what is typed into a field, once nothing more comes for `wait` ms, and at its end. Gives what ends it at once. */
export function typed(field: HTMLTextAreaElement, wait: number, say: (text: string, ended: boolean) => void): () => void {
  let typing = 0;
  const tell = (ended: boolean): void => {
    clearTimeout(typing);
    typing = 0;
    say(field.value, ended);
  };
  field.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(() => { tell(false); }, wait);
  });
  field.addEventListener("change", () => { tell(true); });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    tell(true);
  });
  return () => {
    if (typing !== 0) tell(true);
  };
}
