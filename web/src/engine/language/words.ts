// The words of errors, from the one table that Python's reader has too.

import { told } from "../../words/told.ts";
import { WORDS } from "./table.ts";

const SAYS: Readonly<Record<string, string>> = told(WORDS);

type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;

/** The table's words of that name, with what they are about in the places of its braces. */
export function say<Name extends keyof typeof WORDS>(
  name: Name,
  values: Readonly<Record<Holes<(typeof WORDS)[Name]>, string | number | bigint>>,
): string {
  const known: Readonly<Record<string, string | number | bigint>> = values;
  return (SAYS[name] ?? "").replace(/\{(\w+)\}/g, (_, hole: string) => String(known[hole]));
}

/** A whole number with commas between its thousands. */
export function thousands(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
