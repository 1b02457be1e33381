// The small languages: an activation, norm, initialiser or the inputs, from text or from a value.
// netwarp.architecture.notation: "leaky(0.1)"; "spatial(scale=3)"; "he(gain=0.5)"; "x y r z(4) fourier(16, 4)".

import { InputError, LanguageError } from "./errors.ts";
import { isExpression, readExpression } from "./expressions.ts";
import { evaluate, type Callable, type Function, type Grammar } from "./grammar.ts";
import { Text, within } from "./reader.ts";
import * as specs from "./specs.ts";
import type { Node } from "./syntax.ts";
import { mirror, dihedral, rotate, wallpaper } from "./symmetry.ts";
import { ACTIVATIONS, GRAMMARS, SPELLINGS, WALLPAPERS } from "./table.ts";
import type { Activation, Distribution, Initialiser, Input, Inputs, NormSpec } from "./tree.ts";
import { isKind, shown, type Value } from "./values.ts";
import { say } from "./words.ts";

const INPUTS = ["Coordinate", "Latent", "Fixed", "Fourier", "Periodic", "Embed", "Scaling", "Rosette", "Wallpaper", "Expression"] as const;
const NOTHING: Grammar = { calls: new Map(), names: new Map(), hints: new Map() };

/** A grammar's functions, with the arguments that the table gives them. */
export function callables(
  parameters: (typeof GRAMMARS)[keyof typeof GRAMMARS]["calls"],
  runs: Readonly<Record<string, Function>>,
): Map<string, Callable> {
  return new Map(
    Object.entries(parameters).map(([name, own]) => {
      const run = runs[name];
      if (run === undefined) throw new Error(`${name} is in the table, and nothing makes it`);
      return [name, { parameters: own, run }];
    }),
  );
}

/** Every function that makes a distribution or a norm. */
export const MAKERS: Readonly<Record<string, Function>> = {
  normal: (given) => {
    const [mean, std] = [given.get("mean") ?? null, given.get("std") ?? null];
    return std === null ? specs.normal(0, mean) : specs.normal(mean, std);
  },
  uniform: (given) => specs.uniform(given.get("low") ?? null, given.get("high") ?? null),
  spatial: (given) => normOf("Spatial", given),
  layer: (given) => normOf("LayerNorm", given),
  layer_norm: (given) => normOf("LayerNorm", given),
};

function normOf(kind: "Spatial" | "LayerNorm", given: ReadonlyMap<string, Value>): Value {
  const { scale, shift, eps } = { scale: 1, shift: 0, eps: 1e-5, ...Object.fromEntries(given) };
  return specs.norm(kind, scale, shift, eps);
}

function initialiserOf(name: string): Function {
  return (given) => {
    const { std = null, a = null, gain = 1, bias = 0 } = Object.fromEntries(given);
    return specs.initialiser(name, name === "normal" ? std : name === "uniform" ? a : null, gain, bias);
  };
}

const said = GRAMMARS;
const DISTRIBUTION: Grammar = { ...NOTHING, calls: callables(said.distribution.calls, MAKERS), inner: NOTHING };
const ACTIVATION: Grammar = {
  calls: callables(
    said.activation.calls,
    Object.fromEntries(
      Object.keys(said.activation.calls).map((name) => [name, (given) => specs.activation(name, [...given.values()][0])]),
    ),
  ),
  names: new Map(said.activation.names.map((name) => [name, specs.activation(name)])),
  hints: new Map(Object.entries(said.activation.hints)),
  inner: { ...NOTHING, names: new Map([["random", "random"]]) },
};
const PLAIN = { spatial: specs.norm("Spatial", 1, 0, 1e-5), layer: specs.norm("LayerNorm", 1, 0, 1e-5) };
const NORM: Grammar = {
  ...NOTHING,
  calls: callables(said.norm.calls, MAKERS),
  names: new Map<string, Value>([
    ["spatial", PLAIN.spatial],
    ["layer", PLAIN.layer],
    ["layer_norm", PLAIN.layer],
    ["none", null],
  ]),
  inner: DISTRIBUTION,
};
const INITIALISER: Grammar = {
  ...NOTHING,
  calls: callables(
    said.initialiser.calls,
    Object.fromEntries(Object.keys(said.initialiser.calls).map((name) => [name, initialiserOf(name)])),
  ),
  names: new Map(said.initialiser.names.map((name) => [name, specs.initialiser(name, null)])),
  inner: DISTRIBUTION,
};
const INPUT: Grammar = {
  ...NOTHING,
  calls: callables(said.inputs.calls, {
    z: (given) => specs.latent(given.get("n") ?? null, ...(given.has("drawn") ? [given.get("drawn") ?? null] : [])),
    fourier: (given) => specs.fourier(given.get("n") ?? null, given.get("sigma") ?? null),
    periodic: (given) => specs.periodic(given.get("axis") ?? null),
    scale: (given) => specs.scale(given.get("size") ?? null),
    mirror,
    rotate,
    dihedral,
    wallpaper,
    embed: (given) => specs.embed(given.get("origin") ?? null, given.get("u") ?? null, given.get("v") ?? null),
  }),
  names: new Map(said.inputs.names.map((name) => [name, { kind: "Coordinate", name }])),
  inner: { calls: DISTRIBUTION.calls, names: new Map(["x", "y", ...Object.keys(WALLPAPERS)].map((name) => [name, name])), hints: new Map(), inner: NOTHING },
};

/** An activation such as "relu", "leaky(0.1)", "leaky(random)" or "sin(30)"; "ReLU()" and "logistic" are known. */
export function readActivation(text: string): Activation {
  const source = new Text(text, "activation");
  const value = evaluate(source, respelt(source.expression()), ACTIVATION);
  if (isKind(value, "Activation")) return value;
  throw source.error(say("NO_ACTIVATION", { value: shown(value) }), 0, text.length);
}

/** The tree with the language's names where another library's stand: ReLU, LeakyReLU(negative_slope=0.1). */
function respelt(tree: Node): Node {
  const name = tree.type === "Call" ? tree.called : tree;
  if (name.type !== "Name") return tree;
  const own = { ...name, id: spelt(name.id) };
  if (tree.type !== "Call") return own;
  // PyTorch prints a module with its arguments: ReLU()
  if (tree.order.length === 0 && tree.keywords.length === 0 && Object.hasOwn(ACTIVATIONS, own.id)) return own;
  const isLeaky = own.id === "leaky";
  const keywords = tree.keywords.map((one) => (isLeaky && one.name === "negative_slope" ? { ...one, name: "slope" } : one));
  return { ...tree, called: own, keywords };
}

function spelt(name: string): string {
  if (Object.hasOwn(ACTIVATIONS, name)) return name;
  const plain = name.toLowerCase().replaceAll("_", "");
  if (Object.hasOwn(SPELLINGS, plain)) return SPELLINGS[plain] ?? name;
  return Object.hasOwn(ACTIVATIONS, plain) ? plain : name;
}

/** A norm such as "spatial(scale=3, shift=normal(2))", "layer" or "none". */
export function readNorm(text: string): NormSpec {
  const source = new Text(text, "norm");
  const value = evaluate(source, source.expression(), NORM);
  if (value === null || isKind(value, "Spatial", "LayerNorm")) return value;
  throw source.error(say("NO_NORM", { value: shown(value) }), 0, text.length);
}

/** A distribution such as "3", "normal(2)", "normal(1, 1)" or "uniform(0, 1)". */
export function readDistribution(text: string): Distribution {
  const source = new Text(text, "distribution");
  const value = evaluate(source, source.expression(), DISTRIBUTION);
  if (isKind(value, "Normal", "Uniform")) return value;
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw source.error(say("NO_DISTRIBUTION", { value: shown(value) }), 0, text.length);
  }
  try {
    return specs.distribution("constant value", value);
  } catch (error) {
    throw error instanceof InputError ? source.error(error.message, 0, text.length) : error;
  }
}

/** An initialiser such as "he", "he(gain=0.5)", "normal(0.1)" or "orthogonal(gain=1.4, bias=normal(0.3))". */
export function readInitialiser(text: string): Initialiser {
  const source = new Text(text, "initialiser");
  const value = evaluate(source, source.expression(), INITIALISER);
  if (isKind(value, "Initialiser")) return value;
  throw source.error(say("NO_INITIALISER", { value: shown(value) }), 0, text.length);
}

/** Inputs, with spaces between them, such as "x y r bias z(4) fourier(16, 4) periodic(x)". */
export function readInputs(text: string): Inputs {
  const source = new Text(text, "inputs");
  const parts: Input[] = [];
  for (const [start, piece] of pieces(source.checked())) {
    const one = new Text(piece, "inputs");
    let value: Value;
    try {
      const tree = one.expression();
      value = isExpression(tree) ? readExpression(one, tree) : evaluate(one, tree, INPUT);
    } catch (error) {
      throw error instanceof LanguageError ? within(error, source, start) : error;
    }
    if (!isKind(value, ...INPUTS)) throw source.error(say("NO_INPUT", { value: shown(value) }), start, piece.length);
    parts.push(value);
  }
  return specs.inputs(parts);
}

/** The parts of a checked text between spaces outside brackets, each with its offset. */
function pieces(text: string): [number, string][] {
  const found: [number, string][] = [];
  let [start, opened] = [0, 0];
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charAt(i) : " ";
    opened += Number("([{".includes(c)) - Number(")]}".includes(c));
    if (c !== " " || opened !== 0) continue;
    if (i > start) found.push([start, text.slice(start, i)]);
    start = i + 1;
  }
  return found;
}

/** `what` is "conv act", the owner and the argument; null is linear. */
export function toActivation(what: string, value: Value): Activation {
  if (value === null) return specs.activation("linear");
  if (typeof value === "string") return readActivation(value);
  if (isKind(value, "Activation")) return value;
  throw new InputError(say("ANY_ACTIVATION", { what, value: shown(value) }));
}

export function toNorm(what: string, value: Value): NormSpec {
  if (typeof value === "string") return readNorm(value);
  if (value === null || isKind(value, "Spatial", "LayerNorm")) return value;
  throw new InputError(say("ANY_NORM", { what, value: shown(value) }));
}

/** A normal(std) about 0, or a uniform(-a, a), stands for the initialiser of that name. */
export function toInitialiser(what: string, value: Value): Initialiser {
  if (typeof value === "string") return readInitialiser(value);
  if (isKind(value, "Normal") && value.mean === 0) return specs.initialiser("normal", value.std);
  if (isKind(value, "Uniform") && value.low === -value.high) return specs.initialiser("uniform", value.high);
  if (isKind(value, "Initialiser")) return value;
  throw new InputError(say("ANY_INITIALISER", { what, value: shown(value) }));
}

export function toInputs(what: string, value: Value): Inputs {
  if (typeof value === "string") return readInputs(value);
  if (isKind(value, ...INPUTS)) return specs.inputs([value]);
  if (isKind(value, "Inputs")) return value;
  throw new InputError(say("ANY_INPUTS", { what, value: shown(value) }));
}
