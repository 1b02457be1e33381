// White noise on a raster, always the same, and a plain ramp, beside which a picture's measures stand:
// netwarp.measures.measure.

import { Stream } from "../drawing/stream.ts";
import { type Image, standardised } from "./image.ts";

const SEED = 2016;

export function noise(rows: number, columns: number): Image {
  const values = new Stream(Uint32Array.of(SEED)).normals(rows * columns);
  return { values: standardised(values) ?? values, rows, columns };
}

/** x, the plainest function there is. */
export function ramp(rows: number, columns: number): Image {
  const values = Float64Array.from({ length: rows * columns }, (_, i) => (2 * (i % columns) + 1 - columns) / (2 * columns));
  return { values: standardised(values) ?? values, rows, columns };
}

/** Mean |grad| of noise by differences of neighbouring pixels, `across` and `down` apart. */
export function noiseVariation({ values, rows, columns }: Image, across: number, down: number): number {
  let sum = 0;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const at = r * columns + c;
      sum += Math.hypot((values[at + 1]! - values[at]!) / across, (values[at + columns]! - values[at]!) / down);
    }
  }
  return sum / ((rows - 1) * (columns - 1));
}
