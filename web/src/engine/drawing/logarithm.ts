// The natural logarithm, rounded all but correctly: browsers round theirs each in a way of its own, and numbers drawn
// from a seed are the same everywhere.

import { product } from "./product.ts";

const THIRD = 1 / 3;
const THIRD_REST = 1.850371707708594e-17; // 1 / 3 less what a float64 holds of it
// the logarithm of 2: so few digits that whole multiples are exact, and the rest
const LN2 = 6.93147180369123816490e-1;
const LN2_REST = 1.90821492927058770002e-10;
const TERMS = 15;

const view = new DataView(new ArrayBuffer(8));

/** log(x) of a normal x > 0, within 0.501 units in the last place. */
export function logarithm(x: number): number {
  view.setFloat64(0, x);
  const high = view.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  view.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = view.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    exponent++;
  }
  // m = (1 + s) / (1 - s), and log(m) = 2 s (1 + z / 3 + z^2 / 5 + ...) with z = s^2; every number in two parts
  const over = m + 1;
  const overRest = m - (over - 1);
  const s = (m - 1) / over;
  const [back, backRest] = product(s, over);
  const sRest = (m - 1 - back - backRest - s * overRest) / over;
  const [z, zProduct] = product(s, s);
  const zRest = zProduct + 2 * s * sRest;
  let series = 0;
  for (let n = TERMS; n > 1; n--) series = z * (series + 1 / (2 * n + 1));
  const [third, thirdProduct] = product(z, THIRD);
  const rest = thirdProduct + z * THIRD_REST + zRest * THIRD + z * series;
  const tail = third + rest;
  const tailRest = rest - (tail - third);
  const [bent, bentRest] = product(s, tail);
  const small = 2 * (bentRest + s * tailRest + sRest * (1 + tail)) + exponent * LN2_REST;
  return added(exponent * LN2, 2 * s, 2 * bent, small);
}

/** a + b + c + d, of which each is much smaller than the one before, or that is 0. */
function added(a: number, b: number, c: number, d: number): number {
  const [first, firstRest] = sum(a, b);
  const [second, secondRest] = sum(first, c);
  return second + (secondRest + firstRest + d);
}

function sum(a: number, b: number): [number, number] {
  const whole = a + b;
  return Math.abs(a) >= Math.abs(b) ? [whole, b - (whole - a)] : [whole, a - (whole - b)];
}
