// Where a view's pictures come from, and what one of them is.
import type { Camera } from "../camera.ts";

export interface Wanted {
  /** what the canvas shows, all of it */
  camera: Camera;
  columns: number;
  rows: number;
  coarse: boolean;
}

export interface Drawn {
  image: HTMLCanvasElement | ImageBitmap | OffscreenCanvas;
  camera: Camera;
  precision: string;
  /** the Field's own tone gives this view one flat colour */
  flat: boolean;
  way: "gpu" | "server" | "page";
  /** fitted to this view, so that colours change from view to view */
  fitted: boolean;
  /** what the ends of its colours stand for in each channel that is shown, where it knows them */
  range?: Range;
  /** of one channel through a map: what its colours stand for; null of three */
  scale: Scale | null;
}

/** Values, or differences from the values at the view's centre. */
export interface Range {
  low: readonly number[];
  high: readonly number[];
  differences: boolean;
}

/** A colour bar: colours from low to high, evenly; numbers are null where they are not known. */
export interface Scale {
  colours: readonly string[];
  low: number | null;
  high: number | null;
  /** low and high are differences from this */
  centre: number | null;
}

/** Where pictures come from. A rejection with an Error named in `quiet` leaves the last picture as it is. */
export interface Source {
  draw(wanted: Wanted): Promise<Drawn>;
}
