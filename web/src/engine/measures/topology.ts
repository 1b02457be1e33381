// The shape of sublevel sets, as netwarp.measures.topology: how many pieces they have, and how many holes.

import { type Image, thresholds } from "./image.ts";

const QUANTILES = [0.25, 0.5, 0.75];
type Step = readonly [down: number, right: number];
// the half of a pixel's neighbours that come before it
const SIDES: readonly Step[] = [[-1, 0], [0, -1]];
const CORNERS: readonly Step[] = [...SIDES, [-1, -1], [-1, 1]];

/** Betti number 0 of the union of the closed pixels of at most a level, the mean over the levels at the quartiles. */
export function components(image: Image): number {
  return overQuartiles(image, (level) => pieces(image, (value) => value <= level, CORNERS).count);
}

/** Betti number 1: pieces of the complement, connected over sides alone, that do not reach the border. */
export function holes(image: Image): number {
  return overQuartiles(image, (level) => {
    const { count, border } = pieces(image, (value) => value > level, SIDES);
    return count - border;
  });
}

function overQuartiles(image: Image, count: (level: number) => number): number {
  return thresholds(image, QUANTILES).reduce((sum, level) => sum + count(level), 0) / QUANTILES.length;
}

/** The connected pieces of a set of pixels, and how many of them reach the border: union and find. */
function pieces({ values, rows, columns }: Image, isIn: (value: number) => boolean, before: readonly Step[]): { count: number; border: number } {
  const parents = Int32Array.from(values, (value, i) => (isIn(value) ? i : -1));
  const root = (i: number): number => {
    while (parents[i] !== i) {
      parents[i] = parents[parents[i]!]!;
      i = parents[i]!;
    }
    return i;
  };
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const here = r * columns + c;
      if (parents[here] === -1) continue;
      for (const [down, right] of before) {
        const [row, column] = [r + down, c + right];
        if (row < 0 || column < 0 || column >= columns) continue;
        const there = row * columns + column;
        if (parents[there] !== -1) parents[root(here)] = root(there);
      }
    }
  }
  let count = 0;
  const reached = new Set<number>();
  for (const [i, parent] of parents.entries()) {
    if (parent === -1) continue;
    if (parent === i) count++;
    const [r, c] = [Math.floor(i / columns), i % columns];
    if (r === 0 || c === 0 || r === rows - 1 || c === columns - 1) reached.add(root(i));
  }
  return { count, border: reached.size };
}
