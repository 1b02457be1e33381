// The name of a slider is a button: it plots a measure over the slider's number.
import { byId, el } from "../dom.ts";
import { SLIDERS } from "../../sliders.ts";
import { EVIDENCE } from "../../words/evidence.ts";

/** Puts a button in the place of each slider's label, wherever the panel has it. */
export function nameButtons(open: (over: (typeof SLIDERS)[number]) => void): void {
  for (const over of SLIDERS) {
    const slider = byId(over);
    const label = document.querySelector<HTMLLabelElement>(`label[for="${over}"]`);
    if (label === null) throw new Error(`the panel has no label of ${over}`);
    const text = label.textContent;
    slider.setAttribute("aria-label", text);
    label.replaceWith(el("button", { type: "button", class: "name-of", id: `${over}-name`, title: EVIDENCE.nameOf(text), aria: { haspopup: "dialog", label: EVIDENCE.nameOf(text) }, on: { click: () => { open(over); } } }, text));
  }
}
