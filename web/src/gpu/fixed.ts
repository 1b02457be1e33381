// Arithmetic in fixed point on BigInt: a number v stands for v / 2^bits. As deep as anyone zooms; the functions are
// good to a few units of the last bit.
import { type Dec as Decimal } from "../decimal.ts";

export interface Fixed {
  bits: number;
  one: bigint;
  ofNumber(value: number): bigint;
  ofDecimal(value: Decimal): bigint;
  multiply(a: bigint, b: bigint): bigint;
  divide(a: bigint, b: bigint): bigint;
  /** a 2^shift as float64, correct however small a is; past what float64 holds, infinite */
  toNumber(a: bigint, shift?: number): number;
  squareRoot(a: bigint): bigint;
  /** e^a of a <= 0 */
  exp(a: bigint): bigint;
  /** ln(1 + a) of 0 <= a <= 1 */
  log1p(a: bigint): bigint;
  sine(a: bigint): bigint;
  cosine(a: bigint): bigint;
  erf(a: bigint): bigint;
  pi(): bigint;
}

// a few bits more inside the functions, which sum many rounded terms
const GUARD = 24n;

export function fixed(bits: number): Fixed {
  const point = BigInt(bits);
  const one = 1n << point;
  // inside the functions: GUARD bits more
  const fine = point + GUARD;
  const unit = 1n << fine;
  const times = (a: bigint, b: bigint): bigint => (a * b) >> fine;
  const inside = (a: bigint): bigint => a << GUARD;
  const outside = (a: bigint): bigint => (a + (1n << (GUARD - 1n))) >> GUARD;
  let halfPi: bigint | undefined;
  let ln2: bigint | undefined;

  /** sum of x^(2n+1) / (2n+1), signs alternating or not */
  const odd = (x: bigint, sign: bigint): bigint => {
    const square = times(x, x) * sign;
    let sum = 0n;
    let power = x;
    for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
      sum += power / n;
      power = times(power, square);
    }
    return sum;
  };
  const quarter = (): bigint => (halfPi ??= (16n * odd(unit / 5n, -1n) - 4n * odd(unit / 239n, -1n)) / 2n);
  const logTwo = (): bigint => (ln2 ??= 2n * odd(unit / 3n, 1n));

  const exp = (a: bigint): bigint => {
    const x = inside(a);
    const halvings = x / logTwo();
    if (-halvings > fine) return 0n;
    // 2^-8 of what is left: few terms, then squared eight times
    const small = (x - halvings * logTwo()) >> 8n;
    let sum = unit;
    let term = unit;
    for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
      term = times(term, small) / n;
      sum += term;
    }
    for (let i = 0; i < 8; i++) sum = times(sum, sum);
    return outside(sum >> -halvings);
  };

  /** sin of a + turns quarter turns */
  const wave = (a: bigint, turns: bigint): bigint => {
    const quarterTurn = quarter();
    const x = inside(a);
    let n = (2n * x + quarterTurn) / (2n * quarterTurn);
    if (2n * x + quarterTurn < 0n) n -= 1n;
    const r = x - n * quarterTurn;
    const square = times(r, r);
    const phase = Number(BigInt.asUintN(2, n + turns));
    let sum = 0n;
    let term = phase % 2 === 0 ? r : unit;
    for (let k = phase % 2 === 0 ? 1n : 0n; term !== 0n && term !== -1n; k += 2n) {
      sum += term;
      term = -times(term, square) / ((k + 1n) * (k + 2n));
    }
    return outside(phase < 2 ? sum : -sum);
  };

  const squareRootOf = (n: bigint): bigint => {
    if (n <= 0n) return 0n;
    let root = 1n << BigInt((n.toString(16).length * 4 + 1) >> 1);
    for (;;) {
      const next = (root + n / root) >> 1n;
      if (next >= root) return root;
      root = next;
    }
  };

  return {
    bits,
    one,
    ofNumber(value) {
      if (value === 0) return 0n;
      if (!Number.isFinite(value)) throw new RangeError(`${value} is not a finite number`);
      // 53 bits, whole
      const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -1022) - 53;
      const high = Math.min(-exponent, 1000);
      const whole = BigInt(Math.trunc(value * 2 ** high * 2 ** (-exponent - high)));
      const shift = point + BigInt(exponent);
      return shift >= 0n ? whole << shift : whole >> -shift;
    },
    ofDecimal({ n, e }) {
      if (e >= 0) return (n * 10n ** BigInt(e)) << point;
      // half a unit is added: rounding to the nearest
      const power = 10n ** BigInt(-e);
      const twice = n << (point + 1n);
      const floor = twice / power;
      return (floor + (n < 0n ? -1n : 1n)) / 2n;
    },
    multiply: (a, b) => (a * b) >> point,
    divide: (a, b) => (a << point) / b,
    toNumber(a, shift = 0) {
      const size = (a < 0n ? -a : a).toString(16).length * 4;
      const cut = Math.max(0, size - 72);
      let exponent = cut + shift - bits;
      let value = Number(a >> BigInt(cut));
      for (; exponent < -1000 && value !== 0; exponent += 1000) value *= 2 ** -1000;
      for (; exponent > 1000 && Number.isFinite(value) && value !== 0; exponent -= 1000) value *= 2 ** 1000;
      return value === 0 ? 0 : value * 2 ** exponent;
    },
    squareRoot: (a) => squareRootOf(a << point),
    exp,
    log1p: (a) => {
      const x = inside(a);
      return outside(2n * odd((x << fine) / (2n * unit + x), 1n));
    },
    pi: () => outside(2n * quarter()),
    sine: (a) => wave(a, 0n),
    cosine: (a) => wave(a, 1n),
    erf(a) {
      const x = inside(a < 0n ? -a : a);
      const square = outside(times(x, x));
      // what is left of 1 is less than the last bit
      if (10n * square > 7n * point * one) return a < 0n ? -one : one;
      // e^(-x^2) times a sum as large as e^(x^2): as many bits more
      const more = 64 * Math.ceil((Number(square >> point) + 1) / 44);
      const result = seriesOfErf(fixed(bits + more), (a < 0n ? -a : a) << BigInt(more)) >> BigInt(more);
      return a < 0n ? -result : result;
    },
  };
}

/** 2 / sqrt(pi) e^(-x^2) times the sum of (2 x^2)^n x / (1 3 5 ... (2n+1)), all of whose terms are positive. */
function seriesOfErf(m: Fixed, x: bigint): bigint {
  const square = m.multiply(x, x);
  let sum = 0n;
  let term = x;
  for (let n = 3n; term !== 0n; n += 2n) {
    sum += term;
    term = (2n * m.multiply(term, square)) / n;
  }
  const factor = m.divide(2n * m.exp(-square), m.squareRoot(m.pi()));
  return m.multiply(factor, sum);
}
