// An Architecture as a Program, its numbers taken one by one from whoever has them.
//
// The one walk that knows which parameters there are, what they are called and where they go: drawing a network and
// lowering it are this walk with another hand that gives the numbers.

// C channels of the operation being made, I of its source, k kernel

import { face } from "../evaluate/faces.ts";
import type {
  Activation,
  Architecture,
  Conv,
  Depthwise,
  Distribution,
  Initialiser,
  Input,
  Layer,
  LayerNorm,
  Maxout,
  Spatial,
} from "../language/tree.ts";
import { scaleOf } from "../language/specs.ts";
import { isSymmetric, symmetryOf } from "../language/symmetry.ts";
import { actOf, biased, expand, flatten, gate, initOf, normOf, readout, shortcut } from "./defaults.ts";
import { Expressions, type Sum } from "./expressions.ts";
import type { Take } from "./parameter.ts";
import { LINEAR, type Operation, type Program, RADIUS, SINE } from "./program.ts";
import { orderOf, padded, rosetteRows, type Row, summed, wallpaperRows } from "./symmetry.ts";

/** The Program of an architecture whose size was checked; `take` is called once for every parameter, in order.
 *
 * Spatial norms are "normalise" operations. A stride of s becomes a dilation by s of all that follows.
 */
export function build(architecture: Architecture, take: Take): Program {
  const builder = new Builder(architecture, take);
  const end = builder.inside(architecture.tree, builder.embedded(), "");
  builder.weighted(readout(architecture), end, "readout");
  return { operations: builder.operations, layers: builder.layers };
}

/** A place in the network: a value, and the strides passed on the way to it, multiplied. */
interface At {
  readonly value: number;
  readonly dilation: number;
}

const COORDINATES: Record<string, Row> = {
  x: [LINEAR, 1, 0, 0],
  y: [LINEAR, 0, 1, 0],
  r: [RADIUS, 0, 0, 0],
  bias: [LINEAR, 0, 0, 1],
};
const TURN = 2 * Math.PI;
// the cosine is the sine a quarter of a turn ahead
const QUARTER = Math.PI / 2;

/** The operations so far. Methods add what a layer is made of and return where that leads. */
class Builder {
  readonly operations: Operation[] = [];
  readonly layers: number[] = [];

  constructor(
    private readonly shared: Architecture,
    private readonly take: Take,
  ) {}

  /** A container's body: its layers are path.0, path.1, ... with sequences and repetitions unrolled. */
  inside(layer: Layer, at: At, path: string): At {
    let number = 0;
    for (const part of flatten(layer)) {
      at = this.layer(part, at, path === "" ? String(number) : `${path}.${number}`);
      number++;
    }
    return at;
  }

  weighted(layer: Conv | Depthwise | Maxout, at: At, path: string): At {
    const read = this.channels(at);
    const channels = layer.kind === "Depthwise" ? read : Number(layer.channels);
    const groups = layer.kind === "Depthwise" ? read : layer.kind === "Conv" ? Number(layer.groups) : 1;
    const pieces = layer.kind === "Maxout" ? Number(layer.pieces) : 1;
    const convolved = this.convolved(layer, at, path, channels * pieces, groups);
    const value = this.normalised(path, convolved, normOf(this.shared, layer));
    if (layer.kind !== "Maxout") return { ...at, value: this.activated(path, value, actOf(this.shared, layer)) };
    return { ...at, value: this.add({ kind: "maxout", sources: [value], channels, pieces, layer: path }) };
  }

  /** The embedding of the architecture's inputs, operation 0, and what is made of it: sums over a group, what somebody
   * wrote, and r times its scale. */
  embedded(): At {
    const size = scaleOf(this.shared.inputs);
    const times = size === null ? 1 : 2 * size;
    const symmetry = symmetryOf(this.shared.inputs);
    const order = symmetry === undefined ? null : orderOf(symmetry);
    const own = this.shared.inputs.parts.map((part, number) => ({ part, rows: this.scaled(part, number, size) }));
    const rows = own.flatMap((one) =>
      order === null || isSymmetric(one.part) ? one.rows : one.rows.flatMap((row) => padded(row, order)),
    );
    // of each channel made of them: the input it is of
    const parts = own.flatMap(({ part, rows }) => Array<Input>(isSymmetric(part) ? Number(part.n) : rows.length).fill(part));
    const found = this.shared.inputs.parts.filter((part) => part.kind === "Expression");
    const written = found.length === 0 ? null : new Expressions(rows, times, found);
    const kinds = Uint8Array.from(rows, ([kind]) => kind);
    const coefficients = Float64Array.from(rows.flatMap(([, a, b, c]) => [a, b, c]));
    let value = this.add({ kind: "embed", sources: [], channels: rows.length, kinds, coefficients, layer: "inputs" });
    if (written !== null) {
      let row = 0;
      const sums = own.flatMap(({ part, rows }): Sum[] =>
        part.kind === "Expression"
          ? [written.sumOf(part.terms)]
          : rows.map(() => ({ parts: [[[0, row++], isRadius(part) ? times : 1]], constant: 0 })),
      );
      written.combined(sums);
      for (const operation of written.operations) value = this.add(operation);
      return { value, dilation: 1 };
    }
    for (const conv of order === null ? [] : summed(parts.map(isSymmetric), order)) value = this.add(conv);
    if (size === null || !parts.some(isRadius)) return { value, dilation: 1 };
    const weight = Float64Array.from(parts, (part) => (isRadius(part) ? times : 1));
    const [channels, bias] = [parts.length, new Float64Array(parts.length)];
    const scaled = { kind: "conv", sources: [value], channels, weight, bias, kernel: 1, dilation: 1, groups: channels, layer: "inputs.scale" } as const;
    return { value: this.add(scaled), dilation: 1 };
  }

  /** The rows of one input, at the scale of all. */
  private scaled(part: Input, number: number, size: number | null): Row[] {
    const own = this.embedding(part, `inputs.${number}`);
    const isLatent = part.kind === "Latent" || part.kind === "Fixed";
    if (size === null || !(isLatent || (part.kind === "Coordinate" && part.name !== "bias"))) return own;
    // a scale of 8 is of coordinates from -1 to 1, and they are from -1/2 to 1/2
    const times = isLatent ? size : 2 * size;
    return own.map(([kind, a, b, c]): Row => [kind, times * a, times * b, times * c]);
  }

  private layer(layer: Layer, at: At, path: string): At {
    switch (layer.kind) {
      case "Conv":
      case "Depthwise":
      case "Maxout": {
        const end = this.weighted(layer, at, path);
        this.layers.push(end.value);
        return end;
      }
      case "Pool": {
        const { pool, size } = layer;
        const dilation = at.dilation * Number(layer.stride);
        if (size === 1) return { ...at, dilation };
        const channels = this.channels(at);
        const made = { kind: "pool", sources: [at.value], channels, pool, size, dilation: at.dilation, layer: path } as const;
        return { value: this.add(made), dilation };
      }
      case "Act":
        return { ...at, value: this.activated(path, at.value, actOf(this.shared, layer)) };
      case "Norm":
        return { ...at, value: this.normalised(path, at.value, normOf(this.shared, layer)) };
      default:
        return this.container(layer, at, path);
    }
  }

  private container(layer: Layer, at: At, path: string): At {
    switch (layer.kind) {
      case "Inception":
        return this.container(expand(layer), at, path);
      case "Parallel":
        return this.concatenated(path, layer.branches.map((branch, i) => this.inside(branch, at, `${path}.${i}`)));
      case "Dense":
        return this.concatenated(path, [at, this.inside(layer.body, at, path)]);
      case "Gated": {
        const one = this.inside(layer.body, at, `${path}.f`);
        const other = this.inside(gate(layer.body), at, `${path}.g`);
        return { ...one, value: this.joined("multiply", [one, other], this.channels(one), path) };
      }
      case "Residual": {
        const end = this.inside(layer.body, at, path);
        const channels = this.channels(end);
        const same = this.channels(at) === channels;
        const kept = same ? at : this.weighted(shortcut(channels), at, `${path}.shortcut`);
        return { ...end, value: this.joined("add", [kept, end], channels, path) };
      }
      default:
        throw new Error(`${layer.kind} is no container`);
    }
  }

  private convolved(layer: Conv | Depthwise | Maxout, at: At, path: string, channels: number, groups: number): number {
    const { kernel } = layer;
    const drawn = initOf(this.shared, layer);
    const sizes = [channels, Math.floor(this.channels(at) / groups), kernel, kernel];
    const weight = this.take({ path, name: "weight", sizes, drawn, groups });
    const bias = biased(this.shared, layer)
      ? this.take({ path, name: "bias", sizes: [channels], drawn: drawn.bias, groups: 1 })
      : new Float64Array(channels);
    const { value, dilation } = at;
    return this.add({ kind: "conv", sources: [value], channels, weight, bias, kernel, dilation, groups, layer: path });
  }

  private embedding(part: Input, path: string): Row[] {
    switch (part.kind) {
      case "Coordinate":
        return [COORDINATES[part.name]!];
      case "Latent":
        return [...this.drawn(path, "z", [Number(part.n)], part.drawn)].map((z): Row => [LINEAR, 0, 0, z]);
      case "Fixed":
        return part.values.map((z): Row => [LINEAR, 0, 0, z]);
      case "Scaling":
      case "Expression":
        return [];
      case "Fourier": {
        const n = Number(part.n);
        const waves = this.drawn(path, "frequency", [n, 2], normal(part.sigma)).map((one) => TURN * one);
        const numbers = Array.from({ length: n }, (_, i) => i);
        return [QUARTER, 0].flatMap((phase) => numbers.map((i): Row => [SINE, waves[2 * i]!, waves[2 * i + 1]!, phase]));
      }
      case "Rosette":
        return rosetteRows(part, this.drawn(path, "frequency", [Number(part.n), 2], normal(part.sigma)));
      case "Wallpaper":
        return wallpaperRows(part);
      case "Periodic": {
        const [a, b] = part.axis === "x" ? [TURN, 0] : [0, TURN];
        return [
          [SINE, a, b, QUARTER],
          [SINE, a, b, 0],
        ];
      }
      case "Embed":
        return part.origin.map((c, i): Row => [LINEAR, part.u[i]!, part.v[i]!, c]);
    }
  }

  private normalised(path: string, value: number, norm: Spatial | LayerNorm | null): number {
    if (norm === null) return value;
    const { channels } = this.operations[value]!;
    const scale = this.drawn(path, "scale", [channels], norm.scale);
    const shift = this.drawn(path, "shift", [channels], norm.shift);
    const kind = norm.kind === "Spatial" ? "normalise" : "layernorm";
    return this.add({ kind, sources: [value], channels, scale, shift, eps: norm.eps, layer: path });
  }

  private activated(path: string, value: number, { name, parameter: told }: Activation): number {
    if (name === "linear") return value;
    const { channels } = this.operations[value]!;
    const known = face(name).parameter;
    let parameter: Float64Array;
    if (known?.learned) {
      parameter = this.drawn(path, known.name, [channels], { kind: "Constant", value: known.usual });
    } else if (known?.random && told === "random") {
      parameter = this.drawn(path, known.name, [channels], { kind: "Uniform", ...known.random });
    } else {
      parameter = new Float64Array(channels).fill(Number(told ?? 0));
    }
    return this.add({ kind: "activate", sources: [value], channels, name, parameter, layer: path });
  }

  private concatenated(path: string, ends: readonly At[]): At {
    const channels = ends.reduce((sum, end) => sum + this.channels(end), 0);
    return { ...ends[ends.length - 1]!, value: this.joined("concat", ends, channels, path) };
  }

  private joined(kind: "add" | "multiply" | "concat", ends: readonly At[], channels: number, layer: string): number {
    return this.add({ kind, sources: ends.map((end) => end.value), channels, layer });
  }

  private drawn(path: string, name: string, sizes: number[], drawn: Distribution | Initialiser): Float64Array {
    return this.take({ path, name, sizes, drawn, groups: 1 });
  }

  private add(operation: Operation): number {
    this.operations.push(operation);
    return this.operations.length - 1;
  }

  private channels(at: At): number {
    return this.operations[at.value]!.channels;
  }
}

function isRadius(part: Input): boolean {
  return part.kind === "Coordinate" && part.name === "r";
}

function normal(std: number): Distribution {
  return { kind: "Normal", mean: 0, std };
}
