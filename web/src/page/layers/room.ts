// How large the small pictures of a diagram are: as large as its columns allow side by side.

// pixels: of a picture's side, between pictures and between layers, of a column of pictures; at 22 and 2 apart each has
// the 24 that a pointer needs
const [LARGEST, SMALLEST, GAP, APART, HIGH] = [44, 22, 2, 4, 258];

export interface LaidOut {
  readonly side: number;
  /** pictures one below the other: a layer that has more goes on beside them */
  readonly rows: number;
}

/** Of layers with so many units each, in `width` pixels; where the smallest do not fit, one scrolls. A finger needs more. */
export function laidOut(units: readonly number[], width: number, finger: boolean): LaidOut {
  const smallest = finger ? LARGEST : SMALLEST;
  for (let side = LARGEST; ; side -= 2) {
    const rows = Math.floor((HIGH + GAP) / (side + GAP));
    const columns = units.reduce((sum, count) => sum + Math.max(1, Math.ceil(count / rows)), 1);
    if (side <= smallest || columns * side + (columns - 1 - units.length) * GAP + units.length * APART <= width) return { side, rows };
  }
}
