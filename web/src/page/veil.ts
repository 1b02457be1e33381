// What lies over the last good picture while another network is asked for and refused: the reason, and the ways on. And
// what is said in a picture at which zooming ends, or that stands in for another view.
import { type Camera, same } from "../camera.ts";
import { el } from "./dom.ts";
import { SAID } from "../words/index.ts";

export interface Veil {
  readonly element: HTMLElement;
  /** `ways` are buttons: what they say, and what they do */
  cover(reason: string, ways: readonly (readonly [string, () => void])[]): void;
  lift(): void;
}

export function veil(): Veil {
  const box = el("div", { class: "reason" });
  const element = el("div", { class: "veil", hidden: true, aria: { role: "group", label: SAID.veil.label } }, box);
  return {
    element,
    cover: (reason, ways) => {
      const buttons = ways.map(([text, act]) => el("button", { type: "button", on: { click: act } }, text));
      box.replaceChildren(el("p", {}, reason), ...(buttons.length === 0 ? [] : [el("p", { class: "ways" }, ...buttons)]));
      element.hidden = false;
    },
    lift: () => { element.hidden = true; },
  };
}

/** A line in a picture, until its view is left. */
export interface Ending {
  readonly element: HTMLElement;
  say(text: string, at: Camera): void;
  again(): void;
  /** the view is now here: elsewhere, and of another network, nothing is said */
  look(at: Camera | null): void;
}

export function ending(): Ending {
  const element = el("p", { class: "ending", hidden: true, aria: { role: "status" } });
  let place: Camera | null = null;
  return {
    element,
    say: (text, at) => {
      element.textContent = text;
      element.hidden = false;
      place = at;
    },
    again: () => { element.hidden = element.textContent === ""; },
    look: (at) => { if (at === null || place === null || !same(at, place)) element.hidden = true; },
  };
}
