// What every operation gives at one point of the plane, in fixed point: as deep as anyone zooms.
import { type Dec as Decimal, dec } from "../decimal.ts";
import { form } from "./activations.ts";
import { fixed, type Fixed } from "./fixed.ts";
import type { Operation, Program } from "./folded.ts";
import { LINEAR, RADIUS } from "../server.ts";

/** The point itself, and the value of every operation there. */
export interface Orbit {
  m: Fixed;
  x: bigint;
  y: bigint;
  values: bigint[][];
}

interface Numbers {
  m: Fixed;
  /** of a conv: rows of [source channel, weight], then the bias */
  convs: Map<Operation, { rows: [number, bigint][][]; bias: bigint[] }>;
}

/** Evaluates one program; the weights are turned into fixed point once for a number of bits. */
export class Orbits {
  readonly #program: Program;
  #numbers: Numbers | undefined;

  constructor(program: Program) {
    this.#program = program;
  }

  /** At x, y (decimal texts), good to 2^-depth of a plane unit and 64 bits more. Errors: RangeError for no decimal. */
  at(x: string, y: string, depth: number): Orbit {
    return this.of(dec(x), dec(y), depth);
  }

  of(x: Decimal, y: Decimal, depth: number): Orbit {
    const bits = 64 * Math.ceil((Math.max(depth, 0) + 96) / 64);
    if (this.#numbers?.m.bits !== bits) this.#numbers = { m: fixed(bits), convs: new Map() };
    const { m } = this.#numbers;
    const point = { x: m.ofDecimal(x), y: m.ofDecimal(y) };
    const values: bigint[][] = [];
    for (const operation of this.#program.operations) values.push(evaluate(this.#numbers, operation, values, point));
    return { m, ...point, values };
  }
}

/** The outputs at a point of float64 coordinates, in so many bits as `m` has. */
export function evaluateAt(program: Program, m: Fixed, x: number, y: number): readonly bigint[] {
  const numbers = { m, convs: new Map<Operation, never>() };
  const point = { x: m.ofNumber(x), y: m.ofNumber(y) };
  const values: bigint[][] = [];
  for (const operation of program.operations) values.push(evaluate(numbers, operation, values, point));
  return values[values.length - 1] ?? [];
}

function evaluate(
  numbers: Numbers,
  operation: Operation,
  values: readonly bigint[][],
  point: { x: bigint; y: bigint },
): bigint[] {
  const { m } = numbers;
  const sources = operation.sources.map((i) => values[i] ?? []);
  const source = sources[0] ?? [];
  switch (operation.kind) {
    case "embed":
      return operation.kinds.map((kind, i) => {
        if (kind === RADIUS) return m.squareRoot(m.multiply(point.x, point.x) + m.multiply(point.y, point.y));
        const [a = 0, b = 0, c = 0] = operation.coefficients[i] ?? [];
        const along = m.multiply(m.ofNumber(a), point.x) + m.multiply(m.ofNumber(b), point.y) + m.ofNumber(c);
        return kind === LINEAR ? along : m.sine(along);
      });
    case "conv": {
      const { rows, bias } = convolution(numbers, operation);
      const half = BigInt(m.bits);
      return rows.map((row, i) => {
        let sum = 0n;
        for (const [channel, weight] of row) sum += weight * (source[channel] ?? 0n);
        return (sum >> half) + (bias[i] ?? 0n);
      });
    }
    case "activate": {
      const { exact } = form(operation.name);
      return source.map((z, i) => exact(m, z, m.ofNumber(operation.parameter[i] ?? 0)));
    }
    case "maxout":
      return largest(operation, source);
    case "add":
      return source.map((_, i) => sources.reduce((sum, one) => sum + (one[i] ?? 0n), 0n));
    case "multiply":
      return source.map((_, i) => sources.reduce((product, one) => m.multiply(product, one[i] ?? 0n), m.one));
    case "concat":
      return sources.flat();
    case "layernorm": {
      const { mean, spread } = moments(m, source, operation.eps);
      return source.map(
        (z, i) =>
          m.multiply(m.divide(z - mean, spread), m.ofNumber(operation.scale[i] ?? 0)) +
          m.ofNumber(operation.shift[i] ?? 0),
      );
    }
  }
}

/** The largest of every `pieces` channels. */
export function largest({ channels, pieces }: { channels: number; pieces: number }, source: readonly bigint[]): bigint[] {
  return Array.from({ length: channels }, (_, c) => {
    const group = source.slice(c * pieces, (c + 1) * pieces);
    return group.reduce((most, one) => (one > most ? one : most));
  });
}

/** The mean over the channels, and the root of the variance plus eps. */
export function moments(m: Fixed, source: readonly bigint[], eps: number): { mean: bigint; spread: bigint } {
  const count = BigInt(source.length);
  const mean = source.reduce((sum, z) => sum + z, 0n) / count;
  const variance = source.reduce((sum, z) => sum + m.multiply(z - mean, z - mean), 0n) / count;
  return { mean, spread: m.squareRoot(variance + m.ofNumber(eps)) };
}

function convolution({ m, convs }: Numbers, operation: Operation & { kind: "conv" }): {
  rows: [number, bigint][][];
  bias: bigint[];
} {
  const known = convs.get(operation);
  if (known) return known;
  const { channels, groups, weight } = operation;
  const width = weight.length / channels;
  const rows = Array.from({ length: channels }, (_, o) => {
    const first = Math.floor(o / (channels / groups)) * width;
    return Array.from({ length: width }, (_, i): [number, bigint] => [
      first + i,
      m.ofNumber(weight[o * width + i] ?? 0),
    ]);
  });
  const found = { rows, bias: Array.from(operation.bias, (b) => m.ofNumber(b)) };
  convs.set(operation, found);
  return found;
}
