// Written by tools/server.py from netwarp.explorer: the messages' shapes, and a state's names and limits.

/** What every answer has: the number and the pane of its request. */
export interface Mark {
  id: number;
  pane: number;
}

export interface PaneState {
  arch: string;
  act: string;
  norm: string;
  init: string;
  inputs: string;
  out: number;
  out_act: string;
  seed: number | string | null;
  x: string;
  y: string;
  w: string;
  h: string;
  tone: "whole" | "view";
  colour: string;
  show: string;
  cells: boolean;
  grows: "auto" | "down" | "up";
  points: boolean;
  marks: boolean;
  slice: string;
  bred: string;
}

export interface OpenAsk {
  state?: Partial<PaneState>;
  /** soon is better than exact: it may be calibrated on fewer pixels, and is asked for again without */
  preview?: boolean;
}

/** A rectangle of the plane: its centre and sides as decimal texts. */
export interface Rectangle {
  x: string;
  y: string;
  w: string;
  h: string;
}

/** What is so of a network: what the page says of it comes from here, never from a state's defaults. */
export interface FactsData {
  /** the architecture's text, the formula, or the name of its file without the ending */
  title: string;
  /** the name of the file that its weights were read from; null where a text says the network */
  file: string | null;
  /** what follows its layers; null where only its values are known */
  activation: string | null;
  inputs: string;
  outputs: number;
  /** what follows the last layer, "linear" where nothing does; null where that is not known */
  output_activation: string | null;
  /** null where no seed draws its weights */
  seed: number | string | null;
  /** the keys of a state that change the network */
  changes: string[];
  /** the way that y grows: down or up */
  y: string;
  /** where the network is looked at first */
  home: Rectangle;
  /** what was assumed of it, a sentence each */
  notes: string[];
}

export interface CountsData {
  layers: number;
  units: number;
  parameters: number;
  depth: number;
}

export interface LayerData {
  name: string;
  channels: number;
}

/** A Tone as a JSON object; `tone` is the version of the colours' names. */
export interface ToneData {
  tone: number;
  colour: string;
  channels: number[];
  low: number[];
  high: number[];
  /** the share of pixels without a place of their own in sRGB */
  compressed?: number;
  dither?: boolean;
  /** where `colour` names a map, for a reader that has none: base64 of its 1,024 RGB colours */
  map?: string;
}

export interface FoldedEmbed {
  sources: number[];
  channels: number;
  kind: "embed";
  kinds: number[];
  coefficients: number[][];
}

export interface FoldedConv {
  sources: number[];
  channels: number;
  kind: "conv";
  groups: number;
  weight: string;
  bias: string;
}

export interface FoldedActivate {
  sources: number[];
  channels: number;
  kind: "activate";
  name: string;
  parameter: number[];
}

export interface FoldedMaxout {
  sources: number[];
  channels: number;
  kind: "maxout";
  pieces: number;
}

export interface FoldedLayerNorm {
  sources: number[];
  channels: number;
  kind: "layernorm";
  scale: string;
  shift: string;
  eps: number;
}

export interface FoldedJoin {
  sources: number[];
  channels: number;
  kind: "add" | "multiply" | "concat";
}

export interface FoldedLayer {
  name: string;
  channels: number;
  /** the number of the operation that is its output */
  operation: number;
}

export interface FoldedPlane {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A network as the browser's GPU evaluates it; float32 arrays are base64. */
export interface Folded {
  version: number;
  operations: FoldedOperation[];
  layers: FoldedLayer[];
  /** of the calibration */
  plane: FoldedPlane;
  tone?: ToneData;
}

/** The largest depth and width that are taken of an architecture; null where it has no such number. */
export interface RoomData {
  depth: number;
  width: number | null;
}

export interface EvaluatedData {
  columns: number;
  rows: number;
  /** whether its usual view was drawn before, at full size */
  beforehand: boolean;
}

export interface SliceMark {
  name: string;
  x: number;
  y: number;
}

/** The plane through the space of a model's inputs that is looked at. */
export interface SliceData {
  /** as the command line's --slice; empty where it is the file's own */
  text: string;
  /** what x and y are, and how far 1 goes in the inputs */
  axes: string[];
  /** what the inputs are called; none where there are too many to choose from */
  names: string[];
  /** the points it is laid through, each with what it is called, which may be nothing */
  marks: SliceMark[];
  /** the inputs along x and y; null where it is along no two of them */
  along: number[] | null;
  /** what each input is held at, as far as it is not along x or y */
  at: number[];
  /** the least and the largest of each in the data; null without such data */
  ranges: number[][] | null;
}

export interface ClassData {
  name: string;
  /** of its points, #rrggbb */
  colour: string;
  /** of its area */
  tint: string;
}

export interface FieldReply {
  kind: "field";
  facts: FactsData;
  /** the architecture's canonical text with its options */
  text: string;
  /** null where only the network's values are known */
  counts: CountsData | null;
  layers: LayerData[];
  tone: ToneData;
  pointwise: boolean;
  piecewise_linear: boolean;
  precision: "float32" | "float64";
  /** what the browser's GPU evaluates; null where only the server can */
  gpu: Folded | null;
  /** calibrated on fewer pixels than its own: near the network that was asked for, and not it */
  preview: boolean;
  seconds: number;
  /** seconds a pixel of the calibration's own plane takes */
  pace: number;
  /** the texts as the server reads them */
  state: Partial<PaneState>;
  /** null where weights are given */
  room: RoomData | null;
  /** the pixels of the unit square of a network that a page without a server evaluates on fewer than its own */
  evaluated: EvaluatedData | null;
  /** null of a network whose inputs are x and y themselves */
  slice: SliceData | null;
  /** what x and y are called; none where that is plain */
  axes: string[];
  /** y grows upwards unless it is said otherwise */
  up: boolean;
  /** of its decision regions; none where they cannot be told apart */
  classes: ClassData[];
  /** how many points of the data lie on its plane */
  points: number;
}

export interface ViewAsk {
  x: string;
  y: string;
  w: string;
  h: string;
  columns: number;
  rows: number;
  contrast?: "whole" | "view";
  show?: string;
  colour?: string;
  coarse?: boolean;
}

export interface FittedRange {
  low: number[];
  high: number[];
  /** the share of pixels without a place of their own in sRGB */
  compressed: number | null;
  /** the colours from low to high, evenly, #rrggbb; none where three channels are shown */
  colours: string[];
}

export interface PixelsReply {
  kind: "pixels";
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
  /** the range the picture is painted in: of the differences from `centre` where that is not null */
  tone: FittedRange;
  centre: number[] | null;
}

/** A point of the plane: decimal texts. */
export interface Point {
  x: string;
  y: string;
}

export interface Sized {
  name: string;
  size: number;
}

export interface OrbitReply {
  kind: "orbit";
  operations: Sized[];
}

export interface AtAsk {
  x: string;
  y: string;
  show?: string;
}

export interface ValuesReply {
  kind: "values";
  values: number[];
}

export interface MeasureAsk {
  x: string;
  y: string;
  w: string;
  h: string;
  /** the measures to take; all of them where none is named */
  names?: string[];
  /** of a layer's channel, those are its own */
  show?: string;
}

export interface MeasureData {
  name: string;
  value: number | null;
  /** a plain ramp's value and white noise's */
  ramp: number | null;
  noise: number | null;
  /** at half the resolution */
  half: number | null;
  resolved: boolean | null;
  unit: string;
  meaning: string;
  /** how much room the page gives it: the list, the short list too, or the view in words too */
  shown: "" | "list" | "short" | "words";
  reason: string;
  /** what one must know of how it was taken */
  note: string;
}

/** A Rounding as a JSON object: `share` null where it is not finite. */
export interface RoundingData {
  share: number | null;
  points: number;
  reported: boolean;
  sentence: string | null;
}

export interface MeasuresReply {
  kind: "measures";
  measures: MeasureData[];
  /** the names of those that there was no time for yet: to be asked for next */
  rest: string[];
  /** columns and rows of the raster they were taken on */
  size: number[];
  /** how far the values are from the network's own function: beyond float64's digits where `reported` */
  rounding: RoundingData;
  seconds: number;
}

/** A network, and what of it is measured: what its state shows, or all channels of a layer. */
export interface CaseData {
  state: Partial<PaneState>;
  /** counted from 1; 0, or left out, for what the state shows */
  layer?: number;
}

export interface EvidenceAsk {
  x: string;
  y: string;
  w: string;
  h: string;
  /** networks whatever the panes show; none where nothing is wanted any more */
  cases: CaseData[];
  /** the measures to take; all of them where none is named */
  names?: string[];
  /** pixels of the raster, each way */
  side?: number;
}

/** What was measured of a case, in the raster's plane; a network that is not drawn has no values, and says why in every reason. */
export interface CaseRow {
  x: string;
  y: string;
  w: string;
  h: string;
  /** the architecture's canonical text with its options, or the name of its file */
  text: string;
  /** null where no seed draws it */
  seed: number | string | null;
  /** columns and rows of the raster it was measured on */
  size: number[];
  /** columns and rows that the unit square is calibrated on */
  calibration: number[];
  /** one a measure, in the order they were asked for; null where it is absent */
  values: (number | null)[];
  /** why a value is absent; empty where it is there */
  reasons: string[];
  /** null for a measure of no raster */
  resolved: (boolean | null)[];
  /** what rounding makes of the values, where they are not the network's own; null elsewhere */
  rounding: string | null;
}

export interface EvidenceReply {
  kind: "evidence";
  /** of the measures, in the order of a row's values */
  names: string[];
  /** of the first cases, as many as there was time for; the others are to be asked for next */
  rows: CaseRow[];
  seconds: number;
}

export interface CellsAsk {
  x: string;
  y: string;
  w: string;
  h: string;
  limit?: number;
}

export interface CellsReply {
  kind: "cells";
  unit: "view";
  /** cells, or as many as were found until there were too many */
  count: number;
  edges: number;
  more: boolean;
  /** signs that rounding left in doubt: the count is exact where there are none */
  doubtful: number;
  /** what is said of the count */
  sentence: string;
  seconds?: number;
}

export interface CellReply {
  kind: "cell";
  /** units that are on, of all that could be */
  pattern: number;
  units: number;
  /** one row an output: the slopes along x and y, then the value at the point asked about */
  affine: number[][];
  area: number;
  /** it goes on beyond the view, and its area is that of the part in view */
  clipped: boolean;
  edges: number;
  layers: number[];
}

export interface ComplexityAsk {
  x: string;
  y: string;
  w: string;
  h: string;
  /** of this architecture in place of the pane's, with its seed and all else */
  arch?: string;
}

export interface ComplexityReply {
  kind: "complexity";
  /** activation regions, or as many as were found until there were too many; null of a network that has no exact ones */
  pieces: number | null;
  more: boolean;
  /** signs that rounding left in doubt: the number is exact where there are none */
  doubtful: number;
  /** the output is the same everywhere in view, however many regions there are */
  constant: boolean;
  /** how often a plain ramp's the mean slope is; null where there are regions, and where there is none */
  slope: number | null;
  /** whether it is much the same at half the resolution */
  resolved: boolean;
}

export interface Target {
  x: string;
  y: string;
  w: string;
  h: string;
  what: string;
}

export interface NearestReply {
  kind: "nearest";
  /** the view lies inside one region */
  inside: boolean;
  found: Target | null;
  corner: Target | null;
}

/** A class, or several that tie, and where it wins. */
export interface RegionData {
  /** numbers of classes */
  classes: number[];
  /** of the view's area */
  share: number;
  /** of its area, #rrggbb */
  tint: string;
}

export interface RegionsReply {
  kind: "regions";
  regions: RegionData[];
  /** by exact cells; else sampled, and `note` says why */
  exact: boolean;
  note: string;
  /** pieces of boundaries between classes */
  count: number;
}

/** A request that says no more than its kind. */
export type Nothing = Record<string, never>;

export interface PointsReply {
  kind: "points";
  count: number;
  /** of this many in the data, where not all are sent */
  total: number;
  /** why they have no classes' colours */
  note: string;
}

export interface AgreeAsk {
  x: string;
  y: string;
  w: string;
  h: string;
  /** how many panes, from the first */
  panes: number;
}

export interface AgreeReply {
  kind: "agree";
  /** of the view's area, where all decide alike */
  share: number;
  exact: boolean;
  note: string;
}

export interface StripAsk {
  x: string;
  y: string;
  w: string;
  h: string;
  /** of a thumbnail, in pixels each way */
  size?: number;
}

export interface ShownLayer {
  name: string;
  channels: number;
  /** how many of its channels have a thumbnail */
  shown: number;
}

export interface StripReply {
  kind: "strip";
  size: number;
  layers: ShownLayer[];
}

export interface UnitAsk {
  /** from 1 */
  layer: number;
  /** from 0 */
  channel: number;
}

/** A weight, and what it multiplies: a channel, from 0, of a layer, from 1, or of the inputs, whose layer is 0. */
export interface IncomingData {
  array: string;
  place: number[];
  value: number;
  layer: number;
  channel: number;
  name: string;
  /** how many taps along x and y a kernel reads it from the point */
  tap: number[];
}

/** A number of a network's parameters: where it stands, and what it is. */
export interface NumberData {
  array: string;
  place: number[];
  value: number;
}

/** What turns and moves a unit's line: see web/src/page/unit/line.ts. */
export interface HandleData {
  /** which weights multiply x and y, and times what */
  weights: number[];
  times: number[];
  /** mean and variance of x and y over the calibration raster, where the unit is normalised */
  mean: number[];
  variance: number[];
  eps: number;
  /** what the other weights add, of a unit that is not normalised */
  rest: number;
}

export interface UnitReply {
  kind: "unit";
  layer: number;
  channel: number;
  activation: string;
  /** "spatial", "layer" or "" */
  norm: string;
  weights: IncomingData[];
  bias: NumberData | null;
  scale: NumberData | null;
  shift: NumberData | null;
  /** a, b, c of the line a x + b y + c = 0 that it bends along; null where that is no line */
  line: number[] | null;
  /** null where no hand can move the line */
  handle: HandleData | null;
}

export interface NeighboursAsk {
  /** of a picture as it is shown, in the screen's pixels */
  columns?: number;
  rows?: number;
}

/** A picture to go on from; `thumb` is a data: address. */
export interface Offer {
  title: string;
  sentence?: string;
  state: Partial<PaneState>;
  /** the whole page's, where there is more than one pane to it */
  address?: string;
  thumb: string;
}

export interface OffersReply {
  kind: "gallery" | "neighbours" | "children";
  offers: Offer[];
}

export interface ChildrenAsk {
  /** states of the children, at most as many as the page offers */
  states: Partial<PaneState>[];
  columns: number;
  rows: number;
}

export interface SurpriseReply {
  kind: "surprise";
  state: Partial<PaneState>;
}

export interface PageState {
  panes: PaneState[];
  hide: string[];
  lock: string[];
  embed: boolean;
  note: string;
  step: number;
}

export interface ShareAsk {
  state: PageState;
}

export interface ShareReply {
  kind: "share";
  address: string;
  json: string;
  python: string;
  cli: string;
}

export interface ParseAsk {
  text: string;
}

export interface ParsedReply {
  kind: "parsed";
  text: string;
  state: Partial<PaneState>;
}

export interface EstimateAsk {
  columns: number;
  rows: number;
  format?: string;
  /** where the page looks now */
  x?: string;
  y?: string;
  w?: string;
  h?: string;
  show?: string;
  tone?: "whole" | "view";
  colour?: string;
}

export interface EstimateReply {
  kind: "estimate";
  seconds: number;
  /** None of a file whose size nobody knows before it is made */
  bytes: number | null;
}

export interface ErrorReply {
  kind: "error";
  message: string;
  /** an architecture like the one that is too large, which is not */
  fits?: string;
  /** the option it is about */
  key?: string;
  position?: number;
  length?: number;
}

/** A newer request made this one needless. */
export interface StaleReply {
  kind: "stale";
}

/** What the viewer needs of a network that the browser evaluates. */
export interface NetworkData {
  /** what it shows, for a reader: an architecture and its seed, or a file */
  title: string;
  view: Rectangle;
  /** y grows upwards; in every PNG row 0 is the smallest y, and the page turns it over */
  up: boolean;
  /** a PNG of the view, data: address; what is seen before anything is drawn, or where nothing can be */
  poster: string;
  /** where it looks first, unless that is the view; and how often a notebook has changed what it shows */
  looks?: Rectangle;
  turn?: number;
  /** the points that its slice is laid through */
  marks?: SliceMark[];
  /** what the explorer reads where the file is dropped on it */
  state?: Record<string, unknown>;
  kind: "network";
  program: Folded;
  tone: ToneData;
  show: string;
  contrast: "whole" | "view";
}

/** Of any other: levels[n] has 2^n by 2^n tiles of the view, row by row, the smallest y first: data: addresses. */
export interface TilesData {
  /** what it shows, for a reader: an architecture and its seed, or a file */
  title: string;
  view: Rectangle;
  /** y grows upwards; in every PNG row 0 is the smallest y, and the page turns it over */
  up: boolean;
  /** a PNG of the view, data: address; what is seen before anything is drawn, or where nothing can be */
  poster: string;
  /** where it looks first, unless that is the view; and how often a notebook has changed what it shows */
  looks?: Rectangle;
  turn?: number;
  /** the points that its slice is laid through */
  marks?: SliceMark[];
  /** what the explorer reads where the file is dropped on it */
  state?: Record<string, unknown>;
  kind: "tiles";
  width: number;
  height: number;
  levels: string[][];
  /** why it is tiles, a clause */
  reason: string;
}

export type FoldedOperation = FoldedEmbed | FoldedConv | FoldedActivate | FoldedMaxout | FoldedLayerNorm | FoldedJoin;

export type ViewerData = NetworkData | TilesData;

/** What is asked, by kind, and what answers it. */
export interface Exchanges {
  open: { ask: OpenAsk; reply: FieldReply };
  /** `bytes`: RGBA, rows from the smallest y */
  view: { ask: ViewAsk; reply: PixelsReply & { bytes: Uint8Array } };
  /** `bytes`: float64: the values of one operation after another */
  orbit: { ask: Point; reply: OrbitReply & { bytes: Uint8Array } };
  at: { ask: AtAsk; reply: ValuesReply };
  measure: { ask: MeasureAsk; reply: MeasuresReply };
  evidence: { ask: EvidenceAsk; reply: EvidenceReply };
  /** `bytes`: float32 (edges, 4): ends as shares of the view's sides from its centre; then int32 (edges): the layer of each */
  cells: { ask: CellsAsk; reply: CellsReply & { bytes: Uint8Array } };
  cell: { ask: Point; reply: CellReply };
  complexity: { ask: ComplexityAsk; reply: ComplexityReply };
  nearest: { ask: Rectangle; reply: NearestReply };
  /** `bytes`: float32 (count, 4): ends of the boundaries' pieces, as shares of the view's sides from its centre */
  regions: { ask: Rectangle; reply: RegionsReply & { bytes: Uint8Array } };
  /** `bytes`: float64 (count, 2): x and y; then int32 (count): the class of each, -1 for none */
  points: { ask: Nothing; reply: PointsReply & { bytes: Uint8Array } };
  agree: { ask: AgreeAsk; reply: AgreeReply };
  /** `bytes`: RGBA of `size` x `size` pixels, one channel after another */
  strip: { ask: StripAsk; reply: StripReply & { bytes: Uint8Array } };
  unit: { ask: UnitAsk; reply: UnitReply };
  neighbours: { ask: NeighboursAsk; reply: OffersReply };
  children: { ask: ChildrenAsk; reply: OffersReply };
  gallery: { ask: Nothing; reply: OffersReply };
  surprise: { ask: Nothing; reply: SurpriseReply };
  share: { ask: ShareAsk; reply: ShareReply };
  parse: { ask: ParseAsk; reply: ParsedReply };
  estimate: { ask: EstimateAsk; reply: EstimateReply };
}

export const DEFAULTS = {"arch": "conv(10) * 10", "act": "relu", "norm": "spatial(scale=3, shift=normal(2))", "init": "he", "inputs": "x y", "out": 3, "out_act": "linear", "seed": 9, "x": "0", "y": "0", "w": "1.5", "h": "1", "tone": "whole", "colour": "lab", "show": "output", "cells": false, "grows": "auto", "points": true, "marks": true, "slice": "", "bred": ""} as const;

export const VERSION = 2;

export const BEFORE = {"1": {"seed": 0, "w": "1"}, "2": {}} as const;

export const ALWAYS = ["arch", "norm", "seed"] as const;

export const NETWORK = ["arch", "act", "norm", "init", "inputs", "out", "out_act", "seed", "slice", "bred"] as const;

export const MOST_PANES = 4;

export const LONGEST_TEXT = 10000;

export const LONGEST_NOTE = 48000;

export const MOST_STEPS = 20;

export const LARGEST_SEED = 9007199254740991;

export const LONGEST_WORD = 100;

export const LONGEST_NUMBER = 2000;

export const LARGEST_EXPONENT = 5000;

export const FARTHEST = 1000000000000000;

export const MODEL_ENDINGS = [".nnet", ".npz", ".onnx", ".pt2", ".safetensors"] as const;

export const FILM_ENDINGS = [".exr", ".gif", ".mkv", ".mov", ".mp4", ".tif", ".tiff", ".webm", ".webp"] as const;

export const COARSER = [[0, 5], [2500, 8]] as const;

export const LARGEST_DROP = 2097152;

export const LARGEST_MODEL = 67108864;

export const NO_SEED = "none" as const;

export const LONGEST_ADDRESS = 65536;

export const FOLDED_VERSION = 1;

export const LINEAR = 0;

export const RADIUS = 1;

export const SINE = 2;

export const ZOO = ["shallow", "deep", "shallow-3x3", "deep-3x3", "nin", "vgg", "inception", "resnet", "preactivation", "densenet", "mobilenet", "maxout", "leaky", "average-pool", "max-pool", "gated", "cppn", "cppn-softplus", "cppn-residual", "cppn-mixed", "cppn-0.1", "siren", "fourier"] as const;

export const SHORT = ["total_variation", "mean_frequency", "lz_complexity", "compressed_bits", "regions", "boundary_length"] as const;

export const SHORT_OF_CELLS = ["regions", "boundary_length"] as const;

export const NORMS = ["spatial", "layer", "none"] as const;

export const INITIALISERS = ["he", "xavier", "lecun", "orthogonal", "normal(1)", "uniform(1)"] as const;

export const COLOURINGS = ["lab", "oklab", "oklch", "lab-clipped", "rgb", "hsv", "gray"] as const;

export const THREE_CHANNELS = ["lab", "oklab", "oklch", "lab-clipped", "rgb", "hsv"] as const;

export const UNCLIPPED = ["lab", "oklab", "oklch"] as const;
