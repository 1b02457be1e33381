// What a page or a notebook brings along: written by explorer/export.py.
import type { Folded, Rectangle, ToneData } from "../server.ts";

interface Common {
  /** what it shows, for a reader: an architecture and its seed */
  title: string;
  view: Rectangle;
  /** a PNG of the view, data: address; what is seen before anything is drawn, or where nothing can be */
  poster: string;
}

interface NetworkData extends Common {
  kind: "network";
  program: Folded;
  tone: ToneData;
  show: string;
  contrast: "whole" | "view";
}

/** levels[n] has 2^n by 2^n tiles of the view, row by row, the smallest y first: data: addresses. */
export interface TilesData extends Common {
  kind: "tiles";
  width: number;
  height: number;
  levels: string[][];
  /** why it is tiles, a clause */
  reason: string;
}

export type Data = NetworkData | TilesData;
