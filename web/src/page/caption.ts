// What stands under a picture: what the network is, what is counted in it, and what must be said of its values.
import { el } from "./dom.ts";
import type { Evidence } from "./evidence/evidence.ts";
import { evaluatedLine } from "./evaluated.ts";
import { counted, shown, told } from "./facts.ts";
import { measureTable } from "./measures.ts";
import { LETTERS, type Pane } from "./pane.ts";
import { EVIDENCE } from "../words/evidence.ts";
import { SAID } from "../words/index.ts";

/** Fills a pane's caption; `first` is the pane that others are compared with, null where it is alone. */
export function fillCaption(pane: Pane, first: Pane | null, evidence: Evidence): void {
  const { field, state } = pane;
  const { name, rest } = told(state, field);
  const what = shown(state, field);
  const many = first !== null;
  const small = evaluatedLine(field, pane.view.latest?.precision ?? "", pane.command);
  pane.caption.replaceChildren(
    pane.answer.element,
    el("p", { class: "subject" }, many && el("b", { class: "letter" }, LETTERS[pane.index] ?? ""), el("code", {}, name), ` ${rest}${what === "" ? "" : SAID.caption.shown(what)}`),
    el("p", { class: "soft counts" }, counted(field)),
    ...(many && pane.trouble !== "" ? [el("p", { class: "error" }, SAID.caption.instead(pane.draft.arch, pane.trouble))] : []),
    ...(small === null ? [] : [small]),
    ...(pane.taken.rounding === "" ? [] : [el("p", { class: "error rounding" }, pane.taken.rounding)]),
    ...(pane.note === "" ? [] : [el("p", { class: "soft" }, pane.note)]),
    ...(pane.cells === "" ? [] : [el("p", { class: "soft cells" }, pane.cells)]),
  );
  // a network that only stands in for another is not compared
  if (first === null || pane.trouble !== "") return;
  const { measures, measured } = first.taken;
  // a difference of rasters is none of networks
  const unlike = (): HTMLElement => el("span", { title: EVIDENCE.pixelsOf(pane.taken.measured, measured) }, measures === null ? "" : EVIDENCE.pixels);
  const difference = pane.taken.measured === measured ? (name: string) => evidence.difference(pane, name, measures ?? []) : unlike;
  pane.caption.append(measureTable(pane.taken.lines, pane.taken.measures ?? [], pane === first ? null : difference));
}
