// The box-counting dimension of the contour at the median, as netwarp.measures.level_sets.box_dimension.

import { type Image, threshold } from "./image.ts";

// boxes from one pixel to an eighth of the shorter side: larger ones are too few to fit a slope to
const ACROSS = 8;
const FEWEST = 3;

/** null for a picture under 32 pixels wide or high. */
export function boxDimension(image: Image): number | null {
  const largest = Math.floor(Math.min(image.rows, image.columns) / ACROSS);
  const sizes = largest === 0 ? 0 : Math.floor(Math.log2(largest)) + 1;
  if (sizes < FEWEST) return null;
  const logs: number[] = [];
  let [held, rows, columns] = [crossed(image), image.rows - 1, image.columns - 1];
  for (let power = 0; power < sizes; power++) {
    if (power > 0) [held, rows, columns] = [halved(held, rows, columns), (rows + 1) >> 1, (columns + 1) >> 1];
    logs.push(Math.log2(held.reduce((sum, one) => sum + one, 0)));
  }
  // a least-squares line over 0, 1, 2, ..
  const [middle, mean] = [(sizes - 1) / 2, logs.reduce((sum, one) => sum + one, 0) / sizes];
  const above = logs.reduce((sum, one, power) => sum + (power - middle) * (one - mean), 0);
  const below = logs.reduce((sum, _, power) => sum + (power - middle) ** 2, 0);
  return -above / below;
}

/** (rows - 1, columns - 1): whether four neighbouring pixels are not all on one side of the median. */
function crossed(image: Image): Uint8Array {
  const level = threshold(image);
  const { values, rows, columns } = image;
  const found = new Uint8Array((rows - 1) * (columns - 1));
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const at = r * columns + c;
      const sum = [at, at + 1, at + columns, at + columns + 1].reduce((all, i) => all + Number(values[i]! > level), 0);
      found[r * (columns - 1) + c] = Number(sum > 0 && sum < 4);
    }
  }
  return found;
}

function halved(held: Uint8Array, rows: number, columns: number): Uint8Array {
  const wide = (columns + 1) >> 1;
  const found = new Uint8Array(((rows + 1) >> 1) * wide);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) found[(r >> 1) * wide + (c >> 1)]! |= held[r * columns + c]!;
  return found;
}
