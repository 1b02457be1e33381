// What may stand behind a value: attributes, calls with their arguments, and indices.

import { clauses } from "./clauses.ts";
import { expression, named } from "./expression.ts";
import { Unreadable, type Stream } from "./stream.ts";
import type { Keyword, Node } from "./syntax.ts";

/** The value with all that stands behind it; its span starts at `start`. */
export function trailers(stream: Stream, value: Node, start: number): Node {
  let found = value;
  for (;;) {
    const opening = stream.start;
    if (stream.takes(".")) {
      stream.name();
      found = stream.other("ATTRIBUTE", start, { target: true });
    } else if (stream.takes("(")) {
      const given = argumentsOf(stream, opening);
      found = { type: "Call", called: found, ...given, start, end: stream.end };
    } else if (stream.takes("[")) {
      indices(stream);
      found = stream.other("INDEXING", start, { target: true });
    } else return found;
  }
}

/** The arguments, and the bracket that closes them: in order, then by name, and none in order after two stars. */
function argumentsOf(stream: Stream, opening: number): { order: Node[]; keywords: Keyword[] } {
  const order: Node[] = [];
  const keywords: Keyword[] = [];
  let hasStars = false;
  while (!stream.sees(")")) {
    const start = stream.start;
    if (stream.takes("**")) {
      const value = expression(stream);
      keywords.push({ name: null, value, start, end: stream.end });
      hasStars = true;
    } else if (stream.sees("*")) {
      if (hasStars) throw new Unreadable();
      stream.takes("*");
      expression(stream);
      order.push(stream.other("STARRED", start));
    } else if (stream.seesName() && stream.next.text === "=") {
      const name = stream.name();
      stream.needs("=");
      const value = expression(stream);
      keywords.push({ name, value, start, end: stream.end });
    } else {
      if (keywords.length > 0) throw new Unreadable();
      const value = named(stream);
      if (order.length === 0 && stream.sees("for", "async")) {
        clauses(stream);
        stream.needs(")");
        return { order: [stream.other("COMPREHENSION", opening)], keywords };
      }
      order.push(value);
    }
    if (!stream.takes(",")) break;
  }
  stream.needs(")");
  return { order, keywords };
}

/** One or more indices or slices, and the bracket that closes them. */
function indices(stream: Stream): void {
  do {
    if (stream.sees("]")) throw new Unreadable();
    index(stream);
  } while (stream.takes(",") && !stream.sees("]"));
  stream.needs("]");
}

function index(stream: Stream): void {
  if (stream.takes("*")) {
    expression(stream);
    return;
  }
  if (!stream.sees(":")) {
    const isAssigned = stream.next.text === ":=";
    named(stream);
    if (isAssigned) return;
  }
  if (!stream.takes(":")) return;
  if (!stream.sees(":", ",", "]")) expression(stream);
  if (stream.takes(":") && !stream.sees(",", "]")) expression(stream);
}
