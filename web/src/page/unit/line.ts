// The line that a first-layer unit bends along, a x + b y + c = 0, and the numbers that turn and move it.
import type { UnitReply } from "../../server.ts";
import type { Place } from "./nudges.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line through a point; `angle` is that of its normal, which points to where the unit is on. */
export interface Line extends Point {
  readonly angle: number;
}

/** digits of a number that a hand has set */
export const DIGITS = 4;
/** a turn by less is rounding */
const SAME = 1e-9;

export function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** The unit's line through its point nearest to `near`; null where it has none. */
export function lineBy({ line }: Pick<UnitReply, "line">, near: Point): Line | null {
  const [a = 0, b = 0, c = 0] = line ?? [];
  const square = a * a + b * b;
  if (square === 0) return null;
  const by = (a * near.x + b * near.y + c) / square;
  return { x: near.x - by * a, y: near.y - by * b, angle: Math.atan2(b, a) };
}

/** The numbers that bend the unit along a line: its two weights, as long together as they were, and its shift or bias.
 * The weights of a line that is only moved stay exactly what they are.
 *
 * A normalised unit is scale (z - mean z) / sqrt(var z + eps) + shift, with z = g . p and g the weights times what they
 * multiply: over the calibration raster x and y are uncorrelated, so that var z = g_x^2 var x + g_y^2 var y.
 */
export function numbersOf({ weights, scale, shift, bias, line, handle }: UnitReply, { x, y, angle }: Line): (readonly [Place, number])[] {
  if (handle === null) return [];
  const own = handle.weights.map((i) => weights[i]);
  const [first, second] = own;
  const [tx = 1, ty = 1] = handle.times;
  if (first === undefined || second === undefined) return [];
  const long = Math.hypot(first.value * tx, second.value * ty) || 1;
  const before = lineBy({ line }, { x, y });
  const turned = before === null || Math.abs(Math.sin((before.angle - angle) / 2)) > SAME;
  // a scale below 0 turns the unit about
  const way = scale !== null && scale.value < 0 ? -long : long;
  const [wx, wy] = turned ? [(way * Math.cos(angle)) / tx, (way * Math.sin(angle)) / ty] : [first.value, second.value];
  const g = [wx * tx, wy * ty] as const;
  const found: (readonly [Place, number])[] = [[first, wx], [second, wy]];
  if (shift !== null && scale !== null) {
    const [mx = 0, my = 0] = handle.mean;
    const [vx = 0, vy = 0] = handle.variance;
    const spread = Math.sqrt(g[0] * g[0] * vx + g[1] * g[1] * vy + handle.eps);
    return [...found, [shift, (-scale.value * (g[0] * (x - mx) + g[1] * (y - my))) / spread]];
  }
  return bias === null ? found : [...found, [bias, -(g[0] * x + g[1] * y + handle.rest)]];
}
