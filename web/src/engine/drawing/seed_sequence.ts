// numpy's SeedSequence: a whole number of any length becomes words that a generator starts from.

const POOL = 4;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

/** A hash whose constant changes at every word. */
class Hash {
  constructor(
    private constant: number,
    private readonly multiplier: number,
  ) {}

  of(word: number): number {
    const before = word ^ this.constant;
    this.constant = Math.imul(this.constant, this.multiplier);
    return folded(Math.imul(before, this.constant));
  }
}

/** `count` words of 32 bits for an entropy of words, the least significant first, without zeros at its end. */
export function seedWords(entropy: Uint32Array, count: number): Uint32Array {
  const pool = mixed(entropy);
  const hash = new Hash(0x8b51f9dd, 0x58f38ded);
  return Uint32Array.from({ length: count }, (_, i) => hash.of(pool[i % POOL]!));
}

function mixed(entropy: Uint32Array): Uint32Array {
  const hash = new Hash(0x43b0d7e5, 0x931e8875);
  const pool = Uint32Array.from({ length: POOL }, (_, i) => hash.of(entropy[i] ?? 0));
  for (let from = 0; from < POOL; from++) {
    for (let to = 0; to < POOL; to++) {
      if (from !== to) pool[to] = joined(pool[to]!, hash.of(pool[from]!));
    }
  }
  for (const word of entropy.subarray(POOL)) {
    for (let to = 0; to < POOL; to++) pool[to] = joined(pool[to]!, hash.of(word));
  }
  return pool;
}

function joined(one: number, other: number): number {
  return folded((Math.imul(MIX_LEFT, one) - Math.imul(MIX_RIGHT, other)) | 0);
}

function folded(word: number): number {
  return word ^ (word >>> 16);
}
