// A network lowered to primitive operations over numbered values: data, no behaviour, as netwarp.network.program.
//
// Single assignment: operation i makes value i, from values with smaller numbers. A value is a function of the plane
// with `channels` channels. All is pointwise but for windows, whose taps are calibration pixels apart.

// C channels of the operation's own value, I channels of its source, K channels embedded

export const LINEAR = 0;
export const RADIUS = 1;
export const SINE = 2;

interface Step {
  readonly sources: readonly number[];
  readonly channels: number;
  /** the path of its layer in the flattened tree */
  readonly layer: string;
}

/** The plane's point (x, y) as K input channels. Always operation 0.
 *
 * `kinds` (K,) and `coefficients` (K, 3) rows a, b, c: LINEAR is a x + b y + c, RADIUS sqrt(x^2 + y^2), SINE
 * sin(a x + b y + c).
 */
export interface Embed extends Step {
  readonly kind: "embed";
  readonly kinds: Uint8Array;
  readonly coefficients: Float64Array;
}

/** Cross-correlation: `weight` (C, I / groups, kernel, kernel), `bias` (C,); kernel 1 is every pixel's affine map. */
export interface Conv extends Step {
  readonly kind: "conv";
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  readonly kernel: number;
  readonly dilation: number;
  readonly groups: number;
}

/** (z - mean) / sqrt(var + eps) * scale + shift, a channel, over the calibration raster. Gone after calibration. */
export interface Normalise extends Step {
  readonly kind: "normalise";
  readonly scale: Float64Array;
  readonly shift: Float64Array;
  readonly eps: number;
}

/** `name` of the language, elementwise; `parameter` (C,) is the slope of leaky, omega of sin, else zeros. */
export interface Activate extends Step {
  readonly kind: "activate";
  readonly name: string;
  readonly parameter: Float64Array;
}

/** Channel c is the largest of source channels c * pieces ... c * pieces + pieces - 1. */
export interface Maxout extends Step {
  readonly kind: "maxout";
  readonly pieces: number;
}

/** The largest or the mean of size x size taps at -((size - 1) // 2) .. size // 2, times dilation; stride 1. */
export interface Pool extends Step {
  readonly kind: "pool";
  readonly pool: "max" | "avg";
  readonly size: number;
  readonly dilation: number;
}

/** (z - mean) / sqrt(var + eps) * scale + shift over the channels of every single point; biased variance. */
export interface LayerNorm extends Step {
  readonly kind: "layernorm";
  readonly scale: Float64Array;
  readonly shift: Float64Array;
  readonly eps: number;
}

/** The sum, the product, or the channels of all sources, in their order. */
export interface Join extends Step {
  readonly kind: "add" | "multiply" | "concat";
}

export type Operation = Embed | Conv | Normalise | Activate | Maxout | Pool | LayerNorm | Join;

/** Operations in order; the last one's value is the output. `layers[n - 1]` is the value that layer n puts out. */
export interface Program {
  readonly operations: readonly Operation[];
  readonly layers: readonly number[];
}

/** The number of channels of the output. */
export function outputs(program: Program): number {
  return program.operations[program.operations.length - 1]!.channels;
}

/** Whether the output at a point depends on the plane at that point only. */
export function pointwise(program: Program): boolean {
  return program.operations.every(
    (one) => !((one.kind === "conv" && one.kernel > 1) || (one.kind === "pool" && one.size > 1)),
  );
}
