// What buttons and keys do, whichever of the two is pressed.
import { scaled } from "../camera.ts";
import type { View } from "../view.ts";
import { byId, el, icon, ICONS } from "./dom.ts";
import { undo } from "./history.ts";
import { onKeys, onUndo } from "./keys.ts";
import type { PaneState } from "../server.ts";
import { SAID } from "../words/index.ts";
import { further, type Seed } from "../seed.ts";

export interface Commands {
  gallery: () => void;
  lessons: () => void;
  neighbours: () => void;
  children: () => void;
  surprise: () => void;
  share: () => void;
  downloads: () => void;
  help: () => void;
  compare(count: number): void;
  change(patch: Partial<PaneState>): void;
  /** what the active pane is asked for, and its picture */
  now(): { draft: PaneState; view: View };
  /** the controls that a lesson has taken away */
  away: () => readonly string[];
  /** keys of other rooms, and the controls that own them */
  more: { readonly keys: Readonly<Record<string, () => void>>; readonly owners: Readonly<Record<string, string>> };
}

export function command(to: Commands): void {
  const press = (id: string, act: () => void): void => {
    byId(id).addEventListener("click", act);
  };
  press("open-gallery", to.gallery);
  press("open-lessons", to.lessons);
  press("open-neighbours", to.neighbours);
  press("open-children", to.children);
  press("surprise", to.surprise);
  press("open-share", to.share);
  press("open-downloads", to.downloads);
  press("open-help", to.help);
  for (const button of document.querySelectorAll<HTMLElement>("[data-compare]")) {
    button.addEventListener("click", () => { to.compare(Number(button.dataset["compare"])); });
  }
  const alike = tool(SAID.children.title, ICONS.alike, to.children);
  alike.classList.add("alike");
  alike.dataset["control"] = "children";
  byId("zooming").prepend(
    tool(SAID.zoom.in, ICONS.plus, () => { to.now().view.zoom(0.5); }),
    tool(SAID.zoom.out, ICONS.minus, () => { to.now().view.zoom(2); }),
    tool(SAID.zoom.home, ICONS.home, () => { to.now().view.home(); }),
    alike,
  );
  const seed = (next: (now: Seed) => Seed): void => {
    const { seed: now } = to.now().draft;
    if (now !== null) to.change({ seed: next(now), bred: "" });
  };
  const keys: Record<string, () => void> = {
    "?": to.help,
    g: to.gallery,
    s: to.share,
    m: to.children,
    n: () => { seed((now) => further(now, 1)); },
    p: () => { seed((now) => further(now, -1)); },
    r: () => { seed(() => Math.floor(Math.random() * 1e6)); },
    c: () => { to.change({ cells: !to.now().draft.cells }); },
    "0": () => { to.now().view.home(); },
    "+": () => { to.now().view.fly(scaled(to.now().view.camera, 0.8)).catch(() => undefined); },
  };
  // the keys of a lesson's hidden controls do nothing either
  const owners: Record<string, string> = { g: "gallery", s: "share", m: "children", n: "seed", p: "seed", r: "seed", c: "cells" };
  onKeys({ ...keys, ...to.more.keys }, { ...owners, ...to.more.owners }, to.away);
  onUndo(undo);
}

function tool(label: string, path: string, act: () => void): HTMLElement {
  return el("button", { type: "button", title: label, aria: { label }, on: { click: act } }, icon(path));
}
