// Measures as text to read and to copy: the value, where it lies between a plain ramp and white noise, what it means.
import type { Link } from "../link.ts";
import type { MeasureData } from "../server.ts";
import { byId, el, keepFocus } from "./dom.ts";
import { shown } from "./facts.ts";
import type { Pane } from "./pane.ts";
import { number } from "./quantities.ts";
import { SAID } from "../words/index.ts";

// a line is of ratios where its ends are further apart than this
const RATIOS = 30;

const { title } = SAID.measures;

/** The list in the panel, of what was measured of a pane; while nothing was it stays as it is. */
export function fillMeasures({ state, field, taken: { measures, pending, measured } }: Pane, where: Link["more"], beside: (one: MeasureData) => HTMLElement | null): void {
  if (measures === null) return;
  keepFocus(byId("measures"), () => measureList(measures, pending, where, beside));
  byId("measured").textContent = SAID.measures.of(state.show.startsWith("layer:") ? shown(state, field) : "", measured);
}

/** The whole list; `pending` are the names of those to come. */
function measureList(measures: readonly MeasureData[], pending: readonly string[], where: Link["more"], beside: (one: MeasureData) => HTMLElement | null): HTMLElement {
  return el("dl", { class: "measures" }, ...measures.map((one) => entry(one, where(one.name), beside(one))), ...pending.map(awaited));
}

function awaited(name: string): HTMLElement {
  return el("div", { class: "measure awaited", data: { measure: name } }, el("dt", {}, title(name)), el("dd", { class: "value soft" }, SAID.measures.awaited));
}

function entry(one: MeasureData, where: ReturnType<Link["more"]>, beside: HTMLElement | null): HTMLElement {
  const value =
    one.value === null
      ? el("span", { class: "soft" }, "\u2013")
      : el("span", {}, el("b", {}, number(one.value)));
  const blurred = one.resolved === false ? blurredMark() : null;
  return el(
    "div",
    { class: "measure", data: { measure: one.name } },
    el("dt", {}, title(one.name)),
    el("dd", { class: "value" }, blurred, value),
    el(
      "dd",
      { class: "about" },
      bar(one),
      el(
        "p",
        {},
        one.value !== null && one.unit !== "" && el("span", { class: "unit" }, SAID.measures.unit(one.unit)),
        one.value === null ? SAID.measures.absent(one.reason) : SAID.measures.meaning(one.meaning),
        one.value !== null && one.note !== "" && el("b", { class: "note" }, SAID.measures.note(one.note)),
        where !== null && more(title(one.name), where),
      ),
      beside,
    ),
  );
}

/** What is set beside a value that half the resolution does not give again; `why` is its title. */
export function blurredMark(why: string = SAID.measures.why): HTMLElement {
  return el("span", { class: "tag", title: why }, SAID.measures.blurred);
}

function more(name: string, { href, source }: NonNullable<ReturnType<Link["more"]>>): HTMLElement {
  const label = source === null ? SAID.measures.moreOn(name) : SAID.measures.sourceOf(name, source);
  return el("a", { href, target: "_blank", rel: "noopener", title: source === null ? "" : label, aria: { label } }, source === null ? SAID.measures.more : SAID.measures.source);
}

/** A line from a plain ramp's value to white noise's, with the value on it: in ratios where they are far apart. What lies
 * beyond one of them is an arrow at that end. */
function bar(one: MeasureData): HTMLElement | null {
  const { value, ramp, noise } = one;
  if (value === null || ramp === null || noise === null || ramp === noise) return null;
  const even = Math.min(ramp, noise) > 0 && Math.max(ramp, noise) / Math.min(ramp, noise) > RATIOS;
  // what has no logarithm is below both
  const share = even ? Math.log(Math.max(value, 0) / ramp) / Math.log(noise / ramp) : (value - ramp) / (noise - ramp);
  const beyond = share < 0 ? "ramp" : share > 1 ? "noise" : null;
  const words = SAID.measures.bar(number(value), number(ramp), number(noise), { ratios: even, beyond });
  const mark = el("span", { class: "mark" });
  if (beyond !== null) mark.classList.add("beyond", beyond);
  mark.style.setProperty("--at", `${100 * Math.max(0, Math.min(1, share))}%`);
  return el(
    "span",
    { class: "bar", aria: { role: "img", label: words }, title: words },
    el("span", { class: "track" }, mark),
    el("span", { class: "references" }, el("span", {}, SAID.measures.ramp(number(ramp))), el("span", {}, SAID.measures.noise(number(noise)))),
  );
}

/** A short table under a pane of these `lines`; `difference` says how it differs from the first pane, null of that one. */
export function measureTable(lines: readonly string[], measures: readonly MeasureData[], difference: ((name: string) => HTMLElement) | null): HTMLElement {
  const rows = lines.map((name) => {
    const one = measures.find((each) => each.name === name);
    const value = one?.value ?? null;
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, title(name)),
      el("td", {}, value !== null && one?.resolved === false && blurredMark(), value !== null ? number(value) : one === undefined ? "\u2026" : "\u2013"),
      el("td", { class: "difference" }, difference === null || value === null ? "" : difference(name)),
    );
  });
  return el("table", { class: "short" }, el("tbody", {}, ...rows));
}
