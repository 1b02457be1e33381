// Numbers of as many digits as hold.

/** A value rounded to the last digit of which `error` is at most half a unit; at least to its first. */
export function held(value: number, error: number): number {
  if (value === 0 || !(error > 0) || !Number.isFinite(error)) return value;
  const first = Math.floor(Math.log10(Math.abs(value)));
  const digits = first + 1 - Math.ceil(Math.log10(2 * error));
  return digits > 17 ? value : Number(value.toPrecision(Math.max(1, digits)));
}
