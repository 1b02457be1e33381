// A normalisation with frozen statistics is an affine map: it is folded into the convolution before it, where it has
// that to itself.

import { say } from "../language/words.ts";
import { InputError, NotFiniteError } from "./errors.ts";
import type { Conv, Normalise, Program } from "./program.ts";

/** Mean and biased variance (C,) over the calibration raster. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

// a channel whose variation is below this share of its size is constant to float64 rounding
const CONSTANT = 1e-12;

/** The convolution that Normalise i folds into: its source, where nothing else reads that. null if there is none. */
export function folding(program: Program, i: number): number | null {
  const source = program.operations[i]!.sources[0]!;
  return program.operations[source]!.kind === "conv" && usesOf(program)[source] === 1 ? source : null;
}

const uses = new WeakMap<Program, Int32Array>();

/** How often each value is read: counted once, or a calibration would take as long as the square of the depth. */
function usesOf(program: Program): Int32Array {
  const known = uses.get(program);
  if (known !== undefined) return known;
  const { operations } = program;
  const found = new Int32Array(operations.length);
  for (const { sources } of operations) for (const source of sources) found[source]! += 1;
  uses.set(program, found);
  return found;
}

/** To float32, and back to a float64 array. What is too large for float32 becomes infinite. */
export function rounded(values: Float64Array): Float64Array {
  return values.map(Math.fround);
}

/** The convolution that makes value i from now on, its numbers rounded to float32 once.
 *
 * (z - mean) / sqrt(variance + eps) * scale + shift, a channel. A constant channel yields its shift, whatever eps is.
 * Errors: NotFiniteError where values or their squares are beyond float64; InputError where finite statistics give
 * weights that float32 cannot hold.
 */
export function fold(program: Program, i: number, { mean, variance }: Moments): Conv {
  const norm = program.operations[i] as Normalise;
  const { layer, scale, shift } = norm;
  if (!variance.every(Number.isFinite)) {
    throw new NotFiniteError(say("NORMALISED_BEYOND", { layer }));
  }
  const conv = before(program, i);
  const factor = scale.map((one, c) =>
    Math.sqrt(variance[c]!) <= CONSTANT * Math.abs(mean[c]!) ? 0 : one / Math.sqrt(variance[c]! + norm.eps),
  );
  const each = conv.weight.length / norm.channels;
  const weight = rounded(conv.weight.map((one, at) => one * factor[Math.floor(at / each)]!));
  const bias = rounded(conv.bias.map((one, c) => (one - mean[c]!) * factor[c]! + shift[c]!));
  if (mean.every(Number.isFinite) && !(weight.every(Number.isFinite) && bias.every(Number.isFinite))) {
    throw new InputError(say("FOLDED_BEYOND", { layer, scale: short(largest(scale)), shift: short(largest(shift)) }));
  }
  return { ...conv, weight, bias, layer };
}

/** What Normalise i is folded into: the convolution before it, or one of ones, each channel by itself. */
function before(program: Program, i: number): Conv {
  const at = folding(program, i);
  if (at !== null) return program.operations[at] as Conv;
  const { sources, channels, layer } = program.operations[i]!;
  const [weight, bias] = [new Float64Array(channels).fill(1), new Float64Array(channels)];
  return { kind: "conv", sources, channels, layer, weight, bias, kernel: 1, dilation: 1, groups: channels };
}

function largest(values: Float64Array): number {
  return values.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
}

/** Three digits, as Python's format .3g. */
function short(value: number): string {
  const power = value === 0 ? 0 : Number(value.toExponential(2).split("e")[1]);
  if (power >= -4 && power < 3) return String(Number(value.toPrecision(3)));
  const [digits, exponent] = value.toExponential(2).split("e") as [string, string];
  const sign = exponent.startsWith("-") ? "-" : "+";
  return `${String(Number(digits))}e${sign}${exponent.slice(1).padStart(2, "0")}`;
}
