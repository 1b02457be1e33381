// What an address may say of a pane's texts in a number: depth, width, scale, shift. The server's sliders.py does the same.
import { depthOf, normOf, widthOf, withDepth, withWidth } from "./page/texts.ts";
import type { PaneState } from "./server.ts";

export const SLIDERS = ["depth", "width", "scale", "shift"] as const;
const MOST = { depth: 500, width: 10_000 } as const;
const NUMBER = /^\d{1,9}(\.\d{1,9})?$/;

/** What the state becomes where `key` is the number of this text. Throws an Error, one line, where it has none such. */
export function slid(state: PaneState, key: (typeof SLIDERS)[number], text: string): Partial<PaneState> {
  if (key === "scale" || key === "shift") {
    if (!NUMBER.test(text)) throw new Error(`${key}=${text.slice(0, 40)}: must be a number, as in ${key}=2.5`);
    const norm = normOf(state.norm);
    if (norm.kind === "none") throw new Error(`${key}=${text}: nothing is normalised, which norm=${state.norm.slice(0, 40)} says`);
    const [other, kept] = key === "scale" ? ["shift", norm.shift] : ["scale", norm.scale];
    if (kept === null) throw new Error(`${key}=${text}: the ${other} of ${state.norm.slice(0, 40)} is no single number; say it in norm`);
    const [scale, shift] = key === "scale" ? [text, String(kept)] : [String(kept), text];
    return { norm: `${norm.kind}(scale=${scale}, shift=normal(${shift}))` };
  }
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > MOST[key]) throw new Error(`${key}=${text.slice(0, 40)}: must be a whole number from 1 to ${MOST[key]}`);
  const { arch } = state;
  if ((key === "depth" ? depthOf : widthOf)(arch) === null) throw new Error(`${key}=${value}: ${arch.slice(0, 40)} has no single ${key}; say it in arch`);
  return { arch: (key === "depth" ? withDepth : withWidth)(arch, value) };
}
