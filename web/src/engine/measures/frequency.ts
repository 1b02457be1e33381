// The mean frequency of a picture's waves, as netwarp.measures.spectra.mean_frequency.

import type { Image } from "./image.ts";

/** In cycles a picture, each wave of the orthonormal DCT-II weighted by its amplitude; null of a constant picture. */
export function meanFrequency({ values, rows, columns }: Image): number | null {
  const across = transformed(values, rows, columns);
  const both = transformed(turned(across, rows, columns), columns, rows);
  let [weighted, whole] = [0, 0];
  for (let x = 0; x < columns; x++) {
    for (let y = 0; y < rows; y++) {
      if (x === 0 && y === 0) continue;
      const amplitude = Math.abs(both[x * rows + y]!);
      weighted += Math.hypot(x, y) * amplitude;
      whole += amplitude;
    }
  }
  return whole > 0 ? weighted / whole / 2 : null;
}

/** The orthonormal DCT-II of every row. */
function transformed(values: Float64Array, rows: number, columns: number): Float64Array {
  const found = new Float64Array(values.length);
  // cos(pi k (2 c + 1) / (2 n)) repeats after 4 n steps of k (2 c + 1)
  const cosines = Float64Array.from({ length: 4 * columns }, (_, i) => Math.cos((Math.PI * i) / (2 * columns)));
  for (let k = 0; k < columns; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / columns);
    const wave = Float64Array.from({ length: columns }, (_, c) => scale * cosines[(k * (2 * c + 1)) % (4 * columns)]!);
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += wave[c]! * values[r * columns + c]!;
      found[r * columns + k] = sum;
    }
  }
  return found;
}

function turned(values: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}
