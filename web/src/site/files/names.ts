// The beginning of a file's name that a reader recognises an architecture in, as netwarp.orders.subject has it.

import { sha256 } from "../../engine/drawing/sha256.ts";

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
