// The tree in the order it is evaluated, with the path, channels, dilation and reach of every step, as
// netwarp.architecture.walk: what is too large is refused in the same words, before anything is unrolled.

import { InputError, LimitError } from "../language/errors.ts";
import { checkPoint } from "../language/symmetry.ts";
import { LIMITS } from "../language/table.ts";
import type { Act, Architecture, Conv, Depthwise, Dense, Layer, Maxout, Norm, Pool, Residual } from "../language/tree.ts";
import { say, thousands } from "../language/words.ts";
import { layerText } from "../language/write.ts";
import { actOf, expand, flatten, gate, readout, shortcut } from "./defaults.ts";

export type Leaf = Conv | Depthwise | Maxout | Pool | Act | Norm;

/** One leaf of the flattened tree, a residual's projection or the read-out.
 *
 * `number` counts the weighted layers from 1; null for pool, act, norm, projection and read-out. `inputs` and
 * `channels` are read and made. `depth` is the number of nonlinear layers or bare activations on the longest way here.
 */
export interface Step {
  readonly path: string;
  readonly number: number | null;
  readonly layer: Leaf;
  readonly inputs: bigint;
  readonly channels: bigint;
  readonly dilation: bigint;
  readonly before: bigint;
  readonly after: bigint;
  readonly depth: number;
}

/** What the next step reads. */
type Here = Pick<Step, "channels" | "dilation" | "before" | "after" | "depth">;

type Steps = Generator<Step, Here>;

/** The input channels of an architecture, which may be more than can be held. */
export function inputChannels({ inputs }: Architecture): bigint {
  return inputs.parts.reduce((sum, part) => {
    if (part.kind === "Latent") return sum + part.n;
    if (part.kind === "Fixed") return sum + BigInt(part.values.length);
    if (part.kind === "Scaling") return sum;
    if (part.kind === "Rosette" || part.kind === "Wallpaper") return sum + part.n;
    if (part.kind === "Fourier") return sum + 2n * part.n;
    return sum + (part.kind === "Periodic" ? 2n : part.kind === "Embed" ? BigInt(part.origin.length) : 1n);
  }, 0n);
}

/** Every step in order, the read-out last.
 *
 * Errors: LimitError before anything is unrolled, and at the first step past a limit; InputError where strides or groups
 * do not fit.
 */
export function* steps(architecture: Architecture): Generator<Step, void> {
  checkSize(architecture.tree);
  const walker = new Walker(architecture);
  const inputs = inputChannels(architecture);
  const end = yield* walker.body(architecture.tree, "", { channels: inputs, dilation: 1n, before: 0n, after: 0n, depth: 0 });
  const last = readout(architecture);
  // the read-out is no hidden layer: a nonlinear out_act does not deepen the network
  yield { ...walker.leaf(last, "readout", end, last.channels, null), depth: end.depth };
}

/** Counts layers and steps without unrolling anything. Errors: LimitError with the estimate. */
export function checkSize(tree: Layer): void {
  const [layers, count] = size(tree);
  if (layers > LIMITS.layers) throw new LimitError(say("TOO_MANY_LAYERS", { found: large(layers), most: thousands(LIMITS.layers) }));
  if (count > LIMITS.steps) throw new LimitError(say("TOO_MANY_STEPS", { found: large(count), most: thousands(LIMITS.steps) }));
}

class Walker {
  private numbers = 0;

  constructor(private readonly shared: Architecture) {}

  leaf(layer: Leaf, path: string, here: Here, made: bigint, number: number | null): Step {
    if (made > LIMITS.channels) {
      throw new LimitError(say("TOO_MANY_CHANNELS", { layer: named(path, layer), found: large(made), most: thousands(LIMITS.channels) }));
    }
    const side = kernelOf(layer);
    if (side > 1) checkPoint(this.shared.inputs, () => named(path, layer));
    const bends = layer.kind === "Conv" || layer.kind === "Depthwise" || layer.kind === "Act" ? actOf(this.shared, layer).name !== "linear" : layer.kind === "Maxout";
    const before = here.before + BigInt(Math.floor((side - 1) / 2)) * here.dilation;
    const after = here.after + BigInt(Math.floor(side / 2)) * here.dilation;
    if (before + 1n + after > LIMITS.field) {
      throw new LimitError(say("FIELD_TOO_WIDE", { layer: named(path, layer), found: large(before + 1n + after), most: thousands(LIMITS.field) }));
    }
    const { channels: inputs, dilation } = here;
    return { path, number, layer, inputs, channels: made, dilation, before, after, depth: here.depth + (bends ? 1 : 0) };
  }

  *body(layer: Layer, path: string, here: Here): Steps {
    let number = 0;
    for (const part of flatten(layer)) {
      here = yield* this.one(part, path === "" ? String(number) : `${path}.${number}`, here);
      number++;
    }
    return here;
  }

  private *one(layer: Layer, path: string, here: Here): Steps {
    switch (layer.kind) {
      case "Residual":
      case "Dense":
        return yield* this.around(layer, path, here);
      case "Gated": {
        const one = yield* this.body(layer.body, `${path}.f`, here);
        const other = yield* this.body(gate(layer.body), `${path}.g`, here);
        return meet([one, other], one.channels);
      }
      case "Parallel":
      case "Inception": {
        const ends: Here[] = [];
        for (const [i, branch] of (layer.kind === "Parallel" ? layer : expand(layer)).branches.entries()) {
          ends.push(yield* this.body(branch, `${path}.${i}`, here));
        }
        sameStride(layer, path, ends.map((end) => end.dilation / here.dilation));
        return meet(ends, ends.reduce((sum, end) => sum + end.channels, 0n));
      }
      case "Sequence":
      case "Repeat":
        throw new Error(`${layer.kind} is flattened`);
      default: {
        const step = this.step(layer, path, here);
        yield step;
        const stride = layer.kind === "Pool" ? layer.stride : 1n;
        return { ...step, dilation: step.dilation * stride };
      }
    }
  }

  private step(layer: Leaf, path: string, here: Here): Step {
    if (layer.kind === "Pool" || layer.kind === "Act" || layer.kind === "Norm") return this.leaf(layer, path, here, here.channels, null);
    if (layer.kind === "Conv" && here.channels % layer.groups !== 0n) {
      throw new InputError(say("GROUPS_READ", { layer: named(path, layer), groups: layer.groups, channels: here.channels }));
    }
    return this.leaf(layer, path, here, layer.kind === "Depthwise" ? here.channels : layer.channels, ++this.numbers);
  }

  private *around(layer: Residual | Dense, path: string, here: Here): Steps {
    const end = yield* this.body(layer.body, path, here);
    sameStride(layer, path, [1n, end.dilation / here.dilation]);
    if (layer.kind === "Dense") return meet([here, end], here.channels + end.channels);
    if (here.channels !== end.channels) {
      yield this.leaf(shortcut(Number(end.channels)), `${path}.shortcut`, here, end.channels, null);
    }
    return meet([here, end], end.channels);
  }
}

/** The side of its window, in taps. */
export function kernelOf(layer: Leaf): number {
  if (layer.kind === "Pool") return layer.size;
  return layer.kind === "Act" || layer.kind === "Norm" ? 1 : layer.kernel;
}

function meet(ends: readonly Here[], channels: bigint): Here {
  const most = (one: "before" | "after"): bigint => ends.reduce((found, end) => (end[one] > found ? end[one] : found), 0n);
  const { dilation } = ends[ends.length - 1]!;
  return { channels, dilation, before: most("before"), after: most("after"), depth: Math.max(...ends.map((end) => end.depth)) };
}

function sameStride(layer: Layer, path: string, strides: readonly bigint[]): void {
  const found = [...new Set(strides)].sort((one, other) => (one < other ? -1 : 1));
  if (found.length > 1) throw new InputError(say("STRIDES", { layer: named(path, layer), strides: found.map(large).join(" and ") }));
}

/** Layers and steps, a residual's projection always counted as a step. */
function size(layer: Layer): [bigint, bigint] {
  switch (layer.kind) {
    case "Conv":
    case "Depthwise":
    case "Maxout":
      return [1n, 1n];
    case "Repeat": {
      const [layers, count] = size(layer.part);
      return [layers * layer.times, count * layer.times];
    }
    case "Gated": {
      const [layers, count] = size(layer.body);
      return [2n * layers, 2n * count + 1n];
    }
    case "Residual":
    case "Dense": {
      const [layers, count] = size(layer.body);
      return [layers, count + 1n];
    }
    case "Sequence":
    case "Parallel": {
      const sizes = (layer.kind === "Sequence" ? layer.parts : layer.branches).map(size);
      return [sizes.reduce((sum, [layers]) => sum + layers, 0n), sizes.reduce((sum, [, count]) => sum + count, 0n)];
    }
    case "Inception":
      return size(expand(layer));
    default:
      return [0n, 1n];
  }
}

/** Exact while it can be read, else its order of magnitude. */
function large(number: bigint): string {
  return number < 10n ** 15n ? thousands(Number(number)) : say("MAGNITUDE", { power: String(number).length - 1 });
}

function named(path: string, layer: Layer): string {
  const text = layerText(layer);
  return say("LAYER_AT", { path, text: text.length <= 60 ? text : `${text.slice(0, 57)}...` });
}
