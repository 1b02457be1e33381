// The measures beside a picture, a few an answer until all are there, and what rounding makes of the values, as
// netwarp.explorer.measuring answers.
import { fastest } from "../engine/evaluate/fastest.ts";
import { CALIBRATION, type Raster } from "../engine/evaluate/raster.ts";
import { tapOf } from "../engine/evaluate/windows.ts";
import { WORDS } from "../engine/language/table.ts";
import { say } from "../engine/language/words.ts";
import { pointwise } from "../engine/program/program.ts";
import { isReported, type Rounding, rounding, spelledShare } from "../engine/program/rounding.ts";
import type { Ask, Reply } from "../protocol.ts";
import type { MeasureData, RoundingData } from "../server.ts";
import { Absent } from "./absent.ts";
import { OF_CELLS, OF_CELLS_ALONE, type Reading, read, references } from "./measures.ts";
import { type Opened, shownOf } from "./networks.ts";
import { nudged } from "./nudged.ts";
import { about } from "./refusals.ts";
import { Specimen } from "./specimen.ts";
import { MEASURES } from "./table.ts";
import { nearly } from "./taps.ts";
import { rasterOf } from "./views.ts";
import { MEANT } from "../words/measures.ts";

const SIDES = [128, 64, 32] as const;
// seconds that one sample of a view may take
const BUDGET = 0.8;
// milliseconds after which an answer is sent, and the page asks for the rest
const TURN = 50;
// a value counts as resolved where half the resolution gives the same within this share, and its error is within it
const RESOLVED = 0.1;

// of the view that was measured last: what its measures share
let last: { opened: Opened; key: string; specimen: Specimen; rounding: RoundingData | null } | null = null;

/** Throws Refusal. */
export function measured(opened: Opened, ask: Ask<"measure">): Omit<Reply<"measure">, "id" | "pane"> {
  const start = performance.now();
  const now = viewed(opened, ask);
  const { names = [] } = ask;
  // in the order in which they are asked for: what is put off stays behind the others
  const rest = names.length === 0 ? [...MEASURES] : names.flatMap((name) => MEASURES.filter((one) => one.name === name));
  const measures: MeasureData[] = [];
  // what needs cells waits until these are found, and what needs nothing else until all others are there
  const { exactly } = now.specimen;
  const last = Math.max(...rest.map(needs));
  const next = Math.min(...rest.map(needs));
  const clock = (): number => performance.now();
  const found = next === ALONE ? (exactly.count(TURN, clock) ? ALONE : CELLS) : last >= CELLS && exactly.advance(TURN, clock) ? CELLS : 0;
  rest.sort((one, other) => Math.max(found, needs(one)) - Math.max(found, needs(other)));
  while (rest[0] !== undefined && needs(rest[0]) <= found && (measures.length === 0 || performance.now() - start < TURN)) {
    measures.push(taken(rest[0], now.specimen));
    rest.shift();
  }
  const { raster, subject: { program } } = now.specimen;
  now.rounding ??= roundingData(
    pointwise(opened.program) ? about("arch", () => rounding(program, raster.plane, CALIBRATION, fastest, () => performance.now())) : nudged(opened, raster.plane),
  );
  return { kind: "measures", measures, rest: rest.map(({ name }) => name), size: [raster.columns, raster.rows], rounding: now.rounding, seconds: (performance.now() - start) / 1000 };
}

// what a measure needs beyond pixels
const [CELLS, ALONE] = [1, 2];

function needs({ name }: { readonly name: string }): number {
  return OF_CELLS_ALONE.includes(name) ? ALONE : OF_CELLS.includes(name) ? CELLS : 0;
}

function viewed(opened: Opened, { x, y, w, h, show = "output" }: Ask<"measure">): NonNullable<typeof last> {
  const key = [x, y, w, h, show].join(" ");
  if (last?.opened === opened && last.key === key) return last;
  const { program, channel } = shownOf(opened, show);
  const side = SIDES.find((one) => opened.pace * one * one < BUDGET) ?? SIDES[2];
  const { plane } = rasterOf({ x, y, w, h }, side, side);
  const rasterAt = (pixels: number): Raster => pointwise(opened.program) ? { columns: pixels, rows: pixels, plane } : nearly(plane, tapOf(opened.raster), pixels);
  const specimen = new Specimen({ program, home: opened.raster, only: show === "output" ? null : channel, side }, rasterAt);
  return (last = { opened, key, specimen, rounding: null });
}

/** One measure of a view; one that has no value says why. */
export function taken({ name, shown }: Pick<(typeof MEASURES)[number], "name" | "shown">, specimen: Specimen): MeasureData {
  const { unit = "", meaning = "" } = MEANT[name] ?? {};
  const [ramp = null, noise = null] = references(name, specimen);
  const found = attempted(() => read(name, specimen));
  if (typeof found === "string") return { name, value: null, ramp, noise, half: null, resolved: null, unit, meaning, shown, reason: found, note: "" };
  const { value, error = 0, note = "" } = found;
  // what is counted knows no pixels
  if (OF_CELLS_ALONE.includes(name)) return { name, value, ramp, noise, half: null, resolved: null, unit, meaning, shown, reason: "", note };
  const again = attempted(() => read(name, specimen.half));
  const half = typeof again === "string" ? null : again.value;
  const within = RESOLVED * Math.abs(value);
  const resolved = half !== null && error <= within && Math.abs(value - half) <= within;
  return { name, value, ramp, noise, half, resolved, unit, meaning, shown, reason: "", note };
}

/** What is read, or why there is nothing. */
function attempted(act: () => Reading): Reading | string {
  try {
    return act();
  } catch (error) {
    if (error instanceof Absent) return error.message;
    throw error;
  }
}

export function roundingData(found: Rounding): RoundingData {
  const { share, points } = found;
  const reported = isReported(found);
  const many = Number.isFinite(share) ? spelledShare(share) : WORDS.MORE_THAN_ONE;
  const how = points > 0 ? say("COMPUTED_EXACTLY", { points }) : WORDS.ESTIMATED;
  const sentence = reported ? say("ROUNDING", { many, how, dtype: "float64" }) : null;
  return { share: Number.isFinite(share) ? share : null, points, reported, sentence };
}
