// The numbers of a unit as rows: what each multiplies, a slider and a field to change it, and a button that puts it back.
import { UNIT } from "../../words/unit.ts";
import { el, icon, ICONS } from "../dom.ts";
import type { NumberData } from "../../server.ts";
import { rounded } from "./line.ts";
import { placeText } from "./nudges.ts";

/** steps of a slider from 0 to its end, and how many of them an arrow key goes */
const [STEPS, COARSE] = [500, 10];
/** digits of a number that nobody has changed, and of one that a key has */
const [SHOWN, KEPT] = [4, 6];

export interface Row {
  readonly element: HTMLElement;
  show(value: number, changed: boolean): void;
}

/** `nudge` is called with another number, and whether the hand has let go; with null where it is put back. */
export function row(number: NumberData, label: string, most: number, nudge: ((value: number | null, ended: boolean) => void) | null): Row {
  const id = `unit-${placeText(number)}`;
  const step = most / STEPS;
  const range = el("input", { type: "range", class: "signed", min: String(-most), max: String(most), step: "any", aria: { label: UNIT.slide(label) } });
  const field = el("input", { id, type: "number", step: "any", autocomplete: "off" });
  const back = el("button", { type: "button", class: "quiet", title: UNIT.back(label), aria: { label: UNIT.back(label) } }, icon(ICONS.back));
  let now = number.value;
  const fill = (value: number): void => {
    now = value;
    const at = 50 * (1 + Math.max(-1, Math.min(1, value / most)));
    range.style.setProperty("--low", `${Math.min(50, at)}%`);
    range.style.setProperty("--high", `${Math.max(50, at)}%`);
  };
  const set = (value: number, ended: boolean): void => {
    fill(value);
    if (document.activeElement !== field) field.value = String(value);
    nudge?.(value, ended);
  };
  range.addEventListener("input", () => { set(rounded(Number(range.value)), false); });
  range.addEventListener("change", () => { set(rounded(Number(range.value)), true); });
  range.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const next = now + way * step * (event.shiftKey ? 1 : COARSE);
    // no slider holds more than its ends
    range.value = String(next);
    set(Number(next.toPrecision(KEPT)), true);
  });
  field.addEventListener("change", () => {
    const value = Number(field.value);
    if (field.value.trim() !== "" && Number.isFinite(value)) set(value, true);
  });
  back.addEventListener("click", () => { nudge?.(null, true); });
  for (const one of [range, field]) one.disabled = nudge === null;
  const element = el("div", { class: "number-row", role: "group", aria: { label } }, el("label", { htmlFor: id, title: placeText(number) }, label), range, field, back);
  return {
    element,
    show: (value, changed) => {
      const held = document.activeElement === range && range.matches(":active");
      if (!held) range.value = String(value);
      if (document.activeElement !== field) field.value = String(changed ? value : Number(value.toPrecision(SHOWN)));
      fill(value);
      element.classList.toggle("changed", changed);
      back.classList.toggle("invisible", !changed);
      back.disabled = !changed;
    },
  };
}
