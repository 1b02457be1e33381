// A picture that the GPU holds: where it lies, how it lies in another view, and in what parts it is drawn.
import type { Dec as Decimal } from "../decimal.ts";
import type { Target } from "./device.ts";
import type { Orbit } from "./orbit.ts";

/** A rectangle of the plane, and the values at its centre. */
export interface Place {
  x: Decimal;
  y: Decimal;
  w: Decimal;
  h: Decimal;
  orbit: Orbit;
}

export interface Picture extends Place {
  target: Target;
  depth: number;
  operation: number;
  /** of its tiles that are drawn */
  share: number;
}

/** A pixel (x, y) of a canvas that shows `view` is the picture's (ax x + bx, ay y + by): ax, ay, bx, by. */
export function placed(picture: Picture, view: Place, canvas: { width: number; height: number }): [number, number, number, number] {
  const { m } = view.orbit.m.bits > picture.orbit.m.bits ? view.orbit : picture.orbit;
  const along = (from: Decimal, to: Decimal, side: Decimal, own: Decimal, size: number, own2: number): [number, number] => {
    const pitch = m.toNumber(m.ofDecimal(own), picture.depth) / own2;
    const ratio = m.toNumber(m.ofDecimal(side), picture.depth) / size / pitch;
    const shift = m.toNumber(m.ofDecimal(from) - m.ofDecimal(to), picture.depth) / pitch;
    return [ratio, shift + own2 / 2 - (size / 2) * ratio];
  };
  const [ax, bx] = along(view.x, picture.x, view.w, picture.w, canvas.width, picture.target.columns);
  const [ay, by] = along(view.y, picture.y, view.h, picture.h, canvas.height, picture.target.rows);
  return [ax, ay, bx, by];
}

/** Rectangles that cover a picture, of `side` pixels each way or fewer, those at the middle first. */
export function tilesOf(columns: number, rows: number, side: number): [number, number, number, number][] {
  const tiles: [number, number, number, number][] = [];
  for (let top = 0; top < rows; top += side) {
    for (let left = 0; left < columns; left += side) {
      tiles.push([left, top, Math.min(side, columns - left), Math.min(side, rows - top)]);
    }
  }
  const far = ([left, top, wide, high]: readonly number[]): number =>
    Math.hypot((left ?? 0) + (wide ?? 0) / 2 - columns / 2, (top ?? 0) + (high ?? 0) / 2 - rows / 2);
  return tiles.sort((a, b) => far(a) - far(b));
}

/** Values of an operation at one centre less those at another, in units of 2^-depth. */
export function difference(a: Orbit, b: Orbit, operation: number, channels: readonly number[], depth: number): number[] {
  const bits = Math.max(a.m.bits, b.m.bits);
  const deeper = a.m.bits === bits ? a.m : b.m;
  const raised = (orbit: Orbit, channel: number): bigint =>
    (orbit.values[operation]?.[channel] ?? 0n) << BigInt(bits - orbit.m.bits);
  return channels.map((channel) => deeper.toNumber(raised(a, channel) - raised(b, channel), depth));
}
