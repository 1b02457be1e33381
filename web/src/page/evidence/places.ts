// What a measure can be plotted against: a slider's number, or the layer after which it is taken.
import type { FieldReply, PaneState } from "../../server.ts";
import { slid, SLIDERS } from "../../sliders.ts";
import { showOf } from "../../state.ts";
import { number } from "../quantities.ts";
import { depthOf, normOf, widthOf } from "../texts.ts";
import { EVIDENCE } from "../../words/evidence.ts";

export const OVERS = [...SLIDERS, "layer"] as const;
export type Over = (typeof OVERS)[number];

const PLACES: Readonly<Record<Exclude<Over, "layer">, readonly number[]>> = {
  depth: [1, 2, 3, 5, 8, 12, 20],
  width: [1, 2, 3, 5, 10, 20, 50, 100],
  scale: [0.5, 1, 1.5, 2, 3, 4, 6, 8],
  shift: [0, 0.5, 1, 2, 3, 4, 6],
};
/** those whose numbers are compared in ratios */
export const RATIOS: readonly Over[] = ["depth", "width", "scale"];

/** One place of an axis: the network there, what of it is measured, and what leads the picture to it. */
export interface Place {
  readonly x: number;
  readonly name: string;
  readonly state: PaneState;
  /** 0 for what the state shows */
  readonly layer: number;
  readonly patch: Partial<PaneState>;
}

/** The number that a slider has now; null where it has none. */
export function presentOf(state: PaneState, over: Over, field: FieldReply): number | null {
  switch (over) {
    case "depth":
      return depthOf(state.arch);
    case "width":
      return widthOf(state.arch);
    case "scale":
      return normOf(state.norm).scale;
    case "shift":
      return normOf(state.norm).shift;
    case "layer":
      return state.show.startsWith("layer:") ? Number(state.show.split(":")[1]) : field.layers.length + 1;
  }
}

/** The places of an axis, in order; none where the network has no such number. */
export function placesOf(state: PaneState, over: Over, field: FieldReply): Place[] {
  const present = presentOf(state, over, field);
  if (present === null) return [];
  if (over === "layer") {
    const layers = field.layers.map((_, i) => ({ x: i + 1, name: String(i + 1), state, layer: i + 1, patch: { show: showOf(i + 1, 0) } }));
    return layers.length === 0 ? [] : [...layers, { x: layers.length + 1, name: EVIDENCE.output, state: { ...state, show: "output" }, layer: 0, patch: { show: "output" } }];
  }
  if (!field.facts.changes.includes(over === "depth" || over === "width" ? "arch" : "norm")) return [];
  const most = (over === "depth" ? field.room?.depth : over === "width" ? field.room?.width : null) ?? Infinity;
  const shown = state.show.startsWith("layer:") && over === "depth" ? "output" : state.show;
  const xs = [...new Set([...PLACES[over].filter((x) => x <= most), present])].sort((one, other) => one - other);
  return xs.flatMap((x) => {
    try {
      const patch = slid(state, over, String(x));
      return [{ x, name: number(x), state: { ...state, show: shown, ...patch }, layer: 0, patch }];
    } catch {
      // a number that no address says, as of a norm whose other number is a distribution
      return [];
    }
  });
}
