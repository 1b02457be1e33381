// For tests/web/test_seeds.py: what the page makes of texts as seeds, and the number that each stands for.

import { further, numberOf, seedOf } from "../src/seed.ts";
import { answer, asked } from "./data.ts";

answer(
  (asked() as readonly string[]).map((text) => {
    const seed = seedOf(text);
    return seed === null ? null : { seed, number: String(numberOf(seed)), next: further(seed, 1) };
  }),
);
