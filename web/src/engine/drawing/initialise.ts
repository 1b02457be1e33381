// How single parameters are drawn from their stream. The base numbers are drawn first and scaled after, so that one
// seed gives the same network under another gain, scale or shift.

// C output channels, I input channels, G groups, k kernel

import type { Distribution, Initialiser } from "../language/tree.ts";
import { orthogonal } from "./orthogonal.ts";
import type { Stream } from "./stream.ts";

/** The sizes of a convolution's weights: C, I / G, k; and G. */
export interface Shape {
  readonly channels: number;
  readonly inputs: number;
  readonly kernel: number;
  readonly groups: number;
}

/** (count,) numbers of a distribution, one a channel; what is constant needs no stream. */
export function spread(distribution: Distribution, count: number, stream: () => Stream): Float64Array {
  switch (distribution.kind) {
    case "Constant":
      return new Float64Array(count).fill(distribution.value);
    case "Normal":
      return stream().normals(count).map((base) => distribution.mean + distribution.std * base);
    case "Uniform": {
      const width = distribution.high - distribution.low;
      return stream().uniforms(count).map((base) => distribution.low + width * base);
    }
  }
}

/** (C, I / G, k, k) weights. fan_in is I / G k^2 and fan_out C / G k^2: what one channel reads, and what reads one.
 *
 * orthogonal: the matrix (C, I / G k^2) has orthonormal rows, or columns where these are fewer; all groups together.
 */
export function weights(initialiser: Initialiser, shape: Shape, stream: Stream): Float64Array {
  const { gain } = initialiser;
  const window = shape.kernel * shape.kernel;
  const fanIn = shape.inputs * window;
  const count = shape.channels * fanIn;
  if (initialiser.name === "orthogonal") {
    return orthogonal(stream.normals(count), shape.channels, fanIn).map((base) => gain * base);
  }
  const width = initialiser.parameter ?? 1;
  if (initialiser.name === "uniform") return stream.uniforms(count).map((base) => gain * width * (2 * base - 1));
  const fanOut = Math.floor(shape.channels / shape.groups) * window;
  const scale = gain * deviation(initialiser.name, width, fanIn, fanOut);
  return stream.normals(count).map((base) => scale * base);
}

function deviation(name: string, width: number, fanIn: number, fanOut: number): number {
  switch (name) {
    case "he":
      return Math.sqrt(2 / fanIn);
    case "xavier":
      return Math.sqrt(2 / (fanIn + fanOut));
    case "lecun":
      return Math.sqrt(1 / fanIn);
    case "normal":
      return width;
    default:
      throw new Error(`initialiser ${name}: not a known name`);
  }
}
