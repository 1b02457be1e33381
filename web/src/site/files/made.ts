// What a pane is taken away as: the picture as PNG, the weights as npz. The page's state as JSON is the page's own.

import { type Named, numbers, text, zipped } from "../../engine/files/npz.ts";
import { Png } from "../../engine/files/png.ts";
import { fastest } from "../../engine/evaluate/fastest.ts";
import { type Raster, xsOf, ysOf } from "../../engine/evaluate/raster.ts";
import { textOf } from "../../engine/language/write.ts";
import { build } from "../../engine/program/build.ts";
import { lineageOf } from "../../engine/program/family.ts";
import { keyOf } from "../../engine/program/parameter.ts";
import { pointwise } from "../../engine/program/program.ts";
import type { Made, Wanted } from "../../link.ts";
import type { PaneState } from "../../server.ts";
import { cellsLine, commandLine } from "../commands.ts";
import { numbersFrom, type Opened, shownOf, toneOf } from "../networks.ts";
import { paint } from "../paint.ts";
import { Refusal } from "../refusals.ts";
import { colourFor, fit } from "../tone.ts";
import { rasterOf } from "../views.ts";
import { stemOf } from "./names.ts";
import { KEYWORD, recipeOf } from "./recipe.ts";
import { FILES } from "../../words/site.ts";
import { numberOf } from "../../seed.ts";

const MOST_PIXELS = 9_000_000;
// the proportions of the frame that a view's sides are those of, as the page shows it
const FRAME = 3 / 2;
// pixels that are painted at once
const BAND = 1 << 18;
// painting and packing take so many seconds a pixel
const PACKING = 4e-7;
// seconds that a file may take that nobody has asked for yet
const UNASKED = 2;
// and that nobody waits for
const LONGEST = 150;

/** `asked` is whether somebody waits for it. Throws Refusal. */
export async function made(opened: Opened, pane: PaneState, { format, columns, rows }: Wanted, asked: boolean): Promise<Made> {
  const name = `${stemOf(opened)}.${format}`;
  if (format === "npz") return { name, seconds: 0, bytes: weights(opened) };
  if (format === "svg") throw new Refusal(FILES.cells(cellsLine(pane)));
  if (format === "json") return { name, seconds: 0, bytes: null };
  const raster = framed(pane, columns, rows);
  const command = (): string => commandLine(pane, "", `${columns}x${rows}`);
  if (!pointwise(opened.program)) throw new Refusal(FILES.windows(command()));
  if (columns * rows > MOST_PIXELS) throw new Refusal(FILES.pixels(MOST_PIXELS.toLocaleString("en"), command()));
  const seconds = columns * rows * (opened.pace + PACKING);
  if (seconds > LONGEST) throw new Refusal(FILES.minutes(Math.round(seconds / 60), command()));
  if (!asked && seconds > UNASKED) return { name, seconds, bytes: null };
  return { name, seconds, bytes: await picture(opened, pane, raster) };
}

/** As high as what is seen, and as wide as the scale makes it. */
function framed(pane: PaneState, columns: number, rows: number): Raster {
  const raster = rasterOf(pane, columns, rows);
  const { plane } = raster;
  return 2 * columns === 3 * rows ? raster : { ...raster, plane: { ...plane, width: (plane.width * columns) / rows / FRAME } };
}

async function picture(opened: Opened, pane: PaneState, raster: Raster): Promise<Uint8Array<ArrayBuffer>> {
  const { program, channel, channels } = shownOf(opened, pane.show);
  const { columns, rows } = raster;
  const [across, down] = [xsOf(raster), ysOf(raster)];
  const sampled = (first: number, count: number): Float64Array => {
    const n = columns * count;
    const [xs, ys] = [new Float64Array(n), new Float64Array(n)];
    for (let r = 0; r < count; r++) {
      xs.set(across, r * columns);
      ys.fill(down[first + r] ?? 0, r * columns, (r + 1) * columns);
    }
    return fastest.at(program, xs, ys);
  };
  const whole = pane.tone === "view" ? sampled(0, rows) : null;
  const tone = whole === null ? toneOf(opened, pane.show, pane.colour) : fit(whole, channels, colourFor(pane.colour, pane.show === "output" ? channels : 1), channel);
  const png = new Png(columns, rows, KEYWORD, recipeOf(opened, pane, raster, tone));
  const step = Math.max(1, Math.floor(BAND / columns));
  const up = pane.grows === "up";
  for (let done = 0; done < rows; done += step) {
    const count = Math.min(step, rows - done);
    const first = up ? rows - done - count : done;
    const values = whole === null ? sampled(first, count) : band(whole, channels, columns * rows, columns * first, columns * count);
    const painted = paint(values, channels, tone);
    await png.add(up ? turned(painted, columns) : painted);
  }
  return png.end();
}

function band(values: Float64Array, channels: number, n: number, first: number, count: number): Float64Array {
  const found = new Float64Array(channels * count);
  for (let c = 0; c < channels; c++) found.set(values.subarray(c * n + first, c * n + first + count), c * count);
  return found;
}

/** The last row first. */
function turned(rgba: Uint8ClampedArray, columns: number): Uint8ClampedArray {
  const found = new Uint8ClampedArray(rgba.length);
  const wide = 4 * columns;
  for (let at = 0; at < rgba.length; at += wide) found.set(rgba.subarray(at, at + wide), rgba.length - at - wide);
  return found;
}

/** What the network is, and every number that was drawn of it, as netwarp.network.stored has them. */
function weights({ architecture, seed, bred }: Opened): Uint8Array<ArrayBuffer> {
  const files: Named[] = [
    { name: "format", npy: text("netwarp network 1") },
    { name: "architecture", npy: text(textOf(architecture)) },
    bred === "" ? { name: "seed", npy: text(String(numberOf(seed))) } : { name: "made", npy: text(lineageOf(bred, textOf(architecture)).json) },
  ];
  const draw = numbersFrom({ seed, bred }, architecture);
  build(architecture, (parameter) => {
    const found = draw(parameter);
    files.push({ name: keyOf(parameter), npy: numbers(found, parameter.sizes) });
    return found;
  });
  return zipped(files);
}
