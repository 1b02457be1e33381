// For tests/web/test_pace.py: on how many pixels views are evaluated of networks whose calibration was timed as far slower
// than their views are, and where those are as slow as that.

import { reachOf, tapOf } from "../src/engine/evaluate/windows.ts";
import { DEFAULTS } from "../src/server.ts";
import { Hands } from "../src/site/hands.ts";
import { Networks } from "../src/site/networks.ts";
import { affordable, faster } from "../src/site/sampling.ts";
import { positionsOf } from "../src/site/taps.ts";
import { pixels, rasterOf } from "../src/site/views.ts";
import { answer, asked } from "./data.ts";

// seconds that all pixels of a view are expected to take
const EXPECTED = 64;

interface Seen {
  readonly expected: number;
  readonly seen: number | undefined;
  readonly after: number;
  readonly slow: number;
}

async function seen(arch: string): Promise<Seen> {
  const hands = new Hands(() => false);
  const pane = { ...DEFAULTS, arch, seed: 3 };
  const opened = await new Networks(hands).open(pane);
  if (opened === null) throw new Error("somebody waits");
  const view = { x: "0.1", y: "0.2", w: "3", h: "2.1", columns: 640, rows: 480 };
  const raster = rasterOf(view, view.columns, view.rows);
  const all = positionsOf(affordable(opened, raster).raster, tapOf(opened.raster), reachOf(opened.program));
  const late = { ...opened, pace: EXPECTED / all };
  const expected = affordable(late, raster).reduced;
  const reply = await pixels(late, pane, view, hands);
  const slow = { ...opened, pace: EXPECTED / all };
  const still = affordable(slow, raster);
  if (faster(slow, still.raster, EXPECTED)) throw new Error("that is slower than was expected");
  return { expected, seen: reply?.reduced, after: affordable(late, raster).reduced, slow: affordable(slow, raster).reduced };
}

async function main(): Promise<void> {
  answer(await Promise.all((asked() as string[]).map(seen)));
}

// what waits for messages would keep this process alive
void main().then(() => { process.exit(0); }, (error: unknown) => { console.error(error); process.exit(1); });
