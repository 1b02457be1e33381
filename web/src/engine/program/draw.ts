// The parameters of an architecture, drawn from a seed.

import { spread, weights } from "../drawing/initialise.ts";
import { Stream } from "../drawing/stream.ts";
import { distributionText, initialiserText } from "../language/write.ts";
import { say } from "../language/words.ts";
import { InputError } from "./errors.ts";
import { keyOf, type Parameter, type Take } from "./parameter.ts";

/** The numbers of every parameter, each from a stream of its own, keyed by (seed, path, name).
 *
 * Errors: InputError where numbers are drawn that no float64 holds.
 */
export function drawing(seed: bigint): Take {
  return (parameter) => {
    const found = drawn(parameter, Stream.of(seed, parameter.path, parameter.name));
    if (!found.every(Number.isFinite)) {
      const from = parameter.drawn;
      const text = from.kind === "Initialiser" ? initialiserText(from) : distributionText(from);
      throw new InputError(say("DRAWN_BEYOND", { name: parameter.name, drawn: text, key: keyOf(parameter) }));
    }
    return found;
  };
}

/** The numbers of one parameter; they may be beyond float64. */
export function drawn({ sizes, drawn: from, groups }: Parameter, stream: Stream): Float64Array {
  if (from.kind !== "Initialiser") return spread(from, sizes.reduce((all, one) => all * one, 1), stream);
  const [channels, inputs, kernel] = sizes as [number, number, number, number];
  return weights(from, { channels, inputs, kernel, groups }, stream);
}
