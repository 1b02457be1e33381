// LZ76: how many words a sequence of bits is made of, in time linear in its length, as netwarp.measures.lz; and the
// Lempel-Ziv complexity of a picture.

import { type Image, median } from "./image.ts";

/** The number of words of n >= 1 zeros and ones: the exhaustive history of Lempel and Ziv, 1976. */
export function words(bits: Uint8Array): number {
  const { next, first } = automaton(bits);
  let [found, state] = [0, 0];
  for (let place = 0; place < bits.length; place++) {
    state = next[2 * state + bits[place]!]!;
    // the word so far ends here for the first time: so nothing before it holds it
    if (first[state] === place) {
      found++;
      state = 0;
    }
  }
  return found + (state === 0 ? 0 : 1);
}

/** log2(n) times the mean of the words of a picture in black and white, read row by row from either end. */
export function lempelZiv(image: Image): number {
  const { values } = image;
  const level = median(image);
  const some = values.some((one) => one > level);
  const bits = Uint8Array.from(values, (one) => Number(some ? one > level : one >= level));
  return Math.log2(bits.length) * ((words(bits) + words(Uint8Array.from(bits).reverse())) / 2);
}

/** The suffix automaton (Blumer et al. 1985): the states that a 0 and a 1 lead to, 0 for none, and where the strings that
 * lead to a state first end. */
function automaton(bits: Uint8Array): { next: Int32Array; first: Int32Array } {
  const most = 2 * bits.length + 1;
  const [next, suffix, length, first] = [new Int32Array(2 * most), new Int32Array(most), new Int32Array(most), new Int32Array(most)];
  suffix[0] = first[0] = -1;
  let [count, last] = [1, 0];
  for (let place = 0; place < bits.length; place++) {
    const bit = bits[place]!;
    const made = count++;
    length[made] = place + 1;
    first[made] = place;
    let state = last;
    while (state >= 0 && next[2 * state + bit] === 0) {
      next[2 * state + bit] = made;
      state = suffix[state]!;
    }
    if (state >= 0) {
      let after = next[2 * state + bit]!;
      if (length[after] !== length[state]! + 1) {
        // its strings up to this length end at `place` too, longer ones do not: it is divided
        const half = count++;
        next[2 * half] = next[2 * after]!;
        next[2 * half + 1] = next[2 * after + 1]!;
        suffix[half] = suffix[after]!;
        length[half] = length[state]! + 1;
        first[half] = first[after]!;
        suffix[after] = half;
        while (state >= 0 && next[2 * state + bit] === after) {
          next[2 * state + bit] = half;
          state = suffix[state]!;
        }
        after = half;
      }
      suffix[made] = after;
    }
    last = made;
  }
  return { next, first };
}
