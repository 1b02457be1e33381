// Hands on a picture: one pointer drags, two pinch, the wheel and the keys zoom. Says what was done, in pixels.
import { taker } from "../wheel.ts";

interface Hands {
  pan(right: number, down: number): void;
  /** sides times `factor`, about a place in pixels; null: about the centre */
  zoom(factor: number, at: { left: number; top: number } | null): void;
  home(): void;
  /** nothing more comes of this gesture */
  rest(): void;
  point(at: { left: number; top: number } | null): void;
  press(at: { left: number; top: number }): void;
}

interface Place {
  left: number;
  top: number;
}

const WHEEL_REST = 300;
const KEY_REST = 450;
// as far as a finger may slip in a tap
const SLIP = 6;
const STEP = 1 / 12;
const ZOOM = 1.25;
// a wheel counts in pixels, lines or pages
const WHEEL_UNITS = [1, 18, 400];

export function listen(target: HTMLElement, hands: Hands): void {
  const pointers = new Map<number, Place>();
  let travelled = 0;
  let timer = 0;

  const restSoon = (after: number): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      hands.rest();
    }, after);
  };
  const place = (event: MouseEvent): Place => {
    const box = target.getBoundingClientRect();
    return { left: event.clientX - box.left, top: event.clientY - box.top };
  };
  const spread = (): { middle: Place; width: number } => {
    const [a, b] = [...pointers.values()];
    if (a === undefined || b === undefined) return { middle: a ?? { left: 0, top: 0 }, width: 0 };
    return {
      middle: { left: (a.left + b.left) / 2, top: (a.top + b.top) / 2 },
      width: Math.hypot(a.left - b.left, a.top - b.top),
    };
  };

  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    target.setPointerCapture(event.pointerId);
    if (pointers.size === 0) travelled = 0;
    pointers.set(event.pointerId, place(event));
    clearTimeout(timer);
  });
  target.addEventListener("pointermove", (event) => {
    const now = place(event);
    if (event.pointerType !== "touch" || pointers.size === 0) hands.point(now);
    if (!pointers.has(event.pointerId)) return;
    const before = spread();
    pointers.set(event.pointerId, now);
    const after = spread();
    const [right, down] = [after.middle.left - before.middle.left, after.middle.top - before.middle.top];
    travelled += Math.hypot(right, down) + Math.abs(after.width - before.width);
    if (travelled < SLIP) return;
    hands.pan(right, down);
    if (before.width > 0 && after.width > 0) hands.zoom(before.width / after.width, after.middle);
  });
  const up = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId) || pointers.size > 0) return;
    if (travelled >= SLIP) hands.rest();
    else if (event.type === "pointerup") hands.press(place(event));
  };
  target.addEventListener("pointerup", up);
  target.addEventListener("pointercancel", up);
  target.addEventListener("pointerleave", () => {
    hands.point(null);
  });
  target.addEventListener("dblclick", (event) => {
    hands.zoom(0.5, place(event));
    hands.rest();
  });
  const takes = taker(target);
  target.addEventListener(
    "wheel",
    (event) => {
      if (!takes(event)) return;
      event.preventDefault();
      // a trackpad's pinch comes as a wheel with the control key, in far smaller steps
      const pixels = event.deltaY * (WHEEL_UNITS[event.deltaMode] ?? 1) * (event.ctrlKey ? 8 : 1);
      hands.zoom(Math.exp(Math.max(-1, Math.min(1, pixels * 0.0018))), place(event));
      restSoon(WHEEL_REST);
    },
    { passive: false },
  );
  target.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 4 * STEP : STEP;
    const box = target.getBoundingClientRect();
    const moves: Record<string, () => void> = {
      ArrowLeft: () => { hands.pan(step * box.width, 0); },
      ArrowRight: () => { hands.pan(-step * box.width, 0); },
      ArrowUp: () => { hands.pan(0, step * box.height); },
      ArrowDown: () => { hands.pan(0, -step * box.height); },
      "+": () => { hands.zoom(1 / ZOOM, null); },
      "=": () => { hands.zoom(1 / ZOOM, null); },
      "-": () => { hands.zoom(ZOOM, null); },
      _: () => { hands.zoom(ZOOM, null); },
      "0": () => { hands.home(); },
      Home: () => { hands.home(); },
      Enter: () => { hands.press({ left: box.width / 2, top: box.height / 2 }); },
    };
    const move = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (move === undefined) return;
    event.preventDefault();
    move();
    if (event.key !== "Enter") restSoon(KEY_REST);
  });
}
