// What a layer says, or the architecture's shared default; and what short forms stand for.

import {
  type Act,
  type Activation,
  type Architecture,
  type Conv,
  type Depthwise,
  type Inception,
  type Initialiser,
  type Layer,
  type Maxout,
  type Norm,
  type NormSpec,
  type Parallel,
  UNSET,
  type Whole,
} from "../language/tree.ts";

export const LINEAR: Activation = { kind: "Activation", name: "linear", parameter: null };
const SIGMOID: Activation = { kind: "Activation", name: "sigmoid", parameter: null };

/** The layer's activation, or the shared one. */
export function actOf(shared: Architecture, layer: Conv | Depthwise | Act): Activation {
  const own = layer.kind === "Act" ? layer.activation : layer.act;
  return own === UNSET ? shared.act : own;
}

/** The layer's norm, or the shared one; null is no norm. */
export function normOf(shared: Architecture, layer: Conv | Depthwise | Maxout | Norm): NormSpec {
  return layer.norm === UNSET ? shared.norm : layer.norm;
}

/** The layer's initialiser, or the shared one. */
export function initOf(shared: Architecture, layer: Conv | Depthwise | Maxout): Initialiser {
  return layer.init === UNSET ? shared.init : layer.init;
}

/** Whether the layer has a bias: as told, else only without a norm. Never under a spatial norm: it cancels. */
export function biased(shared: Architecture, layer: Conv | Depthwise | Maxout): boolean {
  const norm = normOf(shared, layer);
  return layer.bias === null ? norm === null : layer.bias && norm?.kind !== "Spatial";
}

/** The last layer, after the tree. */
export function readout(shared: Architecture): Conv {
  return { ...plainConv(shared.out, 1), act: shared.out_act, norm: null, bias: true };
}

/** What x passes in a residual whose body has other channels than x. */
export function shortcut(channels: number): Conv {
  return { ...plainConv(BigInt(channels), 1), act: LINEAR };
}

/** The block as the parallel it is short for. With kernels (1, 1) the pool, of size 1, is left out. */
export function expand(block: Inception): Parallel {
  const { act, norm, init, kernels } = block;
  const layer = (channels: Whole, kernel = 1): Conv => ({ ...plainConv(channels, kernel), act, norm, init });
  const sequence = (...parts: Layer[]): Layer => ({ kind: "Sequence", parts });
  const last = layer(block.pool);
  const whole = kernels[0] === 1 && kernels[1] === 1;
  return {
    kind: "Parallel",
    branches: [
      layer(block.one),
      sequence(layer(block.three[0]), layer(block.three[1], kernels[0])),
      sequence(layer(block.five[0]), layer(block.five[1], kernels[1])),
      whole ? last : sequence({ kind: "Pool", pool: "max", size: 3, stride: 1n }, last),
    ],
  };
}

/** The parts of sequences and repetitions in order, one by one; containers whole. Never held all at once. */
export function* flatten(layer: Layer): Generator<Layer, void> {
  if (layer.kind === "Sequence") {
    for (const part of layer.parts) yield* flatten(part);
  } else if (layer.kind === "Repeat") {
    for (let i = 0n; i < layer.times; i++) yield* flatten(layer.part);
  } else {
    yield layer;
  }
}

/** The second body of gated(body): its last layer's activation is the sigmoid, appended where it has none.
 *
 * A maxout, a pool, a bare norm and every container have none.
 */
export function gate(body: Layer): Layer {
  const after = (before: Layer, last: Layer): Layer => ({ kind: "Sequence", parts: [before, last] });
  switch (body.kind) {
    case "Sequence":
      return { kind: "Sequence", parts: [...body.parts.slice(0, -1), gate(body.parts[body.parts.length - 1]!)] };
    case "Repeat": {
      const { part, times } = body;
      return after(times === 2n ? part : { kind: "Repeat", part, times: times - 1n }, gate(part));
    }
    case "Conv":
    case "Depthwise":
      return { ...body, act: SIGMOID };
    case "Act":
      return { kind: "Act", activation: SIGMOID };
    default:
      return after(body, { kind: "Act", activation: SIGMOID });
  }
}

function plainConv(channels: Whole, kernel: number): Conv {
  return { kind: "Conv", channels, kernel, groups: 1n, act: UNSET, norm: UNSET, init: UNSET, bias: null };
}
