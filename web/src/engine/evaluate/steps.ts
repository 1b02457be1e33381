// The operations of a Program on n points at once. Values are (channels, n), one channel after the other.

import type { Activate, Conv, Embed, LayerNorm, Maxout, Operation } from "../program/program.ts";
import { RADIUS, SINE } from "../program/program.ts";
import { convolve } from "./convolve.ts";
import { face } from "./faces.ts";

/** The points of the plane: (n,) x, and one y for all or (n,) y. */
export interface Points {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/** Makes the value of an operation from those of its sources. Errors: Error for one that is not pointwise. */
export function run(
  operation: Operation,
  sources: readonly Float64Array[],
  target: Float64Array,
  n: number,
  points: Points,
): void {
  const source = sources[0]!;
  switch (operation.kind) {
    case "embed":
      embed(operation, points, target, n);
      return;
    case "conv":
      check(operation);
      convolve(operation, source, target, n);
      return;
    case "activate":
      activate(operation, source, target, n);
      return;
    case "maxout":
      largest(operation, source, target, n);
      return;
    case "layernorm":
      layerNormalise(operation, source, target, n);
      return;
    case "add":
      target.set(source.subarray(0, target.length));
      for (const other of sources.slice(1)) for (let i = 0; i < target.length; i++) target[i]! += other[i]!;
      return;
    case "multiply":
      target.set(source.subarray(0, target.length));
      for (const other of sources.slice(1)) for (let i = 0; i < target.length; i++) target[i]! *= other[i]!;
      return;
    case "concat": {
      let at = 0;
      for (const part of sources) {
        target.set(part, at);
        at += part.length;
      }
      return;
    }
    case "normalise":
    case "pool":
      throw new Error(`layer ${operation.layer}: ${operation.kind} is no pointwise operation of a calibrated network`);
  }
}

function check(conv: Conv): void {
  if (conv.kernel > 1) throw new Error(`layer ${conv.layer}: reads a window of ${conv.kernel} x ${conv.kernel} pixels`);
}

function embed({ kinds, coefficients }: Embed, { xs, ys }: Points, target: Float64Array, n: number): void {
  for (const [k, kind] of kinds.entries()) {
    const [a, b, c] = [coefficients[3 * k]!, coefficients[3 * k + 1]!, coefficients[3 * k + 2]!];
    for (let i = 0; i < n; i++) {
      const x = xs[i]!;
      const y = ys.length === 1 ? ys[0]! : ys[i]!;
      const value = kind === RADIUS ? Math.sqrt(x * x + y * y) : a * x + b * y + c;
      target[k * n + i] = kind === SINE ? Math.sin(value) : value;
    }
  }
}

function activate({ name, parameter, channels }: Activate, source: Float64Array, target: Float64Array, n: number): void {
  if (name === "relu") {
    for (let i = 0; i < channels * n; i++) target[i] = source[i]! < 0 ? 0 : source[i]!;
    return;
  }
  const { value } = face(name);
  for (let c = 0; c < channels; c++) {
    const p = parameter[c]!;
    for (let i = c * n; i < (c + 1) * n; i++) target[i] = value(source[i]!, p);
  }
}

function largest({ pieces, channels }: Maxout, source: Float64Array, target: Float64Array, n: number): void {
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < n; i++) {
      let most = source[c * pieces * n + i]!;
      // NaN stays NaN
      for (let piece = 1; piece < pieces; piece++) most = Math.max(most, source[(c * pieces + piece) * n + i]!);
      target[c * n + i] = most;
    }
  }
}

function layerNormalise(norm: LayerNorm, source: Float64Array, target: Float64Array, n: number): void {
  const { channels, scale, shift, eps } = norm;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += source[c * n + i]!;
    const mean = sum / channels;
    let squares = 0;
    for (let c = 0; c < channels; c++) {
      const apart = source[c * n + i]! - mean;
      squares += apart * apart;
    }
    const rate = 1 / Math.sqrt(squares / channels + eps);
    for (let c = 0; c < channels; c++) target[c * n + i] = (source[c * n + i]! - mean) * rate * scale[c]! + shift[c]!;
  }
}
