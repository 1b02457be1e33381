// The boundaries of the exact cells in view, a colour a layer.
import { type Box, type Camera, extent, placed } from "../camera.ts";

export interface Edges {
  /** the rectangle they were cut in */
  camera: Camera;
  /** x0, y0, x1, y1 of each, as shares of its sides from its centre: no coordinate is ever absolute */
  ends: Float32Array;
  layer: Int32Array;
}

// Okabe and Ito's colours without black, in an order of rising layers; doi 10.1038/nmeth.1618 tells how they were chosen
const LAYER_COLOURS = ["#f0e442", "#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#0072b2", "#d55e00", "#ffffff"];

export function layerColour(layer: number): string {
  return LAYER_COLOURS[layer % LAYER_COLOURS.length] ?? "#ffffff";
}

export function paintEdges(
  context: CanvasRenderingContext2D,
  edges: Edges,
  camera: Camera,
  box: Box,
  up: boolean,
): void {
  const at = placed(edges.camera, extent(camera, box), up);
  const [sx, sy] = [at.width * box.width, (up ? -1 : 1) * at.height * box.height];
  const [cx, cy] = [box.left + (at.left + at.width / 2) * box.width, box.top + (at.top + at.height / 2) * box.height];
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  const thin = edges.layer.length > 4000 ? 0.75 : 1.25;
  const layers = new Set(edges.layer);
  for (const [wide, dark] of [[thin + 1.5, true], [thin, false]] as const) {
    if (dark && edges.layer.length > 8000) continue;
    for (const layer of layers) {
      context.strokeStyle = dark ? "rgb(0 0 0 / 0.4)" : layerColour(layer);
      context.lineWidth = wide;
      context.beginPath();
      for (let k = 0; k < edges.layer.length; k++) {
        if (edges.layer[k] !== layer) continue;
        const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = edges.ends.subarray(4 * k, 4 * k + 4);
        context.moveTo(cx + x0 * sx, cy + y0 * sy);
        context.lineTo(cx + x1 * sx, cy + y1 * sy);
      }
      context.stroke();
    }
  }
  context.restore();
}
