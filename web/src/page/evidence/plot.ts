// A measure against a number: dots of seeds, the median's line with intervals, and the network that is shown.
import { el, rove, svg } from "../dom.ts";
import { number } from "../quantities.ts";
import type { Interval } from "./intervals.ts";
import { scaleOf, ticks } from "./scale.ts";
import { EVIDENCE } from "../../words/evidence.ts";

/** All that is known at one place of the axis. */
export interface Column {
  readonly x: number;
  /** what stands under it */
  readonly name: string;
  /** of seeds 0, 1, .. */
  readonly values: readonly (number | null)[];
  /** of the seed that is shown */
  readonly own: number | null;
  readonly middle: Interval | null;
  /** in words, for who hears it */
  readonly label: string;
  /** whether the picture is of it */
  readonly present: boolean;
}

// pixels: around the plot, of a dot, and of a label under the axis
const [LEFT, RIGHT, TOP, BELOW, DOT, LABEL] = [58, 14, 10, 8, 2.6, 26];

/** `wide` and `high` in pixels; `ratios`: the axis is of ratios; `go`: a column was pressed. */
export function plot(columns: readonly Column[], asks: { wide: number; high: number; ratios: boolean; label: string; ramp: number | null; noise: number | null; go: (column: Column) => void }): HTMLElement {
  const { wide, high, label, go } = asks;
  const values = columns.flatMap((one) => [...one.values, one.own]).filter((one) => one !== null);
  const host = el("div", { class: "plot" });
  const drawing = svg("svg", { width: wide, height: high, viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": label });
  host.append(drawing);
  const xs = columns.map(({ x }) => (asks.ratios ? Math.log(x) : x));
  const [low, span] = [Math.min(...xs), Math.max(...xs) - Math.min(...xs) || 1];
  const across = (i: number): number => LEFT + ((wide - LEFT - RIGHT) * (0.02 + 0.96 * (((xs[i] ?? low) - low) / span)));
  if (values.length > 0) {
    const scale = scaleOf(values);
    const up = (value: number): number => TOP + (high - TOP - BELOW) * (1 - scale.place(value));
    for (const tick of ticks(scale, Math.max(3, Math.floor(high / 45)))) {
      drawing.append(svg("line", { class: "grid", x1: LEFT, x2: wide - RIGHT, y1: up(tick), y2: up(tick) }), svg("text", { x: LEFT - 6, y: up(tick) + 4, "text-anchor": "end" }, number(tick)));
    }
    for (const [name, value] of [[EVIDENCE.ramp, asks.ramp], [EVIDENCE.noise, asks.noise]] as const) {
      if (value === null) continue;
      const below = value < scale.low;
      if (below || value > scale.high) {
        drawing.append(svg("text", { x: LEFT + 6, y: below ? high - BELOW - 2 : TOP + 10 }, `${below ? "\u25be" : "\u25b4"} ${EVIDENCE.reference(name, number(value))}`));
      } else {
        drawing.append(svg("line", { class: "reference-line", x1: LEFT, x2: wide - RIGHT, y1: up(value), y2: up(value) }), svg("text", { x: wide - RIGHT, y: up(value) - 4, "text-anchor": "end" }, EVIDENCE.reference(name, number(value))));
      }
    }
    columns.forEach((one, i) => {
      if (one.present) drawing.append(svg("line", { class: "present", x1: across(i), x2: across(i), y1: TOP, y2: high - BELOW }));
      if (one.middle?.low != null && one.middle.high !== null) {
        drawing.append(svg("rect", { class: "range", x: across(i) - 4, width: 8, y: up(one.middle.high), height: Math.max(1, up(one.middle.low) - up(one.middle.high)) }));
      }
      one.values.forEach((value, seed) => {
        if (value !== null) drawing.append(svg("circle", { class: "seed", cx: across(i) + ((seed * 7) % 5) - 2, cy: up(value), r: DOT }));
      });
    });
    const way = (of: (one: Column) => number | null): string => columns.map((one, i) => {
      const value = of(one);
      return value === null ? "" : `${across(i)},${up(value)}`;
    }).filter((one) => one !== "").join(" ");
    drawing.append(svg("polyline", { class: "own-line", points: way(({ own }) => own) }), svg("polyline", { class: "middle-line", points: way(({ middle }) => middle?.value ?? null) }));
    columns.forEach(({ own }, i) => { if (own !== null) drawing.append(svg("circle", { class: "own-dot", cx: across(i), cy: up(own), r: 4.5 })); });
  }
  drawing.addEventListener("click", (event) => {
    const at = event.clientX - drawing.getBoundingClientRect().left;
    const nearest = columns.reduce((best, _, i) => (Math.abs(across(i) - at) < Math.abs(across(best) - at) ? i : best), 0);
    const column = columns[nearest];
    if (column !== undefined) go(column);
  });
  host.append(buttons(columns, across, go));
  return host;
}

/** A button under every place of the axis, as far as there is room to read them; arrows reach all. */
function buttons(columns: readonly Column[], across: (i: number) => number, go: (column: Column) => void): HTMLElement {
  let last = -Infinity;
  const all = columns.map((one, i) => {
    const button = el("button", { type: "button", class: "place-of", title: one.label, aria: { label: one.label, current: String(one.present) }, tabIndex: one.present ? 0 : -1, on: { click: () => { go(one); } } }, one.name);
    button.style.setProperty("--x", `${across(i)}px`);
    // one that would lie on the one before is seen where it has the focus
    if (across(i) - last < LABEL) button.classList.add("thin");
    else last = across(i);
    return button;
  });
  if (!columns.some(({ present }) => present) && all[0] !== undefined) all[0].tabIndex = 0;
  const host = el("div", { class: "places", aria: { role: "group", label: EVIDENCE.places } }, ...all);
  host.addEventListener("keydown", (event) => {
    const here = all.findIndex((one) => one === document.activeElement);
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = by === undefined || here < 0 ? undefined : all[here + by];
    if (next === undefined) return;
    event.preventDefault();
    rove(all, next);
  });
  return host;
}
