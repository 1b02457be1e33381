// Numbers of as many digits as hold.

// digits that a measure is shown with where all hold, though never less than its whole part
const SHOWN = 4;

/** A value rounded to the last digit of which `error` is at most half a unit; as it is where that is none of those shown. */
export function held(value: number, error: number): number {
  if (value === 0 || !(error > 0) || !Number.isFinite(error)) return value;
  const first = Math.floor(Math.log10(Math.abs(value)));
  const digits = first + 1 - Math.ceil(Math.log10(2 * error));
  return digits >= Math.max(SHOWN, first + 1) ? value : Number(value.toPrecision(Math.max(1, digits)));
}
