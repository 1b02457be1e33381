// A pane's canvas: the latest picture, an older one around it until a new one is there, what lies over them, and the axes.
import { type Camera, extent, placed, type Size } from "../camera.ts";
import { paintAxes, paintFrame, paintScale } from "./axes.ts";
import { Over } from "./over.ts";
import type { Drawn } from "./source.ts";
import { still } from "./still.ts";

// milliseconds
const FADE = 160;

/** How the canvas lies: its picture's size and its axes' gutter in CSS pixels, which way y grows, and what the axes are. */
export interface Lie {
  readonly size: Size;
  readonly gutter: number;
  readonly up: boolean;
  readonly names: readonly string[] | null;
}

export class Composed {
  readonly canvas = document.createElement("canvas");
  readonly over = new Over();
  latest: Drawn | null = null;
  readonly #context: CanvasRenderingContext2D;
  #backdrop: Drawn | null = null;
  #fading: { from: Drawn; until: number } | null = null;

  constructor() {
    const context = this.canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("this browser draws on no canvas");
    this.#context = context;
  }

  /** Pixels of the canvas in one of CSS. */
  get dense(): number {
    return Math.min(2, window.devicePixelRatio || 1);
  }

  /** One picture fades into another no longer. */
  still(): void {
    this.#fading = null;
  }

  fit({ size: { width, height }, gutter }: Lie): void {
    this.canvas.width = Math.round((width + gutter) * this.dense);
    this.canvas.height = Math.round((height + gutter) * this.dense);
  }

  /** What is drawn next is another network: no old picture may stand in for its rim. */
  forget(): void {
    this.#backdrop = null;
  }

  show(drawn: Drawn, sharp: boolean, up: boolean): void {
    const before = this.latest;
    if (before !== null && !still() && (before.fitted || drawn.fitted)) {
      this.#fading = { from: before, until: performance.now() + FADE };
    }
    this.latest = drawn;
    if (sharp && this.#widens(drawn, up)) this.#backdrop = drawn;
  }

  /** Whether this picture is the better one to show around others: wider, or the old one is out of sight. */
  #widens(drawn: Drawn, up: boolean): boolean {
    if (this.#backdrop === null) return true;
    const at = placed(this.#backdrop.camera, drawn.camera, up);
    return !(at.width > 1 && at.width < 64 && at.left < 0.5 && at.left + at.width > 0.5);
  }

  /** Paints all of it in the colours of `style`. Says whether it is to be painted again soon, as one picture fades. */
  paint(camera: Camera, lie: Lie, style: { color: string; backgroundColor: string }): boolean {
    const context = this.#context;
    const { size: { width, height }, gutter, up, names } = lie;
    context.setTransform(this.dense, 0, 0, this.dense, 0, 0);
    context.fillStyle = style.backgroundColor;
    context.fillRect(0, 0, width + gutter, height + gutter);
    context.save();
    context.beginPath();
    context.rect(gutter, 0, width, height);
    context.clip();
    const now = extent(camera, lie.size);
    if (this.#backdrop !== null && this.#backdrop !== this.latest) this.#place(this.#backdrop, now, lie);
    const left = this.#fading === null ? 0 : (this.#fading.until - performance.now()) / FADE;
    if (this.#fading !== null && left > 0) {
      this.#place(this.#fading.from, now, lie);
      context.globalAlpha = 1 - left;
    } else this.#fading = null;
    if (this.latest !== null) this.#place(this.latest, now, lie);
    context.restore();
    const box = { left: gutter, top: 0, width, height };
    this.over.paint(context, camera, box, up);
    if (this.latest !== null) {
      paintFrame(context, camera, box);
      paintScale(context, camera, box);
      if (gutter > 0) paintAxes(context, camera, box, { ink: style.color, up, names });
    }
    return this.#fading !== null;
  }

  #place(drawn: Drawn, now: Camera, { size: { width, height }, gutter, up }: Lie): void {
    const at = placed(drawn.camera, now, up);
    if (!(at.width < 1e5 && at.width > 1e-4)) return;
    const exact = Math.abs(at.width - 1) < 1e-9 && drawn.image.width >= width;
    this.#context.imageSmoothingEnabled = !exact;
    this.#context.save();
    // row 0 of every image is the smallest y
    if (up) this.#context.transform(1, 0, 0, -1, 0, (2 * at.top + at.height) * height);
    this.#context.drawImage(drawn.image, gutter + at.left * width, at.top * height, at.width * width, at.height * height);
    this.#context.restore();
  }
}
