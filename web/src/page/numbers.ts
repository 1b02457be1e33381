// Numbers as the page writes them.

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
