// What is said of one place of a picture: the values there, and the cell around it.
import { type Dec, dec, magnitude, quantised } from "../decimal.ts";
import type { CellReply } from "../server.ts";
import { spelled } from "../view/axes.ts";
import { layerColour } from "../view/edges.ts";
import { el } from "./dom.ts";
import { number } from "./quantities.ts";
import { SAID } from "../words/index.ts";

/** The values under the pointer, and where it is. */
export function reading(at: { x: Dec; y: Dec }, values: number[], width: string): Node[] {
  const finest = magnitude(dec(width)) - 4;
  const short = (value: Dec): string => {
    const text = spelled(quantised(value, finest));
    return text.length > 20 ? `\u2026${text.slice(-10)}` : text;
  };
  return [
    el("span", { class: "soft" }, `${short(at.x)}, ${short(at.y)}`),
    ...values.slice(0, 4).map((value) => el("span", { class: "number" }, number(value))),
  ];
}

export function cellCard(cell: CellReply, at: { x: Dec; y: Dec }, close: () => void): Node[] {
  const rows = cell.affine.map(([a = 0, b = 0, c = 0], i) =>
    el("tr", {}, el("th", { scope: "row" }, SAID.cells.output(i + 1)), ...[a, b, c].map((value) => el("td", {}, number(value)))),
  );
  return [
    el("header", {}, el("strong", {}, SAID.cells.title), el("button", { type: "button", class: "quiet", aria: { label: SAID.close }, on: { click: close } }, "\u00d7")),
    el("p", {}, SAID.cells.about(number(cell.pattern), number(cell.units), number(cell.area), cell.clipped)),
    el("p", { class: "layers" }, SAID.cells.sides, ...cell.layers.map((layer) => chip(layer))),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, el("th", {}), ...SAID.cells.columns.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...rows),
    ),
    el("p", { class: "soft" }, SAID.cells.at(spelled(at.x), spelled(at.y))),
  ];
}

function chip(layer: number): HTMLElement {
  const made = el("span", { class: "chip" }, String(layer));
  made.style.setProperty("--layer", layerColour(layer));
  return made;
}
