// The values of the output on a cell, and how far rounding may have taken them from the true ones.

import type { Cell } from "./found.ts";
import { boundAt } from "./polygon.ts";

/** The value of a channel at a point of a view's coordinates, by the map that it has on a cell. */
export function valueAt({ numbers }: Cell, channel: number, x: number, y: number): number {
  const p = 3 * channel;
  return numbers[p]! * x + (numbers[p + 1]! * y + numbers[p + 2]!);
}

/** How far that may be from the true one, at a point which is off by up to `reach`; infinite where that is no number. */
export function doubtAt({ numbers, errors }: Cell, channel: number, x: number, y: number, reach: number): number {
  const p = 3 * channel;
  const [a, b, c] = [numbers[p]!, numbers[p + 1]!, numbers[p + 2]!];
  const found = boundAt(a, b, c, errors[p]!, errors[p + 1]!, errors[p + 2]!, x, y, reach);
  return Number.isNaN(found) ? Infinity : found;
}

/** As Math.hypot of two numbers, which takes some four times as long. */
export function hypotenuse(a: number, b: number): number {
  const [one, other] = [Math.abs(a), Math.abs(b)];
  const most = Math.max(one, other);
  const share = Math.min(one, other) / most;
  return most === 0 || most === Infinity ? most : most * Math.sqrt(1 + share * share);
}
