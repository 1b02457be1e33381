// The moments of a film that a family's text says: between two seeds, and of inputs z between those of two seeds.
import { SAID } from "../../words/index.ts";

/** The family before, the next seed, the two steps, and the share of the second. */
export const MOMENT = /^(.+) (-?\d+) (\d+)-(\d+)_(0\.\d+)$/;
/** The network's seed, the first seed of the inputs z, and the share of the second. */
export const WALK = /^(-?\d+) (-?\d+) -?\d+ 0z1-2_(0|0\.\d+|1)$/;

/** What is said of a network that is such a moment; null of another. */
export function momentOf(bred: string): string | null {
  const [, base = "", next] = MOMENT.exec(bred.trim()) ?? [];
  if (next !== undefined) return SAID.motion.between(base.split(/\s+/).length === 1 ? base : SAID.facts.bred, next);
  const [, seed] = WALK.exec(bred.trim()) ?? [];
  return seed === undefined ? null : SAID.motion.walked(seed);
}
