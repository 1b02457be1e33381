// The networks whose pictures were drawn beforehand: they are calibrated only when more is asked of them.
import { textOf } from "../engine/language/write.ts";
import { steps } from "../engine/program/walk.ts";
import { DEFAULTS, type PaneState } from "../server.ts";
import { TONES } from "./beforehand.ts";
import { checked } from "./counts.ts";
import { type Known, told } from "./networks.ts";
import { read } from "./reading.ts";
import { SMALL } from "./taps.ts";

/** The answer to "open"; null of any other network. Throws Refusal. */
export function announced(pane: PaneState): ReturnType<typeof told> | null {
  if (pane.bred !== "" || pane.show !== "output" || (pane.colour !== "auto" && pane.colour !== "lab")) return null;
  const architecture = read(pane);
  const text = textOf(architecture);
  const seed = pane.seed ?? DEFAULTS.seed;
  const found = TONES.find((one) => one.text === text && one.seed === seed);
  if (found === undefined) return null;
  const { counts, names } = checked(architecture);
  const layers = [...steps(architecture)].filter(({ number }) => number !== null).map(({ channels }, i) => ({ name: names[i] ?? "", channels: Number(channels) }));
  const evaluated = { columns: SMALL.columns, rows: SMALL.rows, beforehand: true };
  const known: Known = {
    architecture, seed, bred: "", counts, layers, evaluated, tone: found.tone, pointwise: false, piecewise_linear: false, gpu: null, preview: false, seconds: 0, pace: 0,
  };
  return told(pane, known);
}
