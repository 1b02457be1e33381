// What a view looks like: pixels, the values at a point, and a strip of every channel: netwarp.explorer.views.
import { fastest } from "../engine/evaluate/fastest.ts";
import type { Raster } from "../engine/evaluate/raster.ts";
import { samples, tapOf } from "../engine/evaluate/windows.ts";
import { cut } from "../engine/program/cut.ts";
import { outputs, pointwise, type Program } from "../engine/program/program.ts";
import type { Ask, Reply } from "../protocol.ts";
import { DEEPEST } from "../link.ts";
import type { PaneState, Rectangle, ToneData } from "../server.ts";
import type { Hands, Painted } from "./hands.ts";
import { type Opened, shownOf, toneOf } from "./networks.ts";
import { paint } from "./paint.ts";
import { Refusal } from "./refusals.ts";
import { affordable, type Evaluated, faster, sampled, shownPart, valuesOf } from "./sampling.ts";
import { cropped } from "./taps.ts";
import { colourFor, fit, flat, rangeOf } from "./tone.ts";
import { ENGINE } from "../words/site.ts";

type Unmarked<K extends "view" | "at" | "strip"> = Omit<Reply<K>, "id" | "pane">;

const PIXELS = 1 << 23;
// pixels of a thumbnail each way, at least and at most
const [THUMB, LARGEST_THUMB] = [64, 128];
// colours of a colour bar
const BAR = 17;
const THUMBS = 512;

/** null where nobody waits any more. Throws Refusal. */
export async function pixels(opened: Opened, pane: PaneState, ask: Ask<"view">, hands: Hands): Promise<Unmarked<"view"> | null> {
  const start = performance.now();
  const { columns, rows, contrast = pane.tone, show = pane.show, colour = pane.colour, coarse = false } = ask;
  if (columns * rows > PIXELS) throw new Refusal(ENGINE.pixels(columns, rows, PIXELS.toLocaleString("en")));
  const evaluated = affordable(opened, rasterOf(ask, columns, rows));
  const { program, channel, channels } = shownOf(opened, show);
  const whole = toneOf(opened, show, colour);
  const own = (values: Float64Array): ToneData => fit(values, channels, colourFor(colour, show === "output" ? channels : 1), channel);
  const begun = performance.now();
  const found = await drawn(opened, program, evaluated.raster, contrast === "view" ? own : whole, hands);
  if (found === null) return null;
  const sooner = show === "output" && faster(opened, evaluated.raster, (performance.now() - begun) / 1000);
  if (sooner && evaluated.reduced > 1 && !coarse) return pixels(opened, pane, ask, hands);
  const part = shownPart(found.bytes, evaluated);
  const bytes = new Uint8Array(part.bytes.buffer as ArrayBuffer);
  return {
    kind: "pixels",
    columns: part.columns,
    rows: part.rows,
    seconds: (performance.now() - start) / 1000,
    precision: "float64",
    flat: flat(whole, found.range),
    coarse,
    resampled: evaluated.crop !== null && evaluated.raster.columns !== part.columns,
    reduced: evaluated.reduced,
    tone: { low: found.tone.low, high: found.tone.high, compressed: null, colours: coloursOf(found.tone) },
    centre: null,
    bytes,
  };
}

/** A view painted by a Tone, or by one that is fitted to its values. */
async function drawn(opened: Opened, program: Program, raster: Raster, wanted: ToneData | ((values: Float64Array) => ToneData), hands: Hands): Promise<(Painted & { tone: ToneData }) | null> {
  const alone = pointwise(program);
  if (alone && typeof wanted !== "function") {
    const painted = await hands.paint(program, raster, wanted);
    return painted === null ? null : { ...painted, tone: wanted };
  }
  const values = alone ? await hands.sample(program, raster) : sampled(opened.raster, program, raster);
  if (values === null) return null;
  const tone = typeof wanted === "function" ? wanted(values) : wanted;
  const channels = outputs(program);
  return { bytes: paint(values, channels, tone), range: rangeOf(tone, values, channels), tone };
}

/** The colours of a Tone that shows one channel, from low to high: its colour bar. None of one that shows three. */
function coloursOf(tone: ToneData): string[] {
  if (tone.channels.length === 3) return [];
  const even = Float64Array.from({ length: BAR }, (_, i) => i / (BAR - 1));
  const painted = paint(even, 1, { ...tone, channels: [0], low: [0], high: [1] });
  const pair = (byte: number): string => byte.toString(16).padStart(2, "0");
  return Array.from(even, (_, i) => `#${Array.from(painted.subarray(4 * i, 4 * i + 3), pair).join("")}`);
}

export function valuesAt(opened: Opened, pane: PaneState, { x, y, show = pane.show }: Ask<"at">): Unmarked<"at"> {
  const { program, channel } = shownOf(opened, show);
  const found = valuesOf(opened, program, Number(x), Number(y));
  return { kind: "values", values: show === "output" ? [...found] : [found[channel] ?? NaN] };
}

/** Thumbnails of every layer's channels, one after another; fewer a layer where they would be too many. */
export function strip(opened: Opened, { size = THUMB, ...at }: Ask<"strip">): Unmarked<"strip"> {
  const side = Math.max(THUMB, Math.min(LARGEST_THUMB, size));
  const { program, names } = opened;
  const evaluated = affordable(opened, rasterOf(at, side, side));
  const { layers, operations } = program;
  const all = pointwise(program) ? null : samples(program, evaluated.raster, tapOf(opened.raster), layers);
  const most = Math.max(1, Math.floor(THUMBS / Math.max(1, layers.length)));
  const seen: Unmarked<"strip">["layers"] = [];
  const parts: Uint8ClampedArray[] = [];
  layers.forEach((value, i) => {
    const channels = operations[value]?.channels ?? 0;
    const shown = Math.min(most, channels);
    const values = all?.[i] ?? fastest.sample(cut(program, value), evaluated.raster);
    for (let channel = 0; channel < shown; channel++) parts.push(thumb(values, channels, channel, { evaluated, side }));
    seen.push({ name: names[i] ?? "", channels, shown });
  });
  const bytes = new Uint8Array(4 * side * side * parts.length);
  parts.forEach((part, i) => { bytes.set(part, i * part.length); });
  return { kind: "strip", size: side, layers: seen, bytes };
}

/** One that is not finite is left black. */
function thumb(values: Float64Array, channels: number, channel: number, { evaluated, side }: { evaluated: Evaluated; side: number }): Uint8ClampedArray {
  try {
    const painted = paint(values, channels, fit(values, channels, "viridis", channel));
    const { raster, crop } = evaluated;
    return crop === null ? painted : cropped(painted, raster.columns, { ...crop, columns: side, rows: side });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return new Uint8ClampedArray(4 * side * side);
  }
}

export function rasterOf({ x, y, w, h }: Rectangle, columns: number, rows: number): Raster {
  const plane = { x: Number(x), y: Number(y), width: Number(w), height: Number(h) };
  if (!Object.values(plane).every(Number.isFinite) || !(plane.width > 0) || !(plane.height > 0)) {
    throw new Refusal(ENGINE.sides(w, h, x, y));
  }
  if (Math.min(plane.width, plane.height) < DEEPEST) {
    throw new Refusal(ENGINE.small);
  }
  return { columns, rows, plane };
}
