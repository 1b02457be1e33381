// For tests/web/test_networks.py: draws, lowers, calibrates and evaluates networks.

import * as windows from "../src/engine/evaluate/windows.ts";
import { plain } from "../src/engine/evaluate/blocks.ts";
import type { Raster } from "../src/engine/evaluate/raster.ts";
import { parse } from "../src/engine/language/parse.ts";
import { build } from "../src/engine/program/build.ts";
import { calibrate } from "../src/engine/program/calibrate.ts";
import { drawing } from "../src/engine/program/draw.ts";
import { keyOf } from "../src/engine/program/parameter.ts";
import { pointwise } from "../src/engine/program/program.ts";
import { answer, asked } from "./data.ts";

interface Case {
  text: string;
  seed: bigint;
  home: Raster;
  view: Raster;
}

answer(
  (asked() as Case[]).map(({ text, seed, home, view }) => {
    const parameters: Record<string, Float64Array> = {};
    const take = drawing(seed);
    try {
      const network = build(parse(text), (parameter) => (parameters[keyOf(parameter)] = take(parameter)));
      const begun = process.cpuUsage();
      const program = calibrate(network, home, plain);
      const { user, system } = process.cpuUsage(begun);
      const values = pointwise(program) ? plain.sample(program, view) : windows.sample(program, view, windows.tapOf(home));
      return { parameters, ...program, values, seconds: (user + system) / 1e6 };
    } catch (error) {
      return { parameters, error: String(error) };
    }
  }),
);
