// The line under the pictures: where they look, in what precision and by whom they were drawn.
import { dec, significant } from "../decimal.ts";
import { spelled } from "../view/axes.ts";
import type { Drawn } from "../view/source.ts";
import { el } from "./dom.ts";
import type { Pane } from "./pane.ts";
import type { Late } from "./waiting.ts";
import { SAID } from "../words/index.ts";

export const AWAY = SAID.status.away;

const WAYS: Record<Drawn["way"], string> = SAID.status.ways;

export interface Status {
  place(pane: Pane): void;
  /** `own`: the contrast is what was chosen */
  drawn(drawn: Drawn, own: boolean): void;
  lost(lost: boolean): void;
  late(late: Late): void;
}

/** `turn` asks for y to grow the other way. */
export function status(host: HTMLElement, turn: (grows: "down" | "up") => void): Status {
  let up = false;
  const way = el("button", { type: "button", id: "way", class: "way", title: SAID.status.turn, on: { click: () => { turn(up ? "down" : "up"); } } });
  const place = el("p", { class: "place" });
  const precision = el("span", { class: "badge", id: "precision" });
  const contrast = el("span", { class: "badge", id: "contrast", hidden: true }, SAID.status.fitted);
  const lost = el("span", { class: "badge alarm", id: "lost", hidden: true, aria: { role: "status" } }, SAID.status.lost);
  const waiting = el("span", { class: "badge alarm", id: "waiting", hidden: true, aria: { role: "status" } });
  host.append(place, el("p", { class: "badges" }, lost, waiting, contrast, precision));
  const term = (name: string, text: string): HTMLElement => el("span", { class: "term" }, el("i", {}, name), ` ${text}`);
  return {
    place: ({ state, view, field }) => {
      up = state.grows === "auto" ? field?.up === true : state.grows === "up";
      way.textContent = SAID.status.grows[up ? "up" : "down"];
      const [wide, high] = [view.camera.w, view.camera.h].map((side) => spelled(significant(side, 4)));
      const frame = term(SAID.status.frame, `${wide ?? ""} \u00d7 ${high ?? ""}`);
      frame.title = SAID.status.frameIs;
      place.replaceChildren(term("x", spelled(dec(state.x))), term("y", spelled(dec(state.y))), frame, way);
    },
    drawn: (drawn, own) => {
      const text = `${drawn.precision}, ${WAYS[drawn.way]}`;
      if (precision.textContent !== text) precision.textContent = text;
      contrast.hidden = own || !drawn.fitted;
    },
    lost: (away) => {
      lost.hidden = !away;
      document.body.classList.toggle("away", away);
    },
    late: (late) => {
      waiting.hidden = late === "";
      waiting.textContent = late === "hung" ? SAID.status.hung : SAID.status.drawing;
      // what is said is of the picture before
      document.body.classList.toggle("late", late !== "");
    },
  };
}
