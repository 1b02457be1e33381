// The words of evidence: a measure over seeds, over depths and widths, layer by layer, and its numbers to copy.
import { told } from "./told.ts";

const interval = (low: string, high: string): string => `${low} to ${high}`;

export const EVIDENCE = told({
  over: (seeds: number): string => `Over ${seeds} seeds`,
  overOf: (seeds: number, measure: string): string => `${measure} over ${seeds} seeds`,
  stop: "Stop",
  stopOf: (measure: string): string => `Stop: ${measure}`,
  counted: (done: number, all: number): string => `${done} of ${all} networks`,
  ramp: "ramp",
  noise: "noise",
  reference: (name: string, value: string): string => `${name} ${value}`,
  beyond: (what: string, below: boolean): string => (below ? `\u25c2 ${what}` : `${what} \u25b8`),
  dashed: (what: string): string => `\u00a6 ${what}`,
  dot: (seed: number, value: string): string => `seed ${seed}: ${value}`,
  own: (value: string): string => `shown: ${value}`,
  label: (measure: string, what: string): string => `${measure}: ${what}`,
  median: (letter: string, value: string, low: string | null, high: string | null): string =>
    `${letter === "" ? "" : `${letter}: `}median ${value}${low === null || high === null ? "" : `, ${interval(low, high)}`}`,
  level: (seeds: number): string => `Seeds 0 to ${seeds - 1}: the median with its 95% interval. The ring is the network that is shown.`,
  few: (needed: number): string => `no interval: it takes ${needed} seeds`,
  absent: (count: number, why: string): string => `${count} of the networks ${count === 1 ? "has" : "have"} no value: ${why}.`,
  none: "no value",
  times: (factor: string, up: boolean, low: string, high: string): string => up ? `\u25b2 ${factor} \u00d7 A (${interval(low, high)})` : `\u25bc A / ${factor} (${interval(low, high)})`,
  from: (amount: string, up: boolean, low: string, high: string): string => `${up ? "\u25b2" : "\u25bc"} A ${amount} (${interval(low, high)})`,
  unseen: (low: string, high: string, times: boolean): string => `no difference seen (${interval(low, high)}${times ? " \u00d7" : ""})`,
  same: "the same architecture as A",
  pixels: "on other pixels than A",
  told: (seeds: number, family: number): string => `Seeds 0 to ${seeds - 1} for all, in pairs: the median ratio with its 95% interval${family === 1 ? "" : `, corrected for ${family} comparisons`}. Rings are the networks that are shown.`,
  single: "One network each: that says nothing of their architectures.",
  running: (done: number, all: number): string => `Comparing over seeds: ${done} of ${all} networks`,
  ratio: (factor: string, up: boolean): string => (up ? `${factor} \u00d7 A` : `A / ${factor}`),
  away: (amount: string): string => `A ${amount}`,
  equal: "= A",
  network: "of these networks alone",
});
