// What the page's own engine says: in its worker, where no server is.
import { told } from "./told.ts";

export const ENGINE = told({
  nothing: "nothing is open yet",
  stopped: "the page's engine stopped",
  other: (kind: string): string => `${kind}: netwarp explore does this, a page without a server does not`,
  weights: "arch: these weights are of a file, which netwarp explore FILE shows",
  written: (word: string): string => `arch: ${word}(...) is no network of layers; this page draws those alone, netwarp explore shows it`,
  seed: (seed: number | string): string => `seed=${seed}: must be a whole number, or a word`,
  show: (show: string): string => `show=${show}: this page shows the output, or a layer's channel, as layer:1:channel:0`,
  colour: (colour: string, known: string): string => `colour '${colour}': this page has ${known}`,
  tooMany: (count: string, what: string, most: string): string => `${count} ${what}: the explorer takes at most ${most}; try netwarp draw`,
  outputs: "output channels",
  calibration: (seconds: string, most: number): string => `calibrating this network would take some ${seconds} seconds, at most ${most} are given; make it smaller`,
  memory: (gigabytes: string, most: number): string => `calibrating this network would hold some ${gigabytes} GB at once, at most ${most} are given; make it narrower`,
  edge: (layer: number): string => `an edge of layer ${layer}`,
  view: (seconds: string, most: number): string => `this view would take some ${seconds} seconds, at most ${most} are given; make it smaller`,
  pixels: (columns: number, rows: number, most: string): string => `a view of ${columns}x${rows}: at most ${most} pixels are drawn`,
  sides: (w: string, h: string, x: string, y: string): string => `view ${w} x ${h} at ${x}, ${y}: must be numbers, the sides positive`,
  small: "a float64 has too few digits for a view this small, and this browser's GPU does not draw it; netwarp explore does",
  notFinite: (bad: string, total: string): string =>
    `samples: ${bad} of ${total} values are NaN or infinite and have no colour; normalise the layers (norm='spatial'), lower the initialiser's gain, or use fewer layers`,
  cellsNotYet: "cell: the cells of this view are not drawn yet",
  cellOutside: "cell: the point lies outside the view whose cells are drawn",
});

/** Of files; each line ends in the command that makes it. */
export const FILES = told({
  cells: (command: string): string => `exact cells: ${command}`,
  windows: (command: string): string => `its kernels read several pixels; at full size: ${command}`,
  pixels: (most: string, command: string): string => `this page makes at most ${most} pixels; more of them: ${command}`,
  minutes: (minutes: number, command: string): string => `it would take this page some ${minutes} minutes; sooner: ${command}`,
});

export const FAMILY = told({
  long: (steps: number, most: number): string => `a family of ${steps} steps: at most ${most} are read`,
  step: (number: number, word: string): string => `step ${number}, ${word}: must be a seed as 9, a mutant as 0_7, a cross as 0*1_5 or between two as 0-1_0.25, with a strength from 0 to 1, or a number as 0:0.weight[0,0,0,0]=0.5`,
  seeds: (number: number, word: string): string => `step ${number}, ${word}: inputs z are those of seeds, and a step that it names is a child; name a seed`,
  unwalked: (number: number, word: string): string => `step ${number}, ${word}: this architecture has no inputs z; give it some, as in x y r z(4)`,
  array: (name: string): string => `array ${name}: there is none of that name`,
  place: (place: string, last: string): string => `${place}: there is no such number; the last one is ${last}`,
  none: (number: number, word: string): string => `step ${number}, ${word}: there is no such step before it; steps count from 0`,
  alone: (text: string): string => `${text}: says no child; add one, as 0_7`,
});

export const NEIGHBOURS = told({
  next: "next seed",
  another: "another seed",
  before: "seed before",
  seed: (seed: number): string => `seed ${seed}`,
  more: "one layer more",
  less: "one layer less",
  wider: "half as wide again",
  act: (name: string): string => `with ${name}`,
  scale: (text: string): string => `scale ${text}`,
  shift: (text: string): string => `shift ${text}`,
});

/** Why a measure has no value, and what must be known of one. */
export const TAKEN = told({
  none: "there is no value",
  byPixels: "of the pixels, for rounding leaves signs of the cells in doubt; netwarp explore takes it of exact cells",
  tooMany: "the output jumps, and it has too many cells to find them all here; netwarp explore finds more",
  doubtful: "rounding leaves signs of its cells in doubt, which netwarp explore decides",
  noRegions: "there are no flat regions: they need kernels of one pixel and activations of straight pieces",
  manyRegions: "there are more activation regions than are counted here; netwarp regions counts more",
  alike: "a float64 has too few digits to tell the output's values apart here; netwarp explore has more",
  broken: (bad: string, total: string): string => `the output is not finite at ${bad} of ${total} pixels`,
  constant: "the output is constant on this plane",
  noDerivative: "an activation jumps, and has no derivative",
  infinite: "the derivative is not finite everywhere",
});
