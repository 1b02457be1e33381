// The beginning of a file's name that a reader recognises an architecture in, as netwarp.orders.subject has it.

import { sha256 } from "../../engine/drawing/sha256.ts";
import type { Architecture } from "../../engine/language/tree.ts";
import { layerText, textOf } from "../../engine/language/write.ts";
import { lineageOf } from "../../engine/program/family.ts";
import { numberOf, type Seed } from "../../seed.ts";

const MOST = 60;

/** conv(10) * 10 -> conv10x10. */
export function fileName(text: string): string {
  const plain = text
    .toLowerCase()
    .split("*")
    .map((part) => part.trim())
    .join("x")
    .replace(/(?<=[a-z])\((?=\d)/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .replaceAll("-x", "x");
  if (plain === "") return "picture";
  if (plain.length <= MOST) return plain;
  const hash = (sha256(text)[0] ?? 0).toString(16).padStart(8, "0").slice(0, 6);
  return `${plain.slice(0, MOST - 7).replace(/-+$/, "")}-${hash}`;
}

/** The name of a network's file, without its ending. */
export function stemOf({ architecture, seed, bred }: { readonly architecture: Architecture; readonly seed: Seed; readonly bred: string }): string {
  const own = bred === "" ? String(numberOf(seed)) : lineageOf(bred, textOf(architecture)).of.slice(0, 6);
  return `${fileName(layerText(architecture.tree))}-${own}`;
}
