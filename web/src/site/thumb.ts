// A small picture of a network, soon: its statistics are of fewer pixels than the network's own.
import { build } from "../engine/program/build.ts";
import { calibrate } from "../engine/program/calibrate.ts";
import { pointwise } from "../engine/program/program.ts";
import { fastest } from "../engine/evaluate/fastest.ts";
import { tapOf } from "../engine/evaluate/windows.ts";
import type { PaneState } from "../server.ts";
import { checked } from "./counts.ts";
import { numbersFrom } from "./networks.ts";
import { paint } from "./paint.ts";
import { read } from "./reading.ts";
import { sampled } from "./sampling.ts";
import { covering, cropped, SMALL } from "./taps.ts";
import { colourFor, fit } from "./tone.ts";
import { rasterOf } from "./views.ts";

/** What a worker is asked for, and gives: RGBA bytes. */
export interface ThumbAsk {
  readonly state: PaneState;
  readonly columns: number;
  readonly rows: number;
}

export interface Thumb {
  readonly columns: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** Of the output, the smallest y first unless y grows upwards. Throws Refusal. */
export function thumb({ state, columns, rows }: ThumbAsk): Thumb {
  const architecture = read(state);
  checked(architecture);
  const program = calibrate(build(architecture, numbersFrom(state, architecture)), SMALL, fastest);
  const out = Number(architecture.out);
  const tone = fit(sampled(SMALL, program, SMALL), out, colourFor(state.colour, out));
  const view = rasterOf(state, columns, rows);
  const covered = pointwise(program) ? null : covering(view, tapOf(SMALL), 1);
  const raster = covered?.raster ?? view;
  const painted = paint(sampled(SMALL, program, raster), out, tone);
  const bytes = covered === null ? painted : cropped(painted, raster.columns, { ...covered.crop, columns, rows });
  return { columns, rows, bytes: new Uint8Array((state.grows === "up" ? turned(bytes, columns) : bytes).buffer as ArrayBuffer) };
}

/** The rows from the last to the first. */
function turned(bytes: Uint8ClampedArray, columns: number): Uint8ClampedArray {
  const found = new Uint8ClampedArray(bytes.length);
  const row = 4 * columns;
  for (let at = 0; at < bytes.length; at += row) found.set(bytes.subarray(at, at + row), bytes.length - row - at);
  return found;
}
