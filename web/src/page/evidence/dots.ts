// A dot a seed on a line, for every network that is in view: with the median, its interval, and the network that is shown.
import { el } from "../dom.ts";
import { number } from "../quantities.ts";
import { type Interval } from "./intervals.ts";
import { scaleOf } from "./scale.ts";
import { EVIDENCE } from "../../words/evidence.ts";

/** One network's values over the seeds. */
export interface Line {
  /** A to D, or nothing of one alone */
  readonly letter: string;
  readonly values: readonly (number | null)[];
  /** of the seed that is shown */
  readonly own: number | null;
  readonly middle: Interval | null;
}

// pixels that dots side by side are moved up or down
const APART = [0, 3, -3, 5, -5];

/** `ramp` and `noise` are those of the raster; null where the measure has none. Null where there is nothing to show. */
export function dots(lines: readonly Line[], ramp: number | null, noise: number | null, label: string): HTMLElement | null {
  const all = lines.flatMap(({ values, own }) => [...values, own]).filter((one) => one !== null);
  if (all.length === 0) return null;
  const scale = scaleOf(all);
  const at = (kind: string, value: number, title = ""): HTMLElement => {
    const made = el("span", { class: kind, title });
    made.style.setProperty("--at", `${100 * scale.place(value)}%`);
    return made;
  };
  const references = [[EVIDENCE.ramp, ramp], [EVIDENCE.noise, noise]] as const;
  const beyond = (side: "low" | "high"): string[] => references.flatMap(([name, value]) => {
    if (value === null || (side === "low" ? value >= scale.low : value <= scale.high)) return [];
    return [EVIDENCE.beyond(EVIDENCE.reference(name, number(value)), side === "low")];
  });
  const within = references.flatMap(([name, value]) => (value === null || value < scale.low || value > scale.high ? [] : [{ name, value }]));
  const row = ({ letter, values, own, middle }: Line): HTMLElement => {
    const track = el("span", { class: "dots-line" });
    for (const { name, value } of within) track.append(at("dots-reference", value, EVIDENCE.reference(name, number(value))));
    if (middle !== null && middle.low !== null && middle.high !== null) {
      const range = at("dots-interval", middle.low);
      range.style.setProperty("--to", `${100 * scale.place(middle.high)}%`);
      track.append(range);
    }
    values.forEach((value, seed) => {
      if (value === null) return;
      const dot = at("dot", value, EVIDENCE.dot(seed, number(value)));
      dot.style.setProperty("--up", `${APART[seed % APART.length] ?? 0}px`);
      track.append(dot);
    });
    if (middle !== null) track.append(at("dots-median", middle.value));
    if (own !== null) track.append(at("dot own", own, EVIDENCE.own(number(own))));
    return el("span", { class: "dots-row" }, letter !== "" && el("b", { class: "letter" }, letter), track);
  };
  return el(
    "div",
    { class: "dots", aria: { role: "img", label } },
    ...lines.map(row),
    el(
      "span",
      { class: "dots-ends" },
      el("span", {}, [...beyond("low"), number(scale.low)].join(" \u00b7 ")),
      within.length > 0 && el("span", {}, EVIDENCE.dashed(within.map(({ name, value }) => EVIDENCE.reference(name, number(value))).join(", "))),
      el("span", {}, [number(scale.high), ...beyond("high")].join(" \u00b7 ")),
    ),
  );
}
