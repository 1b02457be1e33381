// Says how many numbers that a hand changed are left out of another network.
import type { PaneState } from "../../server.ts";
import { UNIT } from "../../words/unit.ts";
import { byId, el } from "../dom.ts";
import { changesOf } from "./nudges.ts";

const OTHER = ["arch", "norm", "inputs", "out", "seed"] as const;

const line = el("p", { class: "soft", id: "left-out", role: "status", hidden: true });
// a gesture goes on, as while a slider is dragged: what its first change left out is said until the next gesture
let within = false;

export function tellLost(patch: Partial<PaneState>, before: PaneState, after: PaneState, ended: boolean): void {
  if (!line.isConnected) byId("said").after(line);
  const lost = OTHER.some((key) => patch[key] !== undefined) ? changesOf(before).size - changesOf(after).size : 0;
  if (!within || lost > 0) {
    line.hidden = lost <= 0;
    line.textContent = lost > 0 ? UNIT.lost(lost) : "";
  }
  within = !ended;
}

/** Another page is shown. */
export function forgetLost(): void {
  line.hidden = true;
  within = false;
}
