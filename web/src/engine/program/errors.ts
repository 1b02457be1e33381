// What refuses a network, named as in netwarp.errors.

export { InputError } from "../language/errors.ts";

/** A number is beyond what a float64 holds. */
export class NotFiniteError extends Error {
  override readonly name = "NotFiniteError";
}
