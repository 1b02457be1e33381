// The length of the output's level sets over the cells of a view: netwarp.regions.cells.contour.
//
// A level set is the closure of where a channel less the level changes its sign, or touches 0 along a line. So a crease
// that touches the level counts once, and so does the border of a plateau at it, inside the view; an edge across which the
// function jumps past the level counts as far as it does.

import type { Plane } from "../evaluate/raster.ts";
import type { Cell } from "./found.ts";
import type { Edge } from "./glue.ts";
import type { Tessellation } from "./tessellation.ts";
import { doubtAt, hypotenuse, valueAt } from "./values.ts";

const UNIT = 2 ** -53;

/** A cell's heights above the level at its corners, 0 where rounding does not tell them from it, and the sign of the one
 * that is farthest from it. */
interface Heights {
  readonly all: readonly number[];
  readonly sign: number;
}

/** In units of the plane. */
export function contourLength(cells: Tessellation, channel: number, level: number): number {
  const { plane, polygons, edges, seams, stages } = cells;
  const heights = polygons.map((cell) => heightsOf(cell, channel, level));
  const jumps = stages.stages.some((stage) => stage.jumps);
  let length = 0;
  polygons.forEach((cell, i) => { length += across(cell, heights[i]!, plane) + bordering(cell, heights[i]!, plane); });
  for (const edge of [...edges, ...seams]) {
    const [one, other] = [heights[edge.cell]!, heights[edge.other]!];
    if (jumps && isTorn(polygons, edge, channel)) length += jumped(polygons, edge, channel, level) * lengthOf(edge.ends, plane);
    else if ((one.sign !== 0 || other.sign !== 0) && touches(one) && touches(other) && isLevel(polygons, edge, channel, level)) length += lengthOf(edge.ends, plane);
  }
  return length;
}

function heightsOf(cell: Cell, channel: number, level: number): Heights {
  const { x, y, reach } = cell.polygon;
  const all = x.map((at, i) => heightAt(cell, channel, level, at, y[i]!, reach[i]!));
  return { all, sign: Math.sign(all.reduce((far, one) => (Math.abs(one) > Math.abs(far) ? one : far), 0)) };
}

function heightAt(cell: Cell, channel: number, level: number, x: number, y: number, reach: number): number {
  const height = valueAt(cell, channel, x, y) - level;
  return Math.abs(height) <= doubtAt(cell, channel, x, y, reach) + 2 * UNIT * Math.abs(level) ? 0 : height;
}

/** The length of the segment in which the level set crosses a cell that has corners above and below it. */
function across({ polygon: { x, y } }: Cell, { all }: Heights, { width, height }: Plane): number {
  if (!all.some((one) => one > 0) || !all.some((one) => one < 0)) return 0;
  const places: (readonly [x: number, y: number])[] = [];
  all.forEach((here, i) => {
    const j = (i + 1) % all.length;
    const next = all[j]!;
    if (here === 0) places.push([x[i]!, y[i]!]);
    else if (here > 0 !== next > 0 && next !== 0) {
      const share = here / (here - next);
      places.push([x[i]! + share * (x[j]! - x[i]!), y[i]! + share * (y[j]! - y[i]!)]);
    }
  });
  // two, but for corners that rounding does not tell from the level
  let far = 0;
  for (const [p, q] of places) for (const [u, v] of places) far = Math.max(far, hypotenuse((u - p) * width, (v - q) * height));
  return far;
}

/** The length of a cell's sides that lie at the level and on the view's border, beyond which a function that is not flat
 * goes on. */
function bordering({ polygon: { x, y, lines } }: Cell, { all, sign }: Heights, plane: Plane): number {
  if (sign === 0) return 0;
  return all.reduce((sum, here, i) => {
    const j = (i + 1) % all.length;
    return lines[i]!.layer === 0 && here === 0 && all[j] === 0 ? sum + lengthOf([x[i]!, y[i]!, x[j]!, y[j]!], plane) : sum;
  }, 0);
}

function touches({ all }: Heights): boolean {
  return all.filter((one) => one === 0).length > 1;
}

/** Where an edge ends, each place with how far it may be from the true one. */
function endsOf(polygons: readonly Cell[], { cell, other, ends: [x, y, u, v] }: Edge): (readonly [x: number, y: number, reach: number])[] {
  const reach = Math.max(...polygons[cell]!.polygon.reach, ...polygons[other]!.polygon.reach);
  return [[x, y, reach], [u, v, reach]];
}

function isLevel(polygons: readonly Cell[], edge: Edge, channel: number, level: number): boolean {
  return endsOf(polygons, edge).every((at) => [edge.cell, edge.other].some((i) => heightAt(polygons[i]!, channel, level, ...at) === 0));
}

/** Whether the values on an edge's two sides are farther apart than rounding takes them. */
function isTorn(polygons: readonly Cell[], edge: Edge, channel: number): boolean {
  const [one, two] = [polygons[edge.cell]!, polygons[edge.other]!];
  return endsOf(polygons, edge).some(([x, y, reach]) => {
    const apart = Math.abs(valueAt(one, channel, x, y) - valueAt(two, channel, x, y));
    return apart > doubtAt(one, channel, x, y, reach) + doubtAt(two, channel, x, y, reach);
  });
}

/** The share of an edge on whose two sides the function is not on one side of the level. */
function jumped(polygons: readonly Cell[], edge: Edge, channel: number, level: number): number {
  const ends = endsOf(polygons, edge);
  const sides = [edge.cell, edge.other].map((i) => ends.map((at) => heightAt(polygons[i]!, channel, level, ...at)) as [number, number]);
  const stops = [0, 1, ...sides.flatMap(([start, end]) => (start * end < 0 ? [start / (start - end)] : []))].sort((p, q) => p - q);
  return stops.slice(1).reduce((sum, to, i) => {
    const from = stops[i]!;
    const middle = (from + to) / 2;
    const [one, other] = sides.map(([start, end]) => Math.sign(start + middle * (end - start)));
    return one === other ? sum : sum + to - from;
  }, 0);
}

function lengthOf([x, y, u, v]: Edge["ends"], { width, height }: Plane): number {
  return hypotenuse((u - x) * width, (v - y) * height);
}
