// A pointwise Program as nonlinear steps with affine operations between them, as netwarp.regions.stages.

import type { Activate, Maxout, Operation, Program } from "../program/program.ts";
import { LINEAR } from "../program/program.ts";
import { type Bends, bendsOf, isStraight } from "./pieces.ts";

/** One nonlinear operation. */
export interface Stage {
  /** the operation, and the value that it makes */
  readonly value: number;
  readonly source: number;
  /** the number of its layer, from 1 */
  readonly layer: number;
  readonly units: number;
  /** the number of its first unit among those of all stages */
  readonly first: number;
  /** pieces of a maxout; 0 of what acts on each channel by itself */
  readonly pieces: number;
  /** (units,) of what acts on each channel by itself */
  readonly bends: readonly Bends[];
  readonly jumps: boolean;
}

/** `between[i]` are the affine operations that stage i - 1 makes possible: what a branch reads is the same object in every
 * cell that an earlier branch has divided. */
export interface Stages {
  readonly program: Program;
  readonly stages: readonly Stage[];
  readonly between: readonly (readonly number[])[];
  readonly units: number;
}

/** Whether the Program is pointwise, and affine wherever no unit switches. */
export function hasCells({ operations }: Program): boolean {
  const constant: boolean[][] = [];
  return operations.every((one, i) => {
    const sources = one.sources.map((source) => constant[source]!);
    constant[i] = constancy(one, sources);
    switch (one.kind) {
      case "embed":
        return one.kinds.every((kind) => kind === LINEAR);
      case "conv":
        return one.kernel === 1;
      case "pool":
        return one.size === 1;
      case "activate":
        return isStraight(one.name);
      case "multiply":
        // a product of two functions that both change on a cell is curved
        return constant[i].every((_, c) => sources.filter((of) => !of[c]!).length <= 1);
      case "layernorm":
      case "normalise":
        return false;
      default:
        return true;
    }
  });
}

/** Which channels are constant wherever no unit switches. */
function constancy(one: Operation, sources: readonly (readonly boolean[])[]): boolean[] {
  const channels = Array.from({ length: one.channels }, (_, c) => c);
  const source = sources[0] ?? [];
  switch (one.kind) {
    case "embed":
      return channels.map((c) => one.kinds[c] === LINEAR && one.coefficients[3 * c] === 0 && one.coefficients[3 * c + 1] === 0);
    case "conv": {
      const reads = one.weight.length / one.channels;
      const each = one.channels / one.groups;
      return channels.map((c) => one.weight.subarray(c * reads, (c + 1) * reads).every((w, i) => w === 0 || source[Math.floor(c / each) * reads + i]!));
    }
    case "activate":
      return one.name === "step" ? channels.map(() => true) : [...source];
    case "maxout":
      return channels.map((c) => source.slice(c * one.pieces, (c + 1) * one.pieces).every(Boolean));
    case "layernorm":
      return channels.map(() => source.every(Boolean));
    case "concat":
      return sources.flat();
    default:
      return channels.map((c) => sources.every((of) => of[c]!));
  }
}

/** The stages of a Program that has cells. */
export function stagesOf(program: Program): Stages {
  const stages: Stage[] = [];
  const between: number[][] = [[]];
  // after how many stages a value is known
  const after: number[] = [];
  let [units, layer] = [0, 1];
  for (const [i, one] of program.operations.entries()) {
    while (layer <= program.layers.length && program.layers[layer - 1]! < i) layer++;
    if (one.kind !== "maxout" && (one.kind !== "activate" || one.name === "linear")) {
      after.push(Math.max(0, ...one.sources.map((source) => after[source]!)));
      between[after[i]!]!.push(i);
      continue;
    }
    stages.push(stage(one, i, layer, units));
    between.push([]);
    after.push(stages.length);
    units += one.channels;
  }
  return { program, stages, between, units };
}

function stage(one: Activate | Maxout, value: number, layer: number, first: number): Stage {
  const bends = one.kind === "maxout" ? [] : Array.from(one.parameter, (parameter) => bendsOf(one.name, parameter));
  const pieces = one.kind === "maxout" ? one.pieces : 0;
  return { value, source: one.sources[0]!, layer, units: one.channels, first, pieces, bends, jumps: bends.some((each) => each.jumps) };
}
