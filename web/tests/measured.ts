// For tests/web/test_measured.py: the measures of views of networks.

import { plain } from "../src/engine/evaluate/blocks.ts";
import type { Raster } from "../src/engine/evaluate/raster.ts";
import { tapOf } from "../src/engine/evaluate/windows.ts";
import { parse } from "../src/engine/language/parse.ts";
import { build } from "../src/engine/program/build.ts";
import { calibrate } from "../src/engine/program/calibrate.ts";
import { cut } from "../src/engine/program/cut.ts";
import { drawing } from "../src/engine/program/draw.ts";
import { pointwise } from "../src/engine/program/program.ts";
import { taken } from "../src/site/measured.ts";
import { Specimen } from "../src/site/specimen.ts";
import { MEASURES } from "../src/site/table.ts";
import { nearly } from "../src/site/taps.ts";
import { answer, asked } from "./data.ts";

interface Case {
  text: string;
  seed: bigint;
  home: Raster;
  view: Raster;
  /** a layer's channel, counted from 0 */
  channel: readonly [layer: number, channel: number] | null;
}

answer(
  (asked() as Case[]).map(({ text, seed, home, view, channel }) => {
    const whole = calibrate(build(parse(text), drawing(seed)), home, plain);
    const program = channel === null ? whole : cut(whole, whole.layers[channel[0]] ?? 0);
    const { columns: side, plane } = view;
    const rasterAt = (pixels: number): Raster => pointwise(whole) ? { columns: pixels, rows: pixels, plane } : nearly(plane, tapOf(home), pixels);
    const specimen = new Specimen({ program, home, only: channel?.[1] ?? null, side }, rasterAt);
    return MEASURES.map((one) => taken(one, specimen));
  }),
);
