// A network's numbers on the way to another's: netwarp.network.make.between, to the rounding of the machine's sine.

// below this angle, in radians, or as close to half a turn, two arrays say no arc between them
const FLAT = 1e-6;

/** An array between `first`, at share 0, and `second`, at share 1: along the arc about the mean that both are drawn about. */
export function between(first: Float64Array, second: Float64Array, about: number, share: number): Float64Array {
  if (share === 0 || first.every((one, i) => one === second[i])) return first;
  if (share === 1) return second;
  const [u, v] = [first, second].map((one) => one.map((each) => each - about)) as [Float64Array, Float64Array];
  const [long, other] = [length(u), length(v)];
  const straight = (): Float64Array => first.map((one, i) => one + share * ((second[i] ?? 0) - one));
  if (long === 0 || other === 0) return straight();
  const apart = length(u.map((one, i) => one / long - (v[i] ?? 0) / other));
  const along = length(u.map((one, i) => one / long + (v[i] ?? 0) / other));
  const angle = 2 * Math.atan2(apart, along);
  if (angle < FLAT) return straight();
  const [a, b] = angle > Math.PI - FLAT
    ? [Math.cos((share * Math.PI) / 2), Math.sin((share * Math.PI) / 2)]
    : [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)];
  return u.map((one, i) => about + (a * one + b * (v[i] ?? 0)));
}

function length(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, one) => sum + one * one, 0));
}
