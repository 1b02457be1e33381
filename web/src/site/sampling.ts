// The values of a network, one of its layers or several, whether it reads windows or not.
import { fastest } from "../engine/evaluate/fastest.ts";
import type { Raster } from "../engine/evaluate/raster.ts";
import { at, reachOf, sample, tapOf } from "../engine/evaluate/windows.ts";
import { pointwise, type Program } from "../engine/program/program.ts";
import type { Opened } from "./networks.ts";
import { Refusal } from "./refusals.ts";
import { type Crop, covering, cropped, positionsOf } from "./taps.ts";
import { ENGINE } from "../words/site.ts";

// nobody waits longer for more pixels
const SHARP_SECONDS = 4;
const MOST_REDUCED = 8;
// what takes longer even with the fewest pixels is refused
const SECONDS = 20;
// one that was there so many times sooner than was expected is drawn again, of more pixels
const TOO_SLOW = 2;

/** What a view is evaluated on. */
export interface Evaluated {
  readonly raster: Raster;
  readonly crop: Crop | null;
  /** how many times fewer pixels there are each way than were asked for, or than are usual */
  readonly reduced: number;
}

/** (channels, rows, columns) of a network that was calibrated on `home`, or of a part of it. */
export function sampled(home: Raster, program: Program, raster: Raster): Float64Array {
  return pointwise(program) ? fastest.sample(program, raster) : sample(program, raster, tapOf(home));
}

/** (channels,) at a point. */
export function valuesOf({ raster: home }: Opened, program: Program, x: number, y: number): Float64Array {
  const [xs, ys] = [Float64Array.of(x), Float64Array.of(y)];
  return pointwise(program) ? fastest.at(program, xs, ys) : at(program, xs, ys, tapOf(home));
}

// the least seconds that a point of a network's views has taken: its calibration may have shared the processor with another
// program, and then its time says nothing of views
const best = new WeakMap<Opened, number>();

/** Keeps how long a view of a network's output took. Says whether that is so much less than was expected that it may have
 * more pixels. */
export function faster(opened: Opened, raster: Raster, seconds: number): boolean {
  const { program, raster: home } = opened;
  const expected = paceOf(opened);
  const pace = seconds / positionsOf(raster, tapOf(home), reachOf(program));
  best.set(opened, Math.min(expected, pace));
  return pace < expected / TOO_SLOW;
}

function paceOf(opened: Opened): number {
  return best.get(opened) ?? opened.pace;
}

/** The raster to evaluate for a view, of fewer pixels where more would take too long. Throws Refusal. */
export function affordable(opened: Opened, view: Raster): Evaluated {
  const { program, raster: home } = opened;
  const pace = paceOf(opened);
  if (pointwise(program)) {
    let reduced = 1;
    const fewer = (): Raster => ({ ...view, columns: Math.ceil(view.columns / reduced), rows: Math.ceil(view.rows / reduced) });
    while (reduced < MOST_REDUCED && pace * fewer().columns * fewer().rows > SHARP_SECONDS) reduced *= 2;
    return { raster: fewer(), crop: null, reduced };
  }
  const [tap, reach] = [tapOf(home), reachOf(program)];
  for (let reduced = 1; ; reduced *= 2) {
    const { raster, crop } = covering(view, tap, reduced);
    const seconds = pace * positionsOf(raster, tap, reach);
    if (seconds <= SHARP_SECONDS || reduced === MOST_REDUCED) {
      if (seconds > SECONDS) throw new Refusal(ENGINE.view(Math.round(seconds).toLocaleString("en"), SECONDS));
      return { raster, crop, reduced };
    }
  }
}

/** RGBA bytes of what was evaluated, as those of the view. */
export function shownPart(bytes: Uint8ClampedArray, { raster, crop }: Evaluated): { bytes: Uint8ClampedArray; columns: number; rows: number } {
  if (crop === null) return { bytes, columns: raster.columns, rows: raster.rows };
  return { bytes: cropped(bytes, raster.columns, crop), columns: crop.columns, rows: crop.rows };
}
