// One pane: a picture that pans and zooms without end. What it shows comes from a Source; the last picture is stretched
// until the next one is there, and a coarse one comes before the sharp one where the sharp one would be late.
import { between, type Camera, cameraOf, extent, frameOn, HOME, moved, placed, pointAt, scaled, shareAt, type Size } from "./camera.ts";
import { compare, type Dec, ratio } from "./decimal.ts";
import { paintAxes, paintFrame, paintScale } from "./view/axes.ts";
import type { Boundary } from "./view/boundary.ts";
import type { Edges } from "./view/edges.ts";
import { listen } from "./view/gestures.ts";
import type { Mark } from "./view/marks.ts";
import { Over } from "./view/over.ts";
import type { Points } from "./view/points.ts";
import type { Drawn, Source } from "./view/source.ts";

export interface Events {
  moved?(camera: Camera, ended: boolean): void;
  pointed?(at: { x: Dec; y: Dec } | null): void;
  pressed?(at: { x: Dec; y: Dec }): void;
  drawn?(drawn: Drawn, sharp: boolean): void;
  failed?(error: Error): void;
  /** it would zoom in where nothing narrower is drawn */
  ended?(): void;
  /** it shows more or less of the plane than before */
  resized?(): void;
}

// a picture that takes longer than this is first drawn coarse
const LATE = 70;
const COARSE = 25;
// and a preview, which is drawn but coarse, may take so long
const SOON = 15;
const PATIENCE = 500;
const [GUTTER, NAMED] = [18, 34]; // without and with the names of the axes
const FADE = 160;
const FLIGHT = 900;
// so many times wider than the narrowest view drawn somewhere, one may be on the way to another place
const LEFT = 4;

export class View {
  readonly element: HTMLElement;
  #camera: Camera;
  #size: Size = { width: 0, height: 0 };
  #home: Camera = cameraOf(HOME);
  #up = false;
  readonly #over = new Over();
  #latest: Drawn | null = null;
  // where the latest picture, and the latest sharp one, were asked for
  #drawnAt: Camera | null = null;
  #sharpAt: Camera | null = null;
  // the narrowest width that is drawn here, once a narrower one was refused
  #least: Dec | null = null;
  #fading: { from: Drawn; until: number } | null = null;
  #backdrop: Drawn | null = null;
  #dirty = false;
  #busy = false;
  #preview = false;
  #shownNext: () => void = () => undefined;
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
  #gutter: number;
  #axes: readonly string[] | null = null;

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

  /** Whether the latest picture is of what is wanted, and sharp. */
  get settled(): boolean {
    return this.#latest !== null && !this.#busy && !this.#dirty && !this.#moving;
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

  /** What x and y are, and how far 1 goes along them; null of a network that reads x and y themselves. */
  set axes(axes: readonly string[] | null) {
    if (this.#gutter === 0 || JSON.stringify(axes) === JSON.stringify(this.#axes)) return;
    this.#axes = axes;
    this.#gutter = axes === null ? GUTTER : NAMED;
    // what lies over the picture stands beside its frame, where there is a figure about both
    const about = this.element.closest<HTMLElement>("figure") ?? this.element.parentElement;
    about?.style.setProperty("--gutter", `${this.#gutter}px`);
    this.#fit();
    this.repaint();
  }

  home(): void {
    void this.fly(this.#home);
  }

  /** Zooms about the centre, as the buttons do. */
  zoom(factor: number): void {
    const allowed = this.#allowed(factor);
    if (allowed !== 1) void this.fly(scaled(this.#camera, allowed));
  }

  /** Draws anew; `other` where the network itself is another, so that no old picture may stand in for the new one's rim. */
  refresh(other = false): void {
    if (other) {
      this.#backdrop = this.#drawnAt = this.#sharpAt = null;
      this.free();
    }
    this.#dirty = true;
    this.#interrupt();
    this.repaint();
    void this.#pump();
  }

  /** After a refusal of what was zoomed in on: back to the last picture, and from a coarse one that cannot be sharp to one
   * of twice its width. Nothing narrower is looked at from there. False where there was no zoom. */
  retreat(): boolean {
    const [drawn, sharp] = [this.#drawnAt, this.#sharpAt];
    if (drawn === null || sharp === null || compare(this.#camera.w, sharp.w) >= 0) return false;
    const wider = compare(this.#camera.w, drawn.w) < 0 ? drawn : scaled(drawn, 2);
    const to = compare(wider.w, sharp.w) < 0 ? wider : sharp;
    this.#stop();
    this.#moving = false;
    this.#camera = to;
    this.#least = to.w;
    this.refresh();
    this.#events.moved?.(to, true);
    return true;
  }

  /** What is looked at is another, which may be drawn at any width. */
  free(): void {
    this.#least = null;
  }

  /** How many milliseconds a pixel is expected to take, until one was drawn. */
  expect(perPixel: number): void {
    this.#perPixel = perPixel;
  }

  /** What is shown from now on is a preview, whose pictures are soon there and coarse. */
  set preview(preview: boolean) {
    this.#preview = preview;
  }

  /** Once what is wanted now is drawn, or a while has passed. */
  shown(): Promise<void> {
    return new Promise((resolve) => {
      this.#shownNext = resolve;
      setTimeout(resolve, PATIENCE);
    });
  }

  /** More is on its way: only coarse pictures meanwhile. */
  set moving(value: boolean) {
    this.#moving = value;
    if (!value) this.refresh();
  }

  set edges(edges: Edges | null) {
    this.#over.edges = edges;
    this.repaint();
  }

  set boundary(boundary: Boundary | null) {
    this.#over.boundary = boundary;
    this.repaint();
  }

  set points(points: Points | null) {
    this.#over.points = points;
    this.repaint();
  }

  set marks(marks: readonly Mark[]) {
    this.#over.marks = marks;
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

  #zoom(wanted: number, at: { left: number; top: number } | null): void {
    const factor = this.#allowed(wanted);
    if (factor === 1 && wanted < 1) return;
    if (at === null) {
      this.#go(scaled(this.#camera, factor));
      return;
    }
    this.#go(scaled(this.#camera, factor, ...shareAt(this.#size, at.left - this.#gutter, at.top, this.#up)));
  }

  /** By how much it zooms: never to less than what is drawn, from whose neighbourhood a few steps outwards lead. */
  #allowed(factor: number): number {
    if (this.#least === null || factor >= 1) return factor;
    const most = Math.min(1, ratio(this.#least, this.#camera.w));
    if (factor < most) this.#events.ended?.();
    // what is left to a picture's own digits is no step
    return most > 1 - 1e-9 ? 1 : Math.max(factor, most);
  }

  #go(camera: Camera): void {
    if (this.#least !== null && ratio(camera.w, this.#least) > LEFT) this.free();
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
        if (this.#preview) {
          const share = Math.max(1 / 8, Math.min(1 / 2, Math.sqrt(SOON / late)));
          await this.#draw(Math.ceil(columns * share), Math.ceil(rows * share), true);
          continue;
        }
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
      this.#shownNext();
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
    const [turn, at] = [++this.#asked, this.#camera];
    try {
      const drawn = await this.#source.draw({ camera: extent(this.#camera, this.#size), columns, rows, coarse });
      const spent = (performance.now() - start) / (columns * rows);
      this.#perPixel += (spent - this.#perPixel) * (coarse ? 0.2 : 0.6);
      // one that was overtaken comes too late
      if (turn < this.#shownTurn) return;
      this.#shownTurn = turn;
      this.#drawnAt = at;
      if (!coarse) this.#sharpAt = at;
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
    this.#over.paint(context, this.#camera, box, this.#up);
    if (this.#latest === null) return;
    paintFrame(context, this.#camera, box);
    paintScale(context, this.#camera, box);
    if (this.#gutter > 0) paintAxes(context, this.#camera, box, { ink: style.color, up: this.#up, names: this.#axes });
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
