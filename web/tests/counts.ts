// For tests/web/test_counts.py: the counts of architectures, or why one is refused.

import { parse } from "../src/engine/language/parse.ts";
import { count } from "../src/engine/program/counts.ts";
import { answer, asked } from "./data.ts";

answer(
  (asked() as string[]).map((text) => {
    try {
      return count(parse(text));
    } catch (error) {
      return { kind: (error as Error).name, message: (error as Error).message };
    }
  }),
);
