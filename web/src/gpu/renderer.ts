// One network on one canvas: evaluated by the browser's GPU, at any depth of zoom, coarse before sharp.
import { between, fitted, isFlat, type Range, whole } from "./contrast.ts";
import { type Compiled, Device, pause } from "./device.ts";
import { shown, unpack } from "./folded.ts";
import type { Folded, ToneData } from "../server.ts";
import { type Orbit, Orbits } from "./orbit.ts";
import { Pass } from "./pass.ts";
import { difference, type Picture, tilesOf } from "./picture.ts";
import { type Loaded, type Scene, sceneOf, type View } from "./scene.ts";
import { type Shader, write } from "./shader.ts";
import { palette, shownBy } from "./tone.ts";

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

interface Timing {
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
interface Differences {
  rgba: Float32Array;
  columns: number;
  rows: number;
  depth: number;
  centre: number[];
}

/** What a picture's colours stand for. */
interface Colours {
  range: Range;
  /** what they stood for in the picture before, where they are to follow from there */
  before: Range | undefined;
  /** the picture comes in pieces */
  slow: boolean;
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
    if (!this.#loaded) throw new RangeError("nothing to draw: load a network first");
    const scene = sceneOf(this.#loaded, view);
    const centre = scene.tone.channels.map((channel) => scene.centre[channel] ?? 0);
    const drawn: Drawn = { complete: false, milliseconds: 0, flat: false, fitted: false, centre, low: [], high: [] };
    const pass = await this.#prepare(scene, () => turn !== this.#turn);
    if (!pass) return drawn;
    let colours: Colours | null;
    let picture: Picture;
    try {
      const coarse = pass.make(Math.ceil(pass.columns / COARSE), Math.ceil(pass.rows / COARSE));
      colours = await this.#first(pass, coarse, view, drawn);
      if (!colours) return drawn;
      picture = await this.#tiled(pass, coarse, colours);
    } finally {
      this.#settle(pass);
    }
    if (pass.ended()) return drawn;
    pass.show(picture, colours.before ?? colours.range);
    this.timing.frame = pass.pixels / this.timing.rate;
    drawn.milliseconds = performance.now() - started;
    drawn.complete = true;
    this.dispatchEvent(new Event("drawn"));
    await this.#easeIn(pass, picture, colours, view.ease ?? 0);
    return drawn;
  }

  dispose(): void {
    this.#turn++;
    this.#listeners.abort();
    this.#keep(undefined);
    this.#device?.gl.getExtension("WEBGL_lose_context")?.loseContext();
    this.#device = null;
  }

  /** Compiles a scene's shaders and hands them its numbers; null where nobody waits for it any more. */
  async #prepare(scene: Scene, overtaken: () => boolean): Promise<Pass | null> {
    const device = this.#device;
    if (!device || device.gl.isContextLost()) return null;
    const shader = this.#shader(device, scene);
    const clock = performance.now();
    const [network, painter] = await Promise.all([
      device.compile(shader.text),
      device.painter(palette(scene.tone.colour)),
    ]);
    if (this.#warm !== network) this.timing.compile = performance.now() - clock;
    const pass = new Pass(device, scene, network, painter, overtaken);
    if (pass.ended()) return null;
    if (this.#weights !== shader) device.numbers(shader, "weights", shader.weights);
    this.#weights = shader;
    device.numbers(shader, "centre", shader.centre(scene.place.orbit, scene.depth, scene.tone.channels));
    return pass;
  }

  #shader(device: Device, { program, operation, tone }: Scene): Shader {
    const picks = shownBy(tone.colour);
    const key = `${operation} ${picks}`;
    let shader = this.#shaders.get(key);
    if (!shader) this.#shaders.set(key, (shader = write(program, operation, picks, { block: device.block })));
    return shader;
  }

  /** The coarse picture, timed: how fast the network is and what range its values have; null where the draw has ended. */
  async #first(pass: Pass, coarse: Picture, view: View, drawn: Drawn): Promise<Colours | null> {
    const { device, network, scene } = pass;
    const { operation, tone, place: { orbit }, depth } = scene;
    if (this.#warm !== network) {
      // the driver compiles when it first draws: not to be taken for the network's time
      const clock = performance.now();
      pass.evaluate(coarse, [0, 0, 1, 1]);
      await device.settled();
      this.timing.compile += performance.now() - clock;
      this.timing.rate = 0;
    } else if (this.timing.frame > PATIENCE) {
      await this.#rest(device);
    }
    if (pass.ended()) return null;
    this.#warm = network;
    const { columns, rows } = coarse.target;
    const clock = performance.now();
    pass.evaluate(coarse, [0, 0, columns, rows]);
    // waits for the GPU
    const sample = await device.read(coarse.target);
    if (!sample || pass.ended()) return null;
    const seen = fitted(tone, sample, depth);
    const took = performance.now() - clock;
    if (this.timing.rate === 0) this.timing.first = took;
    this.#time(columns * rows, took);
    this.timing.frame = pass.pixels / this.timing.rate;
    const own = whole(tone, scene.centre, depth);
    drawn.flat = isFlat(own, seen, tone.colour);
    drawn.low = seen.low.map((value) => value * 2 ** -depth);
    drawn.high = seen.high.map((value) => value * 2 ** -depth);
    drawn.fitted = view.contrast === "view" || (view.contrast === "auto" && drawn.flat);
    const slow = this.timing.frame > PATIENCE;
    // a picture that comes in pieces has its last colours at once
    const before = view.ease && !slow ? this.#before(scene) : undefined;
    const range = drawn.fitted ? seen : own;
    this.#range = { range, orbit, operation };
    return { range, before, slow };
  }

  /** The picture in full, tile by tile, as far as it comes; where that is slow each is shown at once, over what is coarse. */
  async #tiled(pass: Pass, coarse: Picture, { range, slow }: Colours): Promise<Picture> {
    const old = this.#old?.operation === pass.scene.operation ? this.#old : undefined;
    const picture = pass.make(pass.columns, pass.rows);
    if (slow) {
      pass.show(coarse, range);
      if (old) pass.show(old, range);
    }
    for (const tile of this.#tiles(pass.columns, pass.rows)) {
      const clock = performance.now();
      pass.evaluate(picture, tile);
      if (slow) pass.show(picture, range, tile);
      await pass.device.settled();
      this.#time(tile[2] * tile[3], performance.now() - clock);
      picture.share += (tile[2] * tile[3]) / pass.pixels;
      if (pass.ended()) break;
    }
    return picture;
  }

  /** From the colours of the picture before to its own. */
  async #easeIn(pass: Pass, picture: Picture, { range, before }: Colours, milliseconds: number): Promise<void> {
    if (!before) return;
    const started = performance.now();
    let t = 0;
    while (t < 1 && !pass.ended()) {
      await pause(16);
      t = Math.min(1, (performance.now() - started) / milliseconds);
      pass.show(picture, between(before, range, t));
    }
  }

  /** Keeps or frees what a draw made, and nothing else does: half a picture is better than an older one. */
  #settle({ device, scene, made }: Pass): void {
    for (const picture of made) {
      const good = picture.share >= 0.5 && this.#loaded?.program === scene.program && !device.gl.isContextLost();
      if (good) this.#keep(picture);
      else device.free(picture.target);
    }
  }

  /** What the colours stood for in the picture before, from this one's centre. */
  #before({ place: { orbit }, operation, depth, tone }: Scene): Range | undefined {
    const was = this.#range;
    if (was?.operation !== operation || was.range.low.length !== tone.channels.length) return undefined;
    const moved = difference(was.orbit, orbit, operation, tone.channels, depth);
    const factor = 2 ** (depth - was.range.depth);
    const shift = (values: number[]): number[] => values.map((value, i) => value * factor + (moved[i] ?? 0));
    return { low: shift(was.range.low), high: shift(was.range.high), depth };
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
