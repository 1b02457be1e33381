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
      weighted += Math.sqrt(x * x + y * y) * amplitude;
      whole += amplitude;
    }
  }
  return whole > 0 ? weighted / whole / 2 : null;
}

/** The orthonormal DCT-II of every row. Waves of even number are the same from both ends, those of odd number opposite:
 * of a row's first half the sums with the second half are enough for the ones, the differences for the others. */
function transformed(values: Float64Array, rows: number, columns: number): Float64Array {
  const found = new Float64Array(values.length);
  const half = Math.ceil(columns / 2);
  const [sums, differences] = [new Float64Array(rows * half), new Float64Array(rows * half)];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < half; c++) {
      const [one, other] = [values[r * columns + c]!, values[r * columns + columns - 1 - c]!];
      // the middle one of an odd number is its own other end
      const own = 2 * c + 1 === columns;
      sums[r * half + c] = own ? one : one + other;
      differences[r * half + c] = own ? 0 : one - other;
    }
  }
  // cos(pi k (2 c + 1) / (2 n)) repeats after 4 n steps of k (2 c + 1)
  const cosines = Float64Array.from({ length: 4 * columns }, (_, i) => Math.cos((Math.PI * i) / (2 * columns)));
  const wave = new Float64Array(half);
  for (let k = 0; k < columns; k++) {
    const scale = Math.sqrt((k === 0 ? 1 : 2) / columns);
    for (let c = 0; c < half; c++) wave[c] = scale * cosines[(k * (2 * c + 1)) % (4 * columns)]!;
    const halves = k % 2 === 0 ? sums : differences;
    for (let r = 0; r < rows; r++) {
      let sum = 0;
      for (let c = 0; c < half; c++) sum += wave[c]! * halves[r * half + c]!;
      found[r * columns + k] = sum;
    }
  }
  return found;
}

function turned(values: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}
