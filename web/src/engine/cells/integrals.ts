// How steep the output is all over a view, of its cells: netwarp.measures.slopes and netwarp.regions.cells.integrals.

// K channels; a value a s + b t + c is of the view's coordinates, in which its area is 1

import type { Plane } from "../evaluate/raster.ts";
import type { Cell } from "./found.ts";
import type { Tessellation } from "./tessellation.ts";
import { hypotenuse, valueAt } from "./values.ts";

// cells whose numbers leave a larger share of an integral in doubt are not taken
const FAITHFUL = 0.01;
const UNIT = 2 ** -52;

/** Mean |grad f| over the view, of a channel of variance 1 there, and what it may be off by. */
export interface Steepness {
  readonly channel: number;
  readonly value: number;
  readonly error: number;
}

/** Of every channel that varies; null where rounding leaves them in doubt.
 *
 * Where the output jumps its jumps count, by height and length. Where it cannot, what two cells are apart on their edge
 * is an error, and counted as one.
 */
export function steepness(cells: Tessellation): Steepness[] | null {
  const { polygons } = cells;
  const channels = polygons[0]!.numbers.length / 3;
  const found: Steepness[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const one = ofChannel(cells, channel);
    if (one === null) return null;
    if (one.value > 0) found.push({ channel, ...one });
  }
  return found;
}

/** Its value is 0 for a channel that is constant. */
function ofChannel(cells: Tessellation, channel: number): Omit<Steepness, "channel"> | null {
  const { plane, polygons, stages } = cells;
  // squares of values beyond 1e154 have no float64
  const times = 2 ** -Math.ceil(Math.log2(largest(polygons, channel) || 1));
  if (!(times > 0 && times < Infinity)) return null;
  let [area, total, climb, lost, doubt] = [0, 0, 0, 0, 0];
  for (const cell of polygons) {
    const p = 3 * channel;
    const [own, sum] = filled(cell, channel, times, 0, (one, two, three) => (one + two + three) / 3);
    const size = times * (Math.abs(cell.numbers[p]!) / 2 + Math.abs(cell.numbers[p + 1]!) / 2 + Math.abs(cell.numbers[p + 2]!));
    area += own;
    total += sum;
    climb += own * slope(cell.numbers, p, plane, times);
    lost += own * slope(cell.errors, p, plane, times);
    doubt += own * (times * (cell.errors[p]! / 2 + cell.errors[p + 1]! / 2 + cell.errors[p + 2]!) + UNIT * size);
  }
  const middle = total / area;
  let square = 0;
  for (const cell of polygons) square += filled(cell, channel, times, middle, (one, two, three) => (one ** 2 + two ** 2 + three ** 2 + (one + two + three) ** 2) / 12)[1];
  const apart = (times * jumped(cells, channel)) / (plane.width * plane.height);
  const jumps = stages.stages.some((stage) => stage.jumps);
  const variation = climb + (jumps ? apart : 0);
  if (!(variation > lost + UNIT * climb)) return Number.isNaN(variation) ? null : { value: 0, error: 0 };
  const deviation = Math.sqrt(square / area);
  const value = variation / area / deviation;
  const share = doubt / area / deviation;
  // a cell that signs in doubt hide has at most such a jump all around it
  const hidden = jumps ? (cells.vague * times * rangeOf(polygons, channel)) / Math.min(plane.width, plane.height) : apart;
  const error = (lost + hidden) / area / deviation + share * value;
  return share <= FAITHFUL && error <= FAITHFUL * value ? { value, error } : null;
}

function largest(polygons: readonly Cell[], channel: number): number {
  const p = 3 * channel;
  let most = 0;
  for (const { numbers } of polygons) most = Math.max(most, Math.abs(numbers[p]!), Math.abs(numbers[p + 1]!), Math.abs(numbers[p + 2]!));
  return most;
}

/** How far apart the largest and the smallest value are. */
function rangeOf(polygons: readonly Cell[], channel: number): number {
  let [low, high] = [Infinity, -Infinity];
  for (const cell of polygons) {
    const { x, y } = cell.polygon;
    x.forEach((at, i) => {
      const value = valueAt(cell, channel, at, y[i]!);
      [low, high] = [Math.min(low, value), Math.max(high, value)];
    });
  }
  return high - low;
}

/** |grad| in the plane of a map of the view's coordinates. */
function slope(numbers: Float64Array, p: number, { width, height }: Plane, times: number): number {
  return hypotenuse((times * numbers[p]!) / width, (times * numbers[p + 1]!) / height);
}

/** A cell's area, and the integral over it of what `mean` gives of a triangle, by the values less `middle` at its corners. */
function filled(cell: Cell, channel: number, times: number, middle: number, mean: (one: number, two: number, three: number) => number): [area: number, integral: number] {
  const { x, y } = cell.polygon;
  const [a, b] = [times * cell.numbers[3 * channel]!, times * cell.numbers[3 * channel + 1]!];
  const base = times * valueAt(cell, channel, x[0]!, y[0]!) - middle;
  let [area, integral] = [0, 0];
  for (let i = 1; i + 1 < x.length; i++) {
    const [px, py, qx, qy] = [x[i]! - x[0]!, y[i]! - y[0]!, x[i + 1]! - x[0]!, y[i + 1]! - y[0]!];
    const part = (px * qy - qx * py) / 2;
    area += part;
    integral += part * mean(base, base + (a * px + b * py), base + (a * qx + b * qy));
  }
  return [area, integral];
}

/** The sum over the edges of how far, in the mean, the values on their two sides are apart, times their lengths. */
function jumped({ plane, polygons, edges }: Tessellation, channel: number): number {
  let found = 0;
  for (const { cell, other, ends } of edges) {
    const [one, two] = [polygons[cell]!, polygons[other]!];
    const [x, y, u, v] = ends;
    const [start, end] = [valueAt(one, channel, x, y) - valueAt(two, channel, x, y), valueAt(one, channel, u, v) - valueAt(two, channel, u, v)];
    const size = Math.abs(start) + Math.abs(end);
    if (size === 0) continue;
    // the difference is affine along the edge: where its sign changes it falls to 0 and rises again
    const [near, far] = [Math.abs(start) / size, Math.abs(end) / size];
    const mean = start > 0 === end > 0 ? size / 2 : (size * (near ** 2 + far ** 2)) / 2;
    found += mean * hypotenuse((u - x) * plane.width, (v - y) * plane.height);
  }
  return found;
}
