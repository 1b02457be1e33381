// Convex polygons cut by lines. A sign that rounding leaves in doubt is counted, and taken for zero.

import { alike, type Line } from "./line.ts";
import { TINY, UNIT } from "./maps.ts";

// more than a bound of some twenty operations loses by rounding
const SPARE = 1 + 1e-14;

/** Corners in counter-clockwise order; side i goes from corner i to the next. */
export interface Polygon {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** how far a corner may be from the true one, in x and in y */
  readonly reach: readonly number[];
  readonly lines: readonly Line[];
  /** numbers of the sides */
  readonly sides: readonly number[];
}

/** What becomes of sides where polygons are cut. */
export interface Sides {
  /** a new side between two polygons: that of the positive one, the other's number is the next */
  born(line: Line): number;
  /** the first part of a side that a line cuts; the second part's number is the next */
  cut(side: number, line: Line): number;
}

/** Signs that were left in doubt. */
export interface Tally {
  doubtful: number;
  /** the length, in a view's sides, of what they leave open: true cells may have so much more border, or less */
  vague: number;
}

/** A part of a polygon that is being made, its first `count` corners, in arrays that the next one takes over. */
interface Growing {
  x: number[];
  y: number[];
  reach: number[];
  lines: Line[];
  sides: number[];
  count: number;
}

// of the polygon that is cut: a line's values at its corners, their bounds and their signs. Most polygons are not cut at
// all, and what is made for each of them would take longer than what is found out
let [values, bounds, signs] = [new Float64Array(32), new Float64Array(32), new Int8Array(32)];
const [below, above] = [growing(), growing()];

/** The parts of a polygon where a line's function is not positive and where it is; null where there is none. */
export function split(polygon: Polygon, line: Line, sides: Sides, tally: Tally): readonly [Polygon | null, Polygon | null] {
  const before = tally.doubtful;
  judge(polygon, line, tally);
  const n = polygon.x.length;
  if (tally.doubtful > before) tally.vague += vagueOf(polygon);
  let [plus, minus, sum] = [false, false, 0];
  for (let i = 0; i < n; i++) {
    if (signs[i] === 1) plus = true;
    else if (signs[i] === -1) minus = true;
    sum += values[i]!;
  }
  if (plus && minus) {
    tidy(n);
    return halves(polygon, line, sides);
  }
  if (plus || minus) return plus ? [null, polygon] : [polygon, null];
  return sum > 0 ? [null, polygon] : [polygon, null];
}

/** 1 or -1 where a s + b t + c, whose numbers may be that wrong, has that sign all over the polygon; 2 where it may not. */
export function sideOf({ x, y, reach }: Polygon, a: number, b: number, c: number, wrongA: number, wrongB: number, wrongC: number): number {
  let side = 0;
  for (let i = 0; i < x.length; i++) {
    const value = a * x[i]! + b * y[i]! + c;
    const bound = boundAt(a, b, c, wrongA, wrongB, wrongC, x[i]!, y[i]!, reach[i]!);
    const here = value > bound ? 1 : value < -bound ? -1 : 2;
    if (here === 2 || (side !== 0 && here !== side)) return 2;
    side = here;
  }
  return side;
}

/** How far the value of a line's function at a corner may be from the true one. */
function boundOf({ a, b, c, wrongA, wrongB, wrongC }: Line, x: number, y: number, reach: number): number {
  return boundAt(a, b, c, wrongA, wrongB, wrongC, x, y, reach);
}

/** How far a s + b t + c, whose numbers may be that wrong, may be from the true value at a corner that is off by `reach`. */
export function boundAt(a: number, b: number, c: number, wrongA: number, wrongB: number, wrongC: number, x: number, y: number, reach: number): number {
  const size = Math.abs(a * x) + Math.abs(b * y) + Math.abs(c);
  const moved = (Math.abs(a) + Math.abs(b) + wrongA + wrongB) * reach;
  const bound = wrongA * Math.abs(x) + wrongB * Math.abs(y) + wrongC + moved + 4 * UNIT * size;
  return bound > 0 ? bound * SPARE + TINY : 0;
}

/** Finds the line's values at the corners, their bounds and signs. */
function judge({ x, y, reach, lines }: Polygon, line: Line, tally: Tally): void {
  const n = x.length;
  if (n > values.length) [values, bounds, signs] = [new Float64Array(2 * n), new Float64Array(2 * n), new Int8Array(2 * n)];
  for (let i = 0; i < n; i++) {
    const value = line.a * x[i]! + line.b * y[i]! + line.c;
    const bound = boundOf(line, x[i]!, y[i]!, reach[i]!);
    values[i] = value;
    bounds[i] = bound;
    signs[i] = value > bound ? 1 : value < -bound ? -1 : 0;
    if (signs[i] !== 0) continue;
    // not so of what is not a number
    const sure = bound === 0 || alike(lines[i]!, line) || alike(lines[(i + n - 1) % n]!, line);
    if (!sure || Number.isNaN(value)) tally.doubtful++;
  }
}

/** How much border a part of a polygon has in which the sign is another than the one it is given: all along sides of which
 * neither end has a sign, and elsewhere as far from a corner as its bound leaves the zero open. */
function vagueOf({ x, y }: Polygon): number {
  const n = x.length;
  let [long, around, most, open] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const j = (i + 1) % n;
    const side = Math.abs(x[j]! - x[i]!) + Math.abs(y[j]! - y[i]!);
    around += side;
    if (signs[i] === 0 && signs[j] === 0) long += side;
    most = Math.max(most, Math.abs(values[i]!));
  }
  for (let i = 0; i < n; i++) if (signs[i] === 0) open += Math.min(1, (2 * bounds[i]!) / most);
  return n > 0 && Number.isFinite(open) ? Math.min(2 * around, 2 * long + open * around) : 2 * around;
}

/** Leaves zeros only where the sign changes, one a time: a convex polygon has no others, but for those in doubt. */
function tidy(n: number): void {
  let start = 0;
  while (signs[start] === 0) start++;
  let [before, run] = [signs[start]!, 0];
  for (let k = 1; k <= n; k++) {
    const i = (start + k) % n;
    const sign = signs[i]!;
    if (sign === 0) {
      run++;
      continue;
    }
    for (; run > 0; run--) {
      // the first of a run across which the sign changes stays
      const zero = (i - run + n) % n;
      if (sign === before) signs[zero] = sign;
      else before = sign;
    }
    before = sign;
  }
}

function halves(polygon: Polygon, line: Line, sides: Sides): readonly [Polygon, Polygon] {
  const n = polygon.x.length;
  [below.count, above.count] = [0, 0];
  const born = sides.born(line);
  for (let i = 0; i < n; i++) {
    const j = i + 1 < n ? i + 1 : 0;
    const [x, y, reach, along, side] = [polygon.x[i]!, polygon.y[i]!, polygon.reach[i]!, polygon.lines[i]!, polygon.sides[i]!];
    const [here, next] = [signs[i]!, signs[j]!];
    if (here * next >= 0) {
      if (here >= 0) push(above, x, y, reach, here === 0 && next < 0 ? line : along, here === 0 && next < 0 ? born : side);
      if (here <= 0) push(below, x, y, reach, here === 0 && next > 0 ? line : along, here === 0 && next > 0 ? born + 1 : side);
      continue;
    }
    const first = sides.cut(side, line);
    const [mx, my, far] = crossing(polygon, i, j, line);
    push(here > 0 ? above : below, x, y, reach, along, first);
    push(here > 0 ? above : below, mx, my, far, line, here > 0 ? born : born + 1);
    push(here > 0 ? below : above, mx, my, far, along, first + 1);
  }
  return [grown(below), grown(above)];
}

function growing(): Growing {
  return { x: [], y: [], reach: [], lines: [], sides: [], count: 0 };
}

function push(to: Growing, x: number, y: number, reach: number, along: Line, side: number): void {
  const at = to.count++;
  to.x[at] = x;
  to.y[at] = y;
  to.reach[at] = reach;
  to.lines[at] = along;
  to.sides[at] = side;
}

/** As long as it has corners: arrays that grow have room for more than they hold. */
function grown({ x, y, reach, lines, sides, count }: Growing): Polygon {
  return { x: x.slice(0, count), y: y.slice(0, count), reach: reach.slice(0, count), lines: lines.slice(0, count), sides: sides.slice(0, count) };
}

/** Where a line crosses the side from corner i to corner j, and how far that may be from the true place. */
function crossing({ x, y, reach, lines }: Polygon, i: number, j: number, line: Line): readonly [number, number, number] {
  const side = lines[i]!;
  if (side.c === 0 && side.wrongC === 0 && line.c === 0 && line.wrongC === 0) {
    const home = reachOf(side, line, 0, 0);
    if (home === 0) return [0, 0, 0];
  }
  const [p, q] = [Math.abs(values[i]!), Math.abs(values[j]!)];
  const share = p / (p + q);
  const [mx, my] = [x[i]! + share * (x[j]! - x[i]!), y[i]! + share * (y[j]! - y[i]!)];
  // the true share lies between those of the largest and the smallest values that there may be
  const [e, f] = [bounds[i]!, bounds[j]!];
  const [low, high] = [(p - e) / (p - e + (q + f)), (p + e) / (p + e + (q - f))];
  const span = Math.max(Math.abs(x[j]! - x[i]!), Math.abs(y[j]! - y[i]!));
  const size = Math.abs(x[i]!) + Math.abs(x[j]!) + Math.abs(y[i]!) + Math.abs(y[j]!);
  const loose = (Math.max(reach[i]!, reach[j]!) + (Math.max(share - low, high - share) + 8 * UNIT) * span + 8 * UNIT * size) * SPARE + TINY;
  const [nx, ny] = mended(side, line, mx, my);
  const tight = reachOf(side, line, nx, ny);
  return tight < loose ? [nx, ny, tight] : [mx, my, loose];
}

/** One step from a point towards where two lines cross. */
function mended(one: Line, two: Line, x: number, y: number): readonly [number, number] {
  const turn = one.a * two.b - two.a * one.b;
  const [f, g] = [one.a * x + one.b * y + one.c, two.a * x + two.b * y + two.c];
  return [x - (f * two.b - g * one.b) / turn, y - (one.a * g - two.a * f) / turn];
}

/** How far a point may be from where two lines truly cross, by what their functions are there; infinite where unknown. */
function reachOf(one: Line, two: Line, x: number, y: number): number {
  const [p, q, r, s] = [Math.abs(one.a), Math.abs(one.b), Math.abs(two.a), Math.abs(two.b)];
  const turn = Math.abs(one.a * two.b - two.a * one.b);
  const wrong = p * two.wrongB + s * one.wrongA + one.wrongA * two.wrongB + r * one.wrongB + q * two.wrongA + two.wrongA * one.wrongB;
  const least = turn - (wrong + 4 * UNIT * (p * s + r * q)) * SPARE - TINY;
  if (!(least > 0)) return Infinity;
  const [f, g] = [one, two].map((line) => Math.abs(line.a * x + line.b * y + line.c) + boundOf(line, x, y, 0)) as [number, number];
  if (f === 0 && g === 0) return 0;
  const across = (s + two.wrongB) * f + (q + one.wrongB) * g;
  const down = (r + two.wrongA) * f + (p + one.wrongA) * g;
  return (Math.max(across, down) / least) * SPARE + TINY;
}
