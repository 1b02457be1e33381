// The networks that panes show, calibrated: what a session of the server keeps.
import { hasCells } from "../engine/cells/stages.ts";
import { mostKept } from "../engine/evaluate/passes.ts";
import { CALIBRATION, type Raster } from "../engine/evaluate/raster.ts";
import { build } from "../engine/program/build.ts";
import { cut } from "../engine/program/cut.ts";
import { drawing } from "../engine/program/draw.ts";
import { bred } from "../engine/program/family.ts";
import type { Take } from "../engine/program/parameter.ts";
import { outputs, pointwise, type Program } from "../engine/program/program.ts";
import { picked } from "../gpu/folded.ts";
import type { Architecture } from "../engine/language/tree.ts";
import { textOf } from "../engine/language/write.ts";
import { COARSER, type CountsData, DEFAULTS, type FieldReply, NETWORK, type PaneState, type ToneData } from "../server.ts";
import { networkOf } from "../state.ts";
import { checked } from "./counts.ts";
import { checkedOrFitting, room } from "./fitting.ts";
import { fold } from "./folded.ts";
import type { Calibrated, Hands } from "./hands.ts";
import { read, textsOf } from "./reading.ts";
import { about, aboutLater, Refusal } from "./refusals.ts";
import { sampled } from "./sampling.ts";
import { SMALL } from "./taps.ts";
import { colourFor, fit } from "./tone.ts";
import { ENGINE } from "../words/site.ts";
import { numberOf, type Seed, seedOf } from "../seed.ts";

// networks of a pane that are kept: a step back is there at once
const KEPT = 4;
// bytes that calibration may hold
const MEMORY = 2e9;

/** A network calibrated on `raster`; `pace` is how many seconds a point takes of those that it is evaluated at. */
export interface Opened {
  readonly architecture: Architecture;
  readonly seed: Seed;
  /** the text of its family; empty of a network that the seed draws */
  readonly bred: string;
  readonly program: Program;
  readonly raster: Raster;
  /** on fewer pixels than its own */
  readonly preview: boolean;
  readonly counts: CountsData;
  readonly names: readonly string[];
  readonly seconds: number;
  readonly pace: number;
  readonly home: Float64Array;
  readonly tones: Map<string, ToneData>;
}

/** What is shown of a network: the values of one layer, or the output, and the channel of those that is picked. */
export interface Shown {
  readonly program: Program;
  readonly channel: number;
  readonly channels: number;
}

/** The networks opened last, the newest last. */
export class Networks {
  readonly #kept = new Map<string, Opened>();
  #preview: { key: string; opened: Opened } | null = null;

  constructor(private readonly hands: Hands) {}

  /** A preview, where that is much the same function; of those one is kept. null where nobody waits any more. Throws
   * Refusal. */
  async open(pane: PaneState, preview = false): Promise<Opened | null> {
    const key = networkOf(pane);
    const known = this.#kept.get(key) ?? (preview && this.#preview?.key === key ? this.#preview.opened : undefined);
    const found = known ?? (await made(pane, preview, this.hands));
    if (found === null) return null;
    if (found.preview) {
      this.#preview = { key, opened: found };
      return found;
    }
    this.#kept.delete(key);
    this.#kept.set(key, found);
    for (const old of [...this.#kept.keys()].slice(0, -KEPT)) this.#kept.delete(old);
    return found;
  }
}

/** The calibrated numbers of an architecture's text; null where nobody waits any more. Throws Refusal. */
export async function numbersOf(architecture: Architecture, seed: Seed, hands: Hands): Promise<Program | null> {
  return (await calibrated(architecture, drawing(numberOf(seed)), checked(architecture).raster, hands))?.program ?? null;
}

async function calibrated(architecture: Architecture, take: Take, raster: Raster, hands: Hands): Promise<Calibrated | null> {
  return aboutLater("arch", () => hands.calibrate(networkFor(architecture, take, raster), raster));
}

/** Where the numbers of a pane's network come from. Throws Refusal. */
export function numbersFrom(pane: Pick<PaneState, "seed" | "bred">, architecture: Architecture): Take {
  return pane.bred.trim() === "" ? drawing(numberOf(pane.seed ?? DEFAULTS.seed)) : about("bred", () => bred(pane.bred, textOf(architecture)));
}

/** The drawn network. Throws Refusal of one whose calibration on the raster would hold too much. */
export function networkFor(architecture: Architecture, take: Take, { columns, rows }: Raster): Program {
  const network = build(architecture, take);
  const bytes = pointwise(network) ? mostKept(network) * columns * rows * Float64Array.BYTES_PER_ELEMENT : 0;
  if (bytes > MEMORY) {
    throw new Refusal(ENGINE.memory((bytes / 1e9).toFixed(1), MEMORY / 1e9));
  }
  return network;
}

async function made(pane: PaneState, wanted: boolean, hands: Hands): Promise<Opened | null> {
  const start = performance.now();
  colourFor(pane.colour, pane.out);
  const architecture = read(pane);
  const seed = pane.seed ?? DEFAULTS.seed;
  if (seedOf(seed) !== seed) throw new Refusal(ENGINE.seed(seed), "seed");
  const { counts, names, raster: own } = checkedOrFitting(architecture);
  // kernels that read several pixels are another function on another raster, and have few pixels already
  const preview = wanted && own === CALIBRATION;
  const fewer = Math.max(...COARSER.flatMap(([least, times]) => (counts.parameters >= least ? [times] : [])));
  const raster = preview ? { ...own, columns: own.columns / fewer, rows: own.rows / fewer } : own;
  const found = await calibrated(architecture, numbersFrom(pane, architecture), raster, hands);
  if (found === null) return null;
  const { program, values: home, pace } = found;
  const seconds = (performance.now() - start) / 1000;
  const opened = { architecture, seed, bred: pane.bred.trim(), program, raster, preview, counts, names, seconds, pace, home, tones: new Map<string, ToneData>() };
  toneOf(opened, "output", pane.colour);
  return opened;
}

/** Throws Refusal where there is no such layer or channel. */
export function shownOf(opened: Pick<Opened, "program">, show: string): Shown {
  const { program } = opened;
  if (show === "output") return { program, channel: 0, channels: outputs(program) };
  const found = picked(show);
  const value = found === null ? undefined : program.layers[found.layer];
  const channels = value === undefined ? 0 : (program.operations[value]?.channels ?? 0);
  if (found === null || value === undefined || found.channel >= channels) {
    throw new Refusal(ENGINE.show(show.slice(0, 40)), "show");
  }
  return { program: cut(program, value), channel: found.channel, channels };
}

/** The Tone of what is shown, fitted on the calibration raster. Throws Refusal. */
export function toneOf(opened: Opened, show: string, wanted: string): ToneData {
  const { program, channel, channels } = shownOf(opened, show);
  const colour = colourFor(wanted, show === "output" ? channels : 1);
  const key = `${show} ${colour}`;
  const known = opened.tones.get(key);
  if (known !== undefined) return known;
  const { raster, home } = opened;
  const tone = fit(show === "output" ? home : sampled(raster, program, raster), channels, colour, channel);
  opened.tones.set(key, tone);
  return tone;
}

type Described = Omit<FieldReply, "id" | "pane">;

/** What the answer to "open" says of a network, beside its texts. */
export interface Known extends Pick<Described, "tone" | "pointwise" | "piecewise_linear" | "gpu" | "preview" | "seconds" | "pace" | "evaluated"> {
  readonly architecture: Architecture;
  readonly seed: Seed;
  readonly bred: string;
  readonly counts: CountsData;
  readonly layers: Described["layers"];
}

/** The answer to "open". */
export function described(opened: Opened, pane: PaneState): Described {
  const { architecture, program, names, seed, bred, counts, seconds, pace } = opened;
  const tone = toneOf(opened, "output", pane.colour);
  const layers = program.layers.map((value, i) => ({ name: names[i] ?? "", channels: program.operations[value]?.channels ?? 0 }));
  const alone = pointwise(program);
  return told(pane, {
    architecture,
    seed,
    bred,
    counts,
    layers,
    tone,
    pointwise: alone,
    piecewise_linear: hasCells(program),
    gpu: alone && !opened.preview ? fold(program, names, tone) : null,
    preview: opened.preview,
    seconds,
    pace,
    evaluated: alone ? null : { columns: SMALL.columns, rows: SMALL.rows, beforehand: false },
  });
}

export function told({ grows }: PaneState, { architecture, seed, bred, ...known }: Known): Described {
  const texts = textsOf(architecture);
  const title = textOf(architecture);
  return {
    kind: "field",
    facts: {
      title,
      file: null,
      activation: texts.act ?? null,
      inputs: texts.inputs ?? "",
      outputs: Number(architecture.out),
      output_activation: texts.out_act ?? null,
      seed: bred === "" ? seed : null,
      changes: NETWORK.filter((key) => key !== "slice"),
      y: grows === "up" ? "up" : "down",
      home: { x: DEFAULTS.x, y: DEFAULTS.y, w: DEFAULTS.w, h: DEFAULTS.h },
      notes: [],
    },
    text: title,
    ...known,
    precision: "float64",
    state: { ...texts, seed, slice: "", bred },
    room: room(architecture),
    slice: null,
    axes: [],
    up: false,
    classes: [],
    points: 0,
  };
}
