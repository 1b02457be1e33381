// How many pixels the next picture has: where the sharp one would come late, a coarse one comes before it.
import type { Size } from "../camera.ts";

// a picture that takes longer than so many milliseconds is first drawn coarse
const LATE = 70;
const COARSE = 25;
// and a preview, which is drawn but coarse, may take so long
const SOON = 15;

export class Pace {
  #perPixel = 1e-4;

  /** How many milliseconds a pixel is expected to take, until one was drawn. */
  expect(perPixel: number): void {
    this.#perPixel = perPixel;
  }

  /** A picture was drawn in so many milliseconds. */
  took(spent: number, { width, height }: Size, coarse: boolean): void {
    this.#perPixel += (spent / (width * height) - this.#perPixel) * (coarse ? 0.2 : 0.6);
  }

  /** The size of the picture that comes before the sharp one; null where that one is soon there. */
  coarse(sharp: Size): Size | null {
    return this.#late(sharp) > LATE ? this.#within(sharp, COARSE) : null;
  }

  /** The size of a preview's picture. */
  preview(sharp: Size): Size {
    return this.#within(sharp, SOON);
  }

  #late({ width, height }: Size): number {
    return this.#perPixel * width * height;
  }

  #within(sharp: Size, milliseconds: number): Size {
    const share = Math.max(1 / 8, Math.min(1 / 2, Math.sqrt(milliseconds / this.#late(sharp))));
    return { width: Math.ceil(sharp.width * share), height: Math.ceil(sharp.height * share) };
  }
}
