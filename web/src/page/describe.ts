// The view in words, for those who do not see it.
import { spelled } from "../view/axes.ts";
import { dec, significant } from "../decimal.ts";
import { shown, told } from "./facts.ts";
import { number } from "./quantities.ts";
import { LETTERS, type Pane } from "./pane.ts";
import { SAID } from "../words/index.ts";

export function describe(panes: readonly Pane[]): string {
  return panes.map((pane) => (panes.length > 1 ? `${LETTERS[pane.index] ?? ""}: ` : "") + one(pane)).join(" ");
}

function one({ state, field, view, taken, cells, nearest, answer }: Pane): string {
  const short = (text: string): string => spelled(significant(dec(text), 6));
  const { name, rest } = told(state, field);
  const what = shown(state, field);
  const seen = what === "" ? "" : SAID.described.shown(what);
  const units = field?.counts?.units;
  const counts = units === undefined ? "" : SAID.described.units(number(units));
  const where = SAID.described.where(short(state.x), short(state.y), spelled(view.camera.w));
  const found = (taken.measures ?? [])
    .filter((each) => each.value !== null && each.shown === "words")
    .map((each) => SAID.described.measure(each.name, number(each.value ?? 0), each.unit))
    .join(", ");
  const inside = nearest?.inside === true ? SAID.described.inside : "";
  return `${name}${rest === "" ? "" : `, ${rest}`}${counts}.${seen} ${where}${inside}${answer.text === "" ? "" : ` ${answer.text}.`}${cells === "" ? "" : ` ${cells}.`}${found === "" ? "" : ` ${found}.`}`;
}
