// For tests/web/test_rounding.py: how far rounding puts the values of networks off.

import { plain } from "../src/engine/evaluate/blocks.ts";
import type { Plane, Raster } from "../src/engine/evaluate/raster.ts";
import { parse } from "../src/engine/language/parse.ts";
import { build } from "../src/engine/program/build.ts";
import { calibrate } from "../src/engine/program/calibrate.ts";
import { drawing } from "../src/engine/program/draw.ts";
import { isReported, rounding } from "../src/engine/program/rounding.ts";
import { answer, asked } from "./data.ts";

interface Case {
  text: string;
  seed: bigint;
  home: Raster;
  planes: Plane[];
}

answer(
  (asked() as Case[]).map(({ text, seed, home, planes }) => {
    const program = calibrate(build(parse(text), drawing(seed)), home, plain);
    return planes.map((plane) => {
      const found = rounding(program, plane, home, plain, () => performance.now());
      return { ...found, reported: isReported(found) };
    });
  }),
);
