// Calibration: freeze a network's spatial statistics on a raster, and it becomes one function of the plane.

import type { Evaluator, Settle } from "../evaluate/evaluator.ts";
import type { Raster } from "../evaluate/raster.ts";
import { statistics } from "../evaluate/windows.ts";
import { cut } from "./cut.ts";
import { fold, folding, rounded } from "./fold.ts";
import { type Operation, pointwise, type Program } from "./program.ts";

/** A calibration under way: the network whose statistics are taken, what its moments settle, and what comes of it. */
export interface Calibration {
  readonly program: Program;
  readonly settle: Settle;
  /** once every normalisation is settled */
  readonly done: () => Program;
}

/** Begins a calibration; who evaluates the network says its moments, normalisation by normalisation. Errors: as `fold`. */
export function calibration(network: Program): Calibration {
  const program = roundUnfolded(network);
  const operations = program.operations.slice();
  return {
    program,
    settle: (i, moments) => {
      const conv = fold(program, i, moments);
      operations[i] = conv;
      return conv;
    },
    done: () => cut({ operations, layers: program.layers }),
  };
}

/** The Program of a drawn network with every normalisation folded away, and all its numbers rounded to float32.
 *
 * Layer by layer in float64: mean and biased variance of each channel over the raster's pixels, folded into the layer's
 * weights; these are rounded to float32 once, and the next layer sees the rounded ones. Errors: as `fold`.
 */
export function calibrate(network: Program, raster: Raster, evaluator: Evaluator): Program {
  const { program, settle, done } = calibration(network);
  if (pointwise(program)) evaluator.statistics(program, raster, settle);
  else statistics(program, raster, settle);
  return done();
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
