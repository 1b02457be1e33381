// Calibration: freeze a network's spatial statistics on a raster, and it becomes one function of the plane.

import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Raster } from "../evaluate/raster.ts";
import { statistics } from "../evaluate/windows.ts";
import { cut } from "./cut.ts";
import { fold, folding, type Moments, rounded } from "./fold.ts";
import { type Conv, type Operation, pointwise, type Program } from "./program.ts";

/** The Program of a drawn network with every normalisation folded away, and all its numbers rounded to float32.
 *
 * Layer by layer in float64: mean and biased variance of each channel over the raster's pixels, folded into the layer's
 * weights; these are rounded to float32 once, and the next layer sees the rounded ones. Errors: as `fold`.
 */
export function calibrate(network: Program, raster: Raster, evaluator: Evaluator): Program {
  const program = roundUnfolded(network);
  const operations = program.operations.slice();
  const settle = (i: number, moments: Moments): Conv => {
    const conv = fold(program, i, moments);
    operations[i] = conv;
    return conv;
  };
  if (pointwise(program)) evaluator.statistics(program, raster, settle);
  else statistics(program, raster, settle);
  return cut({ operations, layers: program.layers });
}

/** Rounds to float32 what no normalisation will fold. */
function roundUnfolded(program: Program): Program {
  const folded = new Set(
    program.operations.map((operation, i) => (operation.kind === "normalise" ? folding(program, i) : null)),
  );
  return {
    ...program,
    operations: program.operations.map((operation, i) => (folded.has(i) ? operation : inFloat32(operation))),
  };
}

/** The operation, the numbers that evaluators take in either precision rounded to float32. */
function inFloat32(operation: Operation): Operation {
  switch (operation.kind) {
    case "conv":
      return { ...operation, weight: rounded(operation.weight), bias: rounded(operation.bias) };
    case "activate":
      return { ...operation, parameter: rounded(operation.parameter) };
    case "layernorm":
      return { ...operation, scale: rounded(operation.scale), shift: rounded(operation.shift) };
    default:
      return operation;
  }
}
