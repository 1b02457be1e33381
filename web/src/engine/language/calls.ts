// A call: its arguments bound to the parameters of the function that is named, and the function's errors at their place.

import { InputError, LanguageError, nearest } from "./errors.ts";
import { evaluate, unknown, type Grammar } from "./grammar.ts";
import { within, type Text } from "./reader.ts";
import type { Call, Node } from "./syntax.ts";
import { WORDS, type Parameter } from "./table.ts";
import { shown, type Value } from "./values.ts";
import { say } from "./words.ts";

/** The value of a call. Throws LanguageError at the offending node. */
export function called(text: Text, node: Call, grammar: Grammar): Value {
  if (node.called.type !== "Name") throw text.at(node.called, WORDS.CALL_A_NAME);
  const name = node.called.id;
  const callable = grammar.calls.get(name);
  if (callable === undefined) {
    throw text.at(node.called, grammar.names.has(name) ? say("NO_ARGUMENTS", { name }) : unknown(name, grammar));
  }
  const places = bind(text, node, name, callable.parameters);
  const inner = grammar.inner ?? grammar;
  const all = node.order.map((argument) => evaluate(text, argument, inner));
  const given = new Map<string, Value>();
  all.forEach((value, i) => given.set(callable.parameters[i]?.name ?? "", value));
  for (const keyword of node.keywords) given.set(keyword.name ?? "", evaluate(text, keyword.value, inner));
  try {
    return callable.run(given, all);
  } catch (error) {
    if (error instanceof LanguageError) throw insideString(text, node, error);
    if (!(error instanceof InputError)) throw error;
    // what makes the parts begins its message with its name and the argument's
    const argument = new RegExp(`^${name} (\\w+)`).exec(error.message)?.[1];
    const only = node.order.length === 1 && node.keywords.length === 0 ? (node.order[0] ?? node) : node;
    throw text.at(argument === undefined ? node : (places.get(argument) ?? only), error.message);
  }
}

/** The error of a small text given as a string argument, at its own place inside the string. */
function insideString(text: Text, node: Call, error: LanguageError): LanguageError {
  for (const argument of [...node.order, ...node.keywords.map((keyword) => keyword.value)]) {
    if (argument.type !== "Constant" || argument.value !== error.text) continue;
    const { start, end } = argument;
    if (text.text.slice(start + 1, end - 1) === error.text) return within(error, text, start + 1);
    return text.at(argument, error.message);
  }
  return text.at(node, error.message);
}

/** The argument node of each parameter given. Throws LanguageError for too many, too few, unknown or twice. */
function bind(text: Text, node: Call, name: string, parameters: readonly Parameter[]): Map<string, Node> {
  const [first] = node.keywords;
  if (parameters.some((parameter) => parameter.given === "all")) {
    if (first !== undefined) throw text.at(first, say("NO_KEYWORDS", { name }));
    return new Map();
  }
  const every = parameters.map((parameter) => parameter.name);
  const inOrder = parameters.filter((parameter) => parameter.given === "order").map((parameter) => parameter.name);
  const extra = node.order[inOrder.length];
  if (extra !== undefined) {
    if (every.length === 0) throw text.at(extra, say("TAKES_NONE", { name }));
    const most = inOrder.length > 0 ? say("AT_MOST", { count: inOrder.length }) : WORDS.NO;
    const rest = every.slice(inOrder.length).join(", ");
    const told = inOrder.length > 0 ? say("IN_ORDER", { names: inOrder.join(", ") }) : "";
    const options = rest === "" ? told : say("NAME_THE_REST", { names: rest });
    throw text.at(extra, say("TOO_MANY", { name, most, plural: inOrder.length === 1 ? "" : "s", options }));
  }
  const places = new Map<string, Node>();
  node.order.forEach((argument, i) => places.set(inOrder[i] ?? "", argument));
  const names = every.join(", ");
  for (const keyword of node.keywords) {
    const argument = keyword.name;
    if (argument === null) throw text.at(keyword, say("NOT_PART", { what: WORDS.STARRED_TWICE }));
    if (!every.includes(argument)) {
      const takes = every.length > 0 ? say("IT_TAKES", { names }) : WORDS.IT_TAKES_NONE;
      const near = nearest(argument, every) || takes;
      throw text.at(keyword, say("NO_ARGUMENT", { name, argument: shown(argument), near }));
    }
    if (places.has(argument)) throw text.at(keyword, say("TWICE", { name, argument }));
    places.set(argument, keyword.value);
  }
  for (const { name: argument, required } of parameters) {
    if (required && !places.has(argument)) throw text.at(node, say("MISSES", { name, argument, names }));
  }
  return places;
}
