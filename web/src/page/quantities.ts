// How large and how long, in words.
import { SAID } from "../words/index.ts";
import { number } from "./numbers.ts";

export function bytesText(bytes: number): string {
  if (bytes < 1000) return SAID.quantities.bytes(String(bytes));
  return bytes < 1e5 ? SAID.quantities.kilobytes(number(Math.ceil(bytes / 1000))) : SAID.quantities.megabytes(number(Number((bytes / 1e6).toPrecision(2))));
}

export function secondsText(seconds: number): string {
  if (seconds < 1) return SAID.quantities.moment;
  return seconds < 90 ? SAID.quantities.seconds(number(Math.round(seconds))) : SAID.quantities.minutes(number(Math.round(seconds / 60)));
}

/** The next of 1, 2 and 5 times a power of ten. */
export function round(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((one) => one * power >= least) ?? 10);
}
