// For tests/web/test_family.py: what the texts of families say, how they grow, and what a recipe says of them.

import { parse } from "../src/engine/language/parse.ts";
import { textOf } from "../src/engine/language/write.ts";
import { build } from "../src/engine/program/build.ts";
import { bred, familyOf, lineageOf } from "../src/engine/program/family.ts";
import { keyOf } from "../src/engine/program/parameter.ts";
import { childOf } from "../src/page/breeding.ts";
import { answer, asked } from "./data.ts";

interface Case {
  architecture: string;
  text: string;
}

const { families, grown, made } = asked() as {
  families: Case[];
  grown: [string, string | null, number, number][];
  made: { lineage: Record<string, unknown>; architecture: string }[];
};

answer({
  families: families.map(({ architecture, text }) => {
    const parameters: Record<string, Float64Array> = {};
    try {
      const take = bred(text, textOf(parse(architecture)));
      build(parse(architecture), (parameter) => (parameters[keyOf(parameter)] = take(parameter)));
      return { parameters, lineage: lineageOf(text, architecture).json };
    } catch (error) {
      return { error: (error as Error).message };
    }
  }),
  grown: grown.map((one) => childOf(...one)),
  made: made.map(({ lineage, architecture }) => familyOf(lineage, architecture)),
});
