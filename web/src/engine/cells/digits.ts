// Which piece every unit is on, cell by cell, in as few bits as the pieces take.

import type { Stages } from "./stages.ts";

const WORD = 32;

/** Where each unit's number is: its word, its first bit there, and the bits it has. */
export interface Layout {
  readonly word: Int32Array;
  readonly shift: Uint8Array;
  readonly mask: Uint32Array;
  readonly words: number;
}

export function layoutOf({ stages, units }: Stages): Layout {
  const [word, shift, mask] = [new Int32Array(units), new Uint8Array(units), new Uint32Array(units)];
  let [at, bit] = [0, 0];
  for (const stage of stages) {
    for (let u = 0; u < stage.units; u++) {
      const pieces = stage.pieces > 0 ? stage.pieces : stage.bends[u]!.pieces.length;
      const bits = Math.max(1, Math.ceil(Math.log2(pieces)));
      if (bit + bits > WORD) [at, bit] = [at + 1, 0];
      [word[stage.first + u], shift[stage.first + u], mask[stage.first + u]] = [at, bit, 2 ** bits - 1];
      bit += bits;
    }
  }
  return { word, shift, mask, words: at + 1 };
}

/** (words,) from the piece of every unit. */
export function packed({ word, shift, words }: Layout, pieces: Int32Array): Uint32Array {
  const made = new Uint32Array(words);
  for (let unit = 0; unit < pieces.length; unit++) made[word[unit]!]! |= pieces[unit]! << shift[unit]!;
  return made;
}

/** The piece that a unit is on. */
export function pieceOf({ word, shift, mask }: Layout, bits: Uint32Array, unit: number): number {
  return (bits[word[unit]!]! >>> shift[unit]!) & mask[unit]!;
}
