// The boundaries between classes in view: dark lines with a light rim, as on every picture of a decision.
import { type Box, type Camera, extent, placed } from "../camera.ts";

export interface Boundary {
  /** the rectangle they were found in */
  camera: Camera;
  /** x0, y0, x1, y1 of each piece, as shares of its sides from its centre */
  ends: Float32Array;
}

const INK = "#18181b";

export function paintBoundary(context: CanvasRenderingContext2D, { camera: own, ends }: Boundary, camera: Camera, box: Box, up: boolean): void {
  const at = placed(own, extent(camera, box), up);
  const [sx, sy] = [at.width * box.width, (up ? -1 : 1) * at.height * box.height];
  const [cx, cy] = [box.left + (at.left + at.width / 2) * box.width, box.top + (at.top + at.height / 2) * box.height];
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.strokeStyle = INK;
  context.lineWidth = 1.5;
  context.lineCap = "round";
  context.beginPath();
  for (let k = 0; k < ends.length; k += 4) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = ends.subarray(k, k + 4);
    context.moveTo(cx + x0 * sx, cy + y0 * sy);
    context.lineTo(cx + x1 * sx, cy + y1 * sy);
  }
  context.stroke();
  context.restore();
}
