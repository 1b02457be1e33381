// What is said of a network that a page without a server evaluates on fewer pixels than are its own, and the command that
// draws it at full size.
import type { FieldReply } from "../server.ts";
import { el } from "./dom.ts";
import { SAID } from "../words/index.ts";

/** What such a picture's precision is said to be. */
export const BEFOREHAND = SAID.precision.beforehand;

/** A line under the picture, whose precision is `drawn`; `command` is the back end's, empty until it is known. Null of a
 * network that is evaluated as it is. */
export function evaluatedLine(field: FieldReply | null, drawn: string, command: string): HTMLElement | null {
  const evaluated = field?.evaluated ?? null;
  if (evaluated === null) return null;
  const pixels = `${evaluated.columns} \u00d7 ${evaluated.rows}`;
  return el(
    "p",
    { class: "soft evaluated" },
    drawn === BEFOREHAND
      ? SAID.evaluated.beforehand(pixels)
      : SAID.evaluated.few(pixels),
    el("code", { title: command }, command === "" ? "\u2026" : command),
  );
}
