// The words of one unit: the panel that shows its numbers, and what is said where there is no such unit.
import { told } from "./told.ts";

/** What the engine says, as netwarp.network.units does; channels are counted from 0 as there. */
export const UNITS = told({
  layer: (layer: number, count: number): string => `unit layer=${layer}: this network has ${count === 0 ? "none" : `the layers 1 to ${count}`}`,
  channel: (channel: number, layer: number, last: number): string => `unit channel=${channel}: layer ${layer} has the channels 0 to ${last}`,
  noSum: (path: string, kind: string): string => `this unit is no sum of weights times inputs, so it has no numbers to show (path ${path}: ${kind})`,
  fixed: (layer: number, channel: number): string => `unit layer=${layer} channel=${channel}: its weights are no numbers of the network's`,
  incoming: (layer: number, channel: number): string => `layer ${layer}, channel ${channel}`,
  input: (number: number): string => `input ${number}`,
  block: (path: string, channel: number): string => `block ${path}, channel ${channel}`,
});

/** What the page says, where units are counted from 1. */
export const UNIT = told({
  title: (layer: number, unit: string): string => `Layer ${layer}, unit ${unit}`,
  close: "Leave this unit, and show the output",
  watch: "What the picture shows",
  watched: { unit: "this unit", output: "the output" },
  made: (activation: string, norm: string, weights: number): string => {
    const sum = weights === 1 ? "one weight times what comes in" : `${weights.toLocaleString("en")} weights times what comes in, summed`;
    const normed = { spatial: ", normalised over the picture so that only their ratios count, times the scale, plus the shift", layer: ", normalised over the layer", "": "" }[norm] ?? "";
    return `${sum}${normed}${activation === "linear" ? "." : `; then ${activation}.`}`.replace(/^./, (first) => first.toUpperCase());
  },
  rest: (all: string): string => `all ${all} weights`,
  others: { bias: "bias", scale: "scale", shift: "shift" },
  /** `layer` is 0 of an input, and null of the layer before */
  incoming: (layer: number | null, unit: string, name: string, tap: string): string => `${layer === 0 ? name : layer === null ? `unit ${unit}` : `layer ${layer}, unit ${unit}`}${tap === "" ? "" : ` at ${tap}`}`,
  input: (name: string): string => `input ${name}`,
  flat: "All its weights are 0: this unit is the same everywhere, and bends along no line.",
  noNumber: (kept: string): string => `No number: write one as -0.5 or 2e3. ${kept} stays.`,
  large: (value: string, kept: string): string => `${value} is too large here: the network overflows. ${kept} stays.`,
  refused: (value: string, kept: string, why: string): string => `${value} is not drawn (${why}). ${kept} stays.`,
  lost: (count: number): string => `${count} changed number${count === 1 ? " was" : "s were"} left out; Back returns ${count === 1 ? "it" : "them"}.`,
  place: (place: string): string => `${place}, as files and --bred name it`,
  slide: (label: string): string => `nudge ${label}`,
  back: (label: string): string => `Put ${label} back`,
  putUnit: "Put this unit back",
  putAll: (count: number): string => count === 1 ? "Put the one changed number back" : `Put all ${count} numbers back`,
  fixed: "Weights of a file are shown here, and not changed.",
  line: (layer: number, unit: string): string => `layer ${layer}, unit ${unit}`,
  move: "Move the line on which this unit bends",
  turn: "Turn the line on which this unit bends",
  degrees: (degrees: string): string => `${degrees} degrees`,
  through: (x: string, y: string): string => `through ${x}, ${y}`,
  changed: (count: number): string => `${count} number${count === 1 ? "" : "s"} changed`,
});
