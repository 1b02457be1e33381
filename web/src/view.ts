// One pane: a picture that pans and zooms without end. What it shows comes from a Source; the last picture is stretched
// until the next one is there, and a coarse one comes before the sharp one where the sharp one would be late.
import { type Camera, cameraOf, extent, frameOn, HOME, moved, pointAt, same, scaled, shareAt, type Size } from "./camera.ts";
import type { Dec } from "./decimal.ts";
import { pause } from "./gpu/device.ts";
import type { Boundary } from "./view/boundary.ts";
import { Composed, type Lie } from "./view/composed.ts";
import { Deepest } from "./view/deepest.ts";
import type { Edges } from "./view/edges.ts";
import { Flight } from "./view/flight.ts";
import { listen } from "./view/gestures.ts";
import type { Mark } from "./view/marks.ts";
import { Pace } from "./view/pace.ts";
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
  painted?(): void;
  /** it shows more or less of the plane than before */
  resized?(): void;
}

// so many milliseconds at most a picture is waited for
const PATIENCE = 500;
// a hand that has not moved for so many milliseconds is taken to rest: the sharp picture is begun
const QUIET = 60;
const [GUTTER, NAMED] = [18, 34]; // without and with the names of the axes

export class View {
  readonly element: HTMLElement;
  #camera: Camera;
  #size: Size = { width: 0, height: 0 };
  #home: Camera = cameraOf(HOME);
  #up = false;
  readonly #composed = new Composed();
  readonly #deepest = new Deepest();
  #dirty = false;
  #busy = false;
  #preview = false;
  #shownNext: () => void = () => undefined;
  #moving = false;
  #interrupt: () => void = () => undefined;
  // when a hand moved it last, and where the latest picture that was asked for is; null where that came to nothing
  #moved = -Infinity;
  #drawing: Camera | null = null;
  #waiting = false;
  #asked = 0;
  #shownTurn = 0;
  readonly #pace = new Pace();
  #frame = 0;
  readonly #flight = new Flight();
  #pointer: { left: number; top: number } | null = null;
  readonly #source: Source;
  readonly #events: Events;
  #gutter: number;
  #axes: readonly string[] | null = null;

  constructor(host: HTMLElement, source: Source, camera: Camera, events: Events, { axes = true, label, role }: { axes?: boolean; label: string; role: string }) {
    this.#source = source;
    this.#events = events;
    this.#camera = camera;
    this.#gutter = axes ? GUTTER : 0;
    this.element = document.createElement("div");
    this.element.className = "view";
    this.element.classList.toggle("bare", !axes);
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "application");
    this.element.setAttribute("aria-roledescription", role);
    this.element.setAttribute("aria-label", label);
    this.element.append(this.#composed.canvas);
    host.append(this.element);
    listen(this.element, {
      pan: (right, down) => { this.#go(moved(this.#camera, -right / this.#shown().width, (this.#up ? down : -down) / this.#shown().height)); },
      zoom: (factor, at) => { this.#zoom(factor, at); },
      home: () => { this.home(); },
      rest: () => { this.rest(); },
      point: (at) => {
        this.#pointer = at;
        this.#events.pointed?.(at === null ? null : this.#point(at));
      },
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

  /** The rectangle of the plane that is seen: the frame, and what lies around it on this screen. */
  get seen(): Camera {
    return extent(this.#camera, this.#size);
  }

  /** Whether the latest picture is of what is wanted, sharp, and all that is seen. */
  get settled(): boolean {
    const painted = this.#frame === 0 || document.hidden;
    return this.latest !== null && painted && !this.#busy && !this.#dirty && !this.#moving && !this.#flight.going;
  }

  get latest(): Drawn | null {
    return this.#composed.latest;
  }

  /** Looks elsewhere at once; no event tells of it. */
  look(camera: Camera): void {
    this.#flight.stop();
    this.#camera = camera;
    this.refresh();
  }

  /** Goes there in one smooth movement, or at once where motion is unwelcome; tells of it like a gesture. */
  fly(camera: Camera): Promise<void> {
    return this.#flight.to(this.#camera, camera, (at) => { this.#go(at); }, () => { this.rest(); });
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

  /** Goes on as a hand would, by shares of the frame and to sides times `factor`; false where nothing narrower is drawn. */
  steer(factor: number, along: number, across: number): boolean {
    const allowed = this.#allowed(factor);
    const next = scaled(this.#camera, allowed);
    if (factor < 1 && (allowed === 1 || next === this.#camera)) return false;
    this.#flight.stop();
    this.#go(moved(next, along, across));
    return true;
  }

  /** Zooms about the centre, as the buttons do. */
  zoom(factor: number): void {
    const allowed = this.#allowed(factor);
    if (allowed !== 1) void this.fly(scaled(this.#camera, allowed));
  }

  /** Draws anew; `other` where the network itself is another, so that no old picture may stand in for the new one's rim. */
  refresh(other = false): void {
    if (other) {
      this.#composed.forget();
      this.#deepest.forget();
    }
    this.#dirty = true;
    this.#interrupt();
    // under a pointer that rests lies another place now, or another network
    if (this.#pointer !== null) this.#events.pointed?.(this.#point(this.#pointer));
    this.repaint();
    void this.#pump();
  }

  /** After a refusal of what was zoomed in on: back to what is drawn. False where there was no zoom. */
  retreat(): boolean {
    const to = this.#deepest.retreat(this.#camera);
    if (to === null) return false;
    this.#flight.stop();
    this.#moving = false;
    this.#camera = to;
    this.refresh();
    this.#events.moved?.(to, true);
    return true;
  }

  /** What is looked at is another, which may be drawn at any width. */
  free(): void {
    this.#deepest.free();
  }

  /** How many milliseconds a pixel is expected to take, until one was drawn. */
  expect(perPixel: number): void {
    this.#pace.expect(perPixel);
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
    if (value) this.#moved = performance.now();
    else this.#sharpen();
  }

  set edges(edges: Edges | null) {
    this.#composed.over.edges = edges;
    this.repaint();
  }

  set boundary(boundary: Boundary | null) {
    this.#composed.over.boundary = boundary;
    this.repaint();
  }

  set points(points: Points | null) {
    this.#composed.over.points = points;
    this.repaint();
  }

  set marks(marks: readonly Mark[]) {
    this.#composed.over.marks = marks;
    this.repaint();
  }

  /** Paints at once what the next frame of the screen would show at last. */
  paint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#composed.still();
    this.#compose();
  }

  repaint(): void {
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#compose();
      });
    }
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

  #allowed(factor: number): number {
    const { by, ended } = this.#deepest.allowed(factor, this.#camera);
    if (ended) this.#events.ended?.();
    return by;
  }

  #go(camera: Camera): void {
    this.#deepest.went(camera);
    this.#camera = camera;
    this.#moving = true;
    this.#moved = performance.now();
    this.refresh();
    this.#events.moved?.(camera, false);
  }

  /** Nothing more comes of what moved it. */
  rest(): void {
    this.#moving = false;
    this.#sharpen();
    this.#events.moved?.(this.#camera, true);
  }

  /** Nothing moves any more: the sharp picture, where it is not there and not on its way. */
  #sharpen(): void {
    if (this.#preview || this.#dirty || this.#drawing === null || !same(this.#drawing, this.#camera)) this.refresh();
    else if (this.#waiting) this.#interrupt();
  }

  #fit(): void {
    const [width, height] = [this.element.clientWidth - this.#gutter, this.element.clientHeight - this.#gutter];
    if (width < 8 || height < 8 || (width === this.#size.width && height === this.#size.height)) return;
    this.#size = { width, height };
    this.#composed.fit(this.lie);
    this.#compose();
    this.refresh();
    this.#events.resized?.();
  }

  /** How the picture lies in its element. */
  get lie(): Lie & { camera: Camera } {
    return { camera: this.#camera, size: this.#size, gutter: this.#gutter, up: this.#up, names: this.#axes };
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.#size.width === 0) return;
    this.#busy = true;
    try {
      while (this.#dirty) {
        this.#dirty = false;
        const { dense } = this.#composed;
        const sharp = { width: Math.round(this.#size.width * dense), height: Math.round(this.#size.height * dense) };
        if (this.#preview) {
          await this.#draw(this.#pace.preview(sharp), true);
          continue;
        }
        const coarse = this.#pace.coarse(sharp);
        if (coarse !== null) {
          await this.#draw(coarse, true);
          if (this.#isDirty()) continue;
          // while the hand still moves the sharp picture would come too late anyway
          await this.#quiet();
          if (this.#isDirty()) continue;
        }
        await Promise.race([this.#draw(sharp, false), this.#other()]);
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

  /** Until the hand rests, or something else is wanted. */
  async #quiet(): Promise<void> {
    const left = this.#moved + QUIET - performance.now();
    if (!this.#moving || left <= 0) return;
    this.#waiting = true;
    await Promise.race([this.#other(), pause(left)]);
    this.#waiting = false;
  }

  /** Until something else is wanted. */
  #other(): Promise<void> {
    return new Promise((resolve) => {
      this.#interrupt = resolve;
    });
  }

  async #draw(size: Size, coarse: boolean): Promise<void> {
    const start = performance.now();
    const [turn, at] = [++this.#asked, this.#camera];
    this.#drawing = at;
    try {
      const drawn = await this.#source.draw({ camera: extent(this.#camera, this.#size), columns: size.width, rows: size.height, coarse });
      this.#pace.took(performance.now() - start, size, coarse);
      // one that was overtaken comes too late
      if (turn < this.#shownTurn) return;
      this.#shownTurn = turn;
      this.#deepest.drew(at, coarse);
      this.#composed.show(drawn, !coarse, this.#up);
      this.repaint();
      this.#events.drawn?.(drawn, !coarse);
    } catch (error) {
      // one that another follows fails for what is no longer asked
      if (turn !== this.#asked || this.#dirty) return;
      this.#drawing = null;
      this.#events.failed?.(error as Error);
    }
  }

  #compose(): void {
    if (this.#composed.paint(this.#camera, this.lie, getComputedStyle(this.element))) this.repaint();
    this.#events.painted?.();
  }
}
