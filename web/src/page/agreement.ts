// On how much of the frame the panes decide alike, where all show decision regions.
import { type Link, Refused } from "../link.ts";
import { byId } from "./dom.ts";
import { percent } from "./legend.ts";
import { LETTERS, type Pane } from "./pane.ts";
import { SAID } from "../words/index.ts";

export async function tellAgreement(link: Link, panes: readonly Pane[]): Promise<void> {
  const place = byId("agreement");
  const [first] = panes;
  // points of two planes are other inputs: there is nothing to agree on
  const alike = new Set(panes.map((pane) => pane.state.slice)).size === 1;
  place.hidden = !link.can("agree") || panes.length < 2 || !alike || !panes.every((pane) => pane.decides && pane.trouble === "");
  if (place.hidden || first === undefined) return;
  try {
    const found = await link.ask("agree", 0, { ...first.rectangle(), panes: panes.length });
    place.textContent = SAID.agreement.tell(panes.map((pane) => LETTERS[pane.index]).join(", "), percent(found.share), found.exact);
  } catch (error) {
    if (error instanceof Refused) place.textContent = error.message;
  }
}
