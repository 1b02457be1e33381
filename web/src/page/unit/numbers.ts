// The numbers of a unit as rows: what each multiplies, a slider and a field to change it, and a button that puts it back.
import { UNIT } from "../../words/unit.ts";
import { el, icon, ICONS } from "../dom.ts";
import { undo } from "../history.ts";
import { isUndo } from "../keys.ts";
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
  /** a line below the row, until another number is set */
  say(text: string): void;
}

/** `nudge` is called with another number, and whether the hand has let go; with null where it is put back. */
export function row(number: NumberData, label: string, most: number, nudge: ((value: number | null, ended: boolean) => void) | null): Row {
  const id = `unit-${placeText(number)}`;
  const step = most / STEPS;
  const range = el("input", { type: "range", class: "signed", min: String(-most), max: String(most), step: "any", aria: { label: UNIT.slide(label) } });
  const field = el("input", { id, type: "number", step: "any", autocomplete: "off" });
  const back = el("button", { type: "button", class: "quiet", title: UNIT.back(label), aria: { label: UNIT.back(label) } }, icon(ICONS.back));
  const said = el("p", { class: "error", role: "alert", hidden: true });
  const say = (text: string): void => {
    said.textContent = text;
    said.hidden = text === "";
  };
  let now = number.value;
  // the field's text as the page wrote it: what a hand has not changed is no nudge, though it is rounded
  let written = "";
  const isTyped = (): boolean => field.validity.badInput || field.value !== written;
  const write = (text: string): void => {
    if (field.value !== text || field.validity.badInput) field.value = text;
    written = field.value;
  };
  const fill = (value: number): void => {
    now = value;
    const at = 50 * (1 + Math.max(-1, Math.min(1, value / most)));
    range.style.setProperty("--low", `${Math.min(50, at)}%`);
    range.style.setProperty("--high", `${Math.max(50, at)}%`);
  };
  const set = (value: number, ended: boolean): void => {
    fill(value);
    write(String(value));
    say("");
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
    if (!isTyped()) return;
    const value = field.value.trim() === "" ? NaN : Number(field.value);
    if (Number.isFinite(value)) set(value, true);
    else {
      write(written);
      say(UNIT.noNumber(written));
    }
  });
  // what was typed has an undoing of its own until it is a nudge
  field.addEventListener("keydown", (event) => {
    if (!isUndo(event) || isTyped()) return;
    event.preventDefault();
    undo(event.shiftKey);
  });
  back.addEventListener("click", () => { nudge?.(null, true); });
  for (const one of [range, field]) one.disabled = nudge === null;
  const element = el("div", { class: "number-row", role: "group", aria: { label } }, el("label", { htmlFor: id, title: UNIT.place(placeText(number)) }, label), range, field, back, said);
  return {
    element,
    show: (value, changed) => {
      const held = document.activeElement === range && range.matches(":active");
      if (!held) range.value = String(value);
      if (!isTyped()) write(String(changed ? value : Number(value.toPrecision(SHOWN))));
      fill(value);
      element.classList.toggle("changed", changed);
      back.classList.toggle("invisible", !changed);
      back.disabled = !changed;
    },
    say,
  };
}
