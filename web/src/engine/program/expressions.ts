// Inputs that somebody wrote, as operations: products, functions, and the sums of both, to the last bit as
// netwarp.network.expressions.

// E rows of the embedding, K channels of all inputs

import { factorText } from "../language/expressions.ts";
import type { Expression, Factor, Term } from "../language/tree.ts";
import { LINEAR, type Operation, RADIUS, SINE } from "./program.ts";
import { QUARTER, type Row } from "./symmetry.ts";

// the path of their operations
const PLACE = "inputs.written";

/** A value and a channel of it. */
type Part = readonly [value: number, channel: number];
/** Parts, each times a number, and a number. */
export interface Sum {
  readonly parts: readonly (readonly [Part, number])[];
  readonly constant: number;
}

/** Makes operations 1, 2, ... that read the rows of operation 0, which it adds to. `times` scales x, y and r. */
export class Expressions {
  readonly operations: Operation[] = [];
  private readonly known = new Map<string, Part>();
  private readonly values = new Map<string, number>();
  private readonly places = new Map<string, number>();

  constructor(
    private readonly rows: Row[],
    private readonly times: number,
    written: readonly Expression[],
  ) {
    for (const [place, row] of rows.entries()) if (!this.places.has(String(row))) this.places.set(String(row), place);
    for (const { terms } of written) this.collect(terms);
  }

  /** Adds the rows that these terms read, before any operation says how many there are. */
  private collect(terms: readonly Term[]): void {
    for (const factor of terms.flatMap(({ factors }) => factors)) {
      const row = this.row(factor);
      if (row !== null) this.known.set(factorText(factor), [0, this.placed(row)]);
      else if (typeof factor !== "string") this.collect(factor.terms);
    }
  }

  private placed(row: Row): number {
    const known = this.places.get(String(row));
    if (known !== undefined) return known;
    this.places.set(String(row), this.rows.length);
    return this.rows.push(row) - 1;
  }

  /** The row that a factor is; null where it is none. A wave of x and y is one: it is computed in float64. */
  private row(factor: Factor): Row | null {
    if (factor === "r") return [RADIUS, 0, 0, 0];
    if (typeof factor === "string") return [LINEAR, factor === "x" ? this.times : 0, factor === "y" ? this.times : 0, 0];
    if (factor.name !== "sin" && factor.name !== "cos") return null;
    if (!factor.terms.every(({ factors: [first, ...more] }) => more.length === 0 && [undefined, "x", "y"].includes(first as string))) return null;
    let [a, b, c] = [0, 0, factor.name === "cos" ? QUARTER : 0];
    for (const { times, factors } of factor.terms) {
      if (factors[0] === "x") a += times * this.times;
      else if (factors[0] === "y") b += times * this.times;
      else c += times;
    }
    return [SINE, a, b, c];
  }

  sumOf(terms: readonly Term[]): Sum {
    const parts = new Map<string, [Part, number]>();
    let constant = 0;
    for (const { times, factors } of terms) {
      if (factors.length === 0) {
        constant += times;
        continue;
      }
      const [part, by] = this.product(factors);
      parts.set(String(part), [part, (parts.get(String(part))?.[1] ?? 0) + times * by]);
    }
    return { parts: [...parts.values()], constant };
  }

  /** The part that a product is, and what it is to be multiplied by: r has the scale of x and y. */
  private product(factors: readonly Factor[]): [Part, number] {
    const by = (factor: Factor): number => (factor === "r" ? this.times : 1);
    const [first, ...more] = factors;
    if (first !== undefined && more.length === 0) return [this.part(first), by(first)];
    const sources = factors.map((factor) => {
      const key = factorText(factor);
      const value = this.values.get(key) ?? this.value({ parts: [[this.part(factor), by(factor)]], constant: 0 });
      this.values.set(key, value);
      return value;
    });
    return [[this.add({ kind: "multiply", sources, channels: 1, layer: PLACE }), 0], 1];
  }

  private part(factor: Factor): Part {
    const key = factorText(factor);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (typeof factor === "string") throw new Error("x, y and r are rows");
    let value = this.value(this.sumOf(factor.terms));
    if (factor.name !== "") {
      const parameter = Float64Array.of(factor.name === "sin" ? 1 : 0);
      value = this.add({ kind: "activate", sources: [value], channels: 1, name: factor.name, parameter, layer: PLACE });
    }
    const made: Part = [value, 0];
    this.known.set(key, made);
    return made;
  }

  /** A value of one channel. */
  private value(one: Sum): number {
    const [first, ...more] = one.parts;
    if (first !== undefined && more.length === 0 && first[0][0] > 0 && first[1] === 1 && one.constant === 0) return first[0][0];
    return this.combined([one]);
  }

  /** A value of a channel a sum. */
  combined(sums: readonly Sum[]): number {
    const values = [...new Set([0, ...sums.flatMap(({ parts }) => parts.map(([[value]]) => value))])].sort((a, b) => a - b);
    const firsts = new Map<number, number>();
    let count = 0;
    for (const value of values) {
      firsts.set(value, count);
      count += value === 0 ? this.rows.length : this.operations[value - 1]!.channels;
    }
    const weight = new Float64Array(sums.length * count);
    for (const [k, { parts }] of sums.entries()) {
      for (const [[value, channel], times] of parts) weight[k * count + firsts.get(value)! + channel]! += times;
    }
    const source = values.length === 1 ? 0 : this.add({ kind: "concat", sources: values, channels: count, layer: PLACE });
    const bias = Float64Array.from(sums, ({ constant }) => constant);
    return this.add({ kind: "conv", sources: [source], channels: sums.length, weight, bias, kernel: 1, dilation: 1, groups: 1, layer: PLACE });
  }

  private add(operation: Operation): number {
    return this.operations.push(operation);
  }
}
