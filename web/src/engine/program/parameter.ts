// One array of a network, and who gives its numbers.

import type { Distribution, Initialiser } from "../language/tree.ts";

/** The path of its layer in the flattened tree, its name there, its sizes, and what it is drawn from.
 *
 * `sizes` are (C, I / G, k, k) of weights, else the array's own. `groups` G is 1 but for grouped weights.
 */
export interface Parameter {
  readonly path: string;
  readonly name: string;
  readonly sizes: readonly number[];
  readonly drawn: Distribution | Initialiser;
  readonly groups: number;
}

/** Gives the numbers of a parameter, row by row. */
export type Take = (parameter: Parameter) => Float64Array;

/** "PATH.NAME". */
export function keyOf(parameter: Parameter): string {
  return `${parameter.path}.${parameter.name}`;
}
