// Which points of the plane a Program that reads windows must be evaluated on, so that a raster comes out, along one axis
// at a time: netwarp.engine.lattice.
//
// A kernel's taps lie one calibration pixel (`tap`) apart whatever the raster's own pitch is, so pixels share work only
// where they lie on one lattice of that spacing. Where the pitch divides the tap distance rationally, pixels fall into a
// few such lattices; elsewhere every pixel has a lattice of its own. Either way the lattices are laid end to end.

/** How many taps are read before and after a place. */
export interface Reach {
  readonly before: number;
  readonly after: number;
}

/** Positions along one axis: around every core position, `before` and `after` neighbours are one tap apart. */
export interface Axis extends Reach {
  /** (n,) plane units */
  readonly coordinates: Float64Array;
  /** (m,) the index in coordinates of each pixel evaluated, ascending */
  readonly core: Int32Array;
  /** (m,) which pixel of the raster that is */
  readonly pixels: Int32Array;
}

interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

const LARGEST_DENOMINATOR = 1024;

/** The Axis of `count` pixels over `length` around `centre`, for a Program that reads `reach` around each. */
export function axis(count: number, length: number, centre: number, tap: number, reach: Reach): Axis {
  const [where, core, pixels]: [number[], number[], number[]] = [[], [], []];
  for (const one of lattices(count, (tap * count) / length, reach)) {
    const start = where.length;
    for (let i = -reach.before; i < one.size - reach.before; i++) {
      // multiplied before divided: a core position is then exactly its pixel's number
      where.push(one.phase + (i * one.steps.numerator) / one.steps.denominator);
    }
    one.pixels.forEach((pixel, i) => {
      core.push(start + reach.before + i * one.steps.denominator);
      pixels.push(pixel);
    });
  }
  const coordinates = Float64Array.from(where, (at) => ((2 * at + (1 - count)) * length) / (2 * count) + centre);
  return { ...reach, coordinates, core: Int32Array.from(core), pixels: Int32Array.from(pixels) };
}

/** How many positions that Axis has. */
export function positions(count: number, length: number, tap: number, reach: Reach): number {
  const halo = reach.before + reach.after;
  const steps = rational((tap * count) / length, count);
  const own = count * (1 + halo);
  return halo === 0 ? count : Math.min(own, steps === null ? own : shared(steps, count, halo));
}

interface Lattice {
  readonly phase: number;
  /** the tap distance in pixels */
  readonly steps: Fraction;
  readonly pixels: readonly number[];
  readonly size: number;
}

function lattices(count: number, step: number, { before, after }: Reach): Lattice[] {
  const halo = before + after;
  const all = Array.from({ length: count }, (_, i) => i);
  if (halo === 0) return [{ phase: 0, steps: { numerator: 1, denominator: 1 }, pixels: all, size: count }];
  const steps = rational(step, count);
  if (steps === null || shared(steps, count, halo) >= count * (1 + halo)) {
    return all.map((pixel) => ({ phase: pixel, steps: { numerator: step, denominator: 1 }, pixels: [pixel], size: 1 + halo }));
  }
  return all.slice(0, steps.numerator).map((phase) => {
    const pixels = all.filter((pixel) => pixel % steps.numerator === phase);
    return { phase, steps, pixels, size: (pixels.length - 1) * steps.denominator + 1 + halo };
  });
}

/** How many positions the shared lattices have, laid end to end. */
function shared({ numerator, denominator }: Fraction, count: number, halo: number): number {
  const phases = Math.min(numerator, count);
  return (count - phases) * denominator + phases * (1 + halo);
}

/** The tap distance as a simple fraction of pixels, where it is one well within a coordinate's rounding error. */
function rational(step: number, count: number): Fraction | null {
  const found = nearest(step);
  if (found.numerator <= 0 || Math.abs(step - found.numerator / found.denominator) * count > 1e-9 * step) return null;
  return found;
}

/** The fraction closest to a number, of denominators up to the largest: by continued fractions. */
function nearest(value: number): Fraction {
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  let rest = value;
  for (;;) {
    const whole = Math.floor(rest);
    if (q0 + whole * q1 > LARGEST_DENOMINATOR) break;
    [p0, q0, p1, q1] = [p1, q1, p0 + whole * p1, q0 + whole * q1];
    if (rest === whole || Math.abs(value - p1 / q1) <= 1e-15 * value) return { numerator: p1, denominator: q1 };
    rest = 1 / (rest - whole);
  }
  const times = Math.floor((LARGEST_DENOMINATOR - q0) / q1);
  const other = { numerator: p0 + times * p1, denominator: q0 + times * q1 };
  const apart = (one: Fraction): number => Math.abs(one.numerator / one.denominator - value);
  const last = { numerator: p1, denominator: q1 };
  return apart(last) <= apart(other) ? last : other;
}
