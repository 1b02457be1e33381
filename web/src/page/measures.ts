// Measures as text to read and to copy: the value, where it lies between a plain ramp and white noise, what it means.
import type { MeasureData } from "../server.ts";
import { el, number } from "./dom.ts";

// a line is of ratios where its ends are further apart than this; a reference's text takes up to this share of it, in percent
const RATIOS = 30, ROOM = 45;

function title(name: string): string {
  const words = name.replace(/_/g, " ").replace(/^lz/, "LZ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The whole list, for the panel; `pending` are the names of those to come. */
export function measureList(measures: readonly MeasureData[], pending: readonly string[]): HTMLElement {
  return el("dl", { class: "measures" }, ...measures.map(entry), ...pending.map(awaited));
}

function awaited(name: string): HTMLElement {
  return el("div", { class: "measure awaited", data: { measure: name } }, el("dt", {}, title(name)), el("dd", { class: "value soft" }, "measuring \u2026"));
}

function entry(one: MeasureData): HTMLElement {
  const value =
    one.value === null
      ? el("span", { class: "soft" }, "\u2013")
      : el("span", {}, el("b", {}, number(one.value)));
  const blurred = one.resolved === false ? el("span", { class: "tag", title: "At half the resolution it comes out more than a tenth different" }, "not resolved") : null;
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
        one.value !== null && one.unit !== "" && el("span", { class: "unit" }, `${one.unit}. `),
        one.value === null ? `Not here: ${one.reason}. ` : `${one.meaning} `,
        one.value !== null && one.note !== "" && el("b", { class: "note" }, `${one.note.charAt(0).toUpperCase()}${one.note.slice(1)}. `),
        more(one.name),
      ),
    ),
  );
}

function more(name: string): HTMLElement {
  return el("a", { href: `/measures#${name}`, target: "_blank", rel: "noopener", aria: { label: `more on ${title(name)}: formula and source` } }, "more");
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
  const texts: [number, string][] = [[place(ramp), `ramp ${number(ramp)}`], [place(noise), `noise ${number(noise)}`]];
  const [[first, left], [last, right]] = (ramp < noise ? texts : texts.reverse()) as [[number, string], [number, string]];
  // where one would cover the other they share a place
  const labels = last - first < ROOM
    ? [at("reference", (first + last) / 2, `${left} \u00b7 ${right}`)]
    : [at("reference", first, left), at("reference", last, right)];
  const words = `${number(value)}; a plain ramp has ${number(ramp)}, white noise ${number(noise)}${even ? "; in ratios" : ""}`;
  return el(
    "span",
    { class: "bar", aria: { role: "img", label: words }, title: words },
    el("span", { class: "track" }, at("tick", first), at("tick", last), at("mark", place(value))),
    el("span", { class: "references" }, ...labels),
  );
}

/** A short table under a pane; `base` is the first pane's, against which the difference is marked. */
export function measureTable(measures: readonly MeasureData[], base: readonly MeasureData[] | null): HTMLElement {
  const rows = measures.flatMap((one) => {
    if (one.shown === "list" || one.value === null) return [];
    const other = base?.find((each) => each.name === one.name)?.value ?? null;
    return [
      el(
        "tr",
        {},
        el("th", { scope: "row" }, title(one.name)),
        el("td", {}, number(one.value)),
        el("td", { class: "difference" }, base === null ? "" : difference(one.value, other)),
      ),
    ];
  });
  return el("table", { class: "short" }, el("tbody", {}, ...rows));
}

function difference(value: number, other: number | null): string {
  if (other === null) return "";
  if (value === other) return "= A";
  const up = value > other;
  const much = other !== 0 && value / other > 0 ? `${number(Number((up ? value / other : other / value).toPrecision(3)))}\u00d7` : number(Math.abs(value - other));
  return `${up ? "\u25b2" : "\u25bc"} ${much}${other !== 0 && value / other > 0 ? (up ? " A" : " less than A") : " from A"}`;
}
