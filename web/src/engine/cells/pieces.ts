// The activations that consist of straight pieces: where they bend, and what they are between the bends.

/** slope z + offset on one piece; `rounded` where a float64 is not quite that slope. */
export interface Piece {
  readonly slope: number;
  readonly offset: number;
  readonly rounded?: boolean;
}

/** Piece i holds above kink i - 1 and up to kink i, kinks included; `jumps` where the value itself jumps. */
export interface Bends {
  readonly kinks: readonly number[];
  readonly pieces: readonly Piece[];
  readonly jumps?: boolean;
}

const [NOTHING, SAME]: [Piece, Piece] = [flat(0), { slope: 1, offset: 0 }];

const BENDS: Readonly<Record<string, (parameter: number) => Bends>> = {
  relu: () => ({ kinks: [0], pieces: [NOTHING, SAME] }),
  leaky,
  prelu: leaky,
  abs: () => ({ kinks: [0], pieces: [{ slope: -1, offset: 0 }, SAME] }),
  hardtanh: () => ({ kinks: [-1, 1], pieces: [flat(-1), SAME, flat(1)] }),
  relu6: () => ({ kinks: [0, 6], pieces: [NOTHING, SAME, flat(6)] }),
  hardsigmoid: () => ({ kinks: [-3, 3], pieces: [NOTHING, { slope: 1 / 6, offset: 0.5, rounded: true }, flat(1)] }),
  step: () => ({ kinks: [0], pieces: [NOTHING, flat(1)], jumps: true }),
  linear: () => ({ kinks: [], pieces: [SAME] }),
};

/** Whether an activation consists of straight pieces. */
export function isStraight(name: string): boolean {
  return Object.hasOwn(BENDS, name);
}

/** The pieces of an activation. Errors: Error for one that has none. */
export function bendsOf(name: string, parameter: number): Bends {
  const found = BENDS[name];
  if (found === undefined) throw new Error(`activation ${name}: has no straight pieces`);
  return found(parameter);
}

function flat(offset: number): Piece {
  return { slope: 0, offset };
}

function leaky(slope: number): Bends {
  return { kinks: [0], pieces: [{ slope, offset: 0 }, SAME] };
}
