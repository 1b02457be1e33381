// What is wrong with an address, or with the state of a page in JSON: what, the value, and what would be right.
import { told } from "./told.ts";

export const ADDRESS = told({
  long: (length: number, most: number): string => `address of ${length} characters: at most ${most}`,
  noKey: (key: string, known: readonly string[]): string => `${key}: no such key; there are ${known.join(", ")}`,
  twice: (key: string): string => `${key} is there twice`,
  object: "state: must be a JSON object",
  stateKey: (key: string, known: readonly string[]): string => `state ${key}: no such key; there are ${known.join(", ")}`,
  panes: (most: number): string => `state panes: must be a list of 1 to ${most} objects`,
  positive: (key: string, value: string): string => `${key}=${value}: must be above 0`,
  tone: (value: string): string => `tone=${value}: must be whole or view`,
  grows: (value: string): string => `grows=${value}: must be auto, down or up, the way that y grows`,
  show: (value: string): string => `show=${value}: must be output, classes, margin, or as layer:1:channel:3`,
  text: (key: string, most: number): string => `${key}: must be a text of at most ${most} characters`,
  number: (key: string, value: string): string => `${key}=${value}: must be a number, as 0.25 or 1.5e-30`,
  whole: (key: string, value: string, low: number, high: number): string => `${key}=${value}: must be a whole number from ${low} to ${high}`,
  seed: (value: string, most: number): string => `seed=${value}: must be a whole number, to 2^256 either way, or a word of at most ${most} characters`,
  flag: (key: string, value: string): string => `${key}=${value}: must be 1 or 0`,
  names: (key: string): string => `${key}: must be names of controls, as seed,act`,
  factor: (key: string, value: string): string => `${key}=${value}: must be a number, as in ${key}=2.5`,
  noNorm: (key: string, value: string, norm: string): string => `${key}=${value}: nothing is normalised, which norm=${norm} says`,
  noNumber: (key: string, value: string, other: string, norm: string): string => `${key}=${value}: the ${other} of ${norm} is no single number; say it in norm`,
  note: "note: is no lesson; copy the whole address",
  noSingle: (key: string, value: number, arch: string): string => `${key}=${value}: ${arch} has no single ${key}; say it in arch`,
});
