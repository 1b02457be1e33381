import type { Dec } from "../decimal.ts";

/** log2 |value|, to some 15 digits at any exponent; -Infinity of zero. */
export function log2({ n, e }: Dec): number {
  const digits = (n < 0n ? -n : n).toString();
  if (digits === "0") return -Infinity;
  return Math.log2(Number(`0.${digits.slice(0, 17)}`)) + (digits.length + e) * Math.log2(10);
}
