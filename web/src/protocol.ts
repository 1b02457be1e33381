// The messages between the page and the session's server. JSON text both ways; what carries arrays comes as one binary
// frame: the header's length (4 bytes, little endian), the header (JSON), the arrays one after another.

/** What one pane shows. Texts in the architecture's language; x, y, w, h are decimals of any length, as texts. */
export interface PaneState {
  arch: string;
  act: string;
  norm: string;
  init: string;
  inputs: string;
  out: number;
  out_act: string;
  seed: number;
  x: string;
  y: string;
  w: string;
  h: string;
  tone: "whole" | "view";
  colour: string;
  show: string;
  cells: boolean;
}

/** Everything the address says. */
export interface PageState {
  panes: PaneState[];
  hide: string[];
  lock: string[];
  embed: boolean;
}

/** A rectangle of the plane, its centre and sides as decimal texts. */
export interface Rectangle {
  x: string;
  y: string;
  w: string;
  h: string;
}

export interface Layer {
  name: string;
  channels: number;
  /** of a strip: how many of its channels have a thumbnail */
  shown?: number;
}

export interface ToneData {
  colour: string;
  channels: number[];
  low: number[];
  high: number[];
}

export interface FieldReply {
  kind: "field";
  id: number;
  /** the architecture's canonical text with its options */
  text: string;
  counts: { layers: number; units: number; parameters: number; depth: number };
  layers: Layer[];
  tone: ToneData;
  pointwise: boolean;
  piecewise_linear: boolean;
  precision: "float32" | "float64";
  /** what the browser's GPU evaluates; null where only the server can */
  gpu: unknown;
  seconds: number;
  /** seconds a pixel of the calibration's own plane takes */
  pace: number;
  /** the texts as the server reads them, where it says them */
  state?: Partial<PaneState>;
}

export interface PixelsReply {
  kind: "pixels";
  id: number;
  columns: number;
  rows: number;
  seconds: number;
  precision: string;
  /** the whole tone gives this view one flat colour */
  flat: boolean;
  coarse: boolean;
  /** pixels lie between the points that were evaluated, which k x k kernels' taps share */
  resampled: boolean;
  /** how many times fewer pixels there are than were asked for, each way */
  reduced: number;
  /** RGBA, rows from the smallest y */
  bytes: Uint8Array;
}

export interface ValuesReply {
  kind: "values";
  id: number;
  values: number[];
}

export interface Measured {
  name: string;
  value: number | null;
  ramp: number | null;
  noise: number | null;
  half: number | null;
  resolved: boolean | null;
  unit: string;
  meaning: string;
  /** how much room the page gives it: the list, the short list too, or the view in words too */
  shown: "list" | "short" | "words";
  reason?: string;
  /** what one must know of how it was taken */
  note?: string;
}

export interface MeasuresReply {
  kind: "measures";
  id: number;
  measures: Measured[];
  /** columns and rows of the raster they were taken on */
  size: [number, number];
  /** how far the values are from the network's own function, in deviations: beyond float64's digits where `reported` */
  rounding: { share: number | null; points: number; reported: boolean; sentence: string | null };
}

export interface CellsReply {
  kind: "cells";
  id: number;
  /** cells, or as many as were found until there were too many */
  count: number;
  edges: number;
  more: boolean;
  /** float32 (edges, 4): ends as shares of the view's sides from its centre; then int32 (edges): the layer of each */
  bytes: Uint8Array;
}

export interface CellReply {
  kind: "cell";
  id: number;
  /** units that are on, of all that could be */
  pattern?: number;
  units?: number;
  /** one row an output: the slopes along x and y, then the value at the point asked about */
  affine: number[][];
  area: number | null;
  /** it goes on beyond the view, and its area is that of the part in view */
  clipped?: boolean;
  edges?: number;
  layers?: number[];
}

export interface NearestReply {
  kind: "nearest";
  id: number;
  /** the view lies inside one region */
  inside: boolean;
  found: (Rectangle & { what: string }) | null;
  corner: (Rectangle & { what: string }) | null;
}

export interface StripReply {
  kind: "strip";
  id: number;
  size: number;
  layers: Layer[];
  bytes: Uint8Array;
}

/** A picture to go on from; `thumb` is a data: address. */
export interface Offer {
  title?: string;
  sentence?: string;
  state: Partial<PaneState>;
  /** the whole page's, where there is more than one pane to it */
  address?: string;
  thumb: string;
}

export interface OffersReply {
  kind: "gallery" | "neighbours";
  id: number;
  offers: Offer[];
}

export interface SurpriseReply {
  kind: "surprise";
  id: number;
  state: Partial<PaneState>;
}

export interface ShareReply {
  kind: "share";
  id: number;
  address: string;
  json: string;
  python: string;
  cli: string;
}

export interface ParsedReply {
  kind: "parsed";
  id: number;
  text: string;
  state: Partial<PaneState>;
}

export interface EstimateReply {
  kind: "estimate";
  id: number;
  seconds: number;
  bytes: number;
}

export interface ErrorReply {
  kind: "error";
  id: number;
  message: string;
  /** the option it is about */
  key?: string;
  position?: number;
  length?: number;
}

/** An ask that says no more than its kind. */
type Nothing = Record<string, never>;

/** What is asked, by kind, and what answers it. */
export interface Exchanges {
  open: { ask: { state: Partial<PaneState> }; reply: FieldReply };
  view: {
    ask: Rectangle & {
      columns: number;
      rows: number;
      contrast: "whole" | "view";
      show: string;
      colour?: string;
      coarse: boolean;
    };
    reply: PixelsReply;
  };
  orbit: { ask: { x: string; y: string }; reply: { kind: "orbit"; id: number; bytes: Uint8Array; [more: string]: unknown } };
  at: { ask: { x: string; y: string; show?: string }; reply: ValuesReply };
  measure: { ask: Rectangle; reply: MeasuresReply };
  cells: { ask: Rectangle & { limit: number }; reply: CellsReply };
  cell: { ask: { x: string; y: string }; reply: CellReply };
  nearest: { ask: Rectangle; reply: NearestReply };
  strip: { ask: Rectangle; reply: StripReply };
  neighbours: { ask: Nothing; reply: OffersReply };
  gallery: { ask: Nothing; reply: OffersReply };
  surprise: { ask: Nothing; reply: SurpriseReply };
  share: { ask: { state: unknown }; reply: ShareReply };
  parse: { ask: { text: string }; reply: ParsedReply };
  estimate: { ask: Partial<PaneState> & { columns: number; rows: number; format: string }; reply: EstimateReply };
}

export type Kind = keyof Exchanges;
export type Ask<K extends Kind> = Exchanges[K]["ask"];
export type Reply<K extends Kind> = Exchanges[K]["reply"];
