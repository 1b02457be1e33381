// Measures as text to read and to copy: the value, where it lies between a plain ramp and white noise, what it means.
import type { Measured } from "../protocol.ts";
import { el, number } from "./dom.ts";

export function title(name: string): string {
  const words = name.replace(/_/g, " ").replace(/^lz/, "LZ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The whole list, for the panel. */
export function measureList(measures: readonly Measured[]): HTMLElement {
  return el("dl", { class: "measures" }, ...measures.map(entry));
}

function entry(one: Measured): HTMLElement {
  const interval = one.low != null && one.high != null ? ` (${number(one.low)} to ${number(one.high)})` : "";
  const value =
    one.value === null
      ? el("span", { class: "soft" }, "\u2013")
      : el("span", {}, el("b", {}, number(one.value)), interval);
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
        one.value === null ? `Not here: ${one.reason ?? "no value"}. ` : `${one.meaning} `,
        more(one.name),
      ),
    ),
  );
}

function more(name: string): HTMLElement {
  return el("a", { href: `/measures#${name}`, target: "_blank", rel: "noopener", aria: { label: `more on ${title(name)}: formula and source` } }, "more");
}

/** Floor and ceiling are the ends of the bar; on a scale of ratios where they are far apart. */
function bar(one: Measured): HTMLElement | null {
  const { value, floor, ceiling } = one;
  if (value === null || floor === null || ceiling === null || floor === ceiling) return null;
  const [low, high] = floor < ceiling ? [floor, ceiling] : [ceiling, floor];
  const even = low > 0 && high / low > 30 && value > 0;
  const scale = (x: number): number => (even ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low));
  const place = (x: number): number => 100 * Math.max(0, Math.min(1, scale(x)));
  const mark = el("span", { class: "mark" });
  mark.style.setProperty("--at", `${place(value)}%`);
  const span = el("span", { class: "span" });
  if (one.low != null && one.high != null) {
    span.style.setProperty("--from", `${place(one.low)}%`);
    span.style.setProperty("--to", `${place(one.high)}%`);
  }
  const words = `from ${number(low)}, ${floor < ceiling ? "a plain ramp" : "white noise"}, to ${number(high)}, ${floor < ceiling ? "white noise" : "a plain ramp"}${even ? ", in ratios" : ""}`;
  return el(
    "span",
    { class: "bar", aria: { role: "img", label: words }, title: words },
    el("span", { class: "ends" }, number(low)),
    el("span", { class: "track" }, one.low != null ? span : null, mark),
    el("span", { class: "ends" }, number(high)),
  );
}

// what a pane in a comparison has room for
const SHORT = ["total_variation", "mean_frequency", "lz_complexity", "compressed_bits", "regions", "boundary_length"];

/** A short table under a pane; `base` is the first pane's, against which the difference is marked. */
export function measureTable(measures: readonly Measured[], base: readonly Measured[] | null): HTMLElement {
  const rows = SHORT.flatMap((name) => {
    const one = measures.find((each) => each.name === name);
    if (one === undefined || one.value === null) return [];
    const other = base?.find((each) => each.name === name)?.value ?? null;
    return [
      el(
        "tr",
        {},
        el("th", { scope: "row" }, title(name)),
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
