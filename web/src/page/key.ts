// What a picture of one channel shows, in words, and which colour is which value.
import type { Scale } from "../view/source.ts";
import { el } from "./dom.ts";
import { number } from "./quantities.ts";
import { SAID } from "../words/index.ts";

export class Key {
  readonly element = el("div", { class: "legend key", hidden: true });

  /** `what` the channel is, "layer 4, unit 4 of 10"; no scale where three channels are shown. */
  show(what: string, scale: Scale | null): void {
    this.element.hidden = scale === null;
    if (scale === null) return;
    const bar = el("span", { class: "colours", aria: { role: "img", label: SAID.key.label(end(scale, scale.low, SAID.key.low), end(scale, scale.high, SAID.key.high)) } });
    bar.style.setProperty("--colours", scale.colours.join(", "));
    this.element.replaceChildren(
      el("p", { class: "what" }, what),
      bar,
      el("p", { class: "ends" }, el("span", {}, end(scale, scale.low, SAID.key.low)), el("span", {}, end(scale, scale.high, SAID.key.high))),
      ...(scale.centre === null || scale.low === null ? [] : [el("p", { class: "soft" }, SAID.key.from(number(scale.centre)))]),
    );
  }
}

/** One end in numbers: of a deep view what it adds to the value at the centre. */
function end({ centre }: Scale, value: number | null, name: string): string {
  if (value === null) return name;
  const text = number(value);
  return centre !== null && value >= 0 ? `+${text}` : text;
}
