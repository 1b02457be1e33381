// Every activation's difference: what f(z + d) - f(z) is, so that a shader in float32 needs no more than it has.
//
// A view has a scale s = 2^-k near its half width. The shader carries D = d / s, of the size of 1 at every depth of
// zoom, and wants (f(z + d) - f(z)) / s. z is a number of the centre: what depends on it alone is computed here, in
// float64 and deeper, and sent as coefficients c0, c1, ... rounded once. Where f bends at a kink, z - kink counts in
// units of s. Smooth ones are D times a factor that is f' where d is nothing; where |d| is large, the plain difference.
//
// The forms are free of branches: a choice is a product with 0 or 1, which is exact, where mix() may not be.
import { FACES, type Name, SELU_ALPHA, SELU_SCALE } from "./faces.ts";
import type { Fixed } from "./fixed.ts";

/** What a coefficient may be made of. */
interface Centre {
  /** the activation's argument at the centre */
  z: number;
  /** (z - kink) / s for every kink, kept within float32 */
  kinks: number[];
  /** 1 / s, kept within float32 */
  inverse: number;
  /** the slope of leaky, omega of sin */
  parameter: number;
}

interface Form {
  /** where it needs heights, if not at the face's own kinks */
  kinks?: readonly number[];
  coefficients: (centre: Centre) => number[];
  /** the body of `T name(T D, T c0, ...)`; T is float or a vector */
  glsl: string;
  /** f itself */
  exact: (m: Fixed, z: bigint, parameter: bigint) => bigint;
}

const below = ({ kinks: [t = 0] }: Centre): number => Math.min(t, 0);
const above = ({ kinks: [t = 0] }: Centre): number => Math.max(t, 0);

// max(D + min(z, 0), -max(z, 0))
const BEND = "max(D + c0, -c1)";

const sigmoid = (z: number): number => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)));

function exactSigmoid(m: Fixed, z: bigint): bigint {
  const e = m.exp(z < 0n ? z : -z);
  return m.divide(z < 0n ? e : m.one, m.one + e);
}

/** erf in float64: its series, or a continued fraction for what is left of 1; to some 1e-15. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a > 3) {
    let tail = a;
    for (let n = 60; n > 0; n--) tail = a + n / 2 / tail;
    return Math.sign(x) * (1 - Math.exp(-a * a) / (tail * Math.sqrt(Math.PI)));
  }
  let sum = 0;
  let term = x;
  for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
    sum += term;
    term *= (2 * x * x) / n;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** clip(z, low, high): (z - c), the room below and above c, where c is the clipped z */
function clip({ kinks: [low = 0, high = 0], inverse }: Centre, width: number): number[] {
  const room = Math.min(width * inverse, LARGEST);
  if (low < 0) return [low, 0, room];
  if (high > 0) return [high, -room, 0];
  return [0, -low, -high];
}

const clamped = (z: bigint, low: bigint, high: bigint): bigint => (z < low ? low : z > high ? high : z);

function exactElu(m: Fixed, z: bigint): bigint {
  return z > 0n ? z : m.exp(z) - m.one;
}

/** e^min(z,0) - 1 of elu and selu: c0 min(z,0)/s, c1 max(z,0)/s, c2 z, c3 e^min(z,0) */
const FALL = `
  T E = min(D + c1, -c0), x = E * S, k = step(0.5, abs(x));
  T fall = (1.0 - k) * E * c3 * expm1Over(clamp(x, -0.5, 0.5)) + k * (exp(min(c2 + D * S, 0.0)) - c3) * inverse;`;
const elu = (c: Centre): number[] => [below(c), above(c), c.z, Math.exp(Math.min(c.z, 0))];

// sigma(z + d) - sigma(z) = sign(d) (1 - e^-|d|) sigma(-sign(d) z) sigma(sign(d) (z + d)): no cancellation
const LOGISTIC = "logistic(D, c0, c1, c2)";
const logistic = (z: number): number[] => [z, sigmoid(z), sigmoid(-z)];

/** past this a number in units of s is as good as infinite, and float32 still holds what is made of it */
export const LARGEST = 1e30;

/** what softplus changes by: c0 min(z,0)/s, c1 max(z,0)/s, c2 z, c3 e^-|z|; its argument of ln goes like abs */
const SOFT = `
  T A = max(D + 2.0 * c0, -D - 2.0 * c1), x = -A * S, k = step(0.5, abs(x));
  T Y = -A * expm1Over(clamp(x, -0.5, 0.5)) * c3 / (1.0 + c3);
  T far = log((1.0 + exp(-abs(c2 + D * S))) / (1.0 + c3)) * inverse;
  T soft = ${BEND} + (1.0 - k) * Y * log1pOver(clamp(Y * S, -0.5, 0.5)) + k * far;`;
const soft = (c: Centre): number[] => [below(c), above(c), c.z, Math.exp(-Math.abs(c.z))];

/** tanh(softplus(z)) from e^-|z| */
const mishGate = (z: number): number => {
  const u = Math.exp(-Math.abs(z));
  return z < 0 ? (u * (u + 2)) / (u * (u + 2) + 2) : (1 + 2 * u) / (1 + 2 * u + 2 * u * u);
};

const leaky: Form = {
  coefficients: (c) => [below(c), above(c), c.parameter, 1 - c.parameter],
  glsl: `return c2 * D + c3 * ${BEND};`,
  exact: (m, z, p) => (z > 0n ? z : m.multiply(p, z)),
};

const FORMS: Record<Name, Form> = {
  relu: {
    coefficients: (c) => [below(c), above(c)],
    glsl: `return ${BEND};`,
    exact: (_, z) => (z > 0n ? z : 0n),
  },
  leaky,
  prelu: leaky,
  elu: {
    coefficients: elu,
    glsl: `${FALL}\n  return ${BEND} + fall;`,
    exact: exactElu,
  },
  selu: {
    coefficients: elu,
    glsl: `${FALL}\n  return ${SELU_SCALE} * ${BEND} + ${SELU_SCALE * SELU_ALPHA} * fall;`,
    exact: (m, z) =>
      m.multiply(z > 0n ? z : m.multiply(exactElu(m, z), m.ofNumber(SELU_ALPHA)), m.ofNumber(SELU_SCALE)),
  },
  gelu: {
    coefficients: ({ z }) => [z, z < 0 ? upperTail(-z) : 1 - upperTail(z)],
    glsl: `
  T u = c0 + D * S, d = D * S, k = step(0.5, abs(d));
  T near = D * ${quadrature(0.3989422804014327, "-0.5")};
  T far = (0.5 + 0.5 * errorFunction(u * ${Math.SQRT1_2}) - c1) * inverse;
  return D * c1 + u * ((1.0 - k) * near + k * far);`,
    exact: (m, z) => {
      const half = m.divide(z, m.squareRoot(2n * m.one));
      return m.multiply(z, (m.one + m.erf(half)) >> 1n);
    },
  },
  silu: {
    coefficients: ({ z }) => logistic(z),
    glsl: `return D * c1 + (c0 + D * S) * ${LOGISTIC};`,
    exact: (m, z) => m.multiply(z, exactSigmoid(m, z)),
  },
  softplus: {
    // relu, and ln(1 + e^-|z|), whose argument goes like abs
    kinks: [0],
    coefficients: soft,
    glsl: `${SOFT}\n  return soft;`,
    exact: (m, z) => (z > 0n ? z : 0n) + m.log1p(m.exp(z < 0n ? z : -z)),
  },
  mish: {
    // z tanh(softplus(z)), whose tanh is a logistic function of twice its argument
    kinks: [0],
    coefficients: (c) => {
      const twice = 2 * (Math.max(c.z, 0) + Math.log1p(Math.exp(-Math.abs(c.z))));
      return [...soft(c), mishGate(c.z), ...logistic(twice)];
    },
    glsl: `${SOFT}
  T rise = 2.0 * logistic(2.0 * soft, c5, c6, c7);
  return D * (c4 + rise * S) + c2 * rise;`,
    exact: (m, z) => {
      const u = m.exp(z < 0n ? z : -z);
      const low = m.multiply(u, u + 2n * m.one);
      const high = m.one + 2n * u;
      const gate = z < 0n ? m.divide(low, low + 2n * m.one) : m.divide(high, high + 2n * m.multiply(u, u));
      return m.multiply(z, gate);
    },
  },
  tanh: {
    coefficients: ({ z }) => logistic(2 * z),
    glsl: `D = 2.0 * D;\n  return 2.0 * ${LOGISTIC};`,
    exact: (m, z) => 2n * exactSigmoid(m, 2n * z) - m.one,
  },
  erf: {
    coefficients: ({ z }) => [z, erf(z)],
    glsl: `
  T d = D * S, k = step(0.5, abs(d));
  T near = D * ${quadrature(1.1283791670955126, "-1.0")};
  return (1.0 - k) * near + k * (errorFunction(c0 + d) - c1) * inverse;`,
    exact: (m, z) => m.erf(z),
  },
  tanhshrink: {
    // d - tanh(d) + tanh(d) tanh(z) tanh(z + d), the first by Lambert's fraction where d is small
    coefficients: ({ z }) => [z, Math.tanh(z)],
    glsl: `
  T d = D * S, k = step(2.0, abs(d)), q = min(d * d, 4.0);
  q = q / (3.0 + q / (5.0 + q / (7.0 + q / (9.0 + q / (11.0 + q / 13.0)))));
  T bent = (1.0 - k) * D / (1.0 + q) + k * hyperbolic(d) * inverse;
  return (1.0 - k) * D * q / (1.0 + q) + k * (D - hyperbolic(d) * inverse) + bent * c1 * hyperbolic(c0 + d);`,
    exact: (m, z) => z + m.one - 2n * exactSigmoid(m, 2n * z),
  },
  softsign: {
    coefficients: (c) => [below(c), above(c), 1 + Math.max(c.z, 0), 1 - Math.min(c.z, 0)],
    glsl: `
  T A = ${BEND}, B = min(D + c1, -c0);
  return A / (c2 * (c2 + A * S)) + B / (c3 * (c3 - B * S));`,
    exact: (m, z) => m.divide(z, m.one + (z < 0n ? -z : z)),
  },
  sigmoid: {
    coefficients: ({ z }) => logistic(z),
    glsl: `return ${LOGISTIC};`,
    exact: exactSigmoid,
  },
  hardtanh: {
    coefficients: (c) => clip(c, 2),
    glsl: "return min(max(D + c0, c1), c2);",
    exact: (m, z) => clamped(z, -m.one, m.one),
  },
  relu6: {
    coefficients: (c) => clip(c, 6),
    glsl: "return min(max(D + c0, c1), c2);",
    exact: (m, z) => clamped(z, 0n, 6n * m.one),
  },
  hardswish: {
    // between its kinks l (l - 3) / 6, l the height above the first; the identity above the second
    coefficients: (c) => {
      const { z, kinks } = c;
      return [...clip(c, 6), 2 * Math.min(Math.max(z + 3, 0), 6) - 3, Math.min(kinks[1] ?? 0, 0), Math.max(kinks[1] ?? 0, 0)];
    },
    glsl: `
  T M = min(max(D + c0, c1), c2);
  return M * (c3 + M * S) * ${1 / 6} + max(D + c4, -c5);`,
    exact: (m, z) => m.multiply(z, clamped(z + 3n * m.one, 0n, 6n * m.one)) / 6n,
  },
  hardsigmoid: {
    coefficients: (c) => clip(c, 6),
    glsl: `return min(max(D + c0, c1), c2) * ${1 / 6};`,
    exact: (m, z) => (clamped(z, -3n * m.one, 3n * m.one) + 3n * m.one) / 6n,
  },
  abs: {
    coefficients: (c) => [2 * below(c), 2 * above(c)],
    glsl: "return max(D + c0, -D - c1);",
    exact: (_, z) => (z < 0n ? -z : z),
  },
  sin: {
    // cos(z) sin d - 2 sin(z) sin(d / 2)^2, with omega in z and d
    coefficients: ({ z, parameter }) => [Math.cos(parameter * z), Math.sin(parameter * z), parameter],
    glsl: "D = c2 * D;\n  return c0 * scaledSine(D) - 2.0 * c1 * scaledSine(0.5 * D) * sine(0.5 * D * S);",
    exact: (m, z, p) => m.sine(m.multiply(p, z)),
  },
  cos: {
    coefficients: ({ z }) => [Math.sin(z), Math.cos(z)],
    glsl: "return -c0 * scaledSine(D) - 2.0 * c1 * scaledSine(0.5 * D) * sine(0.5 * D * S);",
    exact: (m, z) => m.cosine(z),
  },
  gaussian: {
    coefficients: ({ z }) => [z, Math.exp((-z * z) / 2)],
    glsl: `
  T d = D * S, u = c0 + d, X = -D * (c0 + 0.5 * d), x = X * S, k = step(0.5, abs(x));
  return (1.0 - k) * c1 * X * expm1Over(clamp(x, -0.5, 0.5)) + k * (exp(-0.5 * u * u) - c1) * inverse;`,
    exact: (m, z) => m.exp(-m.multiply(z, z) / 2n),
  },
  square: {
    coefficients: ({ z }) => [z],
    glsl: "return D * (2.0 * c0 + D * S);",
    exact: (m, z) => m.multiply(z, z),
  },
  step: {
    // step(D, t) is 0 where t < D
    coefficients: ({ kinks: [t = 0], inverse }) => [-t, t > 0 ? inverse : 0],
    glsl: "return (1.0 - step(D, c0)) * inverse - c1;",
    exact: (m, z) => (z > 0n ? m.one : 0n),
  },
  linear: { coefficients: () => [], glsl: "return D;", exact: (_, z) => z },
};

/** Errors: Error for a name that is none of an activation. */
export function form(name: string): Required<Form> {
  if (!Object.hasOwn(FACES, name)) throw new Error(`activation ${name}: this page does not know it`);
  const known = name as Name;
  return { kinks: FACES[known].kinks, ...FORMS[known] };
}

/** the upper tail of the normal distribution, of x >= 0, relative to itself good enough for float32 */
function upperTail(x: number): number {
  if (x < 3) return (1 - erf(x * Math.SQRT1_2)) / 2;
  const a = x * Math.SQRT1_2;
  let tail = a;
  for (let n = 60; n > 0; n--) tail = a + n / 2 / tail;
  return Math.exp(-a * a) / (2 * tail * Math.sqrt(Math.PI));
}

/** The mean of factor e^(power (c0 + t d)^2) over t in 0..1, by Gauss and Legendre's four points. */
function quadrature(factor: number, power: string): string {
  const nodes = [
    [0.06943184420297371, 0.17392742256872692],
    [0.33000947820757187, 0.3260725774312731],
    [0.6699905217924281, 0.3260725774312731],
    [0.9305681557970263, 0.17392742256872692],
  ];
  const terms = nodes.map(([t, w]) => `${(w ?? 0) * factor} * bell(c0 + ${t} * d, ${power})`);
  return `(${terms.join(" + ")})`;
}

/** What the forms call. T as there. S is the scale s, `inverse` its inverse. */
export const HELPERS = `
T bell(T x, float power) { return exp(power * x * x); }
T expm1Over(T x) {
  return 1.0 + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * (0.008333334 + x * (0.0013888889 + x * (0.0001984127 + x * 0.0000248016))))));
}
T decayOver(T x) {
  T k = step(0.5, x);
  return (1.0 - k) * expm1Over(-min(x, 0.5)) + k * (1.0 - exp(-x)) / (x + 1.0 - k);
}
T log1pOver(T y) {
  T t = y / (2.0 + y), q = t * t;
  return 2.0 / (2.0 + y) * (1.0 + q * (0.33333334 + q * (0.2 + q * (0.14285715 + q * (0.11111111 + q * (0.09090909 + q * 0.07692308))))));
}
T logistic(T D, T z, T up, T down) {
  T d = D * S, k = step(0.0, d), side = 2.0 * k - 1.0;
  return D * decayOver(abs(d)) * (k * down + (1.0 - k) * up) / (1.0 + exp(min(-side * (z + d), 80.0)));
}
T hyperbolic(T x) { return 1.0 - 2.0 / (1.0 + exp(2.0 * clamp(x, -15.0, 15.0))); }
T sine(T x) {
  T n = floor(x * 0.31830987 + 0.5), r = (x - n * 3.140625) - n * 0.0009676536, q = r * r;
  T flip = 1.0 - 4.0 * (0.5 * n - floor(0.5 * n));
  return flip * r * (1.0 - q * (0.16666667 - q * (0.008333334 - q * (0.0001984127 - q * (0.0000027557319 - q * 2.5052108e-8)))));
}
T scaledSine(T X) {
  T x = X * S, n = floor(x * 0.31830987 + 0.5), r = (x - n * 3.140625) - n * 0.0009676536, q = r * r;
  T flip = 1.0 - 4.0 * (0.5 * n - floor(0.5 * n)), k = min(abs(n), 1.0);
  T R = (1.0 - k) * X + k * r * inverse;
  return flip * R * (1.0 - q * (0.16666667 - q * (0.008333334 - q * (0.0001984127 - q * (0.0000027557319 - q * 2.5052108e-8)))));
}
T errorFunction(T x) {
  T a = abs(x), t = 1.0 / (1.0 + 0.3275911 * a);
  T p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return sign(x) * (1.0 - p * exp(-a * a));
}`;
