// For tests/web/test_activations.py: every activation at the numbers z, with its parameter.

import { face, NAMES } from "../src/engine/evaluate/faces.ts";
import { answer, asked } from "./data.ts";

const { z, parameters } = asked() as { z: Float64Array; parameters: Record<string, number> };

answer(
  NAMES.map((name) => {
    const { value, parameter } = face(name);
    return { name, parameter: parameter ?? null, values: z.map((one) => value(one, parameters[name] ?? 0)) };
  }),
);
