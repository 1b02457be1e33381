// The loops over points two at once, in WebAssembly: web/kernels, which gives the bits of the plain loops.

import type { Activate, Conv, Operation } from "../program/program.ts";
import code from "./kernels.wasm";
import type { Loops } from "./loops.ts";
import { rowSums } from "./moments.ts";
import { type Points, run } from "./steps.ts";

/** The module's functions: addresses and counts, and numbers of their own last. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  affine(weight: number, bias: number, source: number, target: number, reads: number, channels: number, n: number): void;
  relu(source: number, target: number, count: number): void;
  leaky(source: number, target: number, count: number, slope: number): void;
  clip(source: number, target: number, count: number, low: number, high: number): void;
  hardSigmoid(source: number, target: number, count: number): void;
  hardSwish(source: number, target: number, count: number): void;
  absolute(source: number, target: number, count: number): void;
  softsign(source: number, target: number, count: number): void;
  square(source: number, target: number, count: number): void;
  step(source: number, target: number, count: number): void;
  add(source: number, target: number, count: number): void;
  multiply(source: number, target: number, count: number): void;
  largest(source: number, target: number, pieces: number, channels: number, n: number): void;
  layerNormalise(source: number, target: number, scale: number, shift: number, eps: number, channels: number, n: number): void;
  rowSums(source: number, channels: number, columns: number, into: number): void;
  lab(values: number, n: number, low0: number, low1: number, low2: number, wide: number, texels: number, first: number, above: number, numbers: number, out: number): void;
}

type Act = (kernels: Kernels, source: number, target: number, count: number) => void;

// of every value alike; those with exponentials, and sines, are the browser's own
const ACTIVATIONS: Readonly<Record<string, Act>> = {
  relu: (kernels, source, target, count) => { kernels.relu(source, target, count); },
  hardtanh: (kernels, source, target, count) => { kernels.clip(source, target, count, -1, 1); },
  relu6: (kernels, source, target, count) => { kernels.clip(source, target, count, 0, 6); },
  hardsigmoid: (kernels, source, target, count) => { kernels.hardSigmoid(source, target, count); },
  hardswish: (kernels, source, target, count) => { kernels.hardSwish(source, target, count); },
  abs: (kernels, source, target, count) => { kernels.absolute(source, target, count); },
  softsign: (kernels, source, target, count) => { kernels.softsign(source, target, count); },
  square: (kernels, source, target, count) => { kernels.square(source, target, count); },
  step: (kernels, source, target, count) => { kernels.step(source, target, count); },
};
const SLOPED: readonly string[] = ["leaky", "prelu"];
// points that a tile of the kernels takes
const FEWEST = 8;
const PAGE = 1 << 16;
const F = Float64Array.BYTES_PER_ELEMENT;
const NONE = new Float64Array();

/** The module with a memory of its own; null where there is no WebAssembly, or none that takes two numbers at once. */
export function kernels(): Kernels | null {
  try {
    // compiled at once, which a page may refuse, and a browser on the page's own thread
    return new WebAssembly.Instance(new WebAssembly.Module(code)).exports as unknown as Kernels;
  } catch {
    return null;
  }
}

/** null where there are no kernels. */
export function simdLoops(): Loops | null {
  const found = kernels();
  return found === null ? null : new Simd(found);
}

/** The addresses of an operation's numbers. */
interface Numbers {
  readonly first: number;
  readonly second: number;
}

class Simd implements Loops {
  readonly #kernels: Kernels;
  #numbers = new Map<Operation, Numbers>();
  #sums = 0;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  begin(operations: readonly Operation[], lengths: readonly number[]): Float64Array[] {
    const { memory } = this.#kernels;
    const own = operations.map((one) => [one, numbersOf(one)] as const);
    // two for each channel of any value, of at least FEWEST points
    const sums = Math.ceil((2 * Math.max(...lengths)) / FEWEST);
    const all = [sums, ...lengths, ...own.flatMap(([, [first, second]]) => [first.length, second.length])];
    const needed = all.reduce((sum, length) => sum + length * F, 0) - memory.buffer.byteLength;
    if (needed > 0) memory.grow(Math.ceil(needed / PAGE));
    let end = 0;
    const take = (length: number): Float64Array => {
      const taken = new Float64Array(memory.buffer, end, length);
      end += taken.byteLength;
      return taken;
    };
    this.#sums = take(sums).byteOffset;
    const copied = (numbers: Float64Array): number => {
      const copy = take(numbers.length);
      copy.set(numbers);
      return copy.byteOffset;
    };
    this.#numbers = new Map(own.map(([one, [first, second]]) => [one, { first: copied(first), second: copied(second) }]));
    return lengths.map(take);
  }

  run(operation: Operation, sources: readonly Float64Array[], target: Float64Array, n: number, points: Points): void {
    if (n < FEWEST || !this.#runs(operation, sources, target, n)) run(operation, sources, target, n, points);
  }

  rowSums(values: Float64Array, channels: number, columns: number): Float64Array {
    if (columns < FEWEST) return rowSums(values, channels, columns);
    this.#kernels.rowSums(values.byteOffset, channels, columns, this.#sums);
    return new Float64Array(this.#kernels.memory.buffer, this.#sums, 2 * channels).slice();
  }

  /** Whether there is a kernel for it, which then has run. */
  #runs(operation: Operation, sources: readonly Float64Array[], target: Float64Array, n: number): boolean {
    const kernels = this.#kernels;
    const [source, ...others] = sources;
    if (source === undefined) return false;
    const [from, into] = [source.byteOffset, target.byteOffset];
    switch (operation.kind) {
      case "conv":
        return operation.kernel === 1 && this.#affine(operation, from, into, n);
      case "activate":
        return this.#activate(operation, from, into, n);
      case "maxout":
        kernels.largest(from, into, operation.pieces, operation.channels, n);
        return true;
      case "layernorm": {
        const { first, second } = this.#of(operation);
        kernels.layerNormalise(from, into, first, second, operation.eps, operation.channels, n);
        return true;
      }
      case "add":
      case "multiply": {
        target.set(source);
        for (const { byteOffset } of others) {
          if (operation.kind === "add") kernels.add(byteOffset, into, target.length);
          else kernels.multiply(byteOffset, into, target.length);
        }
        return true;
      }
      default:
        return false;
    }
  }

  #affine(conv: Conv, source: number, target: number, n: number): true {
    const { channels, groups, weight } = conv;
    const { first, second } = this.#of(conv);
    const reads = weight.length / channels;
    const each = channels / groups;
    for (let g = 0; g < groups; g++) {
      const at = g * each;
      this.#kernels.affine(first + at * reads * F, second + at * F, source + g * reads * n * F, target + at * n * F, reads, each, n);
    }
    return true;
  }

  #activate({ name, parameter, channels }: Activate, source: number, target: number, n: number): boolean {
    const act = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
    if (act !== undefined) act(this.#kernels, source, target, channels * n);
    else if (SLOPED.includes(name)) {
      for (let c = 0; c < channels; c++) this.#kernels.leaky(source + c * n * F, target + c * n * F, n, parameter[c]!);
    } else return false;
    return true;
  }

  #of(operation: Operation): Numbers {
    return this.#numbers.get(operation)!;
  }
}

/** What the kernels read of an operation, besides values. */
function numbersOf(operation: Operation): readonly [Float64Array, Float64Array] {
  if (operation.kind === "conv") return [operation.weight, operation.bias];
  if (operation.kind === "layernorm") return [operation.scale, operation.shift];
  return [NONE, NONE];
}
