// A picture of the page as numbers, for tests and lessons.
import { rectangleOf } from "../camera.ts";
import type { Drawn } from "../view/source.ts";

export interface Pixels {
  width: number;
  height: number;
  /** RGBA, row 0 the smallest y */
  data: Uint8ClampedArray;
  /** the centre, the width and the height */
  plane: number[];
}

export function pixelsOf({ image, camera }: Drawn): Pixels {
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context?.drawImage(image, 0, 0);
  const data = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
  return { width, height, data, plane: Object.values(rectangleOf(camera)).map(Number) };
}
