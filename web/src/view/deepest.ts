// How far in a view may go: to the narrowest width that is drawn, once a narrower one was refused.
import { type Camera, scaled } from "../camera.ts";
import { compare, type Dec, ratio } from "../decimal.ts";

// so many times wider than the narrowest view drawn somewhere, one may be on the way to another place
const LEFT = 4;

export class Deepest {
  // where the latest picture, and the latest sharp one, were asked for
  #drawn: Camera | null = null;
  #sharp: Camera | null = null;
  #least: Dec | null = null;

  /** A picture was drawn that was asked for there. */
  drew(at: Camera, coarse: boolean): void {
    this.#drawn = at;
    if (!coarse) this.#sharp = at;
  }

  /** No picture is of what is looked at now. */
  forget(): void {
    this.#drawn = this.#sharp = null;
    this.free();
  }

  /** What is looked at may be drawn at any width. */
  free(): void {
    this.#least = null;
  }

  /** The view goes there. */
  went({ w }: Camera): void {
    if (this.#least !== null && ratio(w, this.#least) > LEFT) this.free();
  }

  /** By how much a view may be zoomed: never to less than what is drawn, from whose neighbourhood a few steps outwards
   * lead. `ended` where that is less than was asked for. */
  allowed(factor: number, { w }: Camera): { by: number; ended: boolean } {
    if (this.#least === null || factor >= 1) return { by: factor, ended: false };
    const most = Math.min(1, ratio(this.#least, w));
    // what is left to a picture's own digits is no step
    return { by: most > 1 - 1e-9 ? 1 : Math.max(factor, most), ended: factor < most };
  }

  /** After a refusal of what was zoomed in on: back to the last picture, and from a coarse one that cannot be sharp to one
   * of twice its width. Nothing narrower is looked at from there. Null where there was no zoom. */
  retreat(from: Camera): Camera | null {
    const [drawn, sharp] = [this.#drawn, this.#sharp];
    if (drawn === null || sharp === null || compare(from.w, sharp.w) >= 0) return null;
    const wider = compare(from.w, drawn.w) < 0 ? drawn : scaled(drawn, 2);
    const to = compare(wider.w, sharp.w) < 0 ? wider : sharp;
    this.#least = to.w;
    return to;
  }
}
