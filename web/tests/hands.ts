// For tests/web/test_hands.py: one network calibrated and drawn by one worker and by several, compared bit by bit; and
// what comes of it where nobody waits any more.

import { fastest } from "../src/engine/evaluate/fastest.ts";
import type { Raster } from "../src/engine/evaluate/raster.ts";
import { parse } from "../src/engine/language/parse.ts";
import { build } from "../src/engine/program/build.ts";
import { calibrate } from "../src/engine/program/calibrate.ts";
import { drawing } from "../src/engine/program/draw.ts";
import type { Program } from "../src/engine/program/program.ts";
import { Hands, lend } from "../src/site/hands.ts";
import { paint } from "../src/site/paint.ts";
import { fit } from "../src/site/tone.ts";
import { answer, asked } from "./data.ts";

interface Case {
  text: string;
  seed: bigint;
  home: Raster;
  view: Raster;
  others: number;
}

/** Numbers that differ in a bit. NaN is NaN. */
function apart(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return one.length === other.length ? Array.from(one).filter((value, i) => !Object.is(value, other[i])).length : Infinity;
}

function numbers({ operations }: Program): Float64Array {
  return Float64Array.from(operations.flatMap((one) => (one.kind === "conv" ? [...one.weight, ...one.bias] : [])));
}


function together(count: number, stopped: () => boolean): Hands {
  const hands = new Hands(stopped);
  for (let i = 0; i < count; i++) {
    const { port1, port2 } = new MessageChannel();
    lend(port1);
    hands.add(port2);
  }
  return hands;
}

async function differing({ text, seed, home, view, others }: Case): Promise<number | null> {
  const network = build(parse(text), drawing(seed));
  const program = calibrate(network, home, fastest);
  const values = fastest.sample(program, home);
  const hands = together(others, () => false);
  const found = await hands.calibrate(network, home);
  if (found === null) return null;
  const seen = fastest.sample(program, view);
  const sampled = await hands.sample(found.program, view);
  const channels = values.length / home.columns / home.rows;
  const tone = fit(values, channels, channels === 3 ? "lab" : "viridis");
  const painted = await hands.paint(found.program, view, tone);
  if (sampled === null || painted === null) return null;
  return apart(numbers(program), numbers(found.program)) + apart(values, found.values) + apart(seen, sampled) + apart(paint(seen, channels, tone), painted.bytes);
}

/** How often it was asked whether somebody still waits, with nobody waiting from time `after` on; null where it went on. */
async function left({ text, seed, home, view, others }: Case, after: number): Promise<number | null> {
  let times = 0;
  const hands = together(others, () => ++times > after);
  const calibrated = await hands.calibrate(build(parse(text), drawing(seed)), home);
  if (calibrated === null) return times;
  return (await hands.paint(calibrated.program, view, fit(calibrated.values, 3, "lab"))) === null ? times : null;
}

/** What a worker that is lost in the middle leaves behind: an error, and then the right numbers without it. */
async function lost({ text, seed, home, others }: Case): Promise<[string, number]> {
  const network = build(parse(text), drawing(seed));
  const hands = together(others, () => false);
  const failed = hands.calibrate(network, home).then(() => "", (error: unknown) => (error as Error).message);
  hands.leave();
  const message = await failed;
  const found = await hands.calibrate(network, home);
  return [message, found === null ? Infinity : apart(numbers(calibrate(network, home, fastest)), numbers(found.program))];
}

async function main(): Promise<void> {
  const { cases, after } = asked() as { cases: Case[]; after: number[] };
  const [first] = cases;
  if (first === undefined) throw new Error("no case");
  const results: (number | null)[] = [];
  for (const one of cases) results.push(await differing(one));
  const stopped: (number | null)[] = [];
  for (const one of after) stopped.push(await left(first, one));
  const gone = await lost(first);
  answer({ cases: results, stopped, lost: gone });
}

// what waits for messages would keep this process alive
void main().then(() => { process.exit(0); }, (error: unknown) => { console.error(error); process.exit(1); });
