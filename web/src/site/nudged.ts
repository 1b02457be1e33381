// How far the values of a network that reads windows are from its own function, by rounding: what a change of the
// coordinates by some roundings grows to. Nothing is computed exactly.
import type { Plane } from "../engine/evaluate/raster.ts";
import { tapOf } from "../engine/evaluate/windows.ts";
import type { Rounding } from "../engine/program/rounding.ts";
import type { Opened } from "./networks.ts";
import { sampled } from "./sampling.ts";

// points each way, a tap apart, of a part of the view
const SIDE = 48;
// the coordinates are changed by so many roundings
const NUDGE = 8;

export function nudged({ program, raster: home, home: values }: Pick<Opened, "program" | "raster" | "home">, { x, y }: Plane): Rounding {
  const [across, down] = tapOf(home);
  const around = (by: number): Float64Array => {
    const plane = { x: x + by, y: y + by, width: SIDE * across, height: SIDE * down };
    return sampled(home, program, { columns: SIDE, rows: SIDE, plane });
  };
  const step = NUDGE * 2 ** (Math.floor(Math.log2(Math.max(Math.abs(x), Math.abs(y), across))) - 52);
  const [one, other] = [around(0), around(step)];
  const n = SIDE * SIDE;
  const channels = one.length / n;
  let most = 0;
  for (let c = 0; c < channels; c++) {
    const whole = values.subarray((c * values.length) / channels, ((c + 1) * values.length) / channels);
    const mean = whole.reduce((sum, value) => sum + value, 0) / whole.length;
    const deviation = Math.sqrt(whole.reduce((sum, value) => sum + (value - mean) ** 2, 0) / whole.length);
    for (let i = c * n; i < (c + 1) * n; i++) {
      const share = Math.abs((other[i] ?? 0) - (one[i] ?? 0)) / deviation;
      if (Number.isFinite(share) && share > most) most = share;
    }
  }
  return { share: most / NUDGE, points: 0 };
}
