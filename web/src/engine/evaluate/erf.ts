// The error function and the normal distribution's, to the last bits: rational in |x| times an exponential.

import { product } from "../drawing/product.ts";

// erf(x) / x as a polynomial in x^2 for |x| <= 1; the coefficients are netwarp.engine.coefficients'
const ERF_OVER_X = [
  1.1283791670955126,
  -0.37612638903183754,
  0.1128379167095512,
  -0.02686617064512984,
  0.00522397762542328,
  -0.0008548327021933529,
  0.00012055332902828877,
  -1.4925647565679572e-05,
  1.6462045402872722e-06,
  -1.636464160371183e-07,
  1.4792395844508021e-08,
  -1.2164526639984767e-09,
  8.708924139629652e-11,
  -4.230752371395568e-12,
];

// exp(x^2) erfc(x) (1 + 2 x) in (x - 4) / (x + 4), x >= 0
const SCALED_ERFC = [
  1.2329951186255526,
  -0.13962111684056228,
  0.015379652102619974,
  0.06809705425466839,
  -0.10103906603631811,
  0.09373283499911264,
  -0.06633036581186058,
  0.037167515526338006,
  -0.01619773406293477,
  0.005031970069102256,
  -0.0007577732435942576,
  -0.0001992571524726518,
  0.00015062142608651945,
  -2.4397731143023292e-05,
  -1.1221135665965907e-05,
  5.70657829924074e-06,
  2.9173425573089733e-07,
  -8.210647933297337e-07,
  7.771943241086912e-08,
  1.0631817593818149e-07,
  -2.0725802488181963e-08,
  -1.2338731403798444e-08,
  3.2323973445082033e-09,
  9.297625263709659e-10,
  -2.764120233734578e-10,
];

/** erf(z). */
export function erf(z: number): number {
  const x = Math.min(Math.abs(z), 40);
  const [square, lost] = product(x, x);
  const value = x < 1 ? x * polynomial(square, ERF_OVER_X) : 1 - Math.exp(-square) * scaled(x, lost);
  return z < 0 ? -value : value;
}

/** The distribution function of -|z|. */
export function tail(z: number): number {
  // past this it has underflowed; infinity would meet 0 there
  const u = Math.min(Math.abs(z), 56);
  const [square, lost] = product(u, u);
  // z^2 / 2, not the square of a rounded z sqrt(1 / 2): halving is exact
  return Math.exp(-square / 2) * scaled(u * Math.SQRT1_2, lost / 2) * 0.5;
}

/** erfc(x) over exp(-x^2) of x >= 0, where rounding took `lost` from x^2. */
function scaled(x: number, lost: number): number {
  const value = polynomial((x - 4) / (x + 4), SCALED_ERFC) / (x * 2 + 1);
  return value - lost * value;
}

function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let n = coefficients.length - 1; n >= 0; n--) sum = sum * x + coefficients[n]!;
  return sum;
}
