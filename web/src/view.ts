// One pane: a picture that pans and zooms without end. What it shows comes from a Source; the last picture is stretched
// until the next one is there, and a coarse one comes before the sharp one where the sharp one would be late.
import { between, type Camera, cameraOf, extent, frameOn, HOME, moved, placed, pointAt, scaled, shareAt, type Size } from "./camera.ts";
import type { Dec } from "./decimal.ts";
import { paintAxes, paintFrame, paintScale } from "./view/axes.ts";
import { type Boundary, paintBoundary } from "./view/boundary.ts";
import { type Edges, paintEdges } from "./view/edges.ts";
import { listen } from "./view/gestures.ts";
import { paintPoints, type Points } from "./view/points.ts";

export interface Wanted {
  /** what the canvas shows, all of it */
  camera: Camera;
  columns: number;
  rows: number;
  coarse: boolean;
}

export interface Drawn {
  image: HTMLCanvasElement | ImageBitmap | OffscreenCanvas;
  camera: Camera;
  precision: string;
  /** the Field's own tone gives this view one flat colour */
  flat: boolean;
  way: "gpu" | "server";
  /** fitted to this view, so that colours change from view to view */
  fitted: boolean;
}

/** Where pictures come from. A rejection with an Error named in `quiet` leaves the last picture as it is. */
export interface Source {
  draw(wanted: Wanted): Promise<Drawn>;
}

export interface Events {
  moved?(camera: Camera, ended: boolean): void;
  pointed?(at: { x: Dec; y: Dec } | null): void;
  pressed?(at: { x: Dec; y: Dec }): void;
  drawn?(drawn: Drawn, sharp: boolean): void;
  failed?(error: Error): void;
  /** it shows more or less of the plane than before */
  resized?(): void;
}

// a picture that takes longer than this is first drawn coarse
const LATE = 70;
const COARSE = 25;
const GUTTER = 18;
const FADE = 160;
const FLIGHT = 900;

export class View {
  readonly element: HTMLElement;
  #camera: Camera;
  #size: Size = { width: 0, height: 0 };
  #home: Camera = cameraOf(HOME);
  #up = false;
  #edges: Edges | null = null;
  #boundary: Boundary | null = null;
  #points: Points | null = null;
  #latest: Drawn | null = null;
  #fading: { from: Drawn; until: number } | null = null;
  #backdrop: Drawn | null = null;
  #dirty = false;
  #busy = false;
  #moving = false;
  #interrupt: () => void = () => undefined;
  #asked = 0;
  #shownTurn = 0;
  #perPixel = 1e-4;
  #frame = 0;
  #flight = 0;
  readonly #canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;
  readonly #source: Source;
  readonly #events: Events;
  readonly #gutter: number;

  constructor(host: HTMLElement, source: Source, camera: Camera, events: Events, { axes = true, label = "Picture" } = {}) {
    this.#source = source;
    this.#events = events;
    this.#camera = camera;
    this.#gutter = axes ? GUTTER : 0;
    this.element = document.createElement("div");
    this.element.className = axes ? "view" : "view bare";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "application");
    this.element.setAttribute("aria-roledescription", "picture that zooms");
    this.element.setAttribute("aria-label", label);
    this.element.append(this.#canvas);
    host.append(this.element);
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("this browser draws on no canvas");
    this.#context = context;
    listen(this.#surface(), {
      pan: (right, down) => { this.#go(moved(this.#camera, -right / this.#shown().width, (this.#up ? down : -down) / this.#shown().height)); },
      zoom: (factor, at) => { this.#zoom(factor, at); },
      home: () => { this.home(); },
      rest: () => { this.#rest(); },
      point: (at) => { this.#events.pointed?.(at === null ? null : this.#point(at)); },
      press: (at) => { this.#events.pressed?.(this.#point(at)); },
    });
    new ResizeObserver(() => { this.#fit(); }).observe(this.element);
    this.#fit();
  }

  get camera(): Camera {
    return this.#camera;
  }

  /** The picture's size in CSS pixels, without the axes. */
  get size(): Size {
    return this.#size;
  }

  get latest(): Drawn | null {
    return this.#latest;
  }

  /** Looks elsewhere at once; no event tells of it. */
  look(camera: Camera): void {
    this.#stop();
    this.#camera = camera;
    this.refresh();
  }

  /** Goes there in one smooth movement, or at once where motion is unwelcome; tells of it like a gesture. */
  fly(camera: Camera): Promise<void> {
    this.#stop();
    const from = this.#camera;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#go(camera);
      this.#rest();
      return Promise.resolve();
    }
    const start = performance.now();
    return new Promise((resolve) => {
      const next = (now: number): void => {
        const t = Math.min(1, (now - start) / FLIGHT);
        this.#go(between(from, camera, t * t * (3 - 2 * t)));
        if (t < 1) this.#flight = requestAnimationFrame(next);
        else {
          this.#rest();
          resolve();
        }
      };
      this.#flight = requestAnimationFrame(next);
    });
  }

  /** Where it looks first, and whether y grows upwards in its pictures. */
  settle(home: Camera, up: boolean): void {
    this.#home = home;
    if (up === this.#up) return;
    this.#up = up;
    this.repaint();
  }

  home(): void {
    void this.fly(this.#home);
  }

  /** Zooms about the centre, as the buttons do. */
  zoom(factor: number): void {
    void this.fly(scaled(this.#camera, factor));
  }

  /** Draws anew; `other` where the network itself is another, so that no old picture may stand in for the new one's rim. */
  refresh(other = false): void {
    if (other) this.#backdrop = null;
    this.#dirty = true;
    this.#interrupt();
    this.repaint();
    void this.#pump();
  }

  /** How many milliseconds a pixel is expected to take, until one was drawn. */
  expect(perPixel: number): void {
    this.#perPixel = perPixel;
  }

  /** More is on its way: only coarse pictures meanwhile. */
  set moving(value: boolean) {
    this.#moving = value;
    if (!value) this.refresh();
  }

  set edges(edges: Edges | null) {
    this.#edges = edges;
    this.repaint();
  }

  set boundary(boundary: Boundary | null) {
    this.#boundary = boundary;
    this.repaint();
  }

  set points(points: Points | null) {
    this.#points = points;
    this.repaint();
  }

  repaint(): void {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#compose();
      });
    }
  }

  #surface(): HTMLElement {
    return this.element;
  }

  #shown(): Size {
    return frameOn(this.#size);
  }

  #point(at: { left: number; top: number }): { x: Dec; y: Dec } {
    return pointAt(this.#camera, this.#size, at.left - this.#gutter, at.top, this.#up);
  }

  #zoom(factor: number, at: { left: number; top: number } | null): void {
    if (at === null) {
      this.#go(scaled(this.#camera, factor));
      return;
    }
    this.#go(scaled(this.#camera, factor, ...shareAt(this.#size, at.left - this.#gutter, at.top, this.#up)));
  }

  #go(camera: Camera): void {
    this.#camera = camera;
    this.#moving = true;
    this.refresh();
    this.#events.moved?.(camera, false);
  }

  #rest(): void {
    this.#moving = false;
    this.refresh();
    this.#events.moved?.(this.#camera, true);
  }

  #stop(): void {
    cancelAnimationFrame(this.#flight);
  }

  #fit(): void {
    const [width, height] = [this.element.clientWidth - this.#gutter, this.element.clientHeight - this.#gutter];
    if (width < 8 || height < 8 || (width === this.#size.width && height === this.#size.height)) return;
    this.#size = { width, height };
    const dense = this.#dense();
    this.#canvas.width = Math.round((width + this.#gutter) * dense);
    this.#canvas.height = Math.round((height + this.#gutter) * dense);
    this.#compose();
    this.refresh();
    this.#events.resized?.();
  }

  #dense(): number {
    return Math.min(2, window.devicePixelRatio || 1);
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.#size.width === 0) return;
    this.#busy = true;
    try {
      while (this.#dirty) {
        this.#dirty = false;
        const dense = this.#dense();
        const [columns, rows] = [Math.round(this.#size.width * dense), Math.round(this.#size.height * dense)];
        const late = this.#perPixel * columns * rows;
        if (late > LATE) {
          const share = Math.max(1 / 8, Math.min(1 / 2, Math.sqrt(COARSE / late)));
          await this.#draw(Math.ceil(columns * share), Math.ceil(rows * share), true);
          if (this.#isDirty()) continue;
          // while the hand still moves the sharp picture would come too late anyway
          if (this.#moving) await this.#pause();
          if (this.#isDirty()) continue;
        }
        await Promise.race([this.#draw(columns, rows, false), this.#pause(1e9)]);
      }
    } finally {
      this.#busy = false;
    }
  }

  // read through a call, because it changes while another waits
  #isDirty(): boolean {
    return this.#dirty;
  }

  /** Until something else is wanted, or so many milliseconds. */
  #pause(milliseconds = 120): Promise<void> {
    return new Promise((resolve) => {
      this.#interrupt = resolve;
      if (milliseconds < 1e6) setTimeout(resolve, milliseconds);
    });
  }

  async #draw(columns: number, rows: number, coarse: boolean): Promise<void> {
    const start = performance.now();
    const turn = ++this.#asked;
    try {
      const drawn = await this.#source.draw({ camera: extent(this.#camera, this.#size), columns, rows, coarse });
      const spent = (performance.now() - start) / (columns * rows);
      this.#perPixel += (spent - this.#perPixel) * (coarse ? 0.2 : 0.6);
      // one that was overtaken comes too late
      if (turn < this.#shownTurn) return;
      this.#shownTurn = turn;
      this.#show(drawn, !coarse);
    } catch (error) {
      // one that another follows fails for what is no longer asked
      if (turn === this.#asked && !this.#dirty) this.#events.failed?.(error as Error);
    }
  }

  #show(drawn: Drawn, sharp: boolean): void {
    const before = this.#latest;
    const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (before !== null && !quiet && (before.fitted || drawn.fitted)) {
      this.#fading = { from: before, until: performance.now() + FADE };
    }
    this.#latest = drawn;
    if (sharp && this.#widens(drawn)) this.#backdrop = drawn;
    this.repaint();
    this.#events.drawn?.(drawn, sharp);
  }

  /** Whether this picture is the better one to show around others: wider, or the old one is out of sight. */
  #widens(drawn: Drawn): boolean {
    if (this.#backdrop === null) return true;
    const at = placed(this.#backdrop.camera, drawn.camera, this.#up);
    return !(at.width > 1 && at.width < 64 && at.left < 0.5 && at.left + at.width > 0.5);
  }

  #compose(): void {
    const context = this.#context;
    const dense = this.#dense();
    const { width, height } = this.#size;
    const style = getComputedStyle(this.element);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.fillStyle = style.backgroundColor;
    context.fillRect(0, 0, width + this.#gutter, height + this.#gutter);
    context.save();
    context.beginPath();
    context.rect(this.#gutter, 0, width, height);
    context.clip();
    const now = extent(this.#camera, this.#size);
    if (this.#backdrop !== null && this.#backdrop !== this.#latest) this.#place(this.#backdrop, now);
    const left = this.#fading === null ? 0 : (this.#fading.until - performance.now()) / FADE;
    if (this.#fading !== null && left > 0) {
      this.#place(this.#fading.from, now);
      context.globalAlpha = 1 - left;
      this.repaint();
    } else this.#fading = null;
    if (this.#latest !== null) this.#place(this.#latest, now);
    context.restore();
    const box = { left: this.#gutter, top: 0, width, height };
    if (this.#edges !== null) paintEdges(context, this.#edges, this.#camera, box, this.#up);
    if (this.#boundary !== null) paintBoundary(context, this.#boundary, this.#camera, box, this.#up);
    if (this.#points !== null) paintPoints(context, this.#points, this.#camera, box, this.#up);
    if (this.#latest === null) return;
    paintFrame(context, this.#camera, box);
    paintScale(context, this.#camera, box);
    if (this.#gutter > 0) paintAxes(context, this.#camera, box, style.color, this.#up);
  }

  #place(drawn: Drawn, now: Camera): void {
    const at = placed(drawn.camera, now, this.#up);
    if (!(at.width < 1e5 && at.width > 1e-4)) return;
    const { width, height } = this.#size;
    const exact = Math.abs(at.width - 1) < 1e-9 && drawn.image.width >= width;
    this.#context.imageSmoothingEnabled = !exact;
    this.#context.save();
    // row 0 of every image is the smallest y
    if (this.#up) this.#context.transform(1, 0, 0, -1, 0, (2 * at.top + at.height) * height);
    this.#context.drawImage(
      drawn.image,
      this.#gutter + at.left * width,
      at.top * height,
      at.width * width,
      at.height * height,
    );
    this.#context.restore();
  }
}
