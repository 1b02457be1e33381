// The slope of every activation, by its name: at a kink that of the inactive side, as netwarp.activations has it.

import { tail } from "./erf.ts";
import { face } from "./faces.ts";

type Slope = (z: number, p: number) => number;

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;
const DENSITY = 1 / Math.sqrt(2 * Math.PI);

const leaky: Slope = (z, p) => (z > 0 ? 1 : p);
const within = (low: number, high: number, slope: number): Slope => (z) => (z > low && z < high ? slope : 0);

const SLOPES: Readonly<Record<string, Slope>> = {
  relu: (z) => (z > 0 ? 1 : 0),
  leaky,
  prelu: leaky,
  elu: (z) => (z > 0 ? 1 : Math.exp(z)),
  selu: (z) => (z > 0 ? SELU_SCALE : Math.exp(z) * (SELU_SCALE * SELU_ALPHA)),
  gelu: (z) => z * Math.exp((-z * z) / 2) * DENSITY + (z < 0 ? tail(z) : 1 - tail(z)),
  silu: (z) => {
    const exp = Math.exp(-Math.abs(z));
    const rest = 1 + exp;
    return logistic(z) + (z * exp) / (rest * rest);
  },
  mish: (z) => {
    const u = Math.exp(-Math.abs(z));
    const low = u * (u + 2);
    const rest = z < 0 ? low + 2 : (u * u + u) * 2 + 1;
    const rise = (u + 1) * (z < 0 ? u : u * u);
    return (z < 0 ? low : u * 2 + 1) / rest + z * ((rise * 4) / (rest * rest));
  },
  softplus: logistic,
  tanh: (z) => {
    const m = Math.expm1(-2 * Math.abs(z));
    return ((m + 1) * 4) / ((m + 2) * (m + 2));
  },
  tanhshrink: (z) => Math.tanh(z) ** 2,
  softsign: (z) => 1 / (Math.abs(z) + 1) ** 2,
  erf: (z) => Math.exp(-z * z) * (2 / Math.sqrt(Math.PI)),
  sigmoid: (z) => logistic(z) * logistic(-z),
  hardtanh: within(-1, 1, 1),
  relu6: within(0, 6, 1),
  hardsigmoid: within(-3, 3, 1 / 6),
  hardswish: (z) => (z > 3 ? 1 : z > -3 ? z / 3 + 0.5 : 0),
  abs: Math.sign,
  sin: (z, p) => Math.cos(z * p) * p,
  cos: (z) => -Math.sin(z),
  gaussian: (z) => -z * Math.exp(z * z * -0.5),
  square: (z) => 2 * z,
  linear: () => 1,
};

/** phi' of an activation; null of one that jumps, whose slope tells nothing. */
export function slope(name: string): Slope | null {
  face(name);
  return SLOPES[name] ?? null;
}

function logistic(z: number): number {
  const exp = Math.exp(-Math.abs(z));
  return (z < 0 ? exp : 1) / (1 + exp);
}
