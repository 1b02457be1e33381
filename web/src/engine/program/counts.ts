// Exact counts of an architecture, as netwarp.architecture.counts. Nothing is drawn.

import { face } from "../evaluate/faces.ts";
import { LimitError } from "../language/errors.ts";
import { LIMITS } from "../language/table.ts";
import type { Architecture } from "../language/tree.ts";
import { say } from "../language/words.ts";
import { actOf, biased, normOf } from "./defaults.ts";
import { type Step, steps } from "./walk.ts";

/** Layers are conv, depthwise and maxout; neither the projections of residuals nor the read-out.
 *
 * `depth`: nonlinear layers on the longest way through. `units`: activations of the layers. `field`: the side of the
 * output's receptive field, in calibration pixels. `operations`: about how many floating-point operations a pixel takes.
 */
export interface Counts {
  readonly layers: number;
  readonly depth: number;
  readonly units: number;
  readonly parameters: number;
  readonly field: number;
  readonly operations: number;
}

/** Errors: LimitError with the estimate where there is too much of something; InputError where parts do not fit. */
export function count(architecture: Architecture): Counts {
  let [layers, units, depth] = [0, 0n, 0];
  let [parameters, operations, field] = [0n, 0n, 1n];
  for (const step of steps(architecture)) {
    const [own, work] = cost(architecture, step);
    parameters += own;
    operations += work + BigInt(LIMITS.beside) * step.channels;
    depth = step.depth;
    field = step.before + 1n + step.after;
    if (step.number !== null) {
      layers++;
      units += step.channels;
    }
  }
  if (parameters > LIMITS.parameters) {
    const [found, most] = [parameters, BigInt(LIMITS.parameters)].map(grouped) as [string, string];
    throw new LimitError(say("TOO_MANY_PARAMETERS", { found, most }));
  }
  return { layers, depth, units: Number(units), parameters: Number(parameters), field: Number(field), operations: Number(operations) };
}

/** The parameters and the operations a pixel of one step. A pool of a window, which no pointwise network has, counts as none. */
function cost(architecture: Architecture, { layer, inputs, channels }: Step): [bigint, bigint] {
  if (layer.kind === "Norm") return [normOf(architecture, layer) === null ? 0n : 2n * channels, 0n];
  if (layer.kind === "Pool") return [0n, layer.pool === "avg" ? channels : 0n];
  const slopes = layer.kind !== "Maxout" && face(actOf(architecture, layer).name).parameter?.learned ? channels : 0n;
  if (layer.kind === "Act") return [slopes, 0n];
  const made = channels * (layer.kind === "Maxout" ? layer.pieces : 1n);
  const read = layer.kind === "Depthwise" ? 1n : inputs / (layer.kind === "Conv" ? layer.groups : 1n);
  const weights = made * read * BigInt(layer.kernel) ** 2n;
  const norm = normOf(architecture, layer) === null ? 0n : 2n * made;
  return [weights + norm + slopes + (biased(architecture, layer) ? made : 0n), 2n * weights];
}

function grouped(number: bigint): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
