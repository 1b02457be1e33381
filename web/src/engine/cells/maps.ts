// The affine maps of a value's channels on one cell, each with a bound of its rounding error, operation by operation.

// n channels; a map is a s + b t + c of the view's coordinates: three numbers, and three errors

import type { Conv, Embed, Operation } from "../program/program.ts";
import type { Plane } from "../evaluate/raster.ts";
import type { Piece } from "./pieces.ts";
import { kinOf } from "./kin.ts";

/** Half the distance from 1 to the next float64: one operation is off by at most so much of its result. */
export const UNIT = 2 ** -53;
// more than the bounds themselves lose by rounding, of sums of 10^5 terms, and than underflow takes
const SPARE = 1 + 1e-10;
export const TINY = 1e-300;

/** What a channel is a multiple of: `times` is 1 or -1 where it is just that or its opposite, 0 where it is nothing's. */
export interface Kin {
  readonly origin: Float64Array;
  readonly times: Int8Array;
}

export const SOME = 2;

export interface Maps {
  /** (3 n,) a, b, c of each channel */
  readonly numbers: Float64Array;
  /** (3 n,) how far they may be from the true ones */
  readonly errors: Float64Array;
  readonly kin: Kin;
  /** room for (3 n,) what a unit of weight is off by, and for (n,) the channels that are not zero */
  readonly around: Float64Array;
  readonly alive: Int32Array;
}

/** Room for the maps of so many channels. */
export function newMaps(channels: number): Maps {
  const [numbers, errors, around] = [0, 1, 2].map(() => new Float64Array(3 * channels)) as [Float64Array, Float64Array, Float64Array];
  const kin = { origin: new Float64Array(channels).fill(-1), times: new Int8Array(channels) };
  return { numbers, errors, kin, around, alive: new Int32Array(channels) };
}

/** Numbers for functions that are multiples of nothing known. */
export class Origins {
  private last = 0;

  take(count: number): number {
    const first = this.last;
    this.last += count;
    return first;
  }
}

/** The inputs in the coordinates of a view, -1/2 to 1/2 across and down. */
export function embedded(made: Maps, embed: Embed, plane: Plane, origins: Origins): void {
  const first = origins.take(embed.channels);
  const { heads, facing } = kinOf(embed);
  for (let k = 0; k < embed.channels; k++) {
    const [a, b, c] = [0, 1, 2].map((d) => embed.coefficients[3 * k + d]!) as [number, number, number];
    const terms = [a * plane.x, b * plane.y, c];
    made.numbers.set([a * plane.width, b * plane.height, terms[0]! + terms[1]! + c], 3 * k);
    const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
    const alone = terms.filter((term) => term !== 0).length <= 1 && (c !== 0 || (isPlain(a) && isPlain(b)));
    made.errors.set([product(a, plane.width), product(b, plane.height), alone ? 0 : 5 * UNIT * size + TINY], 3 * k);
    name(made, k, first + heads[k]!, facing[k]!);
  }
}

/** Whether multiplying by it rounds nothing. */
function isPlain(a: number): boolean {
  return a === 0 || Math.abs(a) === 1;
}

function product(a: number, b: number): number {
  return isPlain(a) ? 0 : 2 * UNIT * Math.abs(a * b) + TINY;
}

function name(maps: Maps, channel: number, origin: number, times: number): void {
  maps.kin.origin[channel] = origin;
  maps.kin.times[channel] = times;
}

/** Makes the value of an operation that is affine on a cell, from those of its sources. */
export function affine(made: Maps, one: Operation, sources: readonly Maps[], origins: Origins): void {
  const source = sources[0]!;
  switch (one.kind) {
    case "conv":
      convolved(made, one, source, origins);
      return;
    case "activate":
    case "pool":
      copy(made, 0, source, 0, one.channels);
      return;
    case "add":
    case "multiply":
      copy(made, 0, source, 0, one.channels);
      for (const other of sources.slice(1)) (one.kind === "add" ? add : multiply)(made, other);
      fresh(made, origins);
      return;
    case "concat": {
      let at = 0;
      for (const part of sources) {
        copy(made, at, part, 0, part.kin.times.length);
        at += part.kin.times.length;
      }
      return;
    }
    default:
      throw new Error(`layer ${one.layer}: ${one.kind} is not affine on a cell`);
  }
}

function fresh(maps: Maps, origins: Origins): void {
  const n = maps.kin.times.length;
  const first = origins.take(n);
  for (let c = 0; c < n; c++) name(maps, c, first + c, 1);
}

function convolved(made: Maps, conv: Conv, source: Maps, origins: Origins): void {
  const { channels, groups, weight, bias } = conv;
  const reads = weight.length / channels;
  const each = channels / groups;
  const gamma = (reads + 3) * UNIT * SPARE;
  const { numbers } = source;
  const alive = spread(source, gamma);
  const { around } = source;
  const { heads, facing } = kinOf(conv);
  const first = origins.take(channels);
  // of several groups each reads its own
  let [begin, end] = [0, groups === 1 ? alive : 0];
  for (let c = 0; c < channels; c++) {
    const from = Math.floor(c / each) * reads;
    if (groups > 1) {
      while (begin < alive && source.alive[begin]! < from) begin++;
      for (end = Math.max(end, begin); end < alive && source.alive[end]! < from + reads;) end++;
    }
    let p = 0, q = 0, r = bias[c]!, d = 0, e = 0, f = 0;
    let some = false;
    for (let n = begin; n < end; n++) {
      const i = source.alive[n]!;
      const w = weight[c * reads + i - from]!;
      if (w === 0) continue;
      some = true;
      const at = 3 * i, size = Math.abs(w);
      p += w * numbers[at]!;
      q += w * numbers[at + 1]!;
      r += w * numbers[at + 2]!;
      d += size * around[at]!;
      e += size * around[at + 1]!;
      f += size * around[at + 2]!;
    }
    if (some) f += gamma * Math.abs(bias[c]!);
    made.numbers[3 * c] = p;
    made.numbers[3 * c + 1] = q;
    made.numbers[3 * c + 2] = r;
    made.errors[3 * c] = d > 0 ? d * SPARE + TINY : 0;
    made.errors[3 * c + 1] = e > 0 ? e * SPARE + TINY : 0;
    made.errors[3 * c + 2] = f > 0 ? f * SPARE + TINY : 0;
    name(made, c, first + heads[c]!, facing[c]!);
  }
}

/** How many channels are not zero, which become `alive`; what a sum of products with them is off by becomes `around`. */
function spread({ numbers, errors, around, alive }: Maps, gamma: number): number {
  let count = 0;
  for (let c = 0; c < alive.length; c++) {
    let some = false;
    for (let at = 3 * c; at < 3 * c + 3; at++) {
      const live = errors[at]! > 0 || numbers[at] !== 0;
      around[at] = live ? (errors[at]! + gamma * Math.abs(numbers[at]!)) * SPARE + TINY : 0;
      some ||= live;
    }
    if (some) alive[count++] = c;
  }
  return count;
}

function add(made: Maps, other: Maps): void {
  for (let at = 0; at < made.numbers.length; at++) {
    const p = made.numbers[at]!, q = other.numbers[at]!;
    made.numbers[at] = p + q;
    const exact = p === 0 || q === 0 ? 0 : 2 * UNIT * (Math.abs(p) + Math.abs(q)) + TINY;
    made.errors[at] = (made.errors[at]! + other.errors[at]!) * SPARE + exact;
  }
}

/** The product with maps of which, or of these, in every channel at least one is constant. */
function multiply(made: Maps, other: Maps): void {
  for (let c = 0; c < made.kin.times.length; c++) {
    const [still, moving] = isConstant(made, c) ? [made, other] : [other, made];
    if (!isConstant(still, c)) throw new Error("a product of two functions that change on a cell");
    const [k, e] = [still.numbers[3 * c + 2]!, still.errors[3 * c + 2]!];
    for (let at = 3 * c; at < 3 * c + 3; at++) {
      const [p, f] = [moving.numbers[at]!, moving.errors[at]!];
      made.numbers[at] = k * p;
      const wrong = Math.abs(k) * f + Math.abs(p) * e + e * f + (isPlain(k) ? 0 : 2 * UNIT * Math.abs(k * p));
      made.errors[at] = wrong > 0 ? wrong * SPARE + TINY : 0;
    }
  }
}

function isConstant({ numbers, errors }: Maps, c: number): boolean {
  return numbers[3 * c] === 0 && numbers[3 * c + 1] === 0 && errors[3 * c] === 0 && errors[3 * c + 1] === 0;
}

/** Channels of one value become those of another. */
export function copy(to: Maps, channel: number, from: Maps, first: number, count: number): void {
  for (let i = 0; i < count; i++) {
    to.kin.origin[channel + i] = from.kin.origin[first + i]!;
    to.kin.times[channel + i] = from.kin.times[first + i]!;
  }
  for (let i = 0; i < 3 * count; i++) {
    to.numbers[3 * channel + i] = from.numbers[3 * first + i]!;
    to.errors[3 * channel + i] = from.errors[3 * first + i]!;
  }
}

/** A channel on one piece of its activation. */
export function bend(to: Maps, channel: number, from: Maps, { slope, offset, rounded }: Piece, origins: Origins): void {
  if (slope === 0) {
    for (let at = 3 * channel; at < 3 * channel + 3; at++) to.numbers[at] = to.errors[at] = 0;
    to.numbers[3 * channel + 2] = offset;
    name(to, channel, -1, 0);
    return;
  }
  copy(to, channel, from, channel, 1);
  if (slope === 1 && offset === 0) return;
  const plain = isPlain(slope) && offset === 0;
  for (let d = 0; d < 3; d++) {
    const at = 3 * channel + d;
    const [value, error] = [slope * from.numbers[at]!, Math.abs(slope) * from.errors[at]!];
    const shift = d === 2 ? offset : 0;
    const size = Math.abs(value) + Math.abs(shift);
    to.numbers[at] = value + shift;
    to.errors[at] = plain || size + error === 0 ? error : (error + (rounded === true ? 8 : 4) * UNIT * size) * SPARE + TINY;
  }
  if (offset !== 0) name(to, channel, origins.take(1), 1);
  else to.kin.times[channel] = slope === -1 && from.kin.times[channel] !== SOME ? -from.kin.times[channel]! : SOME;
}
