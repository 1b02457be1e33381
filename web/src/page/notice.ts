// Said over a picture that is one linear region, with the ways out of it.
import { cameraOf } from "../camera.ts";
import { el } from "./dom.ts";
import type { Pane } from "./pane.ts";
import { SAID } from "../words/index.ts";

export function fillNotice(notice: HTMLElement, pane: Pane): void {
  const { nearest } = pane;
  const ways = [nearest?.found, nearest?.corner].filter((one) => one !== null && one !== undefined);
  // between classes there may be a boundary inside of it
  notice.hidden = pane.decides || nearest?.inside !== true;
  notice.replaceChildren(
    el("span", {}, SAID.notice.one),
    ...ways.map((way) => el("button", { type: "button", on: { click: () => { void pane.view.fly(cameraOf(way)); } } }, SAID.notice.fly(way.what))),
  );
}
