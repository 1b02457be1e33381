// What stands in brackets: tuples, lists, sets and dictionaries, and their comprehensions.

import { clauses } from "./clauses.ts";
import { binary, expression, starred } from "./expression.ts";
import type { Stream } from "./stream.ts";
import type { Node } from "./syntax.ts";

/** Behind an opened round bracket: a tuple, a comprehension, or a value in brackets, which alone keeps its own span. */
export function round(stream: Stream, start: number): Node {
  const elements: Node[] = [];
  if (stream.takes(")")) return { type: "Tuple", elements, start, end: stream.end };
  if (stream.sees("yield")) {
    const value = yielded(stream);
    stream.needs(")");
    return value;
  }
  const isStarred = stream.sees("*");
  const first = starred(stream);
  if (!isStarred && stream.sees("for", "async")) {
    clauses(stream);
    stream.needs(")");
    return stream.other("COMPREHENSION", start);
  }
  if (!isStarred && stream.takes(")")) return first;
  elements.push(first);
  stream.needs(",");
  elements.push(...several(stream, ")"));
  stream.needs(")");
  return { type: "Tuple", elements, start, end: stream.end };
}

function yielded(stream: Stream): Node {
  const start = stream.start;
  stream.needs("yield");
  if (stream.takes("from")) expression(stream);
  else if (!stream.sees(")")) {
    do {
      if (stream.sees(")")) break;
      if (stream.takes("*")) binary(stream);
      else expression(stream);
    } while (stream.takes(","));
  }
  return stream.other("YIELD", start);
}

export function list(stream: Stream, start: number): Node {
  if (stream.takes("]")) return stream.other("LIST", start);
  const isStarred = stream.sees("*");
  const parts = [starred(stream)];
  if (!isStarred && stream.sees("for", "async")) {
    clauses(stream);
    stream.needs("]");
    return stream.other("COMPREHENSION", start);
  }
  if (stream.takes(",")) parts.push(...several(stream, "]"));
  stream.needs("]");
  return stream.other("LIST", start, { parts });
}

/** Values with commas between them, up to the bracket that closes them. */
function several(stream: Stream, closing: string): Node[] {
  const values: Node[] = [];
  while (!stream.sees(closing)) {
    values.push(starred(stream));
    if (!stream.takes(",")) break;
  }
  return values;
}

/** A dictionary or a set, or a comprehension of either. */
export function curly(stream: Stream, start: number): Node {
  if (stream.takes("}")) return stream.other("DICTIONARY", start);
  if (stream.sees("**")) return entries(stream, start);
  const isStarred = stream.sees("*");
  const isKey = !isStarred && stream.next.text !== ":=";
  starred(stream);
  if (isKey && stream.takes(":")) {
    expression(stream);
    if (!stream.sees("for", "async")) {
      if (stream.takes(",")) return entries(stream, start);
      stream.needs("}");
      return stream.other("DICTIONARY", start);
    }
  }
  const isComprehension = !isStarred && stream.sees("for", "async");
  if (isComprehension) clauses(stream);
  else if (stream.takes(",")) several(stream, "}");
  stream.needs("}");
  return stream.other(isComprehension ? "COMPREHENSION" : "SET", start);
}

/** The entries of a dictionary, from one on, and the bracket that closes it. */
function entries(stream: Stream, start: number): Node {
  while (!stream.sees("}")) {
    if (stream.takes("**")) binary(stream);
    else {
      expression(stream);
      stream.needs(":");
      expression(stream);
    }
    if (!stream.takes(",")) break;
  }
  stream.needs("}");
  return stream.other("DICTIONARY", start);
}
