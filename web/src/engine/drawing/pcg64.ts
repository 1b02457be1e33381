// PCG64, numpy's default generator: 128 bits of state, x becomes a x + c; what it gives is xor, then a rotation.

import { seedWords } from "./seed_sequence.ts";

// 128 bits are eight limbs of 16, the least significant first: sums of their products are exact in a float64
const LIMBS = 8;
const BASE = 65536;
const MULTIPLIER = [0xf645, 0x9fcc, 0xdf64, 0x4385, 0x5da4, 0x1fc6, 0xed05, 0x2360];

export class Pcg64 {
  private readonly state = new Float64Array(LIMBS);
  private readonly increment: Float64Array;

  /** Seeded as numpy's PCG64 is by the whole number whose words these are, the least significant first. */
  constructor(entropy: Uint32Array) {
    const words = seedWords(entropy, 8);
    const start = limbs(words.subarray(0, 4));
    const stream = limbs(words.subarray(4, 8));
    // twice the stream and one: an increment must be odd
    this.increment = stream.map((limb, k) => ((2 * limb) % BASE) + (k > 0 ? Math.floor((2 * stream[k - 1]!) / BASE) : 1));
    this.step();
    this.add(start);
    this.step();
  }

  /** The next 64 bits: the upper 32, and the lower. */
  bits(): [number, number] {
    this.step();
    const { state } = this;
    const word = (k: number): number => (state[k]! + BASE * state[k + 1]!) ^ (state[k + 4]! + BASE * state[k + 5]!);
    const [low, high] = [word(0), word(2)];
    const turn = state[7]! >>> 10;
    // a rotation by 32 or more is one of the words' exchange first
    const [upper, lower] = turn < 32 ? [high, low] : [low, high];
    const rest = turn % 32;
    if (rest === 0) return [upper >>> 0, lower >>> 0];
    return [
      ((upper >>> rest) | (lower << (32 - rest))) >>> 0,
      ((lower >>> rest) | (upper << (32 - rest))) >>> 0,
    ];
  }

  /** The next number from 0 to 1, without 1: a multiple of 2^-53. */
  uniform(): number {
    const [upper, lower] = this.bits();
    return (upper * 2 ** 21 + (lower >>> 11)) * 2 ** -53;
  }

  private step(): void {
    const { state, increment } = this;
    // from the top: a limb of the product needs those below it as they were
    for (let k = LIMBS - 1; k >= 0; k--) {
      let sum = 0;
      for (let i = 0; i <= k; i++) sum += state[i]! * MULTIPLIER[k - i]!;
      state[k] = sum;
    }
    this.add(increment);
  }

  private add(other: Float64Array): void {
    const { state } = this;
    let carry = 0;
    for (let k = 0; k < LIMBS; k++) {
      const sum = state[k]! + other[k]! + carry;
      carry = Math.floor(sum / BASE);
      state[k] = sum - carry * BASE;
    }
  }
}

/** Two numbers of 64 bits, the upper one first, each as its lower word and its upper: as limbs. */
function limbs(words: Uint32Array): Float64Array {
  const ordered = [words[2]!, words[3]!, words[0]!, words[1]!];
  return Float64Array.from({ length: LIMBS }, (_, k) => (ordered[k >> 1]! >>> (16 * (k & 1))) % BASE);
}
