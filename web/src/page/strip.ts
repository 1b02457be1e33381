// A look inside: every layer's channels as thumbnails; one that is pressed becomes the picture.
import type { Reply } from "../protocol.ts";
import { el } from "./dom.ts";
import { channelOf } from "./facts.ts";
import { painted } from "./source.ts";
import { SAID } from "../words/index.ts";

/** What the button of the output says: all of it, or the one that a map shows. */
export interface Whole {
  label: string;
  text: string;
}

// a thumbnail's side on the page, and what it is asked for in at least and at most
const [SIDE, LEAST, MOST] = [48, 64, 128];

/** How many pixels a thumbnail has on this screen. */
export function thumbSize(): number {
  return Math.max(LEAST, Math.min(MOST, Math.ceil(SIDE * devicePixelRatio)));
}

export function fillStrip(host: HTMLElement, reply: Reply<"strip">, { show, whole }: { show: string; whole: Whole }, choose: (show: string) => void): void {
  const side = reply.size;
  const thumb = 4 * side * side;
  let at = 0;
  const button = (name: string, label: string, picture: HTMLElement | string): HTMLButtonElement =>
    el(
      "button",
      { type: "button", class: "thumb", title: label, aria: { label, pressed: String(name === show) }, data: { show: name }, on: { click: () => { choose(name); } } },
      picture,
    );
  const layers = reply.layers.map((layer, i) => {
    const thumbs = Array.from({ length: layer.shown }, (_, channel) => {
      const picture = painted(reply.bytes.subarray(at, at + thumb), side, side);
      at += thumb;
      return button(`layer:${i + 1}:channel:${channel}`, channelOf(i + 1, channel, layer.channels), picture);
    });
    const rest = layer.channels - layer.shown;
    return el(
      "div",
      { class: "layer", aria: { role: "group", label: SAID.strip.layer(i + 1, layer.name) } },
      el("span", { class: "layer-name" }, el("b", {}, String(i + 1)), ` ${layer.name}`, rest > 0 && SAID.strip.rest(rest)),
      el("div", { class: "thumbs" }, ...thumbs),
    );
  });
  const output = el(
    "div",
    { class: "layer" },
    el("span", { class: "layer-name" }, el("b", {}, SAID.strip.output)),
    el("div", { class: "thumbs" }, button("output", whole.label, el("span", { class: "whole" }, whole.text))),
  );
  const left = host.scrollLeft;
  const held = host.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["show"] : undefined;
  host.replaceChildren(output, ...layers);
  host.scrollLeft = left;
  markStrip(host, { show, whole });
  if (held !== undefined) keepFocus(host, held);
  host.onkeydown = (event) => { walk(host, event); };
}

/** New thumbnails come whenever the view does: who walks among them by keys stays where they were, or on the output. */
function keepFocus(host: HTMLElement, held: string): void {
  const all = [...host.querySelectorAll<HTMLElement>("[data-show]")];
  const here = all.find((one) => one.dataset["show"] === held) ?? all[0];
  for (const one of all) one.tabIndex = one === here ? 0 : -1;
  here?.focus({ preventScroll: true });
}

/** One stop of the Tab key for all of them, however many there are; arrows go from one to the next. */
function walk(host: HTMLElement, event: KeyboardEvent): void {
  const all = [...host.querySelectorAll<HTMLElement>("[data-show]")];
  const here = all.findIndex((one) => one === document.activeElement);
  const steps: Record<string, number> = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 };
  const next = Object.hasOwn(steps, event.key) ? all[steps[event.key] ?? here] : undefined;
  if (here < 0 || next === undefined) return;
  event.preventDefault();
  for (const one of all) one.tabIndex = one === next ? 0 : -1;
  next.focus();
}

export function markStrip(host: HTMLElement, { show, whole }: { show: string; whole: Whole }): void {
  const output = host.querySelector<HTMLElement>("[data-show=output]");
  if (output !== null) {
    output.title = whole.label;
    output.setAttribute("aria-label", whole.label);
    output.replaceChildren(el("span", { class: "whole" }, whole.text));
  }
  const all = [...host.querySelectorAll<HTMLElement>("[data-show]")];
  // while decision regions are shown none is chosen, and the first is the way in
  const stop = all.find((button) => button.dataset["show"] === show) ?? all[0];
  for (const button of all) {
    button.setAttribute("aria-pressed", String(button.dataset["show"] === show));
    button.tabIndex = button === stop ? 0 : -1;
  }
}
