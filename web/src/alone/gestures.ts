// Dragging, pinching, the wheel and keys on a canvas, as changes of a camera.
import { type Camera, type Size, frameOn, moved, scaled, shareAt } from "../camera.ts";
import { taker } from "../wheel.ts";

interface Hand {
  camera: () => Camera;
  /** y grows upwards */
  up: boolean;
  move: (camera: Camera) => void;
  home: () => void;
  /** the wheel was turned for what is around the picture, which takes it after a click alone */
  passed: () => void;
  /** the pointer, in the element's own units; null when it leaves */
  point: (place: { x: number; y: number } | null) => void;
}

const STEP = 0.1;
const FACTOR = 1.5;

/** Listens until the signal. */
export function listen(element: HTMLElement, hand: Hand, signal: AbortSignal): void {
  const fingers = new Map<number, { x: number; y: number }>();
  const size = (): Size => ({ width: element.clientWidth, height: element.clientHeight });
  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  /** shares of the frame from its centre */
  const share = ({ x, y }: { x: number; y: number }): [number, number] => shareAt(size(), x, y, hand.up);
  const down = hand.up ? -1 : 1;
  const zoom = (factor: number, at: { x: number; y: number }): void => {
    hand.move(scaled(hand.camera(), factor, ...share(at)));
  };

  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, place(event));
  }, { signal });
  element.addEventListener("pointermove", (event) => {
    const now = place(event);
    const before = fingers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") hand.point(now);
      return;
    }
    fingers.set(event.pointerId, now);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    const count = fingers.size;
    const frame = frameOn(size());
    const camera = moved(hand.camera(), (before.x - now.x) / frame.width / count, down * (before.y - now.y) / frame.height / count);
    if (!other) {
      hand.move(camera);
      return;
    }
    const apart = (from: { x: number; y: number }): number => Math.max(8, Math.hypot(from.x - other.x, from.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    hand.move(scaled(camera, apart(before) / apart(now), ...share(middle)));
  }, { signal });
  for (const name of ["pointerup", "pointercancel"] as const) {
    element.addEventListener(name, (event) => { fingers.delete(event.pointerId); }, { signal });
  }
  element.addEventListener("pointerleave", () => { hand.point(null); }, { signal });
  const takes = taker(element, signal);
  element.addEventListener("wheel", (event) => {
    if (!takes(event)) {
      hand.passed();
      return;
    }
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
    const turned = Math.min(Math.max(event.deltaY * lines, -400), 400);
    zoom(Math.exp(turned * (event.ctrlKey ? 0.01 : 0.002)), place(event));
  }, { signal, passive: false });
  element.addEventListener("dblclick", (event) => { zoom(1 / FACTOR ** 2, place(event)); }, { signal });
  element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const camera = hand.camera();
    const keys: Record<string, () => void> = {
      ArrowLeft: () => { hand.move(moved(camera, -STEP, 0)); },
      ArrowRight: () => { hand.move(moved(camera, STEP, 0)); },
      ArrowUp: () => { hand.move(moved(camera, 0, -down * STEP)); },
      ArrowDown: () => { hand.move(moved(camera, 0, down * STEP)); },
      "+": () => { hand.move(scaled(camera, 1 / FACTOR)); },
      "=": () => { hand.move(scaled(camera, 1 / FACTOR)); },
      "-": () => { hand.move(scaled(camera, FACTOR)); },
      Home: () => { hand.home(); },
      "0": () => { hand.home(); },
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }, { signal });
}
