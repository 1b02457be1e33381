// The line under the pictures: where they look, in what precision and by whom they were drawn.
import { dec, significant } from "../decimal.ts";
import { spelled } from "../view/axes.ts";
import type { Drawn } from "../view.ts";
import { el } from "./dom.ts";
import type { Pane } from "./pane.ts";

export const AWAY = "The server is away; trying again.";

export interface Status {
  place(pane: Pane): void;
  /** `own`: the contrast is what was chosen */
  drawn(drawn: Drawn, own: boolean): void;
  lost(lost: boolean): void;
}

export function status(host: HTMLElement): Status {
  const place = el("p", { class: "place" });
  const precision = el("span", { class: "badge", id: "precision" });
  const contrast = el("span", { class: "badge", id: "contrast", hidden: true }, "contrast fitted to the view");
  const lost = el("span", { class: "badge alarm", id: "lost", hidden: true, aria: { role: "status" } }, "the server is away; trying again");
  host.append(place, el("p", { class: "badges" }, lost, contrast, precision));
  const term = (name: string, text: string): HTMLElement => el("span", { class: "term" }, el("i", {}, name), ` ${text}`);
  return {
    place: ({ state, view }) => {
      const width = spelled(significant(view.camera.w, 4));
      place.replaceChildren(term("x", spelled(dec(state.x))), term("y", spelled(dec(state.y))), term("width", width));
    },
    drawn: (drawn, own) => {
      const text = `${drawn.precision}, ${drawn.way === "gpu" ? "GPU" : "server"}`;
      if (precision.textContent !== text) precision.textContent = text;
      contrast.hidden = own || !drawn.fitted;
    },
    lost: (away) => {
      lost.hidden = !away;
    },
  };
}
