// One network on one canvas: evaluated by the browser's GPU, at any depth of zoom, coarse before sharp.
import { type Dec as Decimal, dec } from "../decimal.ts";
import { between, fitted, isFlat, type Range, stretch, whole } from "./contrast.ts";
import { type Compiled, Device, pause } from "./device.ts";
import { type Folded, type Program, shown, type ToneData, unpack } from "./folded.ts";
import { log2 } from "./log2.ts";
import { type Orbit, Orbits } from "./orbit.ts";
import { type Shader, write } from "./shader.ts";
import { difference, type Picture, type Place, placed, tilesOf } from "./picture.ts";
import { palette, shownBy } from "./tone.ts";

export interface View {
  /** the centre and the sides, decimal texts */
  x: string;
  y: string;
  w: string;
  h: string;
  /** "output" or "layer:N:channel:M" */
  show?: string;
  /** the Tone's own range; one fitted to what is in view; or that only where the Tone's own gives one flat colour */
  contrast?: "whole" | "view" | "auto";
  /** milliseconds over which a fitted range follows the view; 0, the default, at once */
  ease?: number;
}

export interface Drawn {
  /** false where a newer draw or a lost context came before the end */
  complete: boolean;
  milliseconds: number;
  /** the Tone's own range gives the view one colour */
  flat: boolean;
  /** the colours are fitted to the view */
  fitted: boolean;
  /** the shown channels' values at the centre, and the least and the largest in view from there */
  centre: number[];
  low: number[];
  high: number[];
}

export interface Timing {
  /** milliseconds the last new shader took to compile */
  compile: number;
  /** of the last coarse picture of a new shader: the first thing timed */
  first: number;
  /** milliseconds a picture of the canvas takes, by what was timed last */
  frame: number;
  /** pixels a millisecond */
  rate: number;
}

/** Three values a pixel (one where the tone shows one) and 1; row 0 is the smallest y. `centre` has every channel. */
export interface Differences {
  rgba: Float32Array;
  columns: number;
  rows: number;
  depth: number;
  centre: number[];
}

interface Loaded {
  program: Program;
  orbits: Orbits;
  tone: ToneData;
}

// milliseconds: a tile is to take about as long, so that the page stays responsive
const TILE = 24;
// a picture that takes longer is shown coarse first
const PATIENCE = 40;
const COARSE = 8;

/** Events: "lost" and "restored" (the context; the last view is drawn again by itself), "drawn" (a picture is whole). */
export class Renderer extends EventTarget {
  readonly canvas: HTMLCanvasElement;
  readonly timing: Timing = { compile: 0, first: 0, frame: 0, rate: 0 };
  #device: Device | null;
  #loaded: Loaded | undefined;
  #shaders = new Map<string, Shader>();
  #weights: Shader | undefined;
  #warm: Compiled | undefined;
  #old: Picture | undefined;
  #range: { range: Range; orbit: Orbit; operation: number } | undefined;
  #last: View | undefined;
  #turn = 0;
  // milliseconds until the GPU's answer comes, with nothing to do
  #latency = 0;
  readonly #listeners = new AbortController();

  /** Errors: Error where the browser has no WebGL2 that draws floats. */
  constructor(canvas: HTMLCanvasElement) {
    super();
    this.canvas = canvas;
    this.#device = Device.open(canvas);
    if (!this.#device) throw new Error("this browser has no WebGL2 that draws floating-point numbers");
    const { signal } = this.#listeners;
    canvas.addEventListener("webglcontextlost", (event) => { this.#lose(event); }, { signal });
    canvas.addEventListener("webglcontextrestored", () => { this.#restore(); }, { signal });
  }

  /** The GPU's name; "SwiftShader" and "llvmpipe" are software. */
  get name(): string {
    return this.#device?.name ?? "";
  }

  /** Whether the GPU is software by its name, or takes longer for a picture than `milliseconds`. */
  slow(milliseconds = 150): boolean {
    return /swiftshader|llvmpipe|software|basic render/i.test(this.name) || this.timing.frame > milliseconds;
  }

  /** Takes another network; what stands on the canvas stays until it is drawn. */
  load(folded: Folded, tone: ToneData | undefined = folded.tone): void {
    if (!tone) throw new Error("a network needs a tone");
    const program = unpack(folded);
    this.#turn++;
    this.#loaded = { program, orbits: new Orbits(program), tone };
    this.#shaders.clear();
    this.#weights = undefined;
    this.#keep(undefined);
    this.#range = undefined;
  }

  /** Other colours for the same network, from the next draw on. */
  setTone(tone: ToneData): void {
    if (this.#loaded) this.#loaded = { ...this.#loaded, tone };
  }

  resize(columns: number, rows: number): void {
    if (this.canvas.width === columns && this.canvas.height === rows) return;
    this.canvas.width = columns;
    this.canvas.height = rows;
  }

  /** All channels of the shown value at a point, in float64 from as many digits as the point has. */
  readValues(x: string, y: string, show = "output"): number[] {
    const loaded = this.#loaded;
    const found = loaded && shown(loaded.program, show);
    if (!found) return [];
    const orbit = loaded.orbits.at(x, y, 64);
    return (orbit.values[found.operation] ?? []).map((value) => orbit.m.toNumber(value));
  }

  /** What the last whole picture is painted from: every pixel's difference from the centre, in units of 2^-depth. */
  async differences(): Promise<Differences | null> {
    const picture = this.#old;
    const rgba = picture && (await this.#device?.read(picture.target));
    if (!rgba) return null;
    const { columns, rows } = picture.target;
    const centre = (picture.orbit.values[picture.operation] ?? []).map((value) => picture.orbit.m.toNumber(value));
    return { rgba, columns, rows, depth: picture.depth, centre };
  }

  /** Draws a view; a newer draw ends it. Errors: RangeError for what is no decimal or shows nothing. */
  async draw(view: View): Promise<Drawn> {
    const turn = ++this.#turn;
    const started = performance.now();
    this.#last = view;
    const loaded = this.#loaded;
    if (!loaded) throw new RangeError("nothing to draw: load a network first");
    const { operation, tone } = this.#subject(loaded, view);
    const [x, y, w, h] = [view.x, view.y, view.w, view.h].map(dec) as [Decimal, Decimal, Decimal, Decimal];
    if (w.n <= 0n || h.n <= 0n) throw new RangeError(`view ${view.w} x ${view.h}: must be positive`);
    const depth = Math.max(-20, Math.floor(-Math.max(log2(w), log2(h)) + 1));
    const orbit = loaded.orbits.of(x, y, depth - Math.min(0, Math.floor(Math.min(log2(w), log2(h)) + depth)));
    const centre = (orbit.values[operation] ?? []).map((value) => orbit.m.toNumber(value));
    const drawn: Drawn = { complete: false, milliseconds: 0, flat: false, fitted: false, centre: [], low: [], high: [] };
    drawn.centre = tone.channels.map((channel) => centre[channel] ?? 0);
    const device = this.#device;
    if (!device || device.gl.isContextLost()) return drawn;
    const shader = this.#shader(device, loaded, operation, shownBy(tone.colour));
    const [network, paint] = await this.#compiled(device, shader, tone);
    if (turn !== this.#turn || device.gl.isContextLost()) return drawn;

    if (this.#weights !== shader) device.numbers(shader, "weights", shader.weights);
    this.#weights = shader;
    device.numbers(shader, "centre", shader.centre(orbit, depth, tone.channels));
    const { width: columns, height: rows } = this.canvas;
    const make = (wide: number, high: number): Picture => {
      const target = device.target(wide, high);
      device.clear(target);
      return { target, x, y, w, h, orbit, depth, operation, share: 0 };
    };
    const coarse = make(Math.ceil(columns / COARSE), Math.ceil(rows / COARSE));
    const evaluate = (picture: Picture, rectangle: readonly [number, number, number, number]): void => {
      const { target } = picture;
      const along = orbit.m.toNumber(orbit.m.ofDecimal(w), depth) / target.columns;
      const down = orbit.m.toNumber(orbit.m.ofDecimal(h), depth) / target.rows;
      device.evaluate(network, target, rectangle, [along, down], depth);
    };
    if (this.#warm !== network) {
      // the driver compiles when it first draws: not to be taken for the network's time
      const clock = performance.now();
      evaluate(coarse, [0, 0, 1, 1]);
      await device.settled();
      this.timing.compile += performance.now() - clock;
      this.timing.rate = 0;
    } else if (this.timing.frame > PATIENCE) {
      await this.#rest(device);
    }
    if (turn !== this.#turn || device.gl.isContextLost()) {
      device.free(coarse.target);
      return drawn;
    }
    this.#warm = network;
    const clock = performance.now();
    evaluate(coarse, [0, 0, coarse.target.columns, coarse.target.rows]);
    // waits for the GPU: the first tile, timed
    const sample = await device.read(coarse.target);
    if (!sample || turn !== this.#turn) {
      device.free(coarse.target);
      return drawn;
    }
    const seen = fitted(tone, sample, depth);
    const took = performance.now() - clock;
    if (this.timing.rate === 0) this.timing.first = took;
    this.#time(coarse.target.columns * coarse.target.rows, took);
    this.timing.frame = (columns * rows) / this.timing.rate;
    const own = whole(tone, centre, depth);
    drawn.flat = isFlat(own, seen, tone.colour);
    drawn.low = seen.low.map((value) => value * 2 ** -depth);
    drawn.high = seen.high.map((value) => value * 2 ** -depth);
    const fit = view.contrast === "view" || (view.contrast === "auto" && drawn.flat);
    drawn.fitted = fit;
    const before = view.ease ? this.#before(orbit, operation, depth, tone) : undefined;
    this.#range = { range: fit ? seen : own, orbit, operation };
    const slow = this.timing.frame > PATIENCE;
    // a picture that comes in pieces has its last colours at once
    let range = slow ? this.#range.range : (before ?? this.#range.range);

    const old = this.#old?.operation === operation ? this.#old : undefined;
    const everything = [0, 0, columns, rows] as const;
    const show = (picture: Picture, rectangle: readonly [number, number, number, number]): void => {
      this.#show(device, paint, picture, { view: { x, y, w, h, orbit }, range, tone, depth }, rectangle);
    };
    const picture = make(columns, rows);
    if (slow) {
      show(coarse, everything);
      if (old) show(old, everything);
    }
    for (const tile of this.#tiles(columns, rows)) {
      const clock = performance.now();
      evaluate(picture, tile);
      if (slow) show(picture, tile);
      await device.settled();
      this.#time(tile[2] * tile[3], performance.now() - clock);
      picture.share += (tile[2] * tile[3]) / (columns * rows);
      if (turn !== this.#turn || device.gl.isContextLost()) break;
    }
    device.free(coarse.target);
    if (device.gl.isContextLost() || turn !== this.#turn) {
      // half a picture is better than an older one
      if (picture.share >= 0.5 && this.#loaded?.program === loaded.program) this.#keep(picture);
      else device.free(picture.target);
      return drawn;
    }
    this.#keep(picture);
    show(picture, everything);
    this.timing.frame = (columns * rows) / this.timing.rate;
    drawn.milliseconds = performance.now() - started;
    drawn.complete = true;
    this.dispatchEvent(new Event("drawn"));
    if (!slow && before && view.ease && view.ease > 0) {
      const target = this.#range.range;
      let t = 0;
      while (t < 1 && turn === this.#turn && !device.gl.isContextLost()) {
        await pause(16);
        t = Math.min(1, (performance.now() - started - drawn.milliseconds) / view.ease);
        range = between(before, target, t);
        show(picture, everything);
      }
    }
    return drawn;
  }

  dispose(): void {
    this.#turn++;
    this.#listeners.abort();
    this.#keep(undefined);
    this.#device?.gl.getExtension("WEBGL_lose_context")?.loseContext();
    this.#device = null;
  }

  #subject({ program, tone }: Loaded, { show = "output" }: View): { operation: number; tone: ToneData } {
    const found = shown(program, show);
    if (!found) throw new RangeError(`show "${show.slice(0, 40)}": there is no such layer or channel`);
    // a channel inside is shown as the tone says, which is then of that one channel
    if (found.channel === null || tone.channels.length > 1) {
      const most = program.operations[found.operation]?.channels ?? 0;
      if (tone.channels.some((channel) => channel >= most)) throw new RangeError("the tone is not this network's");
      return { operation: found.operation, tone };
    }
    return { operation: found.operation, tone: { ...tone, channels: [found.channel] } };
  }

  #shader(device: Device, { program }: Loaded, operation: number, picks: 1 | 3): Shader {
    const key = `${operation} ${picks}`;
    let shader = this.#shaders.get(key);
    if (!shader) this.#shaders.set(key, (shader = write(program, operation, picks, { block: device.block })));
    return shader;
  }

  async #compiled(device: Device, shader: Shader, tone: ToneData): Promise<[Compiled, Compiled]> {
    const clock = performance.now();
    const both = await Promise.all([device.compile(shader.text), device.painter(palette(tone.colour))]);
    const took = performance.now() - clock;
    if (this.#warm !== both[0]) this.timing.compile = took;
    return both;
  }

  /** What the colours stood for in the picture before, from this one's centre. */
  #before(orbit: Orbit, operation: number, depth: number, tone: ToneData): Range | undefined {
    const was = this.#range;
    if (was?.operation !== operation || was.range.low.length !== tone.channels.length) return undefined;
    const moved = difference(was.orbit, orbit, operation, tone.channels, depth);
    const factor = 2 ** (depth - was.range.depth);
    const shift = (values: number[]): number[] => values.map((value, i) => value * factor + (moved[i] ?? 0));
    return { low: shift(was.range.low), high: shift(was.range.high), depth };
  }

  #show(
    device: Device,
    paint: Compiled,
    picture: Picture,
    seen: { view: Place; range: Range; tone: ToneData; depth: number },
    rectangle: readonly [number, number, number, number],
  ): void {
    const { view, range, tone, depth } = seen;
    const place = placed(picture, view, this.canvas);
    const moved = difference(picture.orbit, view.orbit, picture.operation, tone.channels, depth);
    const { gain, offset } = stretch(range, picture.depth, moved);
    device.paint(paint, picture.target, { gain, offset, place, map: tone.map }, rectangle);
  }

  /** The parts of a picture, one where that is soon done; the rate is asked anew at every picture. */
  #tiles(columns: number, rows: number): [number, number, number, number][] {
    if ((columns * rows) / this.timing.rate <= PATIENCE) return [[0, 0, columns, rows]];
    return tilesOf(columns, rows, Math.max(64, Math.min(512, 16 * Math.floor(Math.sqrt(this.timing.rate * TILE) / 16))));
  }

  /** Waits for what draws given up have left to do, and learns how long waiting by itself takes. */
  async #rest(device: Device): Promise<void> {
    await device.settled();
    const clock = performance.now();
    await device.settled();
    this.#latency = Math.min(Math.max(this.#latency, 1) * 1.2, performance.now() - clock);
  }

  /** Where most of a tile's time is waiting, the rate is at least as it was. */
  #time(pixels: number, milliseconds: number): void {
    const rate = pixels / Math.max(0.1, milliseconds - this.#latency);
    this.timing.rate = milliseconds < TILE / 3 ? Math.max(rate, this.timing.rate * 1.5) : rate;
  }

  #keep(picture: Picture | undefined): void {
    if (this.#old && this.#old !== picture) this.#device?.free(this.#old.target);
    this.#old = picture;
  }

  #lose(event: Event): void {
    // or else it does not come back
    event.preventDefault();
    this.#turn++;
    this.#old = undefined;
    this.#weights = undefined;
    this.#warm = undefined;
    this.dispatchEvent(new Event("lost"));
  }

  #restore(): void {
    this.#device = Device.open(this.canvas);
    this.dispatchEvent(new Event("restored"));
    if (this.#last && this.#loaded) void this.draw(this.#last);
  }
}
