// What of a picture is interesting: where the most edges are near one place, bends and not slopes, since a plain ramp goes
// on for ever. Of a small copy of it, so that a glance takes no time.

/** The picture that is looked at: so many columns and rows, RGBA. */
export interface Glance {
  readonly columns: number;
  readonly rows: number;
  readonly data: Uint8ClampedArray;
}

/** A place in shares of the picture's sides from its centre, to the right and down; `most` is how busy it is there. */
export interface Place {
  readonly right: number;
  readonly down: number;
  readonly most: number;
}

// pixels from the middle of a bend to its ends: over fewer a faint one is lost in the rounding of its levels
const ARM = 10;
// levels of 255 that a bend must have to be no rounding
const NOISE = 2;
// how far around a place its edges count, and how far from the centre one is looked for, in shares of the sides
const AROUND = 0.05;
const REACH = 0.4;
// what a place must have, in levels a pixel, to lead on
export const LEAST = 0.2;
// a new place must be so much busier than the one that is gone to
const RATHER = 1.4;

/** The busiest place, those near the centre first and the one `heading` was chosen before where it is nearly as good.
 * Nothing near `shunned` counts. */
export function interest(glance: Glance, heading: Place | null, shunned: Place | null): Place {
  const { columns, rows } = glance;
  const bends = bent(glance);
  const reach = Math.max(1, Math.round(AROUND * columns));
  const sums = summed(bends, columns, rows);
  const density = (x: number, y: number): number => {
    const [left, top, right, bottom] = [Math.max(0, x - reach), Math.max(0, y - reach), Math.min(columns, x + reach + 1), Math.min(rows, y + reach + 1)];
    const at = (one: number, other: number): number => sums[other * (columns + 1) + one] ?? 0;
    return (at(right, bottom) - at(left, bottom) - at(right, top) + at(left, top)) / ((right - left) * (bottom - top));
  };
  let best = { right: 0, down: 0, most: 0, worth: 0, x: 0, y: 0 };
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < columns - 1; x++) {
      const [right, down] = [(x + 0.5) / columns - 0.5, (y + 0.5) / rows - 0.5];
      const far = Math.hypot(right, down);
      if (far > REACH || (shunned !== null && Math.hypot(right - shunned.right, down - shunned.down) < 0.25)) continue;
      const most = density(x, y);
      const kept = heading !== null && Math.hypot(right - heading.right, down - heading.down) < 2 * AROUND ? RATHER : 1;
      const worth = most * kept * Math.exp(-((far / REACH) ** 2));
      if (worth > best.worth) best = { right, down, most, worth, x, y };
    }
  }
  // on an edge itself, which stays in view however far one goes
  let sharpest = -1;
  let { right, down } = best;
  for (let y = Math.max(1, best.y - reach); y < Math.min(rows - 1, best.y + reach + 1); y++) {
    for (let x = Math.max(1, best.x - reach); x < Math.min(columns - 1, best.x + reach + 1); x++) {
      const bend = bends[y * columns + x] ?? 0;
      if (bend <= sharpest) continue;
      sharpest = bend;
      [right, down] = [(x + 0.5) / columns - 0.5, (y + 0.5) / rows - 0.5];
    }
  }
  return { right, down, most: best.most };
}

/** How much every pixel differs from the mean of those on either side, above rounding; 0 at the rim. */
function bent({ columns, rows, data }: Glance): Float64Array {
  const found = new Float64Array(columns * rows);
  const at = (x: number, y: number, channel: number): number => data[4 * (y * columns + x) + channel] ?? 0;
  for (let y = ARM; y < rows - ARM; y++) {
    for (let x = ARM; x < columns - ARM; x++) {
      let bend = 0;
      for (let channel = 0; channel < 3; channel++) {
        const middle = 2 * at(x, y, channel);
        bend += Math.max(0, Math.abs(at(x - ARM, y, channel) + at(x + ARM, y, channel) - middle) - NOISE);
        bend += Math.max(0, Math.abs(at(x, y - ARM, channel) + at(x, y + ARM, channel) - middle) - NOISE);
      }
      found[y * columns + x] = bend;
    }
  }
  return found;
}

/** Sums over everything above and left: (columns + 1) by (rows + 1). */
function summed(values: Float64Array, columns: number, rows: number): Float64Array {
  const wide = columns + 1;
  const sums = new Float64Array(wide * (rows + 1));
  for (let y = 0; y < rows; y++) {
    let row = 0;
    for (let x = 0; x < columns; x++) {
      row += values[y * columns + x] ?? 0;
      sums[(y + 1) * wide + x + 1] = (sums[y * wide + x + 1] ?? 0) + row;
    }
  }
  return sums;
}
