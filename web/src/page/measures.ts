// Measures as text to read and to copy: the value, where it lies between a plain ramp and white noise, what it means.
import type { Link } from "../link.ts";
import type { MeasureData } from "../server.ts";
import { el, number } from "./dom.ts";
import { SAID } from "../words/index.ts";

// a line is of ratios where its ends are further apart than this; a reference's text takes up to this share of it, in percent
const RATIOS = 30, ROOM = 45;

const { title } = SAID.measures;

/** The whole list, for the panel; `pending` are the names of those to come. */
export function measureList(measures: readonly MeasureData[], pending: readonly string[], where: Link["more"], beside: (one: MeasureData) => HTMLElement | null): HTMLElement {
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
  const blurred = one.resolved === false ? el("span", { class: "tag", title: SAID.measures.why }, SAID.measures.blurred) : null;
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

function more(name: string, { href, source }: NonNullable<ReturnType<Link["more"]>>): HTMLElement {
  const label = source === null ? SAID.measures.moreOn(name) : SAID.measures.sourceOf(name, source);
  return el("a", { href, target: "_blank", rel: "noopener", title: source === null ? "" : label, aria: { label } }, source === null ? SAID.measures.more : SAID.measures.source);
}

/** A line that holds the value, a plain ramp's and white noise's, which are references and not its ends; on a scale of ratios where they are far apart. */
function bar(one: MeasureData): HTMLElement | null {
  const { value, ramp, noise } = one;
  if (value === null || ramp === null || noise === null || ramp === noise) return null;
  const [low, high] = [Math.min(value, ramp, noise), Math.max(value, ramp, noise)];
  const even = low > 0 && high / low > RATIOS;
  const place = (x: number): number => 100 * (even ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low));
  const at = (kind: string, percent: number, text = ""): HTMLElement => {
    const found = el("span", { class: kind }, text);
    found.style.setProperty("--at", `${percent}%`);
    return found;
  };
  const texts: [number, string][] = [[place(ramp), SAID.measures.ramp(number(ramp))], [place(noise), SAID.measures.noise(number(noise))]];
  const [[first, left], [last, right]] = (ramp < noise ? texts : texts.reverse()) as [[number, string], [number, string]];
  // where one would cover the other they share a place
  const labels = last - first < ROOM
    ? [at("reference", (first + last) / 2, `${left} \u00b7 ${right}`)]
    : [at("reference", first, left), at("reference", last, right)];
  const words = SAID.measures.bar(number(value), number(ramp), number(noise), even);
  return el(
    "span",
    { class: "bar", aria: { role: "img", label: words }, title: words },
    el("span", { class: "track" }, at("tick", first), at("tick", last), at("mark", place(value))),
    el("span", { class: "references" }, ...labels),
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
      el("td", {}, value !== null ? number(value) : one === undefined ? "\u2026" : "\u2013"),
      el("td", { class: "difference" }, difference === null || value === null ? "" : difference(name)),
    );
  });
  return el("table", { class: "short" }, el("tbody", {}, ...rows));
}
