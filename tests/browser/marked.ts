// In the place of web/src/words/told.ts: the same words, each between two marks, so that what has none is seen.

export function told<T>(table: T): T {
  return marked(table) as T;
}

function marked(value: unknown): unknown {
  if (typeof value === "string") return value === "" ? "" : `\u27e6${value}\u27e7`;
  if (typeof value === "function") return (...about: unknown[]): unknown => marked((value as (...about: unknown[]) => unknown)(...about));
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, marked(one)]));
  return value;
}
