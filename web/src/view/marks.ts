// The points that a slice is laid through: a ring about each, and its name beside it.
import { type Box, type Camera, extent } from "../camera.ts";
import { fromNumber, ratio, sub } from "../decimal.ts";

export interface Mark {
  name: string;
  x: number;
  y: number;
}

interface Ring {
  name: string;
  left: number;
  top: number;
}

const INK = "#18181b";
const HALO = "#ffffff";
const SHARE = 1 / 120; // a ring's radius, of the picture's longer side, as netwarp draw has it
const SMALLEST = 4; // pixels of it
const ROOM = 80; // pixels of the shorter side of a picture that has room for names
const LONGEST = 28; // characters of a name
const LETTER = 12;
const MANY = 100; // names, from which on none makes way for another
// which way a name lies from its ring, from the best: to the right, left, below, above
const WAYS = [[1, 0], [-1, 0], [0, 1], [0, -1]] as const;

export function paintMarks(context: CanvasRenderingContext2D, marks: readonly Mark[], camera: Camera, box: Box, up: boolean): void {
  const rings = inView(marks, camera, box, up);
  if (rings.length === 0) return;
  const radius = Math.max(SMALLEST, SHARE * Math.max(box.width, box.height));
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  for (const [line, colour] of [[2, HALO], [0, INK]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = Math.max(1.5, radius / 3) + line;
    for (const { left, top } of rings) {
      context.beginPath();
      context.arc(left, top, radius, 0, 2 * Math.PI);
      context.stroke();
    }
  }
  if (Math.min(box.width, box.height) >= ROOM) paintNames(context, rings, box, 1.9 * radius);
  context.restore();
}

/** Where the rings are that lie in the picture. */
function inView(marks: readonly Mark[], camera: Camera, box: Box, up: boolean): Ring[] {
  if (marks.length === 0) return [];
  const whole = extent(camera, box);
  return marks.flatMap(({ name, x, y }) => {
    // exactly: a deep view is far smaller than the digits of its place
    const along = ratio(sub(fromNumber(x), whole.x), whole.w);
    const across = ratio(sub(fromNumber(y), whole.y), whole.h);
    if (!(Math.abs(along) <= 0.5 && Math.abs(across) <= 0.5)) return [];
    return [{ name, left: box.left + (0.5 + along) * box.width, top: box.top + (0.5 + (up ? -across : across)) * box.height }];
  });
}

/** The names, each where it covers no other ring or name; where no way is free, towards the middle. */
function paintNames(context: CanvasRenderingContext2D, rings: readonly Ring[], box: Box, apart: number): void {
  context.font = `600 ${LETTER}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = HALO;
  context.fillStyle = INK;
  const taken = rings.length > MANY ? [] : rings.map(({ left, top }) => [left - apart, top - apart, left + apart, top + apart] as const);
  rings.forEach(({ name, left, top }, n) => {
    if (name === "") return;
    const text = shortened(name);
    const half = context.measureText(text).width / 2;
    const at = ([right, down]: readonly [number, number]): readonly [number, number] => [
      left + right * (apart + half), top + down * (apart + LETTER / 2),
    ];
    const around = ([x, y]: readonly [number, number]) => [x - half, y - LETTER / 2, x + half, y + LETTER / 2] as const;
    const free = WAYS.find((way) => {
      const [x0, y0, x1, y1] = around(at(way));
      const inside = x0 >= box.left && y0 >= box.top && x1 <= box.left + box.width && y1 <= box.top + box.height;
      return inside && !taken.some(([a0, b0, a1, b1], k) => k !== n && x0 < a1 && x1 > a0 && y0 < b1 && y1 > b0);
    });
    const place = at(free ?? [left > box.left + box.width / 2 ? -1 : 1, 0]);
    if (rings.length <= MANY) taken.push(around(place));
    context.strokeText(text, ...place);
    context.fillText(text, ...place);
  });
}

function shortened(name: string): string {
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}\u2026`;
}
