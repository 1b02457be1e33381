// What the browser's tab and its history say of the page: the network that is shown, then whose page it is.
import { told } from "./facts.ts";
import type { Pane } from "./pane.ts";
import { SAID } from "../words/index.ts";

const LONGEST = 60;

export function titleOf(panes: readonly Pane[]): string {
  const names = panes.map(({ state, field }) => {
    const name = told(state, field).name.replace(/\s+/g, " ");
    const short = name.length > LONGEST ? `${name.slice(0, LONGEST)}\u2026` : name;
    return field !== null && field.facts.seed !== null ? SAID.title.seed(short, field.facts.seed) : short;
  });
  return SAID.title.page([...new Set(names)].join(" | "));
}
