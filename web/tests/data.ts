// JSON in which float64 arrays are base64 of their little-endian bytes: {"floats": "..."} where they are read. Whole
// numbers of any size are {"whole": "10"}.

import { readFileSync, writeFileSync } from "node:fs";

/** What the command's first argument names. */
export function asked(): unknown {
  return JSON.parse(readFileSync(argument(0), "utf8"), (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("whole" in value) return BigInt(String(value.whole));
    if ("floats" in value) return new Float64Array(Uint8Array.from(Buffer.from(String(value.floats), "base64")).buffer);
    return value;
  });
}

/** Writes it where the command's second argument says. */
export function answer(value: unknown): void {
  writeFileSync(
    argument(1),
    JSON.stringify(value, (_, one: unknown) =>
      one instanceof Float64Array ? Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString("base64") : one,
    ),
  );
}

function argument(n: number): string {
  const found = process.argv[2 + n];
  if (found === undefined) throw new Error("give two paths: of what is asked, and of the answer");
  return found;
}
