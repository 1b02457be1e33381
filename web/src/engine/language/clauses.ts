// The parts of Python that name things: the clauses of a comprehension, and a lambda's parameters.

import { disjunction, expression, primary } from "./expression.ts";
import { Unreadable, type Stream } from "./stream.ts";
import type { Node } from "./syntax.ts";

/** One or more of "for ... in ... if ...". */
export function clauses(stream: Stream): void {
  while (stream.sees("for", "async")) {
    stream.takes("async");
    stream.needs("for");
    do {
      stream.takes("*");
      check(primary(stream));
    } while (stream.takes(",") && !stream.sees("in"));
    stream.needs("in");
    disjunction(stream);
    while (stream.takes("if")) disjunction(stream);
  }
}

/** Refuses what nothing can be assigned to. */
function check(node: Node): void {
  if (node.type === "Name" || (node.type === "Other" && node.target)) return;
  const isList = node.type === "Other" && node.what === "LIST";
  const parts = node.type === "Tuple" ? node.elements : isList ? node.parts : null;
  if (parts === null) throw new Unreadable();
  for (const part of parts) check(part.type === "Other" && part.what === "STARRED" ? (part.parts[0] ?? part) : part);
}

export function lambda(stream: Stream): Node {
  const start = stream.start;
  stream.needs("lambda");
  parameters(stream);
  stream.needs(":");
  expression(stream);
  return stream.other("LAMBDA", start);
}

function parameters(stream: Stream): void {
  let [count, hasUsual, hasSlash, hasStar] = [0, false, false, false];
  while (!stream.sees(":")) {
    if (stream.takes("**")) {
      stream.name();
      stream.takes(",");
      return;
    }
    if (stream.takes("*")) {
      if (hasStar) throw new Unreadable();
      hasStar = true;
      if (!stream.seesName()) {
        // only names may follow, and one must
        stream.needs(",");
        if (!stream.seesName()) throw new Unreadable();
        continue;
      }
      stream.name();
    } else if (stream.takes("/")) {
      if (hasStar || hasSlash || count === 0) throw new Unreadable();
      hasSlash = true;
    } else {
      stream.name();
      if (stream.takes("=")) {
        expression(stream);
        hasUsual ||= !hasStar;
      } else if (hasUsual && !hasStar) throw new Unreadable();
    }
    count++;
    if (!stream.takes(",")) return;
  }
}
