// Views of networks that read windows: evaluated where pixels share their kernels' taps, then cut and resampled to what
// was asked: netwarp.explorer.taps. A page without a server evaluates no more pixels than are quick.
import { positions, type Reach } from "../engine/evaluate/lattice.ts";
import { type Plane, type Raster, UNIT } from "../engine/evaluate/raster.ts";
import { type Tap } from "../engine/evaluate/windows.ts";

/** The calibration raster of networks that read windows, whose pixels are the kernels' taps. */
export const SMALL: Raster = { columns: 200, rows: 133, plane: UNIT };
// of a picture's frame, which is so many times as wide as the unit square, and as high
const FRAME = 1.5;
// evaluated pixels are at most this much larger than those asked for
const BLUR = 1.2;

/** The part of a picture that is shown, in its pixels, as columns x rows others. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly columns: number;
  readonly rows: number;
}

export interface Covered {
  readonly raster: Raster;
  readonly crop: Crop;
}

/** A raster that covers a view on pixels that share taps, at most so many as SMALL has of the unit square, `fewer` times
 * fewer each way. */
export function covering(view: Raster, tap: Tap, fewer: number): Covered {
  const { columns, rows, plane } = view;
  // the picture's frame has the proportions 3:2, whatever is seen around it
  const frame = Math.min(columns, FRAME * rows);
  const most = Math.max(
    (plane.width * (frame / columns)) / (FRAME * SMALL.columns * tap[0]),
    (plane.height * (frame / FRAME / rows)) / (SMALL.rows * tap[1]),
  );
  const [across, down] = [
    shared((tap[0] * columns) / plane.width, 1 / most / fewer, tap[0]),
    shared((tap[1] * rows) / plane.height, 1 / most / fewer, tap[1]),
  ];
  const [wide, high] = [plane.width / across, plane.height / down];
  const raster: Raster = { columns: around(wide), rows: around(high), plane: plane };
  const grown = { ...plane, width: raster.columns * across, height: raster.rows * down };
  const [left, top] = [(raster.columns - wide) / 2, (raster.rows - high) / 2];
  const [made, others] = [wide, high].map((one) => Math.max(1, Math.round(one))) as [number, number];
  return {
    raster: { ...raster, plane: grown },
    crop: { left, top, right: raster.columns - left, bottom: raster.rows - top, columns: made, rows: others },
  };
}

/** A raster of about side x side pixels whose plane is this one, or differs by at most half a pixel at each end. */
export function nearly(plane: Plane, tap: Tap, side: number): Raster {
  const { width, height } = plane;
  const pitch = (length: number, distance: number): number => shared((distance * side) / length, Infinity, distance);
  const [across, down] = [pitch(width, tap[0]), pitch(height, tap[1])];
  const [columns, rows] = [Math.max(1, Math.round(width / across)), Math.max(1, Math.round(height / down))];
  return { columns, rows, plane: { ...plane, width: columns * across, height: rows * down } };
}

/** How many points a Program of that reach is evaluated at. */
export function positionsOf({ columns, rows, plane }: Raster, tap: Tap, reach: Reach): number {
  return positions(columns, plane.width, tap[0], reach) * positions(rows, plane.height, tap[1], reach);
}

/** The pitch nearest to the coarser of two wanted ones, of which a tap has so many, that shares taps. */
function shared(asked: number, most: number, tap: number): number {
  const steps = Math.min(asked, most);
  // so many roundings make of a whole number another
  return steps > 1 + 1e-9 ? tap / Math.ceil(steps / BLUR - 1e-9) : tap * Math.max(1, Math.floor(BLUR / steps));
}

/** Pixels that cover so many, as many beyond one end as beyond the other. */
function around(count: number): number {
  return Math.abs(count - Math.round(count)) < 1e-6 ? Math.round(count) : Math.ceil(count) + 2;
}

/** RGBA bytes of a picture so many pixels wide, cut and resampled linearly. */
export function cropped(bytes: Uint8ClampedArray, wide: number, { left, top, right, bottom, columns, rows }: Crop): Uint8ClampedArray {
  const high = bytes.length / 4 / wide;
  if (columns === wide && rows === high) return bytes;
  const found = new Uint8ClampedArray(4 * columns * rows);
  const [xs, ys] = [places(left, right, columns, wide), places(top, bottom, rows, high)];
  ys.forEach(([y, below], r) => {
    const [one, other] = [4 * wide * y, 4 * wide * Math.min(high - 1, y + 1)];
    xs.forEach(([x, beyond], c) => {
      const next = Math.min(wide - 1, x + 1);
      for (let k = 0; k < 4; k++) {
        const upper = mixed(bytes[one + 4 * x + k] ?? 0, bytes[one + 4 * next + k] ?? 0, beyond);
        const lower = mixed(bytes[other + 4 * x + k] ?? 0, bytes[other + 4 * next + k] ?? 0, beyond);
        found[4 * (columns * r + c) + k] = mixed(upper, lower, below);
      }
    });
  });
  return found;
}

/** The pixel before every one of `count` centres from `first` to `last`, and how far that lies beyond its centre. */
function places(first: number, last: number, count: number, all: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => {
    const at = Math.min(all - 1, Math.max(0, first + ((last - first) * (i + 0.5)) / count - 0.5));
    return [Math.floor(at), at - Math.floor(at)];
  });
}

function mixed(one: number, other: number, share: number): number {
  return one + (other - one) * share;
}
