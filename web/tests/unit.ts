// For tests/web/test_unit.py: one unit of a network, its line, and the numbers that move it.

import { plain } from "../src/engine/evaluate/blocks.ts";
import { CALIBRATION } from "../src/engine/evaluate/raster.ts";
import { parse } from "../src/engine/language/parse.ts";
import { build } from "../src/engine/program/build.ts";
import { calibrate } from "../src/engine/program/calibrate.ts";
import { beside } from "../src/page/compare.ts";
import { lineBy, numbersOf } from "../src/page/unit/line.ts";
import { changesOf, nudged, putBack } from "../src/page/unit/nudges.ts";
import { numbersFrom, type Opened } from "../src/site/networks.ts";
import { unit } from "../src/site/unit.ts";
import type { UnitReply } from "../src/server.ts";
import { fromQuery, page, toQuery } from "../src/state.ts";
import { answer, asked } from "./data.ts";

interface Case {
  text: string;
  seed: number;
  bred: string;
  layer: number;
  channel: number;
}

const { units, lines, edits, addresses } = asked() as {
  units: Case[];
  lines: { unit: UnitReply; x: number; y: number; angle: number }[];
  addresses: string[];
  edits: { seed: number; bred: string; numbers: [{ array: string; place: number[] }, number | null][] }[];
};

answer({
  beside: addresses.map((query) => toQuery(page(...beside(fromQuery(query).state.panes, null, 3)))),
  units: units.map(({ text, seed, bred, layer, channel }) => {
    try {
      const architecture = parse(text);
      const program = calibrate(build(architecture, numbersFrom({ seed, bred }, architecture)), CALIBRATION, plain);
      return unit({ architecture, seed, bred, program, raster: CALIBRATION } as unknown as Opened, { layer, channel });
    } catch (error) {
      return { error: (error as Error).message };
    }
  }),
  lines: lines.map(({ unit: one, ...line }) => ({ numbers: numbersOf(one, line), own: lineBy(one, line) })),
  edits: edits.map(({ numbers, ...state }) => ({ bred: nudged(state, numbers), back: putBack(state), changes: Object.fromEntries(changesOf(state)) })),
});
