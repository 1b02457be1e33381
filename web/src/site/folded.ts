// A calibrated Program as the graphics processor's evaluator takes it: netwarp.explorer.folded.
import { fastest } from "../engine/evaluate/fastest.ts";
import { CALIBRATION } from "../engine/evaluate/raster.ts";
import { holding } from "../engine/program/holding.ts";
import type { Program } from "../engine/program/program.ts";
import { gap } from "../engine/program/rounding.ts";
import { type Folded, FOLDED_VERSION, type ToneData } from "../server.ts";

const WIDEST_NORM = 128;
const MOST_WEIGHTS = 1_000_000;
const MOST_CHANNELS = 2_048;
// of the output's standard deviation, as far as float32 may be from float64
const ENOUGH = 1e-3;

/** null where float32 is not enough for it, or where it is too large for a shader. */
export function fold(program: Program, names: readonly string[], tone: ToneData): Folded | null {
  const { operations, layers } = program;
  const weights = operations.reduce((sum, one) => sum + (one.kind === "conv" ? one.weight.length : 0), 0);
  const large = operations.some((one) => one.channels > MOST_CHANNELS || (one.kind === "layernorm" && one.channels > WIDEST_NORM));
  if (large || weights > MOST_WEIGHTS || !(gap(program, CALIBRATION.plane, fastest) <= ENOUGH)) return null;
  const { x, y, width: w, height: h } = CALIBRATION.plane;
  return {
    version: FOLDED_VERSION,
    operations: operations.map((one) => holding(one, packed)),
    layers: layers.map((operation, i) => ({ name: names[i] ?? "", operation, channels: operations[operation]?.channels ?? 0 })),
    plane: { x, y, w, h },
    tone,
  };
}

/** base64 of little-endian float32. */
function packed(values: Float64Array): string {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => { view.setFloat32(4 * i, value, true); });
  return btoa(Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte)).join(""));
}
