// Numbers, sizes and times as the page writes them.
import { SAID } from "../words/index.ts";

// what lies in the middle of two is rounded to the even one, as Python does: the page and the command line say the same
const HALF_EVEN = { roundingMode: "halfEven", useGrouping: false };
const WHOLE = 9999.5;

/** Four digits, or all before the point, a true minus, groups of three. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return signed(value.toExponential(2));
  if (Number.isInteger(value)) return signed((value === 0 ? 0 : value).toLocaleString("en"));
  const shown = size < WHOLE ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 0 };
  const rounded = Number(value.toLocaleString("en", { ...HALF_EVEN, ...shown }));
  return signed(rounded.toLocaleString("en", { maximumFractionDigits: 8 }));
}

function signed(text: string): string {
  return text.replace(/-/g, "\u2212");
}

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
