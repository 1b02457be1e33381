// The line under the pictures: where they look, what the pointer is on, in what precision and by whom they were drawn.
import type { Dec } from "../decimal.ts";
import { add, dec, magnitude, quantised, write } from "../decimal.ts";
import { spelled } from "../view/axes.ts";
import type { Drawn } from "../view.ts";
import { el, number } from "./dom.ts";
import type { Pane } from "./pane.ts";

export interface Status {
  place(pane: Pane): void;
  values(at: { x: Dec; y: Dec } | null, values: number[], width: string): void;
  drawn(drawn: Drawn, own: boolean): void;
  lost(lost: boolean): void;
}

export function status(host: HTMLElement): Status {
  const place = el("p", { class: "place" });
  const values = el("p", { class: "values" });
  const precision = el("span", { class: "badge", id: "precision" });
  const contrast = el("span", { class: "badge", id: "contrast", hidden: true }, "contrast fitted to the view");
  const lost = el("span", { class: "badge alarm", id: "lost", hidden: true, aria: { role: "status" } }, "the server is away; trying again");
  host.append(place, values, el("p", { class: "badges" }, lost, contrast, precision));
  const term = (name: string, text: string): HTMLElement => el("span", { class: "term" }, el("i", {}, name), ` ${text}`);
  return {
    place: ({ state, view }) => {
      place.replaceChildren(
        term("x", spelled(dec(state.x))),
        term("y", spelled(dec(state.y))),
        term("width", spelled(view.camera.w)),
      );
    },
    values: (at, found, width) => {
      if (at === null) {
        values.replaceChildren();
        return;
      }
      const finest = magnitude(dec(width)) - 4;
      const short = (value: Dec): string => {
        const text = write(quantised(add(value, { n: 0n, e: 0 }), finest));
        return text.length > 24 ? `\u2026${text.slice(-12)}` : text.replace(/-/g, "\u2212");
      };
      values.replaceChildren(
        el("span", { class: "soft" }, `at ${short(at.x)}, ${short(at.y)}: `),
        ...found.slice(0, 4).map((value) => el("span", { class: "number" }, number(value))),
      );
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
