// What the browser's tab and its history say of the page: the network that is shown, then whose page it is.
import { told } from "./facts.ts";
import type { Pane } from "./pane.ts";

const OWN = "netwarp";
const LONGEST = 60;

export function titleOf(panes: readonly Pane[]): string {
  const names = panes.map(({ state, field }) => {
    const name = told(state, field).name.replace(/\s+/g, " ");
    const short = name.length > LONGEST ? `${name.slice(0, LONGEST)}\u2026` : name;
    return field !== null && field.facts.seed !== null ? `${short}, seed ${field.facts.seed}` : short;
  });
  return `${[...new Set(names)].join(" | ")} \u2013 ${OWN}`;
}
