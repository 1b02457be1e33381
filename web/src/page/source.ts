// Where a pane's pictures come from: the browser's own GPU where it is the faster one, else the server, which always can.
import { rectangleOf } from "../camera.ts";
import { write } from "../decimal.ts";
import type { Folded, ToneData } from "../server.ts";
import { type Drawn as Made, Renderer } from "../gpu/renderer.ts";
import { DEEPEST, type Link } from "../link.ts";
import type { FieldReply, PaneState } from "../server.ts";
import type { Drawn, Scale, Source, Wanted } from "../view/source.ts";
import { SAID } from "../words/index.ts";

// rasterisers that run on the processor: the server's evaluator is many times faster there
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
// how much faster the GPU must be at first: the server's pictures are exact at once
const MARGIN = 0.8;
// colours of a colour bar
const STOPS = 17;
// ends of a colour bar that are no further apart, by what is between them, are told as differences from the centre
const TOLD = 0.01;

export class PictureSource implements Source {
  /** fitted to the view because the tone itself would show one colour */
  fitted = false;
  #state: PaneState;
  #renderer: Renderer | null = null;
  #gpu: "untried" | "never" | "trying" | "good" = "untried";
  #loaded = false;
  #preview = false;
  #program: Folded | null = null;
  #tone: ToneData | undefined;
  #pace = Infinity;
  readonly #link: Link;
  readonly #pane: number;

  constructor(link: Link, pane: number, state: PaneState) {
    this.#link = link;
    this.#pane = pane;
    this.#state = state;
  }

  /** What is shown from now on; `field` where the network is another. */
  set(state: PaneState, field: FieldReply | null): void {
    this.#state = state;
    if (field === null) return;
    this.#program = field.gpu;
    this.#preview = field.preview;
    this.#tone = field.tone;
    this.#loaded = false;
  }

  async draw(wanted: Wanted): Promise<Drawn> {
    const contrast = this.#state.tone === "view" || this.fitted ? "view" : "whole";
    const gpu = this.#onGpu() || this.#mustGpu(wanted);
    const drawn = gpu ? await this.#fromGpu(wanted) : await this.#fromServer(wanted, contrast);
    if (this.#state.tone === "view") return drawn;
    this.fitted = drawn.flat;
    // by what this picture was drawn with: another one, drawn meanwhile, may have found the same before
    if (drawn.way !== "gpu" && drawn.fitted !== drawn.flat) return this.#fromServer(wanted, drawn.flat ? "view" : "whole");
    return drawn;
  }

  /** The GPU shows the output; a layer's channels have a tone that the server fits. */
  #onGpu(): boolean {
    return this.#gpu === "good" && this.#program !== null && this.#state.show === "output";
  }

  /** Where nobody else has the digits for so small a view, even a GPU in software draws it. */
  #mustGpu({ camera }: Wanted): boolean {
    const small = Math.min(...[camera.w, camera.h].map((side) => Number(write(side)))) < DEEPEST;
    if (this.#link.place === "server" || !small || this.#program === null || this.#state.show !== "output") return false;
    if (this.#renderer === null) {
      this.#renderer = renderer();
      this.#loaded = false;
    }
    return this.#renderer !== null;
  }

  async #fromServer(wanted: Wanted, contrast: "whole" | "view"): Promise<Drawn> {
    const { show, colour } = this.#state;
    const { camera, columns, rows, coarse } = wanted;
    const start = performance.now();
    const reply = await this.#link.ask("view", this.#pane, {
      ...rectangleOf(camera),
      columns,
      rows,
      contrast,
      show,
      colour,
      coarse,
    });
    this.#pace = (performance.now() - start) / (reply.columns * reply.rows);
    const image = painted(reply.bytes, reply.columns, reply.rows);
    if (!coarse && this.#gpu === "untried" && this.#program !== null && show === "output") void this.#try(wanted);
    const precision = this.#preview ? SAID.precision.preview : SAID.precision.told(reply.precision, reply.resampled, coarse ? 1 : reply.reduced ** 2);
    const { low: [low = null], high: [high = null], colours } = reply.tone;
    const centre = reply.centre?.[Number(show.split(":")[3] ?? 0)] ?? null;
    const scale = colours.length > 0 && !this.#preview ? { colours, low, high, centre } : null;
    return { image, camera, precision, flat: reply.flat, way: this.#link.place, fitted: contrast === "view", range: { low: reply.tone.low, high: reply.tone.high, differences: reply.centre !== null }, scale };
  }

  async #fromGpu(wanted: Wanted): Promise<Drawn> {
    const renderer = this.#renderer;
    const program = this.#program;
    if (renderer === null || program === null) throw new Error("no network is loaded");
    if (!this.#loaded) renderer.load(program, this.#tone);
    this.#loaded = true;
    renderer.resize(wanted.columns, wanted.rows);
    const made = await renderer.draw({
      ...rectangleOf(wanted.camera),
      contrast: this.#state.tone === "view" ? "view" : "auto",
    });
    if (!made.complete) return this.#fromServer(wanted, this.#state.tone);
    return {
      image: copied(renderer.canvas),
      camera: wanted.camera,
      precision: SAID.precision.gpu,
      flat: made.flat,
      way: "gpu",
      fitted: made.fitted,
      ...(made.fitted && { range: { low: made.low, high: made.high, differences: true } }),
      scale: this.#scale(made),
    };
  }

  /** What the colours stand for: the tone's own, or what the GPU fitted to the view, which it knows from the centre's value. */
  #scale(made: Made): Scale | null {
    const tone = this.#tone;
    if (tone?.channels.length !== 1) return null;
    const colours = mapColours(tone);
    if (!made.fitted) return { colours, low: tone.low[0] ?? null, high: tone.high[0] ?? null, centre: null };
    const [low, high, centre] = [made.low[0], made.high[0], made.centre[0]];
    if (low === undefined || high === undefined || centre === undefined) return { colours, low: null, high: null, centre: null };
    const told = high - low > TOLD * Math.abs(centre);
    return told ? { colours, low: centre + low, high: centre + high, centre: null } : { colours, low, high, centre };
  }

  /** Times a small picture, once a page; from then on the faster way is taken. */
  async #try(wanted: Wanted): Promise<void> {
    this.#gpu = "trying";
    try {
      const canvas = document.createElement("canvas");
      this.#renderer = new Renderer(canvas);
      if (SOFTWARE.test(this.#renderer.name)) throw new Error("a GPU in software");
      const small = { ...wanted, columns: Math.ceil(wanted.columns / 2), rows: Math.ceil(wanted.rows / 2) };
      await this.#fromGpu(small);
      await this.#fromGpu(small);
      const pace = 1 / Math.max(1e-9, this.#renderer.timing.rate);
      this.#gpu = pace < MARGIN * this.#pace ? "good" : "never";
    } catch {
      this.#gpu = "never";
    }
    if (this.#gpu === "never") {
      this.#renderer?.dispose();
      this.#renderer = null;
    }
  }
}

/** null where the browser has no graphics processor for it. */
function renderer(): Renderer | null {
  try {
    return new Renderer(document.createElement("canvas"));
  } catch {
    return null;
  }
}

/** RGBA bytes as something a canvas can draw. */
export function painted(bytes: Uint8Array, columns: number, rows: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const pixels = new Uint8ClampedArray(4 * columns * rows);
  pixels.set(bytes.subarray(0, pixels.length));
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  return canvas;
}

/** Some of a map's colours, from low to high. */
function mapColours(tone: ToneData): string[] {
  if (tone.map === undefined) return ["#000000", "#ffffff"];
  const bytes = atob(tone.map);
  const last = bytes.length / 3 - 1;
  const hex = (at: number): string => bytes.charCodeAt(at).toString(16).padStart(2, "0");
  return Array.from({ length: STOPS }, (_, n) => 3 * Math.round((last * n) / (STOPS - 1))).map((at) => `#${hex(at)}${hex(at + 1)}${hex(at + 2)}`);
}

function copied(from: HTMLCanvasElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = from.width;
  canvas.height = from.height;
  canvas.getContext("2d")?.drawImage(from, 0, 0);
  return canvas;
}
