// Several workers at one network: each calibrates and draws some of the rows, and the sums of rows are added in the one
// fixed order, so that any number of workers gives the same bits.
import { fastest } from "../engine/evaluate/fastest.ts";
import { RowSums } from "../engine/evaluate/moments.ts";
import type { Raster } from "../engine/evaluate/raster.ts";
import type { Band } from "../engine/evaluate/walk.ts";
import { reachOf, tapOf } from "../engine/evaluate/windows.ts";
import { calibrate, calibration } from "../engine/program/calibrate.ts";
import { type Conv, outputs, pointwise, type Program } from "../engine/program/program.ts";
import type { ToneData } from "../server.ts";
import type { Range } from "../gpu/contrast.ts";
import { Bench, type Job, type PaintedPart, type Part, type Picture } from "./bench.ts";
import { sampled } from "./sampling.ts";
import { positionsOf } from "./taps.ts";
import { joined, refuseUnpaintable } from "./tone.ts";
import { ENGINE } from "../words/site.ts";

// points that are soon done alone
const FEW = 60_000;
// points of a view that are drawn before somebody looks whether it is still wanted
const PART = 50_000;

type Order = { readonly id: number; readonly job: Job };
type Done = { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly message: string };

/** Does what comes through the port, from now on. */
export function lend(port: MessagePort): void {
  const bench = new Bench();
  port.onmessage = ({ data: { id, job } }: MessageEvent<Order>) => {
    try {
      const { answer, given } = bench.do(job);
      port.postMessage({ id, answer } satisfies Done, given);
    } catch (error) {
      port.postMessage({ id, message: (error as Error).message } satisfies Done);
    }
  };
}

/** Another worker, which does jobs in the order in which they are asked. */
export class Hand {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #last = 0;
  #lost = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<Done>) => {
      const one = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("message" in data) one?.reject(new Error(data.message));
      else one?.resolve(data.answer as never);
    };
  }

  ask<Answer>(job: Job): Promise<Answer> {
    if (this.#lost) return Promise.reject(new Error(ENGINE.stopped));
    const id = ++this.#last;
    this.#port.postMessage({ id, job } satisfies Order);
    const answer = new Promise<Answer>((resolve, reject) => { this.#waiting.set(id, { resolve, reject }); });
    // who waits for several learns of one that fails; the others are not to be reported as nobody's
    answer.catch(() => undefined);
    return answer;
  }

  /** Nothing more comes from it. */
  lost(): void {
    this.#lost = true;
    for (const { reject } of this.#waiting.values()) reject(new Error(ENGINE.stopped));
    this.#waiting.clear();
    this.#port.close();
  }
}

/** A calibrated network, the values of its output on the raster, and the seconds that one point of it takes one worker. */
export interface Calibrated {
  readonly program: Program;
  readonly values: Float64Array;
  readonly pace: number;
}

/** A painted view: RGBA bytes, and the range of each channel that is shown. */
export interface Painted {
  readonly bytes: Uint8ClampedArray;
  readonly range: Range;
}

/** This worker and those that help it. `stopped` says that nobody waits any more. */
export class Hands {
  readonly #own = new Bench();
  readonly #stopped: () => boolean;
  readonly #turn = new Turn();
  #others: Hand[] = [];

  constructor(stopped: () => boolean) {
    this.#stopped = stopped;
  }

  add(port: MessagePort): void {
    this.#others.push(new Hand(port));
  }

  /** Goes on alone. */
  leave(): void {
    for (const hand of this.#others) hand.lost();
    this.#others = [];
  }

  /** null where nobody waits any more. Errors: as `calibrate`. */
  async calibrate(network: Program, raster: Raster): Promise<Calibrated | null> {
    return pointwise(network) ? this.#inBands(network, raster) : alone(network, raster);
  }

  async #inBands(network: Program, raster: Raster): Promise<Calibrated | null> {
    const others = raster.columns * raster.rows < FEW ? [] : this.#others;
    const [band = { first: 0, last: raster.rows }, ...bands] = bandsOf(raster.rows, 1 + others.length);
    const { program, settle, done } = calibration(network);
    const work = new Stopwatch();
    others.forEach((hand, i) => void hand.ask({ kind: "walk", program, raster, band: bands[i] ?? band }));
    const walk = work.take(() => this.#own.walk(program, raster, band));
    for (const [pass, { end, normalise }] of walk.passes.entries()) {
      if (normalise === null) continue;
      const asked = others.map((hand) => hand.ask<Float64Array>({ kind: "measure", pass }));
      const sums = new RowSums(program.operations[end]?.channels ?? 0, raster.rows, raster.columns);
      sums.take(band.first, work.take(() => walk.measure(pass)));
      (await Promise.all(asked)).forEach((found, i) => { sums.take(bands[i]?.first ?? 0, found); });
      if (others.length === 0) await this.#turn.over();
      if (this.#stopped()) return null;
      const conv: Conv = settle(normalise, sums.moments());
      walk.settle(normalise, conv);
      for (const hand of others) void hand.ask({ kind: "settle", value: normalise, conv });
    }
    const asked = others.map((hand) => hand.ask<Float64Array>({ kind: "values" }));
    const mine = work.take(() => this.#own.values());
    const parts = [mine, ...(await Promise.all(asked))];
    const pace = work.seconds / raster.columns / (band.last - band.first);
    return { program: done(), values: stacked(parts, outputs(network)), pace };
  }

  /** RGBA bytes and their range; null where nobody waits any more. Throws Refusal where a value has no colour. */
  async paint(program: Program, raster: Raster, tone: ToneData): Promise<Painted | null> {
    const parts = (await this.#parts({ program, raster, tone })) as PaintedPart[] | null;
    if (parts === null) return null;
    const { columns, rows } = raster;
    refuseUnpaintable(parts.reduce((all, { bad }) => all + bad, 0), columns * rows * tone.channels.length);
    const bytes = new Uint8ClampedArray(4 * columns * rows);
    let at = 0;
    for (const part of parts) {
      bytes.set(part.bytes, at);
      at += part.bytes.length;
    }
    return { bytes, range: joined(parts.map(({ range }) => range)) };
  }

  /** (channels, rows, columns) of a pointwise network; null where nobody waits any more. */
  async sample(program: Program, raster: Raster): Promise<Float64Array | null> {
    const parts = (await this.#parts({ program, raster, tone: null })) as Float64Array[] | null;
    return parts === null ? null : stacked(parts, outputs(program));
  }

  /** Band by band, whoever is free takes the next one. */
  async #parts(picture: Picture): Promise<Part[] | null> {
    const { columns, rows } = picture.raster;
    const bands = bandsOf(rows, Math.ceil((rows * columns) / PART));
    const others = columns * rows < FEW ? [] : this.#others;
    for (const hand of others) void hand.ask({ kind: "picture", picture });
    this.#own.picture(picture);
    const parts: Part[] = [];
    const left = bands.entries();
    const each = async (draw: (band: Band) => Promise<Part>): Promise<void> => {
      for (const [number, band] of left) {
        parts[number] = await draw(band);
        if (this.#stopped()) return;
      }
    };
    const own = async (band: Band): Promise<Part> => {
      const part = this.#own.part(band);
      await this.#turn.over();
      return part;
    };
    await Promise.all([...others.map((hand) => each((band) => hand.ask<Part>({ kind: "part", band }))), each(own)]);
    return this.#stopped() ? null : parts;
  }
}

function alone(network: Program, raster: Raster): Calibrated {
  const program = calibrate(network, raster, fastest);
  const start = performance.now();
  const values = sampled(raster, program, raster);
  const seconds = (performance.now() - start) / 1000;
  return { program, values, pace: seconds / positionsOf(raster, tapOf(raster), reachOf(program)) };
}

/** As many bands as asked for, or as there are rows, of nearly as many rows each. */
function bandsOf(rows: number, count: number): Band[] {
  const parts = Math.max(1, Math.min(count, rows));
  return Array.from({ length: parts }, (_, i) => ({ first: Math.floor((i * rows) / parts), last: Math.floor(((i + 1) * rows) / parts) }));
}

/** (channels, points) of bands that are (channels, points of the band) each. */
function stacked(parts: readonly Float64Array[], channels: number): Float64Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const points = parts.reduce((all, { length }) => all + length, 0) / channels;
  const found = new Float64Array(channels * points);
  let at = 0;
  for (const part of parts) {
    const n = part.length / channels;
    for (let c = 0; c < channels; c++) found.set(part.subarray(c * n, (c + 1) * n), c * points + at);
    at += n;
  }
  return found;
}

/** The seconds of what it takes. */
class Stopwatch {
  seconds = 0;

  take<Found>(act: () => Found): Found {
    const start = performance.now();
    const found = act();
    this.seconds += (performance.now() - start) / 1000;
    return found;
  }
}

/** Lets what has come meanwhile be read: a message to itself stands behind it. */
class Turn {
  readonly #channel = new MessageChannel();

  over(): Promise<void> {
    return new Promise((resolve) => {
      this.#channel.port1.onmessage = () => { resolve(); };
      this.#channel.port2.postMessage(null);
    });
  }
}
