// A rectangle of the plane sampled at the centres of columns x rows pixels. Row 0 is the smallest y.

/** The rectangle's centre (x, y), its width and height. */
export interface Plane {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Raster {
  readonly columns: number;
  readonly rows: number;
  readonly plane: Plane;
}

/** The unit square about the origin, on which networks are calibrated. */
export const UNIT: Plane = { x: 0, y: 0, width: 1, height: 1 };

/** The calibration raster of every network that does not say otherwise. */
export const CALIBRATION: Raster = { columns: 600, rows: 400, plane: UNIT };

/** (columns,) x of every column's centre. */
export function xsOf({ columns, plane }: Raster): Float64Array {
  return centres(columns, plane.width, plane.x);
}

/** (rows,) y of every row's centre, the smallest first. */
export function ysOf({ rows, plane }: Raster): Float64Array {
  return centres(rows, plane.height, plane.y);
}

/** Odd integers are exactly antisymmetric, and multiplying and dividing keep that: the mean is exactly 0 about 0. */
function centres(count: number, length: number, middle: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => ((2 * i + (1 - count)) * length) / (2 * count) + middle);
}
