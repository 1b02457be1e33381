// Every activation by its name: its value, and the number beside its name. The definitions are netwarp.activations',
// and so are the forms in which they are computed.

import { erf, tail } from "./erf.ts";

/** `usual` is the number that a text leaves out; there is one a channel where it is `random`, uniform between two
 * numbers, or `learned`, `usual` to begin with. */
export interface Argument {
  readonly name: string;
  readonly usual: number;
  readonly random?: { readonly low: number; readonly high: number };
  readonly learned?: boolean;
}

export interface Face {
  /** of z and the parameter; NaN stays NaN */
  readonly value: (z: number, p: number) => number;
  readonly parameter?: Argument;
}

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

const leaky = (z: number, p: number): number => (z > 0 ? z : z * p);

const FACES: Record<string, Face> = {
  relu: { value: (z) => (z < 0 ? 0 : z) },
  leaky: { value: leaky, parameter: { name: "slope", usual: 0.01, random: { low: 1 / 8, high: 1 / 3 } } },
  prelu: { value: leaky, parameter: { name: "slope", usual: 0.25, learned: true } },
  elu: { value: (z) => (z > 0 ? z : Math.expm1(z)) },
  selu: { value: (z) => (z > 0 ? z * SELU_SCALE : Math.expm1(z) * (SELU_SCALE * SELU_ALPHA)) },
  gelu: { value: gelu },
  silu: { value: silu },
  mish: { value: mish },
  softplus: { value: (z) => (z < 0 ? 0 : z) + Math.log1p(Math.exp(-Math.abs(z))) },
  tanh: { value: Math.tanh },
  tanhshrink: { value: tanhshrink },
  softsign: { value: (z) => z / (Math.abs(z) + 1) },
  erf: { value: erf },
  sigmoid: { value: (z) => 1 / (1 + Math.exp(-z)) },
  hardtanh: { value: (z) => clip(z, -1, 1) },
  relu6: { value: (z) => clip(z, 0, 6) },
  hardsigmoid: { value: (z) => clip((z + 3) / 6, 0, 1) },
  hardswish: { value: (z) => z * (clip(z + 3, 0, 6) / 6) },
  abs: { value: Math.abs },
  sin: { value: (z, p) => Math.sin(z * p), parameter: { name: "omega", usual: 1 } },
  cos: { value: Math.cos },
  gaussian: { value: (z) => Math.exp(z * z * -0.5) },
  square: { value: (z) => z * z },
  // NaN and infinity stay visible
  step: { value: (z) => (z > 0 ? 1 : z * 0) },
  linear: { value: (z) => z },
};

export const NAMES: readonly string[] = Object.keys(FACES);

/** The face of that name. Errors: Error for a name that no reader lets through. */
export function face(name: string): Face {
  const found = FACES[name];
  if (!found) throw new Error(`activation ${name}: not a known name`);
  return found;
}

function clip(z: number, low: number, high: number): number {
  return z < low ? low : z > high ? high : z;
}

// what lies below has underflowed; infinity would meet 0 there
const LEAST = -1000;

function gelu(z: number): number {
  const rest = Math.min(Math.abs(z), -LEAST) * tail(z);
  return z < 0 ? -rest : z - rest;
}

function silu(z: number): number {
  const exp = Math.exp(-Math.abs(z));
  return z < 0 ? (Math.max(z, LEAST) / (1 + exp)) * exp : z / (1 + exp);
}

/** z tanh(softplus(z)), the quotient written in exp(-|z|). */
function mish(z: number): number {
  const u = Math.exp(-Math.abs(z));
  if (z < 0) return Math.max(z, LEAST) * ((u + 2) / (u * (u + 2) + 2)) * u;
  return z * ((u * 2 + 1) / ((u * u + u) * 2 + 1));
}

/** Near 0 without a difference: by Lambert, tanh(z) = z / (1 + q), q the fraction z^2 / (3 + z^2 / (5 + ...)). */
function tanhshrink(z: number): number {
  if (!(Math.abs(z) < 2)) return z - Math.tanh(z);
  const square = z * z;
  let q = square / LEVEL;
  for (let odd = LEVEL - 2; odd > 1; odd -= 2) q = square / (q + odd);
  return z * (q / (q + 1));
}

/** As many levels as the last bit of a float64 needs, of |z| up to 2. */
const LEVEL = ((): number => {
  let [level, lost] = [3, 0];
  while (lost < 53) [lost, level] = [lost + Math.log2((level * level) / 4), level + 2];
  return level;
})();
