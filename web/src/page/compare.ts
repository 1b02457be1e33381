// What stands beside a network where it is compared.
import type { FieldReply, PaneState } from "../server.ts";
import { flattened } from "./texts.ts";
import { further } from "../seed.ts";
import { showOf } from "../state.ts";

/** As many panes: those that are there, then others to compare the first one with, whose `field` is known. */
export function beside(shown: readonly PaneState[], field: FieldReply | null, count: number): PaneState[] {
  const panes = shown.slice(0, count);
  const [first] = panes;
  if (first === undefined) return panes;
  if (field !== null && !field.facts.changes.includes("seed")) {
    // no seed makes another network of these weights: beside the output stands what its layers make of the plane
    const inside = field.layers.map((_, i) => showOf(i + 1, 0)).filter((show) => panes.every((pane) => pane.show !== show));
    return [...panes, ...inside.slice(0, count - panes.length).map((show) => ({ ...first, show }))];
  }
  while (panes.length < count) {
    // the founding comparison first: as many units in one layer, which has none of the places where numbers are nudged
    const flat = panes.length === 1 ? flattened(first.arch) : null;
    panes.push(flat === null ? { ...first, bred: "", seed: further(first.seed ?? 0, panes.length), show: "output" } : { ...first, arch: flat, bred: "", show: "output" });
  }
  return panes;
}
