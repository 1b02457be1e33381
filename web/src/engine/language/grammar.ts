// A syntax tree to a value, by a whitelist: numbers, strings, tuples, known names and functions, `>>` and `*`.
// netwarp.architecture.grammar: everything else that Python's syntax can say is refused by name, at its place.

import { called } from "./calls.ts";
import { InputError, nearest, type LanguageError } from "./errors.ts";
import type { Text } from "./reader.ts";
import type { Binary, Name, Node } from "./syntax.ts";
import { WORDS, type Parameter } from "./table.ts";
import type { Layer } from "./tree.ts";
import { isLayer, shown, type Value } from "./values.ts";
import { say } from "./words.ts";

/** A function of the language: its arguments by name, or all of them in order where any number may be given. */
export type Function = (given: ReadonlyMap<string, Value>, all: readonly Value[]) => Value;

export interface Callable {
  readonly parameters: readonly Parameter[];
  readonly run: Function;
}

/** What may be said; `joins` and `repeats` where `>>` and `*` are allowed. `inner` undefined is this same grammar. */
export interface Grammar {
  readonly calls: ReadonlyMap<string, Callable>;
  readonly names: ReadonlyMap<string, Value>;
  readonly hints: ReadonlyMap<string, string>;
  readonly operators?: Operators;
  readonly inner?: Grammar;
}

export interface Operators {
  readonly join: (parts: readonly Layer[]) => Layer;
  readonly repeat: (part: Layer, times: Value) => Layer;
}

/** The value of the tree. Throws LanguageError at the offending node of `text`. */
export function evaluate(text: Text, node: Node, grammar: Grammar): Value {
  switch (node.type) {
    case "Call":
      return called(text, node, grammar);
    case "Constant":
      if (typeof node.value === "number" && !Number.isFinite(node.value)) throw text.at(node, WORDS.TOO_LARGE);
      return node.value;
    case "Odd":
      throw text.at(node, say("NOT_PART", { what: WORDS[node.what] }));
    case "Name":
      return named(text, node, grammar);
    case "Tuple":
      return node.elements.map((element) => evaluate(text, element, grammar));
    case "Unary": {
      const { operand } = node;
      if (node.operator === "-" && (operand.type === "Constant" || operand.type === "Odd")) {
        const value = evaluate(text, operand, grammar);
        if (typeof value === "number" || typeof value === "bigint") return -value;
        throw text.at(node, WORDS.MINUS);
      }
      throw text.at(node, say("NOT_PART", { what: WORDS.OPERATOR }));
    }
    case "Binary": {
      const { operator: symbol } = node;
      if (grammar.operators !== undefined && isLink(node)) return chain(text, node, grammar, grammar.operators);
      const allowed = grammar.operators === undefined ? WORDS.BINARY_NONE : WORDS.BINARY_ALLOWED;
      throw atOperator(text, node, say("BINARY", { symbol, allowed }));
    }
    case "Other":
      throw text.at(node, say("NOT_PART", { what: WORDS[node.what] }));
  }
}

function named(text: Text, node: Name, grammar: Grammar): Value {
  const value = grammar.names.get(node.id);
  if (value !== undefined) return value;
  const hint = grammar.hints.get(node.id);
  if (hint !== undefined) throw text.at(node, say("NAME_HINT", { name: node.id, hint }));
  throw text.at(node, grammar.calls.has(node.id) ? say("NEEDS_BRACKETS", { name: node.id }) : unknown(node.id, grammar));
}

/** What is said of a name that is not known. */
export function unknown(name: string, grammar: Grammar): string {
  const allowed = [...new Set([...grammar.calls.keys(), ...grammar.names.keys()])];
  const told = shown(name);
  if (allowed.length === 0) return say("UNKNOWN_NUMBER", { name: told });
  const near = nearest(name, [...allowed, ...grammar.hints.keys()]);
  if (near === "") {
    const numbers = grammar.calls.size > 0 ? "" : WORDS.AND_NUMBERS;
    return say("UNKNOWN_ALLOWED", { name: told, allowed: allowed.join(", "), numbers });
  }
  const hints = [...grammar.hints].filter(([known]) => near.includes(`"${known}"`)).map(([, hint]) => ` ${hint}`);
  return say("UNKNOWN", { name: told, near: near + hints.join("") });
}

function isLink(node: Node): node is Binary {
  return node.type === "Binary" && (node.operator === ">>" || node.operator === "*");
}

/** A chain of operators from the left; a loop, because a chain of a thousand is a tree a thousand deep. */
function chain(text: Text, node: Binary, grammar: Grammar, operators: Operators): Value {
  const links: Binary[] = [];
  let first: Node = node;
  while (isLink(first)) {
    links.push(first);
    first = first.left;
  }
  let value = evaluate(text, first, grammar);
  let run: Layer[] = []; // the operands of ">>" before `value`, not joined yet
  for (const link of links.reverse()) {
    const right = evaluate(text, link.right, grammar);
    if (link.operator === ">>") {
      if (!isLayer(value)) throw text.at(link.left, say("BESIDE", { value: shown(value) }));
      if (!isLayer(right)) throw text.at(link.right, say("BESIDE", { value: shown(right) }));
      run.push(value);
      value = right;
      continue;
    }
    if (run.length > 0 && isLayer(value)) {
      // ">>" and then "*" at one level only comes from brackets around the left side
      value = operators.join([...run, value]);
      run = [];
    }
    const [part, times, place]: [Value, Value, Node] = isLayer(right) ? [right, value, link.left] : [value, right, link.right];
    if (!isLayer(part) || isLayer(times)) throw atOperator(text, link, WORDS.REPEATS);
    try {
      value = operators.repeat(part, times);
    } catch (error) {
      throw error instanceof InputError ? text.at(place, error.message) : error;
    }
  }
  return run.length > 0 && isLayer(value) ? operators.join([...run, value]) : value;
}

function atOperator(text: Text, node: Binary, message: string): LanguageError {
  const start = node.left.end;
  const position = text.text.indexOf(node.operator, start); // only brackets and space lie between
  return text.error(message, Math.max(position, start), node.operator.length);
}
