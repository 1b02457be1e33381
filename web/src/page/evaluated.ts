// What is said of a network that a page without a server evaluates on fewer pixels than are its own, and the command that
// draws it at full size.
import type { FieldReply } from "../server.ts";
import { el } from "./dom.ts";

/** What such a picture's precision is said to be. */
export const BEFOREHAND = "drawn beforehand";

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
      ? `Drawn beforehand and shown small; whatever else is asked of it, this page finds on ${pixels} pixels of the unit square. At full size, 600 \u00d7 400: `
      : `Its kernels read neighbouring pixels; here the unit square has ${pixels} of them. At full size, 600 \u00d7 400: `,
    el("code", {}, command === "" ? "\u2026" : command),
  );
}
