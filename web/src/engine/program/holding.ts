// An operation of a calibrated pointwise Program in the form that the graphics processor's evaluator and the one of exact
// values read, its arrays in whatever holds them.
import type { Holding } from "../../gpu/folded.ts";
import type { Operation } from "./program.ts";

/** Errors: Error of an operation that no calibrated pointwise network has. */
export function holding<Numbers>(operation: Operation, held: (values: Float64Array) => Numbers): Holding<Numbers> {
  const step = { sources: [...operation.sources], channels: operation.channels };
  switch (operation.kind) {
    case "embed": {
      const { coefficients } = operation;
      const rows = Array.from({ length: operation.channels }, (_, k) => [...coefficients.subarray(3 * k, 3 * k + 3)]);
      return { kind: "embed", ...step, kinds: [...operation.kinds], coefficients: rows };
    }
    case "conv":
      return { kind: "conv", ...step, groups: operation.groups, weight: held(operation.weight), bias: held(operation.bias) };
    case "activate":
      return { kind: "activate", ...step, name: operation.name, parameter: [...operation.parameter] };
    case "maxout":
      return { kind: "maxout", ...step, pieces: operation.pieces };
    case "layernorm":
      return { kind: "layernorm", ...step, scale: held(operation.scale), shift: held(operation.shift), eps: operation.eps };
    case "add":
    case "multiply":
    case "concat":
      return { kind: operation.kind, ...step };
    case "pool":
    case "normalise":
      throw new Error(`layer ${operation.layer}: ${operation.kind} is no pointwise operation of a calibrated network`);
  }
}
