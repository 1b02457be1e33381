// Inputs that make a picture symmetric, each checked as it is made: netwarp.architecture.symmetry.

import { number, whole } from "./checks.ts";
import { InputError } from "./errors.ts";
import type { Function } from "./grammar.ts";
import { plain } from "./numbers.ts";
import { LIMITS, SYMMETRY, WALLPAPERS } from "./table.ts";
import type { Input, Inputs, Rosette, Symmetric, Wallpaper } from "./tree.ts";
import { shown, type Value } from "./values.ts";
import { say } from "./words.ts";
import { inputText } from "./write.ts";

const WAVES = BigInt(SYMMETRY.waves);

export const mirror: Function = (given) => rosette(1n, true, given);
export const rotate: Function = (given) => rosette(given.get("fold") ?? null, false, given);
export const dihedral: Function = (given) => rosette(given.get("fold") ?? null, true, given);

function rosette(fold: Value, mirrored: boolean, given: ReadonlyMap<string, Value>): Rosette {
  const name = !mirrored ? "rotate" : fold === 1n ? "mirror" : "dihedral";
  const { n = WAVES, sigma = SYMMETRY.sigma } = Object.fromEntries(given);
  const [least, most] = [mirrored ? 1n : 2n, BigInt(LIMITS.folds)];
  return {
    kind: "Rosette",
    fold: whole(fold, `${name} fold`, { least, most, example: `${name}(5)` }),
    mirrored,
    n: waves(n, name),
    sigma: number(sigma, `${name} sigma`, 0),
  };
}

export const wallpaper: Function = (given) => {
  const { group = null, n = WAVES, cell = SYMMETRY.cell, ratio = 1n, shear = 0n } = Object.fromEntries(given);
  const known = typeof group === "string" ? WALLPAPERS[group] : undefined;
  if (typeof group !== "string" || known === undefined) {
    throw new InputError(say("GROUP", { value: shown(group), groups: Object.keys(WALLPAPERS).join(", ") }));
  }
  const made: Wallpaper = {
    kind: "Wallpaper",
    group,
    n: waves(n, "wallpaper"),
    cell: number(cell, "wallpaper cell"),
    ratio: number(ratio, "wallpaper ratio"),
    shear: number(shear, "wallpaper shear"),
  };
  const { lattice } = known;
  if (made.cell <= 0) throw new InputError(say("CELL", { value: plain(made.cell) }));
  if ((lattice === "square" || lattice === "hexagonal") && made.ratio !== 1) {
    throw new InputError(say("NOT_FREE", { name: "ratio", group, lattice }));
  }
  if (lattice !== "oblique" && made.shear !== 0) throw new InputError(say("NOT_FREE", { name: "shear", group, lattice }));
  within("wallpaper ratio", made.ratio, 1 / LIMITS.longest, LIMITS.longest);
  within("wallpaper shear", made.shear, -1, 1);
  return made;
};

function waves(n: Value, name: string): bigint {
  const limits = { least: BigInt(LIMITS.fewest), most: BigInt(LIMITS.modes) };
  return whole(n, `${name} n`, { ...limits, example: `n=${SYMMETRY.waves}` });
}

function within(what: string, value: number, least: number, most: number): void {
  if (least <= value && value <= most) return;
  throw new InputError(say("BETWEEN", { what, value: plain(value), least: plain(least), most: plain(most), hint: "" }));
}

/** Throws InputError where there are several symmetries, or beside one what has it not. */
export function checkSymmetry(parts: readonly Input[]): void {
  const [first, second] = parts.filter(isSymmetric);
  if (first === undefined) return;
  if (second !== undefined) throw new InputError(say("SYMMETRIES", { first: inputText(first), second: inputText(second) }));
  // a distance from the origin no turn about it changes
  const names = first.kind === "Rosette" ? ["bias", "r"] : ["bias"];
  for (const part of parts) {
    if (part.kind === "Latent" || part.kind === "Fixed" || part.kind === "Scaling" || isSymmetric(part)) continue;
    if (part.kind === "Coordinate" && names.includes(part.name)) continue;
    const allowed = names.length > 1 ? "r, bias and z" : "bias and z";
    throw new InputError(say("UNSYMMETRIC", { part: inputText(part), symmetry: inputText(first), allowed }));
  }
}

/** What makes every picture of these inputs symmetric. */
export function symmetryOf({ parts }: Inputs): Symmetric | undefined {
  return parts.find(isSymmetric);
}

export function isSymmetric(part: Input): part is Symmetric {
  return part.kind === "Rosette" || part.kind === "Wallpaper";
}

/** Throws InputError for a layer that reads beside a point, where inputs are symmetric. */
export function checkPoint(inputs: Inputs, layer: () => string): void {
  const symmetry = symmetryOf(inputs);
  if (symmetry !== undefined) throw new InputError(say("NOT_POINTWISE", { layer: layer(), symmetry: inputText(symmetry) }));
}
