// The length of the contour at the median, by marching squares, as netwarp.measures.level_sets by contourpy.

import { type Image, threshold } from "./image.ts";

type Point = readonly [x: number, y: number];

/** The contours' length an area between the outermost pixel centres; `across` and `down` are its pitch. */
export function levelSetLength(image: Image, across: number, down: number): number {
  const { rows, columns } = image;
  return contourLength(image, threshold(image), across, down) / (across * (columns - 1)) / (down * (rows - 1));
}

/** Of values that are linear along the lines between neighbouring centres. */
export function contourLength({ values, rows, columns }: Image, level: number, across: number, down: number): number {
  let length = 0;
  for (let r = 0; r + 1 < rows; r++) {
    for (let c = 0; c + 1 < columns; c++) {
      const at = r * columns + c;
      const [a, b, d, e] = [values[at]!, values[at + 1]!, values[at + columns]!, values[at + columns + 1]!];
      const [bottom, right, top, left] = [cut(a, b, level), cut(b, e, level), cut(d, e, level), cut(a, d, level)];
      const ends: Point[] = [];
      if (bottom !== null) ends.push([bottom * across, 0]);
      if (right !== null) ends.push([across, right * down]);
      if (top !== null) ends.push([top * across, down]);
      if (left !== null) ends.push([0, left * down]);
      if (ends.length === 2) length += apart(ends[0]!, ends[1]!);
      else if (ends.length === 4) {
        // a saddle: where the middle is on one side of the level, so are the corners it joins
        const middle = (a + b + d + e) / 4 > level;
        const [one, two, three, four] = ends as [Point, Point, Point, Point];
        const around = middle === a > level;
        length += around ? apart(one, two) + apart(three, four) : apart(one, four) + apart(two, three);
      }
    }
  }
  return length;
}

/** Where between two centres the level lies, as a share of the way; null where both are on one side of it. */
function cut(one: number, other: number, level: number): number | null {
  if (one > level === other > level) return null;
  return (level - one) / (other - one);
}

function apart([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
