// The points of a data set over a picture, in their classes' colours.
import { type Box, type Camera, extent } from "../camera.ts";
import { write } from "../decimal.ts";

export interface Points {
  /** x and y of each, one after the other */
  places: Float64Array;
  /** the class of each, -1 for none */
  labels: Int32Array;
  /** of the classes */
  colours: readonly string[];
}

const INK = "#18181b";
const RIM = "#ffffff";
// the diameter in pixels of few points and of very many
const [LARGE, SMALL, MANY] = [7, 4, 2000];

export function paintPoints(context: CanvasRenderingContext2D, { places, labels, colours }: Points, camera: Camera, box: Box, up: boolean): void {
  const whole = extent(camera, box);
  const [x, y, w, h] = [whole.x, whole.y, whole.w, whole.h].map((value) => Number(write(value))) as [number, number, number, number];
  const size = labels.length > MANY ? SMALL : LARGE;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = RIM;
  context.lineWidth = 1;
  for (let k = 0; k < labels.length; k++) {
    const along = ((places[2 * k] ?? NaN) - x) / w;
    const across = ((places[2 * k + 1] ?? NaN) - y) / h;
    if (!(Math.abs(along) < 0.51 && Math.abs(across) < 0.51)) continue;
    context.fillStyle = colours[labels[k] ?? -1] ?? INK;
    context.beginPath();
    context.arc(box.left + (0.5 + along) * box.width, box.top + (0.5 + (up ? -across : across)) * box.height, size / 2, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  context.restore();
}
