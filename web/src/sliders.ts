// What an address may say of a pane's texts in a number: depth, width, scale, shift. The server's sliders.py does the same.
import { depthOf, normOf, widthOf, withDepth, withWidth } from "./page/texts.ts";
import type { PaneState } from "./server.ts";
import { ADDRESS } from "./words/address.ts";

export const SLIDERS = ["depth", "width", "scale", "shift"] as const;
const MOST = { depth: 500, width: 10_000 } as const;
const NUMBER = /^\d{1,9}(\.\d{1,9})?$/;

/** What the state becomes where `key` is the number of this text. Throws an Error, one line, where it has none such. */
export function slid(state: PaneState, key: (typeof SLIDERS)[number], text: string): Partial<PaneState> {
  if (key === "scale" || key === "shift") {
    if (!NUMBER.test(text)) throw new Error(ADDRESS.factor(key, text.slice(0, 40)));
    const norm = normOf(state.norm);
    if (norm.kind === "none") throw new Error(ADDRESS.noNorm(key, text, state.norm.slice(0, 40)));
    const [other, kept] = key === "scale" ? ["shift", norm.shift] : ["scale", norm.scale];
    if (kept === null) throw new Error(ADDRESS.noNumber(key, text, other, state.norm.slice(0, 40)));
    const [scale, shift] = key === "scale" ? [text, String(kept)] : [String(kept), text];
    return { norm: `${norm.kind}(scale=${scale}, shift=normal(${shift}))` };
  }
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > MOST[key]) throw new Error(ADDRESS.whole(key, text.slice(0, 40), 1, MOST[key]));
  const { arch } = state;
  if ((key === "depth" ? depthOf : widthOf)(arch) === null) throw new Error(ADDRESS.noSingle(key, value, arch.slice(0, 40)));
  return { arch: (key === "depth" ? withDepth : withWidth)(arch, value) };
}
