// For tests/web/test_simd.py: calibrates and evaluates networks with both kinds of loops, and compares them bit by bit.

import { evaluator, plain } from "../src/engine/evaluate/blocks.ts";
import { NAMES } from "../src/engine/evaluate/faces.ts";
import { plainLoops } from "../src/engine/evaluate/loops.ts";
import type { Raster } from "../src/engine/evaluate/raster.ts";
import { simdLoops } from "../src/engine/evaluate/simd.ts";
import { parse } from "../src/engine/language/parse.ts";
import { build } from "../src/engine/program/build.ts";
import { calibrate } from "../src/engine/program/calibrate.ts";
import { drawing } from "../src/engine/program/draw.ts";
import type { Activate, Conv, Embed, Join, LayerNorm, Maxout, Operation, Program } from "../src/engine/program/program.ts";
import { labColours } from "../src/gpu/lab.ts";
import { labBytes } from "../src/site/lab.ts";
import { answer, asked } from "./data.ts";

interface Case {
  text: string;
  seed: bigint;
  home: Raster;
  view: Raster;
}

const loops = simdLoops() ?? missing();
const simd = evaluator(loops);

function missing(): never {
  throw new Error("node has no SIMD");
}

/** Numbers that differ in a bit, or a zero's sign. NaN is NaN. */
function apart(one: Float64Array, other: Float64Array): number {
  return one.length === other.length ? one.filter((value, i) => !Object.is(value, other[i])).length : Infinity;
}

function numbers({ operations }: Program): Float64Array {
  return Float64Array.from(operations.flatMap((one) => (one.kind === "conv" ? [...one.weight, ...one.bias] : [])));
}

function networks({ text, seed, home, view }: Case): number {
  try {
    const network = build(parse(text), drawing(seed));
    const [one, other] = [plain, simd].map((evaluator) => calibrate(network, home, evaluator)) as [Program, Program];
    return apart(numbers(one), numbers(other)) + apart(plain.sample(one, view), simd.sample(one, view));
  } catch (error) {
    if ((error as Error).name === "Error") throw error;
    return 0;
  }
}

const SPECIAL = [0, -0, 1, -1, 3, -3, 6, 1e-310, -1e-310, 1e308, -1e308, Infinity, -Infinity, NaN, 2.5, -0.75];

/** Every kind of operation by itself, `n` points of values that are special and random. */
function operation(one: Operation, counts: readonly number[], n: number): number {
  let state = 1;
  const next = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const value = (i: number): number => (i % 3 === 0 ? (SPECIAL[i % SPECIAL.length] ?? 0) : 8 * next() - 4);
  const given = counts.map((channels) => Float64Array.from({ length: channels * n }, (_, i) => value(i)));
  const [first, second] = [plainLoops, loops].map((each) => {
    const arrays = each.begin([one], [one.channels * n, ...given.map(({ length }) => length)]);
    const [target, ...sources] = arrays as [Float64Array, ...Float64Array[]];
    sources.forEach((source, i) => { source.set(given[i] ?? []); });
    each.run(one, sources, target, n, { xs: new Float64Array(n), ys: new Float64Array(n) });
    return target.slice();
  }) as [Float64Array, Float64Array];
  return apart(first, second);
}

function sums(channels: number, columns: number): number {
  const values = Float64Array.from({ length: channels * columns }, (_, i) => Math.sin(i * i));
  const [array] = loops.begin([{ kind: "concat", sources: [], channels, layer: "" }], [values.length]) as [Float64Array];
  array.set(values);
  return apart(loops.rowSums(array, channels, columns), plainLoops.rowSums(values, channels, columns));
}

function kinds(n: number): Record<string, number> {
  const found: Record<string, number> = {};
  const step = { sources: [0], layer: "1" };
  const spread = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(3 * i + 1));
  for (const name of NAMES) {
    for (const channels of [1, 3]) {
      const one: Activate = { ...step, kind: "activate", name, channels, parameter: Float64Array.of(0.25, 0.1, 1.5).subarray(0, channels) };
      found[name] = (found[name] ?? 0) + operation(one, [channels], n);
    }
  }
  for (const [reads, channels, groups] of [[1, 1, 1], [2, 3, 1], [5, 4, 1], [3, 5, 1], [7, 6, 1], [10, 10, 1], [9, 11, 1], [4, 8, 2], [6, 6, 6]] as const) {
    const weight = spread((reads / groups) * channels);
    const one: Conv = { ...step, kind: "conv", channels, groups, weight, bias: spread(channels), kernel: 1, dilation: 1 };
    found["conv"] = (found["conv"] ?? 0) + operation(one, [reads], n);
  }
  for (const pieces of [1, 2, 5]) {
    const one: Maxout = { ...step, kind: "maxout", pieces, channels: 3 };
    found["maxout"] = (found["maxout"] ?? 0) + operation(one, [3 * pieces], n);
  }
  const norm: LayerNorm = { ...step, kind: "layernorm", channels: 5, scale: spread(5), shift: spread(5), eps: 1e-5 };
  found["layernorm"] = operation(norm, [5], n);
  for (const kind of ["add", "multiply", "concat"] as const) {
    const one: Join = { kind, sources: [0, 1], layer: "1", channels: kind === "concat" ? 6 : 3 };
    found[kind] = operation(one, [3, 3], n);
  }
  const embed: Embed = { ...step, kind: "embed", sources: [], channels: 2, kinds: Uint8Array.of(0, 1), coefficients: spread(6) };
  found["embed"] = operation(embed, [], n);
  found["sums"] = [1, 4].reduce((all, channels) => all + sums(channels, n), 0);
  return found;
}

/** Bytes of `n` pixels that differ: values within and far beyond a range, at its ends, and those that are all the same. */
function colours(n: number, low: number, wide: number): number {
  let state = 7;
  const next = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const value = (i: number): number => {
    if (i % 11 === 0) return low + wide * ([0, 1, 0.5, -0, 1e12, -1e12, 1e-12, 1e300][Math.floor(8 * next())] ?? 0);
    return low + wide * (i % 3 === 0 ? 40 * next() - 20 : next());
  };
  const channels = [0, 1, 2].map((c) => Float64Array.from({ length: n }, (_, i) => (i % 13 === 12 ? low + wide / 2 : value(i + c))));
  const apart = new Float32Array(3 * n);
  channels.forEach((one, c) => { one.forEach((value, i) => { apart[3 * i + c] = value - low; }); });
  const wanted = labColours(apart, [0, 0, 0], [wide, wide, wide]);
  const found = labBytes(channels, [low, low, low], [wide, wide, wide]) ?? missing();
  return found.length === wanted.length ? found.filter((byte, i) => byte !== wanted[i]).length : Infinity;
}

const RANGES = [[0, 1], [-3.7, 2.25], [1e9, 1e-3], [-1e-20, 3e-20], [5e20, 7e25]] as const;

const { cases, sizes, painted } = asked() as { cases: Case[]; sizes: number[]; painted: number[] };
answer({
  networks: cases.map(networks),
  kinds: Object.fromEntries(sizes.map((n) => [n, kinds(n)])),
  painted: painted.map((n) => RANGES.map(([low, wide]) => colours(n, low, wide))),
  // wider and narrower ones are the plain painter's
  refused: [1e-31, 1e31, 0].map((wide) => labBytes([Float64Array.of(0)], [0], [wide]) === null),
});
