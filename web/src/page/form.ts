// What forms are made of: rows with a name, menus, buttons with a drawing, sliders.
import { el, icon } from "./dom.ts";
import { number } from "./quantities.ts";
import { type Playable, playButton } from "./motion/button.ts";
import { SAID } from "../words/index.ts";

export function twice(text: string): readonly [string, string] {
  return [text, text];
}

export function group(title: string, ...rows: HTMLElement[]): HTMLElement {
  return el("fieldset", {}, el("legend", {}, title), ...rows);
}

export function row(name: string, label: string, control: HTMLElement): HTMLElement {
  return el("div", { class: "row", data: { control: name } }, el("label", { htmlFor: name }, label), control);
}

export function menu(id: string, options: readonly (readonly [string, string])[], changed: (value: string) => void): HTMLSelectElement {
  const made = el("select", { id }, ...options.map(([value, text]) => el("option", { value }, text)));
  made.addEventListener("change", () => { changed(made.value); });
  return made;
}

/** Selects a value, which may be one that was typed and is not on the list; `called` stands for such a one, unless that
 * is the value itself. */
export function choose(select: HTMLSelectElement, value: string, called = value): void {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(el("option", { value }, called.length > 30 ? `${called.slice(0, 29)}\u2026` : called));
  }
  select.value = value;
}

export function button(label: string, path: string, press: () => void): HTMLButtonElement {
  return el("button", { type: "button", class: "quiet", title: label, aria: { label }, on: { click: press } }, icon(path));
}

export interface Slider {
  readonly range: HTMLInputElement;
  readonly output: HTMLOutputElement;
  row(label: string): HTMLElement;
  /** `most`: what lies beyond is not taken */
  show(value: number | null, why: string, most?: number | null): void;
}

export function slider(name: Playable, min: number, max: number, step: number, changed: (value: number, ended: boolean) => void, spoken: ((value: number) => string) | null = null): Slider {
  const range = el("input", { id: name, type: "range", min: String(min), max: String(max), step: String(step) });
  const output = el("output", {});
  output.setAttribute("for", name);
  const fill = (): void => {
    range.style.setProperty("--fill", `${(100 * (Number(range.value) - Number(range.min))) / (Number(range.max) - Number(range.min))}%`);
    output.textContent = number(Number(range.value));
    if (spoken !== null) range.setAttribute("aria-valuetext", spoken(Number(range.value)));
  };
  range.addEventListener("input", () => {
    fill();
    changed(Number(range.value), false);
  });
  range.addEventListener("change", () => { changed(Number(range.value), true); });
  range.addEventListener("keydown", (event) => {
    const by = event.key === "+" || event.key === "=" ? 1 : event.key === "-" || event.key === "_" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    if (by > 0) range.stepUp();
    else range.stepDown();
    fill();
    changed(Number(range.value), true);
  });
  return {
    range,
    output,
    row: (label) => el("div", { class: "row", data: { control: name } }, el("label", { htmlFor: name }, label), el("div", { class: "slide" }, range, output, playButton(name))),
    show: (value, why, most = null) => {
      range.disabled = value === null;
      const limited = value !== null && most !== null && most < Number(range.max);
      range.classList.toggle("limited", limited);
      if (limited) range.style.setProperty("--most", String(Math.max(0, (most - Number(range.min)) / (Number(range.max) - Number(range.min)))));
      range.title = value === null ? why : limited ? SAID.controls.most(most) : "";
      if (value === null) {
        output.textContent = "\u2013";
        return;
      }
      if (value > Number(range.max)) range.max = String(value);
      if (value < Number(range.min)) range.min = String(value);
      range.value = String(value);
      fill();
      // what plays has finer steps
      output.textContent = number(value);
    },
  };
}
