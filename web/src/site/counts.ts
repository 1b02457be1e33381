// A network held against the page's limits before anything is drawn, as netwarp.explorer.limits does.
import { CALIBRATION, type Raster } from "../engine/evaluate/raster.ts";
import { count } from "../engine/program/counts.ts";
import { steps } from "../engine/program/walk.ts";
import type { Architecture } from "../engine/language/tree.ts";
import { layerText } from "../engine/language/write.ts";
import type { CountsData } from "../server.ts";
import { about, Refusal } from "./refusals.ts";
import { MOST } from "./table.ts";
import { SMALL } from "./taps.ts";
import { ENGINE } from "../words/site.ts";

// floating-point operations a second that one core does at least, and seconds of an answer
const [RATE, SECONDS] = [3e9, 20] as const;

/** What is known of a network before it is drawn; `raster` is the one it is calibrated on. */
export interface Checked {
  readonly counts: CountsData;
  /** the text of every layer */
  readonly names: readonly string[];
  readonly raster: Raster;
}

/** Throws Refusal where it is too large. */
export function checked(architecture: Architecture): Checked {
  const { layers, units, parameters, depth, field, operations } = about("arch", () => count(architecture));
  const found: Record<string, number> = { layers, units, parameters, "output channels": Number(architecture.out) };
  for (const [name, most] of Object.entries(MOST)) {
    const value = found[name] ?? 0;
    if (value > most) throw new Refusal(ENGINE.tooMany(grouped(value), name === "output channels" ? ENGINE.outputs : name, grouped(most)));
  }
  const raster = field > 1 ? SMALL : CALIBRATION;
  const seconds = (operations * (raster.columns + field - 1) * (raster.rows + field - 1)) / RATE;
  if (seconds > SECONDS) {
    throw new Refusal(ENGINE.calibration(grouped(Math.round(seconds)), SECONDS));
  }
  const names: string[] = [];
  for (const { number, layer } of steps(architecture)) if (number !== null) names.push(layerText(layer));
  return { counts: { layers, units, parameters, depth }, names, raster };
}

function grouped(value: number): string {
  return value.toLocaleString("en");
}
