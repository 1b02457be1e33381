// Where a pane looks: the centre and the sides of a frame of three to two. A canvas of another form shows the frame whole
// and the plane around it, so that one address means one picture on every screen.
import { type Dec, compare, dec, fromNumber, add, magnitude, quantised, ratio, significant, sub, times, write } from "./decimal.ts";
import type { Rectangle } from "./server.ts";

export interface Camera {
  readonly x: Dec;
  readonly y: Dec;
  readonly w: Dec;
  readonly h: Dec;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a picture stands on a canvas. */
export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

export const HOME: Rectangle = { x: "0", y: "0", w: "1.5", h: "1" };

// beyond this the plane is all waves of one direction; below it the address itself would be a page long
const WIDEST = dec("1e6");
const NARROWEST = dec("1e-1500");
// digits of the centre below the frame's first one: a thousandth of a pixel on a wall of screens
const GUARD = 8;

export function cameraOf({ x, y, w, h }: Rectangle): Camera {
  return { x: dec(x), y: dec(y), w: dec(w), h: dec(h) };
}

export function rectangleOf({ x, y, w, h }: Camera): Rectangle {
  return { x: write(x), y: write(y), w: write(w), h: write(h) };
}

/** The frame's place on a canvas: its sides in the canvas's own units. */
export function frameOn({ width, height }: Size): Size {
  const unit = Math.min(width / 3, height / 2);
  return { width: 3 * unit, height: 2 * unit };
}

/** The rectangle a whole canvas shows. */
export function extent(camera: Camera, size: Size): Camera {
  const frame = frameOn(size);
  return {
    ...camera,
    w: significant(times(camera.w, size.width / frame.width), 17),
    h: significant(times(camera.h, size.height / frame.height), 17),
  };
}

/** Moved by shares of the frame's sides along x and y. */
export function moved(camera: Camera, along: number, across: number): Camera {
  return trimmed({
    ...camera,
    x: add(camera.x, times(camera.w, along)),
    y: add(camera.y, times(camera.h, across)),
  });
}

/** Sides times `factor`, about the point that lies these shares of the frame from its centre, along x and y. */
export function scaled(camera: Camera, factor: number, along = 0, across = 0): Camera {
  const w = significant(times(camera.w, factor), 12);
  if (compare(w, WIDEST) > 0 || compare(w, NARROWEST) < 0) return camera;
  const kept = ratio(w, camera.w);
  const h = significant(times(camera.h, kept), 12);
  const by = 1 - kept;
  return trimmed({
    x: add(camera.x, times(camera.w, along * by)),
    y: add(camera.y, times(camera.h, across * by)),
    w,
    h,
  });
}

/** Shares of the frame's sides from its centre, along x and y, of a place in pixels from the left top corner. */
export function shareAt(size: Size, left: number, top: number, up: boolean): [number, number] {
  const frame = frameOn(size);
  const down = (top - size.height / 2) / frame.height;
  return [(left - size.width / 2) / frame.width, up ? -down : down];
}

/** The point of a canvas, `left` and `top` pixels from its left top corner; `up`: y grows upwards. */
export function pointAt(camera: Camera, size: Size, left: number, top: number, up: boolean): { x: Dec; y: Dec } {
  const place = moved(camera, ...shareAt(size, left, top, up));
  return { x: place.x, y: place.y };
}

/** Where `inner` lies in `outer` as they are drawn: its left top corner and its sides, as shares of `outer`. */
export function placed(inner: Camera, outer: Camera, up: boolean): { left: number; top: number; width: number; height: number } {
  const width = ratio(inner.w, outer.w);
  const height = ratio(inner.h, outer.h);
  const across = ratio(sub(inner.y, outer.y), outer.h);
  return {
    left: 0.5 + ratio(sub(inner.x, outer.x), outer.w) - width / 2,
    top: 0.5 + (up ? -across : across) - height / 2,
    width,
    height,
  };
}

/** The way from one camera to another at time t, 0 to 1: the sides change by equal ratios. */
export function between(from: Camera, to: Camera, t: number): Camera {
  if (t >= 1) return to;
  const total = Math.log(ratio(to.w, from.w));
  const share = Math.abs(total) < 1e-9 ? t : Math.expm1(total * t) / Math.expm1(total);
  const w = significant(times(from.w, Math.exp(total * t)), 12);
  const rise = Math.log(ratio(to.h, from.h));
  return trimmed({
    x: add(from.x, times(sub(to.x, from.x), share)),
    y: add(from.y, times(sub(to.y, from.y), share)),
    w,
    h: significant(times(from.h, Math.exp(rise * t)), 12),
  });
}

export function sameRectangle(a: Rectangle, b: Rectangle): boolean {
  return same(cameraOf(a), cameraOf(b));
}

export function same(a: Camera, b: Camera): boolean {
  return [a.x, a.y, a.w, a.h].every((value, i) => compare(value, [b.x, b.y, b.w, b.h][i] ?? fromNumber(0)) === 0);
}

function trimmed(camera: Camera): Camera {
  return {
    ...camera,
    x: quantised(camera.x, magnitude(camera.w) - GUARD),
    y: quantised(camera.y, magnitude(camera.h) - GUARD),
  };
}
