// A program as a fragment shader that carries differences from the view's centre (see activations.ts), with its numbers
// beside it: the text depends on the program's shape alone, so that other weights of the same shape compile nothing.
//
// Numbers lie in two lists of vec4: `weights`, which the program gives, and `centre`, which every view gives. Channels
// go four to a block. A small program is unrolled; in a large one the convolutions are loops over arrays.
import { form, HELPERS, LARGEST } from "./activations.ts";
import type { Operation, Program } from "./folded.ts";
import { RADIUS, SINE } from "../server.ts";
import { largest, moments, type Orbit } from "./orbit.ts";
import { gather, SWIZZLE, TYPES, type Value, Writer } from "./writer.ts";

export interface Shader {
  text: string;
  /** the functions it calls, and the lines that leave what is shown in `value` at P, for a text of another form */
  parts: { helpers: string; lines: string };
  weights: Float32Array;
  /** the centre's numbers for a scale of 2^-depth */
  centre: (orbit: Orbit, depth: number, pick: Pick) => Float32Array;
}

/** The value shown: which channels of it go to red, green and blue of the float picture. */
type Pick = readonly number[];

/** Where the numbers lie: uniform blocks of so many vec4 at most, or else textures. */
interface Store {
  block: number;
}

// multiplications of a vec4 in the text; more go into loops
const UNROLLED = 1500;

/** The shader that gives the difference of operation `shown`, three channels of it picked, in units of the scale. */
export function write(program: Program, shown: number, picks: 1 | 3, store: Store): Shader {
  const operations = program.operations.slice(0, shown + 1);
  const needed = needs(operations);
  const loops = cost(operations) > UNROLLED;
  const w = new Writer(loops);
  const values: (Value | undefined)[] = [];
  operations.forEach((operation, i) => {
    values.push(needed.has(i) ? emit(w, operation, i, values) : undefined);
  });
  const last = values[shown];
  if (!last) throw new Error("nothing to show");
  const pickAt = w.centre;
  const blocks = Math.ceil(last.channels / 4);
  const sums = Array.from({ length: picks }, (_, p) =>
    Array.from({ length: blocks }, (_, b) => {
      const width = w.width(last.channels, b);
      const mask = w.number("C", pickAt + p * blocks + b, width);
      return width === 1 ? `${w.block(last, b)} * ${mask}` : `dot(${w.block(last, b)}, ${mask})`;
    }).join(" + "),
  );
  w.lines.push(`value = vec4(${(picks === 3 ? sums : [sums[0], "0.0", "0.0"]).join(", ")}, 1.0);`);
  const centreLength = pickAt + picks * blocks;
  const inBlocks = w.weights.length / 4 <= store.block && centreLength <= store.block;
  const parts = { helpers: helpers(w), lines: w.lines.join("\n") };
  return {
    text: text(parts, inBlocks, Math.max(1, w.weights.length / 4), centreLength),
    parts,
    weights: Float32Array.from(w.weights.length ? w.weights : [0, 0, 0, 0]),
    centre(orbit, depth, pick) {
      const numbers = w.fills.flatMap((fill) => fill(orbit, depth));
      for (let p = 0; p < picks; p++) {
        for (let c = 0; c < 4 * blocks; c++) numbers.push(pick[p] === c ? 1 : 0);
      }
      return Float32Array.from(numbers, (n) => Math.min(Math.max(n, -LARGEST), LARGEST));
    },
  };
}

/** Whether the numbers of a shader lie in uniform blocks: its text says so. */
export const inBlocks = (shader: Shader): boolean => shader.text.includes("uniform Weights");

function helpers(w: Writer): string {
  const functions = [...w.functions].sort();
  const types = w.loops ? ["vec4"] : TYPES;
  return functions.length
    ? types.map((type) => [HELPERS, ...functions].join("\n").replaceAll(/\bT\b/g, type)).join("\n")
    : "";
}

function text({ helpers, lines }: Shader["parts"], blocks: boolean, weights: number, centre: number): string {
  const store = blocks
    ? `layout(std140) uniform Weights { vec4 w[${weights}]; };
layout(std140) uniform Centre { vec4 c[${centre}]; };
#define W(i) w[i]
#define C(i) c[i]`
    : `uniform highp sampler2D weights, centre;
#define W(i) texelFetch(weights, ivec2((i) & 1023, (i) >> 10), 0)
#define C(i) texelFetch(centre, ivec2((i) & 1023, (i) >> 10), 0)`;
  return `#version 300 es
precision highp float;
precision highp int;
uniform vec2 corner, pitch; // of the view's pixels, from its centre, in units of the scale
uniform float S, inverse;   // the scale, and 1 / scale
${store}
out vec4 value;
${helpers}
void main() {
vec2 P = (gl_FragCoord.xy + corner) * pitch;
${lines}
}
`;
}

/** The operations that the last one is made of. */
function needs(operations: readonly Operation[]): Set<number> {
  const found = new Set<number>([operations.length - 1]);
  for (let i = operations.length - 1; i >= 0; i--) {
    if (found.has(i)) operations[i]?.sources.forEach((source) => found.add(source));
  }
  return found;
}

function cost(operations: readonly Operation[]): number {
  return operations.reduce(
    (sum, one) => sum + (one.kind === "conv" ? one.weight.length / 4 : one.kind === "activate" ? one.channels / 2 : 0),
    0,
  );
}

function emit(w: Writer, operation: Operation, i: number, values: readonly (Value | undefined)[]): Value {
  const name = `v${i}`;
  const sources = operation.sources.map((s) => {
    const value = values[s];
    if (!value) throw new Error(`operation ${i} reads ${s}, which is not there`);
    return value;
  });
  const source = sources[0];
  if (operation.kind === "embed") return embed(w, operation, name);
  if (!source) throw new Error(`operation ${i} reads nothing`);
  const from = operation.sources[0] ?? 0;
  switch (operation.kind) {
    case "conv":
      return convolve(w, operation, source, name);
    case "activate":
      return activate(w, operation, source, from, name);
    case "concat":
      return concat(w, operation, sources, name);
    case "add":
      return w.value(name, operation.channels, (b) => sources.map((one) => w.block(one, b)).join(" + "));
    case "multiply":
      return multiply(w, operation, sources, name);
    case "maxout": {
      const { pieces, channels } = operation;
      // how far a piece is below the largest, at the centre
      const gaps = Array.from({ length: pieces }, (_, p) =>
        w.room(channels, (orbit, depth) => {
          const z = orbit.values[from] ?? [];
          return largest(operation, z).map((most, c) => orbit.m.toNumber((z[c * pieces + p] ?? 0n) - most, depth));
        }),
      );
      return w.value(name, channels, (b, width) =>
        gaps
          .map((at, p) => {
            const picked = Array.from({ length: width }, (_, j) => source.channel[(4 * b + j) * pieces + p] ?? "0.0");
            return `${gather(picked, width)} + ${w.number("C", at + b, width)}`;
          })
          .reduce((most, one) => `max(${most}, ${one})`),
      );
    }
    case "layernorm":
      return normalise(w, operation, source, from, name);
  }
}

function embed(w: Writer, operation: Operation & { kind: "embed" }, name: string): Value {
  const { kinds, channels } = operation;
  const column = (j: number): number =>
    w.weight(Array.from({ length: channels }, (_, c) => (kinds[c] === RADIUS ? 0 : (operation.coefficients[c]?.[j] ?? 0))));
  const [along, across] = [column(0), column(1)];
  const plain = w.value(name, channels, (b, width) => {
    const [a, c] = [w.number("W", along + b, width), w.number("W", across + b, width)];
    return `P.x * ${a} + P.y * ${c}`;
  });
  kinds.forEach((kind, c) => {
    const target = plain.channel[c] ?? "";
    if (kind === SINE) {
      w.functions.add("");
      const at = w.room(2, ({ m, x, y }) => {
        const [a = 0, b = 0, turn = 0] = operation.coefficients[c] ?? [];
        const phase = m.multiply(m.ofNumber(a), x) + m.multiply(m.ofNumber(b), y) + m.ofNumber(turn);
        return [m.toNumber(m.cosine(phase)), m.toNumber(m.sine(phase))];
      });
      const half = `0.5 * ${target}`;
      // helpers are there for whatever width the text has
      const call = (f: string, x: string): string => (w.loops ? `${f}(vec4(${x})).x` : `${f}(${x})`);
      w.lines.push(
        `${target} = C(${at}).x * ${call("scaledSine", target)} - 2.0 * C(${at}).y * ${call("scaledSine", half)} * ${call("sine", `${half} * S`)};`,
      );
    }
    if (kind === RADIUS) {
      // in units of the centre's distance or of the view, whichever is larger: nothing overflows or is lost
      const at = w.room(4, ({ m, x, y }, depth) => {
        const radius = m.squareRoot(m.multiply(x, x) + m.multiply(y, y));
        const distance = m.toNumber(radius, depth);
        if (distance < 1) return [m.toNumber(x, depth), m.toNumber(y, depth), 1, distance];
        return [m.toNumber(m.divide(x, radius)), m.toNumber(m.divide(y, radius)), 1 / distance, 1];
      });
      const q = `C(${at})`;
      w.lines.push(
        `${target} = dot(P, 2.0 * ${q}.xy + P * ${q}.z) / max(length(${q}.xy + P * ${q}.z) + ${q}.w, 1e-30);`,
      );
    }
  });
  return plain;
}

function convolve(w: Writer, operation: Operation & { kind: "conv" }, source: Value, name: string): Value {
  const { channels, groups, weight } = operation;
  const width = weight.length / channels;
  const each = channels / groups;
  const entry = (o: number, i: number): number => {
    const first = Math.floor(o / each) * width;
    return o < channels && i >= first && i < first + width ? (weight[o * width + i - first] ?? 0) : 0;
  };
  const four = (b: number, i: number): number[] => [0, 1, 2, 3].map((j) => entry(4 * b + j, i));
  if (width === 1 && each === 1) {
    const at = w.weight(Array.from(weight));
    return w.value(name, channels, (b, size) => `${w.block(source, b)} * ${w.number("W", at + b, size)}`);
  }
  const blocks = Math.ceil(channels / 4);
  if (w.loops && groups === 1) {
    const array = source.array ?? gathered(w, source, `${name}s`);
    const inputs = Math.ceil(source.channels / 4);
    const at = w.weights.length / 4;
    for (let i = 0; i < 4 * inputs; i++) for (let b = 0; b < blocks; b++) w.weight(four(b, i));
    const row = (j: number): string => `W(${at} + (4 * i + ${j}) * ${blocks} + o)`;
    w.lines.push(
      `vec4 ${name}[${blocks}];`,
      `for (int o = 0; o < ${blocks}; o++) {`,
      `vec4 t = vec4(0.0);`,
      `for (int i = 0; i < ${inputs}; i++) { vec4 u = ${array}[i]; t += ${[0, 1, 2, 3].map((j) => `${row(j)} * u.${"xyzw".charAt(j)}`).join(" + ")}; }`,
      `${name}[o] = t;`,
      "}",
    );
    return w.named(name, channels);
  }
  return w.value(name, channels, (b, size) => {
    const terms: string[] = [];
    for (let i = 0; i < source.channels; i++) {
      // of the channels of this block's groups
      const first = Math.floor((4 * b) / each) * width;
      const end = (Math.floor(Math.min(4 * b + 3, channels - 1) / each) + 1) * width;
      if (i >= first && i < end) terms.push(`${source.channel[i] ?? ""} * ${w.number("W", w.weight(four(b, i)), size)}`);
    }
    return terms.join(" + ");
  });
}

/** The name of an array that holds a value. */
function gathered(w: Writer, value: Value, name: string): string {
  return w.value(name, value.channels, (b) => w.block({ channels: value.channels, channel: value.channel }, b)).array ?? name;
}

function activate(
  w: Writer,
  operation: Operation & { kind: "activate" },
  source: Value,
  from: number,
  name: string,
): Value {
  const { coefficients, glsl, kinks: bends } = form(operation.name);
  const { channels } = operation;
  const count = coefficients({ z: 0, kinks: [], inverse: 1, parameter: 0 }).length;
  const stride = Math.ceil(channels / 4);
  const at = w.room(4 * stride * count, (orbit, depth) => {
    const { m } = orbit;
    const inverse = 2 ** Math.min(depth, 99);
    const kinks = bends.map((kink) => m.ofNumber(kink));
    const out = new Array<number>(4 * stride * count).fill(0);
    (orbit.values[from] ?? []).forEach((z, c) => {
      const parameter = operation.parameter[c] ?? 0;
      const near = kinks.map((kink) => Math.min(Math.max(m.toNumber(z - kink, depth), -LARGEST), LARGEST));
      coefficients({ z: m.toNumber(z), kinks: near, inverse, parameter }).forEach((value, j) => {
        out[4 * stride * j + c] = value;
      });
    });
    return out;
  });
  const parameters = Array.from({ length: count }, (_, j) => `, T c${j}`).join("");
  w.functions.add(`T act_${operation.name}(T D${parameters}) {\n  ${glsl}\n}`);
  const call = (block: string, b: string, size: number): string => {
    const numbers = Array.from({ length: count }, (_, j) => `, C(${at + j * stride} + ${b})${SWIZZLE[size - 1] ?? ""}`);
    return `act_${operation.name}(${block}${numbers.join("")})`;
  };
  if (w.loops) {
    const array = source.array ?? gathered(w, source, `${name}s`);
    w.lines.push(
      `vec4 ${name}[${stride}];`,
      `for (int i = 0; i < ${stride}; i++) ${name}[i] = ${call(`${array}[i]`, "i", 4)};`,
    );
    return w.named(name, channels);
  }
  return w.value(name, channels, (b, size) => call(w.block(source, b), String(b), size));
}

function concat(w: Writer, operation: Operation, sources: readonly Value[], name: string): Value {
  const value = { channels: operation.channels, channel: sources.flatMap((one) => one.channel) };
  return w.loops ? w.value(name, operation.channels, (b) => w.block(value, b)) : value;
}

// (a + da)(b + db) - a b = da (b + db) + a db, one factor after the other
function multiply(w: Writer, operation: Operation, sources: readonly Value[], name: string): Value {
  const { channels } = operation;
  const at = (n: number, product: boolean): number =>
    w.room(channels, ({ m, values }) =>
      Array.from({ length: channels }, (_, c) => {
        const factor = (j: number): bigint => values[operation.sources[j] ?? 0]?.[c] ?? 0n;
        if (!product) return m.toNumber(factor(n));
        return m.toNumber(Array.from({ length: n }, (_, j) => factor(j)).reduce((a, b) => m.multiply(a, b), m.one));
      }),
    );
  let result = sources[0];
  if (!result) throw new Error("a product of nothing");
  for (let n = 1; n < sources.length; n++) {
    const [before, factor] = [result, sources[n] ?? result];
    const [a, f] = [at(n, true), at(n, false)];
    result = w.value(n === sources.length - 1 ? name : `${name}p${n}`, channels, (b, width) => {
      const [da, df] = [w.block(before, b), w.block(factor, b)];
      return `${da} * (${w.number("C", f + b, width)} + ${df} * S) + ${w.number("C", a + b, width)} * ${df}`;
    });
  }
  return result;
}

// y = c r, with c the centred channels and r = 1 / spread: dy = dc r' + c (r' - r), r' - r = -dvar / (q q' (q + q'))
function normalise(
  w: Writer,
  operation: Operation & { kind: "layernorm" },
  source: Value,
  from: number,
  name: string,
): Value {
  const { channels, eps } = operation;
  const blocks = Math.ceil(channels / 4);
  const scale = w.weight(Array.from(operation.scale));
  const mask = w.weight(Array.from({ length: channels }, () => 1));
  const z = w.room(channels, ({ m, values }) => {
    const from0 = values[from] ?? [];
    const { mean } = moments(m, from0, eps);
    return from0.map((one) => m.toNumber(one - mean));
  });
  const spread = w.room(1, ({ m, values }) => [m.toNumber(moments(m, values[from] ?? [], eps).spread)]);
  const every = Array.from({ length: blocks }, (_, b) => b);
  const product = (b: number, a: string, c: string): string =>
    w.width(channels, b) === 1 ? `(${a}) * (${c})` : `dot(${a}, ${c})`;
  const ones = (b: number): string => w.number("W", mask + b, w.width(channels, b));
  w.lines.push(`float ${name}m = (${every.map((b) => product(b, w.block(source, b), ones(b))).join(" + ")}) / ${channels}.0;`);
  const e = w.value(`${name}e`, channels, (b) => `(${w.block(source, b)} - ${name}m) * ${ones(b)}`);
  const centred = (b: number): string => w.number("C", z + b, w.width(channels, b));
  const grown = every.map((b) => product(b, `2.0 * ${centred(b)} + ${w.block(e, b)} * S`, w.block(e, b)));
  const squares = every.map((b) => {
    const moved = `${centred(b)} + ${w.block(e, b)} * S`;
    return product(b, moved, moved);
  });
  w.lines.push(
    `float ${name}d = (${grown.join(" + ")}) / ${channels}.0;`,
    `float ${name}q = sqrt((${squares.join(" + ")}) / ${channels}.0 + ${literal(eps)});`,
    `float ${name}r = ${name}d / (C(${spread}).x * ${name}q * (C(${spread}).x + ${name}q));`,
  );
  return w.value(
    name,
    channels,
    (b, width) =>
      `(${w.block(e, b)} / ${name}q - ${centred(b)} * ${name}r) * ${w.number("W", scale + b, width)}`,
  );
}

const literal = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
