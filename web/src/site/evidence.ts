// Measures of networks that no pane shows, as netwarp.explorer.evidence answers.
import { fastest } from "../engine/evaluate/fastest.ts";
import { CALIBRATION, type Raster } from "../engine/evaluate/raster.ts";
import { tapOf } from "../engine/evaluate/windows.ts";
import { textOf } from "../engine/language/write.ts";
import { calibrate } from "../engine/program/calibrate.ts";
import { cut } from "../engine/program/cut.ts";
import { pointwise, type Program } from "../engine/program/program.ts";
import { type Rounding, rounding } from "../engine/program/rounding.ts";
import type { Ask, Reply } from "../protocol.ts";
import { type CaseData, type CaseRow, DEFAULTS, type MeasureData, type PaneState, type Rectangle } from "../server.ts";
import { measuredOf, networkOf } from "../state.ts";
import { checked } from "./counts.ts";
import { KEPT } from "./looks.ts";
import { roundingData, taken } from "./measured.ts";
import { OF_CELLS, OF_CELLS_ALONE } from "./measures.ts";
import { networkFor, numbersFrom, type Shown, shownOf } from "./networks.ts";
import { nudged } from "./nudged.ts";
import { filled, read } from "./reading.ts";
import { Refusal } from "./refusals.ts";
import { sampled } from "./sampling.ts";
import { Specimen } from "./specimen.ts";
import { MEASURES } from "./table.ts";
import { nearly } from "./taps.ts";
import { rasterOf } from "./views.ts";
import { ENGINE } from "../words/site.ts";

const [USUAL, LEAST, MOST] = [128, 32, 128];

/** A calibrated network, and the text of its architecture. */
interface Drawn {
  readonly text: string;
  readonly program: Program;
  readonly raster: Raster;
  /** how far rounding puts its values off, by what is shown and the plane: the same for every measure */
  readonly rounded: Map<string, Rounding>;
  /** what was taken of it, by the same and the measure's name */
  readonly taken: Map<string, MeasureData>;
}

const kept = new Map<string, Drawn>();

/** The row of every case: who asks for many at once waits for all. Throws Refusal. */
export function evidence(ask: Ask<"evidence">): Omit<Reply<"evidence">, "id" | "pane"> {
  const start = performance.now();
  const wanted = ask.names ?? MEASURES.map(({ name }) => name);
  const names = [...new Set(wanted)].filter((name) => MEASURES.some((one) => one.name === name));
  const { side = USUAL } = ask;
  const rows = ask.cases.map((one) => row(one, names, ask, Math.max(LEAST, Math.min(MOST, side))));
  return { kind: "evidence", names, rows, seconds: (performance.now() - start) / 1000 };
}

function row(one: CaseData, names: readonly string[], at: Rectangle, side: number): CaseRow {
  const pane = filled(one.state);
  try {
    const drawn = drawnOf(pane);
    return measured(drawn, pane, shownIn(drawn, pane, one.layer ?? 0), one.layer ?? 0, names, at, side);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { x, y, w, h } = at;
    const { message } = error;
    return { text: pane.arch, seed: pane.seed, size: [0, 0], x, y, w, h, calibration: [0, 0], values: names.map(() => null), reasons: names.map(() => message), resolved: names.map(() => null), rounding: null };
  }
}

function measured({ text, raster: home, rounded, taken: before }: Drawn, pane: PaneState, { program, channel, only }: Shown & { only: boolean }, layer: number, names: readonly string[], { x, y, w, h }: Rectangle, side: number): CaseRow {
  const { plane } = rasterOf({ x, y, w, h }, side, side);
  const alone = pointwise(program);
  const rasterAt = (pixels: number): Raster => (alone ? { columns: pixels, rows: pixels, plane } : nearly(plane, tapOf(home), pixels));
  const specimen = new Specimen({ program, home, only: only ? channel : null, side }, rasterAt);
  const { raster } = specimen;
  const key = JSON.stringify([pane.show, layer, x, y, w, h, side]);
  const take = (name: string): MeasureData => {
    const known = before.get(key + name) ?? taken({ name, shown: "list" }, specimen);
    before.set(key + name, known);
    return known;
  };
  const all = names.map(take);
  // whoever asks for these next would have to find all cells again
  if (names.some((name) => OF_CELLS.includes(name)) && specimen.exact && !only) OF_CELLS_ALONE.forEach(take);
  const found = rounded.get(key) ?? (alone
    ? rounding(program, raster.plane, CALIBRATION, fastest, () => performance.now())
    : nudged({ program, raster: home, home: sampled(home, program, home) }, raster.plane));
  rounded.set(key, found);
  return {
    text,
    seed: pane.bred.trim() === "" ? pane.seed : null,
    size: [raster.columns, raster.rows],
    // where pixels are on the kernels' taps the plane is another by less than one of them
    ...(alone ? { x, y, w, h } : { x, y, w: String(raster.plane.width), h: String(raster.plane.height) }),
    calibration: [home.columns, home.rows],
    values: all.map(({ value }) => value),
    reasons: all.map(({ reason }) => reason),
    resolved: all.map(({ resolved }) => resolved),
    rounding: roundingData(found).sentence,
  };
}

/** All channels of a layer, one channel, or the output. Throws Refusal where there is no such layer. */
function shownIn({ program }: Drawn, { show }: PaneState, layer: number): Shown & { only: boolean } {
  if (layer === 0) return { ...shownOf({ program }, measuredOf({ show })), only: show.startsWith("layer:") };
  const value = program.layers[layer - 1];
  if (value === undefined) throw new Refusal(ENGINE.show(`layer:${layer}`), "show");
  return { program: cut(program, value), channel: 0, channels: program.operations[value]?.channels ?? 0, only: false };
}

/** Throws Refusal. */
function drawnOf(pane: PaneState): Drawn {
  const key = networkOf(pane);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const architecture = read(pane);
  const { raster } = checked(architecture);
  const program = calibrate(networkFor(architecture, numbersFrom({ ...pane, seed: pane.seed ?? DEFAULTS.seed }, architecture), raster), raster, fastest);
  const found = { text: textOf(architecture), program, raster, rounded: new Map<string, Rounding>(), taken: new Map<string, MeasureData>() };
  kept.set(key, found);
  for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
  return found;
}
