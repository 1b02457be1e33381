// For tests/web/test_streams.py: the streams of numbers, and what is drawn from them.

import { weights } from "../src/engine/drawing/initialise.ts";
import { Pcg64 } from "../src/engine/drawing/pcg64.ts";
import { sha256 } from "../src/engine/drawing/sha256.ts";
import { Stream } from "../src/engine/drawing/stream.ts";
import type { Initialiser } from "../src/engine/language/tree.ts";
import { answer, asked } from "./data.ts";

interface Asked {
  texts: string[];
  /** words of 32 bits, the least significant first */
  entropies: number[][];
  keys: { seed: bigint; path: string; name: string; count: number }[];
  weights: { initialiser: Initialiser; shape: [number, number, number]; groups: number }[];
}

const { texts, entropies, keys, weights: matrices } = asked() as Asked;

answer({
  digests: texts.map((text) => [...sha256(text)]),
  words: entropies.map((entropy) => {
    const generator = new Pcg64(Uint32Array.from(entropy));
    return Array.from({ length: 100 }, () => generator.bits());
  }),
  uniforms: keys.map(({ seed, path, name, count }) => Stream.of(seed, path, name).uniforms(count)),
  normals: keys.map(({ seed, path, name, count }) => Stream.of(seed, path, name).normals(count)),
  weights: matrices.map(({ initialiser, shape: [channels, inputs, kernel], groups }) =>
    weights(initialiser, { channels, inputs, kernel, groups }, Stream.of(1n, "0", "weight")),
  ),
});
