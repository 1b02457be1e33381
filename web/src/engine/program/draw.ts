// The parameters of an architecture, drawn from a seed.

import { spread, weights } from "../drawing/initialise.ts";
import { Stream } from "../drawing/stream.ts";
import { distributionText, initialiserText } from "../language/write.ts";
import { say } from "../language/words.ts";
import { InputError } from "./errors.ts";
import { keyOf, type Parameter, type Take } from "./parameter.ts";

// numbers that are kept of those drawn last, and what an array takes besides, in numbers: a slider that plays asks for the
// same ones again and again
const [MOST, EACH] = [2 ** 19, 64];

const kept = new Map<string, Float64Array>();
let held = 0;

/** The numbers of every parameter, each from a stream of its own, keyed by (seed, path, name). They are not to be changed.
 *
 * Errors: InputError where numbers are drawn that no float64 holds.
 */
export function drawing(seed: bigint): Take {
  return (parameter) => {
    // 0 and -0 are one text
    if (parameter.drawn.kind === "Constant") return checked(parameter, drawn(parameter, seed));
    const key = JSON.stringify([seed.toString(), parameter]);
    const known = kept.get(key);
    const found = known ?? checked(parameter, drawn(parameter, seed));
    if (known === undefined) held += found.length + EACH;
    else kept.delete(key);
    kept.set(key, found);
    for (const [old, { length }] of kept) {
      if (held <= MOST) break;
      kept.delete(old);
      held -= length + EACH;
    }
    return found;
  };
}

function checked(parameter: Parameter, found: Float64Array): Float64Array {
  if (found.every(Number.isFinite)) return found;
  const from = parameter.drawn;
  const text = from.kind === "Initialiser" ? initialiserText(from) : distributionText(from);
  throw new InputError(say("DRAWN_BEYOND", { name: parameter.name, drawn: text, key: keyOf(parameter) }));
}

/** The numbers of one parameter; they may be beyond float64. */
export function drawn({ path, name, sizes, drawn: from, groups }: Parameter, seed: bigint): Float64Array {
  const stream = (): Stream => Stream.of(seed, path, name);
  if (from.kind !== "Initialiser") return spread(from, sizes.reduce((all, one) => all * one, 1), stream);
  const [channels, inputs, kernel] = sizes as [number, number, number, number];
  return weights(from, { channels, inputs, kernel, groups }, stream());
}
