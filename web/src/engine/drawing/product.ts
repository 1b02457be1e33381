// A product with what rounding takes from it.

const SPLITTER = 2 ** 27 + 1;

/** a b rounded, and the rest, exactly, as long as neither is above 1e299 nor the rest below 1e-300 (Dekker). */
export function product(a: number, b: number): [number, number] {
  const p = a * b;
  const [aHigh, bHigh] = [half(a), half(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return [p, aLow * bLow - (p - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

/** The upper 26 bits. */
function half(a: number): number {
  const large = SPLITTER * a;
  return large - (large - a);
}
