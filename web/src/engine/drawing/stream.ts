// A stream of numbers; and that of one parameter, keyed by seed, path and name, as netwarp.network.initialise draws
// them through numpy's RandomState(PCG64(...)), whose streams are frozen for ever.

import { logarithm } from "./logarithm.ts";
import { Pcg64 } from "./pcg64.ts";
import { sha256 } from "./sha256.ts";

export class Stream {
  private readonly generator: Pcg64;
  // the second number of a pair that is drawn at once
  private waiting: number | null = null;

  /** Of a seed as numpy has it: words, the least significant first, without zeros at their end. */
  constructor(words: Uint32Array) {
    this.generator = new Pcg64(words);
  }

  /** That of the parameter `name` of the layer at `path`: adding a layer elsewhere leaves it alone. */
  static of(seed: bigint, path: string, name: string): Stream {
    const words = sha256(`${seed.toString()}/${path}/${name}`).reverse();
    let length = words.length;
    while (length > 1 && words[length - 1] === 0) length--;
    return new Stream(words.subarray(0, length));
  }

  /** (count,) numbers from 0 to 1, without 1. */
  uniforms(count: number): Float64Array {
    const made = new Float64Array(count);
    for (let i = 0; i < count; i++) made[i] = this.generator.uniform();
    return made;
  }

  /** (count,) numbers of the standard normal distribution. */
  normals(count: number): Float64Array {
    const made = new Float64Array(count);
    for (let i = 0; i < count; i++) made[i] = this.normal();
    return made;
  }

  /** Marsaglia's polar method, as numpy's legacy generator has it. */
  private normal(): number {
    if (this.waiting !== null) {
      const kept = this.waiting;
      this.waiting = null;
      return kept;
    }
    for (;;) {
      const one = 2 * this.generator.uniform() - 1;
      const other = 2 * this.generator.uniform() - 1;
      const square = one * one + other * other;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * logarithm(square)) / square);
      this.waiting = factor * one;
      return factor * other;
    }
  }
}
