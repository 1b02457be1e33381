// The smallest expressions: names, literals and brackets.

import { curly, list, round } from "./brackets.ts";
import { Unreadable, type Stream } from "./stream.ts";
import type { Node } from "./syntax.ts";
import { isWhole, whole } from "./tokens.ts";

const VALUES: ReadonlyMap<string, boolean | null> = new Map([
  ["None", null],
  ["True", true],
  ["False", false],
]);

export function atom(stream: Stream): Node {
  const { token, start } = stream;
  if (token.kind === "string") return strings(stream);
  if (token.kind === "number") return number(stream);
  if (stream.seesName()) return { type: "Name", id: stream.name(), start, end: stream.end };
  const value = token.kind === "name" ? VALUES.get(token.text) : undefined;
  if (value !== undefined) {
    stream.read();
    return { type: "Constant", value, start, end: stream.end };
  }
  if (stream.takes("...")) return { type: "Odd", what: "THIS", start, end: stream.end };
  if (stream.takes("(")) return round(stream, start);
  if (stream.takes("[")) return list(stream, start);
  if (stream.takes("{")) return curly(stream, start);
  throw new Unreadable();
}

/** Literals beside each other are one. */
function strings(stream: Stream): Node {
  const start = stream.start;
  let value = "";
  while (stream.token.kind === "string") {
    const text = stream.read().text.replace(/^\w*/, "");
    const quotes = /^(?:'''|""")/.test(text) ? 3 : 1;
    value += text.slice(quotes, -quotes);
  }
  return { type: "Constant", value, start, end: stream.end };
}

function number(stream: Stream): Node {
  const start = stream.start;
  const { text } = stream.read();
  const end = stream.end;
  if (isWhole(text)) return { type: "Constant", value: whole(text), start, end };
  if (/j$/i.test(text)) return { type: "Odd", what: "IMAGINARY", start, end };
  return { type: "Constant", value: Number(text.replaceAll("_", "")), start, end };
}
