// Python's expressions, all of them: what the language has not must be read too, to be refused by name at its place.
// The order of the functions is that of binding, from the loosest; the rules are those of Python 3.11's grammar.

import { atom } from "./atoms.ts";
import { lambda } from "./clauses.ts";
import { Unreadable, type Stream } from "./stream.ts";
import type { Node } from "./syntax.ts";
import { trailers } from "./trailers.ts";

const BINARY: readonly (readonly string[])[] = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"]];
const COMPARED = ["==", "!=", "<=", "<", ">=", ">", "in", "is", "not"];

/** The whole text: an expression, or several with commas between them. Throws Unreadable. */
export function whole(stream: Stream): Node {
  const start = stream.start;
  const first = expression(stream);
  if (stream.isEnded()) return first;
  const elements = [first];
  while (stream.takes(",") && !stream.isEnded()) elements.push(expression(stream));
  if (!stream.isEnded()) throw new Unreadable();
  return { type: "Tuple", elements, start, end: stream.end };
}

/** What may be assigned on the way, as x := 3. */
export function named(stream: Stream): Node {
  const start = stream.start;
  if (stream.seesName() && stream.next.text === ":=") {
    stream.read();
    stream.read();
    expression(stream);
    return stream.other("ASSIGNMENT", start);
  }
  return expression(stream);
}

/** The same, or what is unpacked with a star. */
export function starred(stream: Stream): Node {
  const start = stream.start;
  if (!stream.takes("*")) return named(stream);
  return stream.other("STARRED", start, { parts: [binary(stream)] });
}

export function expression(stream: Stream): Node {
  if (stream.sees("lambda")) return lambda(stream);
  const start = stream.start;
  const value = disjunction(stream);
  if (!stream.takes("if")) return value;
  disjunction(stream);
  stream.needs("else");
  expression(stream);
  return stream.other("IF_ELSE", start);
}

export function disjunction(stream: Stream): Node {
  const start = stream.start;
  const first = conjunction(stream);
  if (!stream.sees("or")) return first;
  while (stream.takes("or")) conjunction(stream);
  return stream.other("AND_OR", start);
}

function conjunction(stream: Stream): Node {
  const start = stream.start;
  const first = inversion(stream);
  if (!stream.sees("and")) return first;
  while (stream.takes("and")) inversion(stream);
  return stream.other("AND_OR", start);
}

function inversion(stream: Stream): Node {
  const start = stream.start;
  let negated = false;
  while (stream.takes("not")) negated = true;
  const value = comparison(stream);
  return negated ? stream.other("OPERATOR", start) : value;
}

function comparison(stream: Stream): Node {
  const start = stream.start;
  const first = binary(stream);
  if (!stream.sees(...COMPARED)) return first;
  while (stream.sees(...COMPARED)) {
    const operator = stream.read().text;
    if (operator === "not") stream.needs("in");
    if (operator === "is") stream.takes("not");
    binary(stream);
  }
  return stream.other("COMPARISON", start);
}

/** Operators between two values, those of one binding from the left. */
export function binary(stream: Stream, level = 0): Node {
  const operators = BINARY[level];
  if (operators === undefined) return factor(stream);
  const start = stream.start;
  let left = binary(stream, level + 1);
  while (stream.sees(...operators)) {
    const operator = stream.read().text;
    const right = binary(stream, level + 1);
    left = { type: "Binary", left, operator, right, start, end: stream.end };
  }
  return left;
}

function factor(stream: Stream): Node {
  const signs = [];
  while (stream.sees("+", "-", "~")) signs.push(stream.read());
  let value = power(stream);
  for (const sign of signs.reverse()) {
    value = { type: "Unary", operator: sign.text, operand: value, start: sign.start, end: stream.end };
  }
  return value;
}

function power(stream: Stream): Node {
  const start = stream.start;
  const left = awaited(stream);
  if (!stream.takes("**")) return left;
  const right = factor(stream);
  return { type: "Binary", left, operator: "**", right, start, end: stream.end };
}

function awaited(stream: Stream): Node {
  const start = stream.start;
  if (!stream.takes("await")) return primary(stream);
  primary(stream);
  return stream.other("AWAIT", start);
}

/** A value with the attributes, calls and indices behind it. */
export function primary(stream: Stream): Node {
  const start = stream.start;
  return trailers(stream, atom(stream), start);
}
