// One unit of a program, with the numbers it is made of and what each of them multiplies: netwarp.network.units.
import { UNITS } from "../../words/unit.ts";
import type { Architecture, Input } from "../language/tree.ts";
import { inputText } from "../language/write.ts";
import { build } from "./build.ts";
import { InputError } from "./errors.ts";
import { keyOf, type Take } from "./parameter.ts";
import { type Conv, LINEAR, type Operation, type Program } from "./program.ts";

/** Where a program computes a unit: the convolution's operation and channel, its norm's operation, its activation. */
interface Row {
  readonly conv: number;
  readonly channel: number;
  readonly norm: number | null;
  readonly activation: string;
}

/** A number of a network's parameters. */
export interface Numbered {
  readonly array: string;
  readonly place: number[];
  readonly value: number;
}

/** A weight, and what it multiplies: a channel, from 0, of a layer, from 1, or of the inputs, whose layer is 0. */
export interface Incoming extends Numbered {
  readonly layer: number;
  readonly channel: number;
  readonly name: string;
  readonly tap: number[];
}

export interface Unit {
  readonly activation: string;
  /** "spatial", "layer" or "" */
  readonly norm: string;
  readonly weights: Incoming[];
  readonly bias: Numbered | null;
  readonly scale: Numbered | null;
  readonly shift: Numbered | null;
  readonly program: Program;
  readonly row: Row;
}

/** The unit of a layer, from 1, and a channel, from 0. Throws InputError where there is none, or it is no sum. */
export function unitOf(architecture: Architecture, take: Take, layer: number, channel: number): Unit {
  const keys = new Map<Float64Array, string>();
  const program = build(architecture, (parameter) => {
    const found = take(parameter);
    keys.set(found, keyOf(parameter));
    return found;
  });
  const row = rowOf(program, valueOf(program, layer, channel), channel);
  const conv = program.operations[row.conv] as Conv;
  const norm = row.norm === null ? null : (program.operations[row.norm] as Extract<Operation, { kind: "normalise" | "layernorm" }>);
  const number = (values: Float64Array | undefined, place: number[], at: number): Numbered | null => {
    const array = values === undefined ? undefined : keys.get(values);
    return array === undefined ? null : { array, place, value: values?.[at] ?? 0 };
  };
  const each = conv.weight.length / conv.channels;
  const { kernel } = conv;
  const read = each / (kernel * kernel);
  const first = Math.floor(row.channel / (conv.channels / conv.groups)) * read;
  const names = architecture.inputs.parts.reduce(named, { all: [] as string[], latents: 0 }).all;
  const weights: Incoming[] = [];
  for (let at = 0; at < each; at++) {
    const [i, down, across] = [Math.floor(at / (kernel * kernel)), Math.floor(at / kernel) % kernel, at % kernel];
    const one = number(conv.weight, [row.channel, i, down, across], row.channel * each + at);
    if (one === null) throw new InputError(UNITS.fixed(layer, channel));
    const middle = Math.floor((kernel - 1) / 2);
    weights.push({ ...one, ...from(program, conv.sources[0] ?? 0, first + i, names), tap: [across - middle, down - middle] });
  }
  return {
    activation: row.activation,
    norm: norm === null ? "" : norm.kind === "normalise" ? "spatial" : "layer",
    weights,
    bias: number(conv.bias, [row.channel], row.channel),
    scale: number(norm?.scale, [row.channel], row.channel),
    shift: number(norm?.shift, [row.channel], row.channel),
    program,
    row,
  };
}

/** a, b, c of a calibrated program's unit that is bent where a x + b y + c = 0; null where that is no line. */
export function lineOf(program: Program, layer: number, channel: number): number[] | null {
  const row = rowOf(program, valueOf(program, layer, channel), channel);
  const [conv, embed] = [program.operations[row.conv], program.operations[0]];
  if (row.norm !== null || conv?.kind !== "conv" || embed?.kind !== "embed") return null;
  if (conv.sources[0] !== 0 || conv.kernel !== 1 || conv.groups !== 1) return null;
  const line = [0, 0, conv.bias[row.channel] ?? 0];
  for (let k = 0; k < embed.channels; k++) {
    const weight = conv.weight[row.channel * embed.channels + k] ?? 0;
    if (weight !== 0 && embed.kinds[k] !== LINEAR) return null;
    for (let part = 0; part < 3; part++) line[part] = (line[part] ?? 0) + weight * (embed.coefficients[3 * k + part] ?? 0);
  }
  return line[0] === 0 && line[1] === 0 ? null : line;
}

/** Where a channel of a value is computed, back to its weights. Throws InputError where it is no sum. */
function rowOf(program: Program, value: number, channel: number): Row {
  let [activation, norm]: [string, number | null] = ["linear", null];
  for (;;) {
    const operation = program.operations[value]!;
    switch (operation.kind) {
      case "conv":
        return { conv: value, channel, norm, activation };
      case "activate":
        activation = operation.name;
        break;
      case "normalise":
      case "layernorm":
        norm = value;
        break;
      case "concat":
        [value, channel] = partOf(program, operation, channel);
        continue;
      default:
        throw new InputError(UNITS.noSum(operation.layer, operation.kind));
    }
    value = operation.sources[0] ?? 0;
  }
}

function valueOf(program: Program, layer: number, channel: number): number {
  const value = program.layers[layer - 1];
  if (value === undefined) throw new InputError(UNITS.layer(layer, program.layers.length));
  const { channels } = program.operations[value]!;
  if (channel >= channels) throw new InputError(UNITS.channel(channel, layer, channels - 1));
  return value;
}

/** The value that a channel of several is of, and its channel there. */
function partOf(program: Program, { sources }: Operation, channel: number): [number, number] {
  for (const source of sources) {
    const { channels } = program.operations[source]!;
    if (channel < channels) return [source, channel];
    channel -= channels;
  }
  return [0, 0];
}

/** The layer and channel that a channel of a value is of, and what it is called. */
function from(program: Program, value: number, channel: number, names: readonly string[]): { layer: number; channel: number; name: string } {
  for (;;) {
    const layer = program.layers.indexOf(value) + 1;
    if (layer > 0) return { layer, channel, name: UNITS.incoming(layer, channel) };
    const operation = program.operations[value]!;
    if (operation.kind === "concat") [value, channel] = partOf(program, operation, channel);
    else if (operation.kind === "pool") value = operation.sources[0] ?? 0;
    else if (operation.layer.startsWith("inputs")) return { layer: 0, channel, name: (operation.channels === names.length ? names[channel] : undefined) ?? UNITS.input(channel + 1) };
    else return { layer: 0, channel, name: UNITS.block(operation.layer, channel) };
  }
}

/** What the input's channels are called, one part after another. */
function named({ all, latents }: { all: string[]; latents: number }, part: Input): { all: string[]; latents: number } {
  const count = (many: number, name: (i: number) => string): string[] => Array.from({ length: many }, (_, i) => name(i + 1));
  switch (part.kind) {
    case "Latent":
    case "Fixed": {
      const many = part.kind === "Latent" ? Number(part.n) : part.values.length;
      return { all: [...all, ...count(many, (i) => `z${latents + i}`)], latents: latents + many };
    }
    case "Scaling":
      return { all, latents };
    case "Coordinate":
      return { all: [...all, part.name], latents };
    case "Periodic":
      return { all: [...all, `cos ${part.axis}`, `sin ${part.axis}`], latents };
    case "Fourier":
      return { all: [...all, ...["cos", "sin"].flatMap((wave) => count(Number(part.n), (i) => `${wave} ${i}`))], latents };
    case "Expression":
      return { all: [...all, inputText(part)], latents };
    default: {
      const [text, many] = [inputText(part), part.kind === "Embed" ? part.origin.length : Number(part.n)];
      return { all: [...all, ...(many === 1 ? [text] : count(many, (i) => `${text} ${i}`))], latents };
    }
  }
}
