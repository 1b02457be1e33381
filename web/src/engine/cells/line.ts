// Lines: the zeros of an affine function whose numbers are known up to an error.

/** a s + b t + c, the errors of the three, and where it comes from. */
export interface Line {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly wrongA: number;
  readonly wrongB: number;
  readonly wrongC: number;
  /** a number of its own: the same line in two cells is the same object */
  readonly serial: number;
  /** of what it bends, from 1; 0 of the view's border */
  readonly layer: number;
  /** the stage whose line it is; -1 of the border */
  readonly stage: number;
  /** which of its stage's lines */
  readonly label: number;
  /** it is zero where origin - other = threshold; -1 for no other, NaN where that is not known */
  readonly origin: number;
  readonly other: number;
  readonly threshold: number;
}

/** Whether two lines are the same by the way they were made. */
export function alike(one: Line, two: Line): boolean {
  return one === two || (one.origin === two.origin && one.other === two.other && one.threshold === two.threshold && one.origin >= 0);
}

/** The sides of the view, counter-clockwise where y grows upwards, from the smallest y. */
export function border(): Line[] {
  const sides = [[0, 1], [-1, 0], [0, -1], [1, 0]] as const;
  const rest = { c: 0.5, wrongA: 0, wrongB: 0, wrongC: 0, layer: 0, stage: -1, origin: -1, other: -1, threshold: 0 };
  return sides.map(([a, b], label) => ({ a, b, ...rest, serial: -1 - label, label }));
}
