// What is taken as a whole number, and as a number: netwarp.checks.

import { InputError } from "./errors.ts";
import { plain } from "./numbers.ts";
import { LARGEST } from "./table.ts";
import { shown, type Value } from "./values.ts";
import { say } from "./words.ts";

/** A whole number in `least` to `most`. Throws InputError naming `what`; `example` is one that is right. */
export function whole(
  value: Value,
  what: string,
  { least = 1n, most = LARGEST, example = "" }: { least?: bigint; most?: bigint; example?: string } = {},
): bigint {
  const hint = example === "" ? "" : say("HINT", { example });
  if (typeof value !== "bigint") throw new InputError(say("NOT_WHOLE", { what, value: shown(value), hint }));
  if (least <= value && value <= most) return value;
  const values = { what, value: shown(value), least, hint };
  throw new InputError(
    value < least && most === LARGEST ? say("AT_LEAST", values) : say("BETWEEN", { ...values, most }),
  );
}

/** A finite number, -0 as 0. Throws InputError naming `what`. */
export function number(value: Value, what: string, least?: number): number {
  const found = typeof value === "number" || typeof value === "bigint" ? Number(value) : NaN;
  if (!Number.isFinite(found)) throw new InputError(say("NOT_FINITE", { what, value: shown(value) }));
  if (least !== undefined && found < least) {
    throw new InputError(say("AT_LEAST", { what, value: shown(value), least: plain(least), hint: "" }));
  }
  return found + 0;
}
