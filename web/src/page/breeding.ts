// The texts of families that grow: netwarp.network.family says what each step is, and what strength is the usual one.
import { numberOf } from "../seed.ts";
import { DEFAULTS, type PaneState } from "../server.ts";

const USUAL = [0.2, 0] as const; // of one parent, and of two

/** The text of a network's family: its own, or the seed that draws it. */
export function familyOf({ bred, seed }: Pick<PaneState, "bred" | "seed">): string {
  return bred.trim() === "" ? String(numberOf(seed ?? DEFAULTS.seed)) : bred.trim();
}

/** That of a mutant, or of a cross with another. */
export function childOf(family: string, other: string | null, seed: number, strength: number): string {
  const steps = family.split(/\s+/);
  const parents = [steps.length - 1];
  if (other !== null) {
    // the other's steps, each at its new place; ancestors of both stand once
    const places: number[] = [];
    for (const word of other.split(/\s+/)) {
      const [, named = "", rest = ""] = /^([\d*z-]+)([_:].*)$/.exec(word) ?? [];
      const moved = rest === "" ? word : named.replace(/\d+/g, (one) => String(places[Number(one)])) + rest;
      const known = steps.indexOf(moved);
      places.push(known >= 0 ? known : steps.push(moved) - 1);
    }
    parents.push(places.at(-1) ?? 0);
  }
  const usual = strength === USUAL[parents.length - 1];
  return [...steps, `${parents.join("*")}_${seed}${usual ? "" : `_${strength}`}`].join(" ");
}
