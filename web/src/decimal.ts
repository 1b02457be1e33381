// Decimals of any length: n * 10^e. Coordinates keep every digit a user has zoomed to; a float64 has sixteen.

export interface Dec {
  readonly n: bigint;
  readonly e: number;
}

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/;
const LONGEST = 4000;

const ZERO: Dec = { n: 0n, e: 0 };

/** The decimal a text writes, or null where it writes none. */
export function read(text: string): Dec | null {
  const found = FORM.exec(text.trim());
  if (found === null || text.length > LONGEST) return null;
  const [, sign = "", whole = "", part = "", exponent = "0"] = found;
  if (whole + part === "") return null;
  const n = BigInt(sign + whole + part);
  return tidy({ n, e: Number(exponent) - part.length });
}

/** The decimal a text writes. Throws where it writes none. */
export function dec(text: string): Dec {
  const found = read(text);
  if (found === null) throw new RangeError(`${text.slice(0, 40)}: must be a number, as 0.25 or 1.5e-30`);
  return found;
}

/** The decimal of a finite number: the shortest that reads back equal. */
export function fromNumber(value: number): Dec {
  return dec(String(value));
}

/** Plain digits for what is neither large nor small, else with an exponent; `read` gives it back exactly. */
export function write(value: Dec): string {
  const { n, e } = tidy(value);
  if (n === 0n) return "0";
  const sign = n < 0n ? "-" : "";
  const digits = String(n < 0n ? -n : n);
  const first = digits.length - 1 + e;
  if (first < -6 && digits.length < 25) return `${sign}${pointed(digits)}e${first}`;
  if (e >= 0) return first > 20 ? `${sign}${pointed(digits)}e${first}` : sign + digits + "0".repeat(e);
  const padded = digits.padStart(1 - e, "0");
  return `${sign}${padded.slice(0, e)}.${padded.slice(e)}`;
}

export function add(a: Dec, b: Dec): Dec {
  const e = Math.min(a.e, b.e);
  return tidy({ n: raised(a, e) + raised(b, e), e });
}

function negate(a: Dec): Dec {
  return { n: -a.n, e: a.e };
}

export function sub(a: Dec, b: Dec): Dec {
  return add(a, negate(b));
}

export function mul(a: Dec, b: Dec): Dec {
  return tidy({ n: a.n * b.n, e: a.e + b.e });
}

/** a times a finite number. */
export function times(a: Dec, factor: number): Dec {
  return mul(a, fromNumber(factor));
}

/** a / b as a number, right to its last bits however small both are; b must not be 0. */
export function ratio(a: Dec, b: Dec): number {
  if (a.n === 0n) return 0;
  const extra = Math.max(0, 22 + length(b.n) - length(a.n));
  return Number(`${(a.n * 10n ** BigInt(extra)) / b.n}e${a.e - b.e - extra}`);
}

export function compare(a: Dec, b: Dec): number {
  const e = Math.min(a.e, b.e);
  const left = raised(a, e);
  const right = raised(b, e);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The power of ten of the first digit; 0 of zero. */
export function magnitude(a: Dec): number {
  return a.n === 0n ? 0 : length(a.n) - 1 + a.e;
}

/** Rounded to so many significant digits, halves away from zero. */
export function significant(a: Dec, digits: number): Dec {
  return quantised(a, magnitude(a) - digits + 1);
}

/** Rounded to a multiple of 10^e, halves away from zero. */
export function quantised(a: Dec, e: number): Dec {
  if (a.e >= e) return a;
  const unit = 10n ** BigInt(e - a.e);
  const size = a.n < 0n ? -a.n : a.n;
  const rounded = (size + unit / 2n) / unit;
  return tidy({ n: a.n < 0n ? -rounded : rounded, e });
}

function tidy({ n, e }: Dec): Dec {
  if (n === 0n) return ZERO;
  let [m, f] = [n, e];
  while (m % 10_000_000_000n === 0n) [m, f] = [m / 10_000_000_000n, f + 10];
  while (m % 10n === 0n) [m, f] = [m / 10n, f + 1];
  return { n: m, e: f };
}

function raised(a: Dec, e: number): bigint {
  return a.n * 10n ** BigInt(a.e - e);
}

function length(n: bigint): number {
  return String(n < 0n ? -n : n).length;
}

function pointed(digits: string): string {
  return digits.length === 1 ? digits : `${digits[0] ?? ""}.${digits.slice(1)}`;
}
