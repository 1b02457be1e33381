// Ticks along two sides of a picture, and a bar that says how long a piece of the plane is.
import { type Box, type Camera, extent, placed } from "../camera.ts";
import { add, compare, type Dec, magnitude, mul, quantised, ratio, sub, write } from "../decimal.ts";

interface Tick {
  /** share of the side */
  at: number;
  label: string;
}

const MINUS = "\u2212";
// labels longer than this say how far from the centre instead
const LABEL = 8;

/** The longest of 1, 2, 5 times a power of ten that is no longer than `side` times `share`. */
function step(side: Dec, share: number): Dec {
  const power = magnitude(side);
  const most = ratio(side, { n: 1n, e: power }) * share;
  const down = Math.floor(Math.log10(most));
  const rest = most / 10 ** down;
  return { n: rest >= 5 ? 5n : rest >= 2 ? 2n : 1n, e: power + down };
}

/** Ticks on round places of centre +- side / 2, or on round distances from the centre where those are too long to read. */
function ticks(centre: Dec, side: Dec, share: number): Tick[] {
  const by = step(side, share);
  const middle = mul(by, { n: BigInt(Math.round(clamped(ratio(centre, by)))), e: 0 });
  const near = Math.abs(ratio(centre, by)) < 1e6;
  const start = near ? middle : centre;
  const found: Tick[] = [];
  const each = ratio(by, side);
  const reach = Math.ceil(0.5 / each) + 1;
  for (let k = -reach; k <= reach; k++) {
    const away = mul(by, { n: BigInt(k), e: 0 });
    const place = add(start, away);
    const at = 0.5 + ratio(sub(place, centre), side);
    if (at < 0 || at > 1) continue;
    const text = near ? spelled(place) : "";
    found.push({ at, label: text !== "" && text.length <= LABEL ? text : relative(near ? sub(place, centre) : away, by, near) });
  }
  return found;
}

/** A number as people read it: a true minus, plain where it is short. */
export function spelled(value: Dec): string {
  return write(value).replace(/-/g, MINUS);
}

function relative(away: Dec, by: Dec, rounded: boolean): string {
  if (away.n === 0n) return "centre";
  const value = rounded ? quantised(away, magnitude(by) - 1) : away;
  return (compare(value, { n: 0n, e: 0 }) > 0 ? "+" : "") + spelled(value);
}

function clamped(value: number): number {
  return Math.max(-1e15, Math.min(1e15, value));
}

/** How axes look: their colour, whether y grows upwards, and what x and y are called, null where that is plain. */
export interface AxesLook {
  ink: string;
  up: boolean;
  names: readonly string[] | null;
}

/** Paints ticks in the gutters right below and left of the picture, whose box is given in the context's units. */
export function paintAxes(
  context: CanvasRenderingContext2D,
  camera: Camera,
  box: Box,
  { ink, up, names }: AxesLook,
): void {
  const whole = extent(camera, box);
  context.save();
  context.font = "11px system-ui, sans-serif";
  context.fillStyle = ink;
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const bottom = box.top + box.height;
  for (const { at, label } of ticks(whole.x, whole.w, apart(box.width))) {
    const left = Math.round(box.left + at * box.width) + 0.5;
    line(context, left, bottom, left, bottom + 4);
    const half = context.measureText(label).width / 2;
    const inside = Math.max(box.left + half, Math.min(box.left + box.width - half, left));
    context.fillText(label, inside, bottom + 12);
  }
  for (const { at, label } of ticks(whole.y, whole.h, apart(box.height))) {
    const top = Math.round(box.top + (up ? 1 - at : at) * box.height) + 0.5;
    line(context, box.left - 4, top, box.left, top);
    const half = context.measureText(label).width / 2;
    context.save();
    context.translate(box.left - 12, Math.max(box.top + half, Math.min(bottom - half, top)));
    context.rotate(-Math.PI / 2);
    context.fillText(label, 0, 0);
    context.restore();
  }
  const [across = "", upwards = ""] = names ?? [];
  context.fillText(fitting(context, across, box.width), box.left + box.width / 2, bottom + 26);
  context.translate(box.left - 27, box.top + box.height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText(fitting(context, upwards, box.height), 0, 0);
  context.restore();
}

/** As much of a text as there is room for. */
function fitting(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let kept = text;
  while (kept !== "" && context.measureText(`${kept}\u2026`).width > room) kept = kept.slice(0, -1);
  return `${kept}\u2026`;
}

/** A bar of a round length at the right lower corner of the picture, readable on any colours. */
export function paintScale(
  context: CanvasRenderingContext2D,
  camera: Camera,
  box: Box,
): void {
  const whole = extent(camera, box);
  const length = step(whole.w, Math.min(0.4, 130 / box.width));
  const pixels = ratio(length, whole.w) * box.width;
  const [right, y] = [box.left + box.width - 14, box.top + box.height - 14];
  context.save();
  context.lineCap = "butt";
  for (const [width, colour] of [[4, "rgb(0 0 0 / 0.55)"], [2, "white"]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(right - pixels, y - 5);
    context.lineTo(right - pixels, y);
    context.lineTo(right, y);
    context.lineTo(right, y - 5);
    context.stroke();
  }
  context.font = "600 11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.strokeStyle = "rgb(0 0 0 / 0.6)";
  context.fillStyle = "white";
  const text = spelled(length);
  context.strokeText(text, right - pixels / 2, y - 5);
  context.fillText(text, right - pixels / 2, y - 5);
  context.restore();
}

/** The corners of the frame that an address means, where the canvas shows more than it. */
export function paintFrame(
  context: CanvasRenderingContext2D,
  camera: Camera,
  box: Box,
): void {
  const at = placed(camera, extent(camera, box), false);
  if (at.width > 0.95 && at.height > 0.95) return;
  const [left, top] = [box.left + at.left * box.width, box.top + at.top * box.height];
  const [right, bottom] = [left + at.width * box.width, top + at.height * box.height];
  context.save();
  for (const [width, colour] of [[3, "rgb(0 0 0 / 0.35)"], [1, "rgb(255 255 255 / 0.9)"]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    for (const [x, y, inward, downward] of [
      [left, top, 1, 1],
      [right, top, -1, 1],
      [left, bottom, 1, -1],
      [right, bottom, -1, -1],
    ] as const) {
      const [px, py] = [x + 2 * inward, y + 2 * downward];
      context.beginPath();
      context.moveTo(px + 10 * inward, py);
      context.lineTo(px, py);
      context.lineTo(px, py + 10 * downward);
      context.stroke();
    }
  }
  context.restore();
}

/** The share of a side whose longest round step leaves labels room: a step is at least two fifths of it. */
function apart(pixels: number): number {
  return Math.min(0.5, 190 / pixels);
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
