// The seed of a pane, as netwarp.explorer.seeds: a whole number that a number holds exactly, else a text: its digits,
// or a word.

import { sha256 } from "./engine/drawing/sha256.ts";
import { LARGEST_SEED, LONGEST_WORD } from "./server.ts";

export type Seed = number | string;

const MOST = 1n << 256n;
const WHOLE = /^-?\d{1,78}$/;

/** The seed that a number or a text says; null where it says none. */
export function seedOf(value: unknown): Seed | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== "string") return null;
  const text = value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
  if (WHOLE.test(text)) return written(BigInt(text));
  const isWord = /^\p{L}/u.test(text) && !/[\p{C}\p{Z}]/u.test(text.replaceAll(" ", "")) && Array.from(text).length <= LONGEST_WORD;
  return isWord ? text : null;
}

/** The number that draws the network: of a word the number that its SHA-256 is, of its UTF-8. */
export function numberOf(seed: Seed): bigint {
  if (typeof seed === "number") return BigInt(seed);
  if (WHOLE.test(seed)) return BigInt(seed);
  const bytes = Array.from(new TextEncoder().encode(seed), (byte) => String.fromCharCode(byte)).join("");
  return sha256(bytes).reduce((number, word) => (number << 32n) | BigInt(word), 0n);
}

/** The seed so many further on; at the last one it stays. */
export function further(seed: Seed, by: number): Seed {
  const next = numberOf(seed) + BigInt(by);
  return written(next > MOST ? MOST : next < -MOST ? -MOST : next) ?? seed;
}

function written(number: bigint): Seed | null {
  const size = number < 0n ? -number : number;
  return size > MOST ? null : size <= BigInt(LARGEST_SEED) ? Number(number) : String(number);
}
