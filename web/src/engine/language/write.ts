// The canonical text of a tree, which reads back equal: that of Python's str().

import { sumText } from "./expressions.ts";
import { plain } from "./numbers.ts";
import { GAUSSIAN } from "./specs.ts";
import { ACTIVATIONS, SYMMETRY } from "./table.ts";
import { UNSET, type Activation, type Architecture, type Distribution, type Initialiser, type Input } from "./tree.ts";
import type { Inception, Inputs, Layer, LayerNorm, NormSpec, Rosette, Spatial, Unset, Wallpaper } from "./tree.ts";

/** The tree alone where every default is the usual one, else "Architecture(TREE, act=...)". */
export function textOf(architecture: Architecture, { inputs = true } = {}): string {
  const given: [string, string, string][] = [
    ["act", activationText(architecture.act), "relu"],
    ["norm", normText(architecture.norm), "spatial(scale=3, shift=normal(2))"],
    ["init", initialiserText(architecture.init), "he"],
    ["inputs", inputs ? inputsText(architecture.inputs) : "x y", "x y"],
    ["out", String(architecture.out), "3"],
    ["out_act", activationText(architecture.out_act), "linear"],
  ];
  const changed = given
    .filter(([, text, usual]) => text !== usual)
    .map(([name, text]) => `${name}=${name === "norm" || name === "out" ? text : `"${text}"`}`);
  const tree = layerText(architecture.tree);
  return changed.length === 0 ? tree : `Architecture(${[tree, ...changed].join(", ")})`;
}

export function layerText(layer: Layer): string {
  switch (layer.kind) {
    case "Conv": {
      const groups = layer.groups === 1n ? [] : [`groups=${layer.groups}`];
      return `conv(${[String(layer.channels), ...kernelText(layer.kernel), ...groups, ...options(layer)].join(", ")})`;
    }
    case "Depthwise":
      return `depthwise(${[String(layer.kernel), ...options(layer)].join(", ")})`;
    case "Maxout": {
      const sizes = [String(layer.channels), String(layer.pieces), ...kernelText(layer.kernel)];
      return `maxout(${[...sizes, ...options(layer)].join(", ")})`;
    }
    case "Pool": {
      const stride = layer.stride === BigInt(layer.size) ? "" : `, stride=${layer.stride}`;
      return `pool("${layer.pool}", ${layer.size}${stride})`;
    }
    case "Act":
      return layer.activation === UNSET ? "act()" : `act("${activationText(layer.activation)}")`;
    case "Norm":
      return layer.norm === UNSET ? "norm()" : `norm(${normText(layer.norm)})`;
    case "Sequence":
      return layer.parts.map(layerText).join(" >> ");
    case "Repeat": {
      const part = layerText(layer.part);
      return `${layer.part.kind === "Sequence" ? `(${part})` : part} * ${layer.times}`;
    }
    case "Parallel":
      return `parallel(${layer.branches.map(layerText).join(", ")})`;
    case "Residual":
    case "Dense":
    case "Gated":
      return `${layer.kind.toLowerCase()}(${layerText(layer.body)})`;
    case "Inception":
      return inceptionText(layer);
  }
}

function inceptionText(layer: Inception): string {
  const kernels = layer.kernels[0] === 3 && layer.kernels[1] === 5 ? [] : [`kernels=${pairText(layer.kernels)}`];
  const sizes = [String(layer.one), pairText(layer.three), pairText(layer.five), String(layer.pool)];
  return `inception(${[...sizes, ...kernels, ...options(layer)].join(", ")})`;
}

function pairText(pair: readonly [bigint | number, bigint | number]): string {
  return `(${pair[0]}, ${pair[1]})`;
}

function kernelText(kernel: number): string[] {
  return kernel === 1 ? [] : [String(kernel)];
}

interface Options {
  readonly act?: Activation | Unset;
  readonly norm: NormSpec | Unset;
  readonly init: Initialiser | Unset;
  readonly bias?: boolean | null;
}

function options({ act = UNSET, norm, init, bias = null }: Options): string[] {
  return [
    ...(act === UNSET ? [] : [`act="${activationText(act)}"`]),
    ...(norm === UNSET ? [] : [`norm=${normText(norm)}`]),
    ...(init === UNSET ? [] : [`init="${initialiserText(init)}"`]),
    ...(bias === null ? [] : [`bias=${bias ? "True" : "False"}`]),
  ];
}

export function activationText({ name, parameter }: Activation): string {
  const known = ACTIVATIONS[name] ?? null;
  if (known === null || parameter === null || parameter === known.usual) return name;
  return `${name}(${typeof parameter === "string" ? parameter : plain(parameter)})`;
}

export function distributionText(one: Distribution): string {
  switch (one.kind) {
    case "Constant":
      return plain(one.value);
    case "Normal":
      return one.mean === 0 ? `normal(${plain(one.std)})` : `normal(${plain(one.mean)}, ${plain(one.std)})`;
    case "Uniform":
      return `uniform(${plain(one.low)}, ${plain(one.high)})`;
  }
}

export function normText(norm: NormSpec): string {
  if (norm === null) return "None";
  const told = parts(norm);
  return `${norm.kind === "Spatial" ? "spatial" : "layer"}(${told.join(", ")})`;
}

function parts({ scale, shift, eps }: Spatial | LayerNorm): string[] {
  return [
    ...(isConstant(scale, 1) ? [] : [`scale=${distributionText(scale)}`]),
    ...(isConstant(shift, 0) ? [] : [`shift=${distributionText(shift)}`]),
    ...(eps === 1e-5 ? [] : [`eps=${plain(eps)}`]),
  ];
}

function isConstant(one: Distribution, value: number): boolean {
  return one.kind === "Constant" && one.value === value;
}

export function initialiserText({ name, parameter, gain, bias }: Initialiser): string {
  const told = [
    ...(parameter === null ? [] : [plain(parameter)]),
    ...(gain === 1 ? [] : [`gain=${plain(gain)}`]),
    ...(isConstant(bias, 0) ? [] : [`bias=${distributionText(bias)}`]),
  ];
  return told.length === 0 ? name : `${name}(${told.join(", ")})`;
}

export function inputsText(inputs: Inputs): string {
  return inputs.parts.map(inputText).join(" ");
}

export function inputText(input: Input): string {
  switch (input.kind) {
    case "Coordinate":
      return input.name;
    case "Latent":
      return isUsual(input.drawn) ? `z(${input.n})` : `z(${input.n}, ${distributionText(input.drawn)})`;
    case "Fixed":
      return `z(${vectorText(input.values)})`;
    case "Scaling":
      return `scale(${plain(input.size)})`;
    case "Fourier":
      return `fourier(${input.n}, ${plain(input.sigma)})`;
    case "Periodic":
      return `periodic(${input.axis})`;
    case "Expression":
      return sumText(input.terms);
    case "Rosette":
      return rosetteText(input);
    case "Wallpaper":
      return wallpaperText(input);
    case "Embed":
      return `embed(${[input.origin, input.u, input.v].map(vectorText).join(", ")})`;
  }
}

function rosetteText({ fold, mirrored, n, sigma }: Rosette): string {
  const name = !mirrored ? "rotate" : fold === 1n ? "mirror" : "dihedral";
  const told = name === "mirror" ? [] : [String(fold)];
  if (n !== BigInt(SYMMETRY.waves)) told.push(`n=${n}`);
  if (sigma !== SYMMETRY.sigma) told.push(`sigma=${plain(sigma)}`);
  return `${name}(${told.join(", ")})`;
}

function wallpaperText({ group, n, cell, ratio, shear }: Wallpaper): string {
  const told = [group];
  if (n !== BigInt(SYMMETRY.waves)) told.push(`n=${n}`);
  for (const [name, own, usual] of [["cell", cell, SYMMETRY.cell], ["ratio", ratio, 1], ["shear", shear, 0]] as const) {
    if (own !== usual) told.push(`${name}=${plain(own)}`);
  }
  return `wallpaper(${told.join(", ")})`;
}

function isUsual(drawn: Distribution): boolean {
  return drawn.kind === "Normal" && drawn.mean === GAUSSIAN.mean && drawn.std === GAUSSIAN.std;
}

function vectorText(vector: readonly number[]): string {
  return `(${vector.map(plain).join(", ")}${vector.length === 1 ? "," : ""})`;
}
