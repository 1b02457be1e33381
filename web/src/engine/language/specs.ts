// What a layer may be told, each checked as it is made: distributions, norms, activations, initialisers and inputs.

import { number, whole } from "./checks.ts";
import { InputError } from "./errors.ts";
import { plain } from "./numbers.ts";
import { checkSymmetry } from "./symmetry.ts";
import { ACTIVATIONS, WORDS } from "./table.ts";
import type { Activation, Constant, Distribution, Embed, Fixed, Fourier, Initialiser, Latent, LayerNorm } from "./tree.ts";
import type { Input, Inputs, Normal, Periodic, Scaling, Spatial, Uniform } from "./tree.ts";
import { isKind, shown, type Value } from "./values.ts";
import { say } from "./words.ts";

const ZERO: Constant = { kind: "Constant", value: 0 };
export const GAUSSIAN: Normal = { kind: "Normal", mean: 0, std: 1 };

export function normal(mean: Value, std: Value): Normal {
  return { kind: "Normal", mean: number(mean, "normal mean"), std: number(std, "normal std", 0) };
}

export function uniform(low: Value, high: Value): Uniform {
  const made: Uniform = { kind: "Uniform", low: number(low, "uniform low"), high: number(high, "uniform high") };
  if (made.low > made.high) {
    throw new InputError(say("LOW_ABOVE_HIGH", { low: plain(made.low), high: plain(made.high) }));
  }
  return made;
}

/** A number becomes a constant; `what` is "spatial scale", the owner and the argument. */
export function distribution(what: string, value: Value): Distribution {
  if (isKind(value, "Constant", "Normal", "Uniform")) return value;
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw new InputError(say("ANY_DISTRIBUTION", { what, value: shown(value) }));
  }
  return { kind: "Constant", value: number(value, what) };
}

export function norm(kind: "Spatial" | "LayerNorm", scale: Value, shift: Value, eps: Value): Spatial | LayerNorm {
  const owner = kind === "Spatial" ? "spatial" : "layer";
  const made = { scale: distribution(`${owner} scale`, scale), shift: distribution(`${owner} shift`, shift) };
  return { kind, ...made, eps: number(eps, `${owner} eps`, 0) };
}

/** An activation of a name that is known; its number is the usual one where none is given. */
export function activation(name: string, parameter: Value = null): Activation {
  const known = ACTIVATIONS[name] ?? null;
  if (known === null || known.learned) return { kind: "Activation", name, parameter: null };
  if (parameter === null) return { kind: "Activation", name, parameter: known.usual };
  if (parameter === "random" && known.random) return { kind: "Activation", name, parameter };
  return { kind: "Activation", name, parameter: number(parameter, `${name} ${known.name}`) };
}

/** An initialiser of a name that is known; `parameter` is given for normal and uniform alone. */
export function initialiser(name: string, parameter: Value, gain: Value = 1, bias: Value = ZERO): Initialiser {
  const drawn = distribution(`${name} bias`, bias);
  const what = name === "normal" ? "normal std" : name === "uniform" ? "uniform a" : null;
  const own = what === null ? null : number(parameter, what, 0);
  return { kind: "Initialiser", name, parameter: own, gain: number(gain, `${name} gain`), bias: drawn };
}

/** z(4), z(4, uniform(-1, 1)), or the values themselves, z((0.1, -2)). */
export function latent(n: Value, drawn: Value = GAUSSIAN): Latent | Fixed {
  if (Array.isArray(n)) return { kind: "Fixed", values: vector("z", n) };
  const from = distribution("z drawn", drawn);
  return { kind: "Latent", n: whole(n, "z n", { example: "z(4)" }), drawn: from };
}

export function scale(size: Value): Scaling {
  return { kind: "Scaling", size: number(size, "scale", 0) };
}

/** The input channels in order, a Scaling last. */
export function inputs(given: readonly Input[]): Inputs {
  const scales = given.filter(({ kind }) => kind === "Scaling");
  const parts = [...given.filter(({ kind }) => kind !== "Scaling"), ...scales];
  if (scales.length === parts.length) throw new InputError(WORDS.NO_INPUTS);
  if (scales.length > 1) throw new InputError(WORDS.SCALES);
  checkSymmetry(parts);
  return { kind: "Inputs", parts };
}

/** Half of what x and y span over the unit square; null where they are the plane's own. */
export function scaleOf({ parts }: Inputs): number | null {
  const last = parts[parts.length - 1];
  return last?.kind === "Scaling" ? last.size : null;
}

export function fourier(n: Value, sigma: Value): Fourier {
  const count = whole(n, "fourier n", { example: "fourier(16, 4)" });
  return { kind: "Fourier", n: count, sigma: number(sigma, "fourier sigma", 0) };
}

export function periodic(axis: Value): Periodic {
  if (axis !== "x" && axis !== "y") throw new InputError(say("PERIODIC", { value: shown(axis) }));
  return { kind: "Periodic", axis };
}

export function embed(origin: Value, u: Value, v: Value): Embed {
  const made: Embed = {
    kind: "Embed",
    origin: vector("embed origin", origin),
    u: vector("embed u", u),
    v: vector("embed v", v),
  };
  for (const name of ["u", "v"] as const) {
    const count = made[name].length;
    const wanted = made.origin.length;
    if (count !== wanted) throw new InputError(say("EMBED_LENGTH", { name, count, wanted }));
  }
  return made;
}

function vector(what: string, value: Value): readonly number[] {
  if (!Array.isArray(value)) throw new InputError(say("NO_VECTOR", { what, value: shown(value) }));
  const items = value as readonly Value[];
  const numbers = items.map((one, i) => number(one, `${what}[${i}]`));
  if (numbers.length === 0) throw new InputError(say("NO_NUMBER", { what }));
  return numbers;
}
