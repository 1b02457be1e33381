// The types of a text's tree: netwarp.architecture's frozen classes under their own names, their fields in the same
// order. `kind` is the class. Nothing here computes; what makes them checks them, so that a tree that stands is right.

/** Stands for "inherit the architecture's shared default". */
export const UNSET = "unset";
export type Unset = typeof UNSET;

/** A count of up to 10^18, kept exactly; `walk` refuses what is too large to be held, and then Number() is exact. */
export type Whole = bigint;

/** The same number for every channel. */
export interface Constant {
  readonly kind: "Constant";
  readonly value: number;
}

/** A Gaussian, drawn once a channel; `std` is the standard deviation. */
export interface Normal {
  readonly kind: "Normal";
  readonly mean: number;
  readonly std: number;
}

/** Uniform between `low` and `high`, drawn once a channel. */
export interface Uniform {
  readonly kind: "Uniform";
  readonly low: number;
  readonly high: number;
}

export type Distribution = Constant | Normal | Uniform;

/** Each channel to mean 0 and variance 1 over the calibration raster's pixels, then times scale, plus shift. */
export interface Spatial {
  readonly kind: "Spatial";
  readonly scale: Distribution;
  readonly shift: Distribution;
  readonly eps: number;
}

/** Each point to mean 0 and variance 1 over its channels, then times scale, plus shift, a channel. */
export interface LayerNorm {
  readonly kind: "LayerNorm";
  readonly scale: Distribution;
  readonly shift: Distribution;
  readonly eps: number;
}

/** A norm; null is none. */
export type NormSpec = Spatial | LayerNorm | null;

/** A name of ACTIVATIONS, and its number: leaky's slope (or "random"), sin's omega, else null. */
export interface Activation {
  readonly kind: "Activation";
  readonly name: string;
  readonly parameter: number | "random" | null;
}

/** How weights are drawn; `parameter` is normal's std or uniform's a, else null. */
export interface Initialiser {
  readonly kind: "Initialiser";
  readonly name: string;
  readonly parameter: number | null;
  readonly gain: number;
  readonly bias: Distribution;
}

/** One input channel: "x", "y", "r" (distance from the plane's origin) or "bias" (the constant 1). */
export interface Coordinate {
  readonly kind: "Coordinate";
  readonly name: string;
}

/** n constant channels, drawn from the seed: of a Gaussian of std 1 unless told otherwise. */
export interface Latent {
  readonly kind: "Latent";
  readonly n: Whole;
  readonly drawn: Distribution;
}

/** Constant channels of these values, which no seed changes. */
export interface Fixed {
  readonly kind: "Fixed";
  readonly values: readonly number[];
}

/** No channel: x and y run from -size to size over the unit square, r is of these, and z is multiplied by it. */
export interface Scaling {
  readonly kind: "Scaling";
  readonly size: number;
}

/** 2 n channels: n cosines, then n sines, of 2 pi (B p), with B (n, 2) drawn from a Gaussian of std `sigma`. */
export interface Fourier {
  readonly kind: "Fourier";
  readonly n: Whole;
  readonly sigma: number;
}

/** 2 channels: the cosine, then the sine, of 2 pi times the coordinate "x" or "y". */
export interface Periodic {
  readonly kind: "Periodic";
  readonly axis: string;
}

/** The plane as a slice of a larger space: channels origin + x u + y v. */
export interface Embed {
  readonly kind: "Embed";
  readonly origin: readonly number[];
  readonly u: readonly number[];
  readonly v: readonly number[];
}

/** n channels, each a wave summed over the turns by a `fold`-th, and their mirror images. */
export interface Rosette {
  readonly kind: "Rosette";
  readonly fold: Whole;
  readonly mirrored: boolean;
  readonly n: Whole;
  readonly sigma: number;
}

/** n channels, each a wave of the lattice summed over the motions of a wallpaper group. */
export interface Wallpaper {
  readonly kind: "Wallpaper";
  readonly group: string;
  readonly n: Whole;
  readonly cell: number;
  readonly ratio: number;
  readonly shear: number;
}

/** A function of a sum; the name "" is none: a sum in brackets. */
export interface Applied {
  readonly kind: "Applied";
  readonly name: string;
  readonly terms: readonly Term[];
}

/** "x", "y" or "r", or a function. */
export type Factor = string | Applied;

/** A number times factors. */
export interface Term {
  readonly kind: "Term";
  readonly times: number;
  readonly factors: readonly Factor[];
}

/** One channel: a sum that somebody wrote. */
export interface Expression {
  readonly kind: "Expression";
  readonly terms: readonly Term[];
}

export type Symmetric = Rosette | Wallpaper;
export type Input = Coordinate | Latent | Fixed | Fourier | Periodic | Embed | Scaling | Symmetric | Expression;

/** The input channels in order, a Scaling last. */
export interface Inputs {
  readonly kind: "Inputs";
  readonly parts: readonly Input[];
}

/** Convolution, norm, activation. `bias` null is automatic: only where no norm follows. */
export interface Conv {
  readonly kind: "Conv";
  readonly channels: Whole;
  readonly kernel: number;
  readonly groups: Whole;
  readonly act: Activation | Unset;
  readonly norm: NormSpec | Unset;
  readonly init: Initialiser | Unset;
  readonly bias: boolean | null;
}

/** A convolution of every channel by itself, norm, activation. */
export interface Depthwise {
  readonly kind: "Depthwise";
  readonly kernel: number;
  readonly act: Activation | Unset;
  readonly norm: NormSpec | Unset;
  readonly init: Initialiser | Unset;
  readonly bias: boolean | null;
}

/** Convolution to channels * pieces, norm, then the largest of each `pieces` neighbours; no activation. */
export interface Maxout {
  readonly kind: "Maxout";
  readonly channels: Whole;
  readonly pieces: Whole;
  readonly kernel: number;
  readonly norm: NormSpec | Unset;
  readonly init: Initialiser | Unset;
  readonly bias: boolean | null;
}

/** The "max" or the "avg" over size x size; a stride spreads whatever follows. */
export interface Pool {
  readonly kind: "Pool";
  readonly pool: "max" | "avg";
  readonly size: number;
  readonly stride: Whole;
}

/** A bare activation. */
export interface Act {
  readonly kind: "Act";
  readonly activation: Activation | Unset;
}

/** A bare norm. */
export interface Norm {
  readonly kind: "Norm";
  readonly norm: Spatial | LayerNorm | Unset;
}

/** Two parts or more, one after the other; none of them a sequence. */
export interface Sequence {
  readonly kind: "Sequence";
  readonly parts: readonly Layer[];
}

/** `part` twice or more, each time with weights of its own; `part` is no repetition. */
export interface Repeat {
  readonly kind: "Repeat";
  readonly part: Layer;
  readonly times: Whole;
}

/** Branches of the same input, their channels concatenated in order. */
export interface Parallel {
  readonly kind: "Parallel";
  readonly branches: readonly Layer[];
}

/** x + body(x); where channels differ, x passes a 1x1 conv with the shared norm and no activation. */
export interface Residual {
  readonly kind: "Residual";
  readonly body: Layer;
}

/** x, then body(x), concatenated. */
export interface Dense {
  readonly kind: "Dense";
  readonly body: Layer;
}

/** body(x) times a second body, drawn apart, whose last activation is the sigmoid. */
export interface Gated {
  readonly kind: "Gated";
  readonly body: Layer;
}

/** The four-branch block, short for what `expand` returns. `three` and `five` are (reduced, channels). */
export interface Inception {
  readonly kind: "Inception";
  readonly one: Whole;
  readonly three: readonly [Whole, Whole];
  readonly five: readonly [Whole, Whole];
  readonly pool: Whole;
  readonly kernels: readonly [number, number];
  readonly act: Activation | Unset;
  readonly norm: NormSpec | Unset;
  readonly init: Initialiser | Unset;
}

export type Layer =
  | Conv
  | Depthwise
  | Maxout
  | Pool
  | Act
  | Norm
  | Sequence
  | Repeat
  | Parallel
  | Residual
  | Dense
  | Gated
  | Inception;

/** A tree of layers and the defaults they share. */
export interface Architecture {
  readonly kind: "Architecture";
  readonly tree: Layer;
  readonly act: Activation;
  readonly norm: NormSpec;
  readonly init: Initialiser;
  readonly inputs: Inputs;
  readonly out: Whole;
  readonly out_act: Activation;
}
