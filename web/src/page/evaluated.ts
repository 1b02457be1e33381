// What is said of a network that a page without a server evaluates on fewer pixels than are its own, and the command that
// draws it at full size.
import { add, dec, mul, sub, write } from "../decimal.ts";
import { DEFAULTS, type FieldReply, type PaneState } from "../server.ts";
import { el } from "./dom.ts";

const HALF = dec("0.5");

/** What such a picture's precision is said to be. */
export const BEFOREHAND = "drawn beforehand";

/** A line under the picture, whose precision is `drawn`; null of a network that is evaluated as it is. */
export function evaluatedLine(state: PaneState, field: FieldReply | null, drawn: string): HTMLElement | null {
  const evaluated = field?.evaluated ?? null;
  if (field === null || evaluated === null) return null;
  const { columns, rows } = evaluated;
  const pixels = `${columns} \u00d7 ${rows}`;
  return el(
    "p",
    { class: "soft evaluated" },
    drawn === BEFOREHAND
      ? `Drawn beforehand and shown small; whatever else is asked of it, this page finds on ${pixels} pixels of the unit square. At full size, 600 \u00d7 400: `
      : `Its kernels read neighbouring pixels; here the unit square has ${pixels} of them. At full size, 600 \u00d7 400: `,
    el("code", {}, command(field.text, state)),
  );
}

/** For a POSIX shell; what is as by default is not said. */
function command(text: string, { seed, x, y, w, h, colour, tone, show }: PaneState): string {
  const words = [`netwarp draw '${text.replace(/'/g, "'\\''")}'`, `--seed ${seed ?? DEFAULTS.seed}`];
  if (x !== DEFAULTS.x || y !== DEFAULTS.y || w !== DEFAULTS.w || h !== DEFAULTS.h) words.push(`--plane=${[...ends(x, w), ...ends(y, h)].join(",")}`);
  if (show === "output" && colour !== DEFAULTS.colour && colour !== "auto") words.push(`--colour ${colour}`);
  if (tone === "view") words.push("--contrast view");
  return `${words.join(" ")} -o network.png`;
}

/** The two ends of a side, exactly. */
function ends(centre: string, side: string): [string, string] {
  const [middle, half] = [dec(centre), mul(dec(side), HALF)];
  return [write(sub(middle, half)), write(add(middle, half))];
}
