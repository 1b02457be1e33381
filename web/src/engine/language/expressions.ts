// Inputs that somebody writes, as x*x, 3*x*y or sin(2*x+y): netwarp.architecture.expressions.

import { plain } from "./numbers.ts";
import type { Text } from "./reader.ts";
import type { Constant, Node } from "./syntax.ts";
import { FUNCTIONS, LIMITS, WORDS } from "./table.ts";
import type { Coordinate, Expression, Factor, Term } from "./tree.ts";
import { shown } from "./values.ts";
import { say, thousands } from "./words.ts";

const READ = ["x", "y", "r"];

/** Whether a tree says an expression, and not one of the inputs that have names of their own. */
export function isExpression(node: Node): boolean {
  if (node.type === "Binary") return isSum(node.operator) || node.operator === "*";
  if (node.type === "Unary") return node.operator === "-" && node.operand.type !== "Constant" && node.operand.type !== "Odd";
  return node.type === "Call" && node.called.type === "Name" && Object.hasOwn(FUNCTIONS, node.called.id);
}

/** The expression of a tree, or the coordinate that is all of it. Throws LanguageError. */
export function readExpression(text: Text, node: Node): Coordinate | Expression {
  const terms = new Reader(text).terms(node);
  if (!terms.some(reads)) throw text.at(node, WORDS.READS_NOTHING);
  const [first] = terms;
  const only = terms.length === 1 && first?.times === 1 && first.factors.length === 1 ? first.factors[0] : undefined;
  return typeof only === "string" ? { kind: "Coordinate", name: only } : { kind: "Expression", terms };
}

function isSum(operator: string): boolean {
  return operator === "+" || operator === "-";
}

/** Counts what it reads of one text. */
class Reader {
  private count = 0;

  constructor(private readonly text: Text) {}

  terms(node: Node): Term[] {
    const found: Term[] = [];
    const left: [Node, number][] = [[node, 1]];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [here, sign] = next;
      if (here.type === "Binary" && isSum(here.operator)) {
        left.push([here.right, here.operator === "+" ? sign : -sign], [here.left, sign]);
        continue;
      }
      found.push(this.term(here, sign));
      if (++this.count > LIMITS.terms) throw this.text.at(here, say("TERMS", { most: thousands(LIMITS.terms) }));
    }
    return found;
  }

  private term(node: Node, sign: number): Term {
    let times = sign;
    const factors: Factor[] = [];
    const left = [node];
    for (let here = left.pop(); here !== undefined; here = left.pop()) {
      if (here.type === "Binary" && here.operator === "*") {
        left.push(here.right, here.left);
      } else if (here.type === "Unary" && here.operator === "-") {
        times = -times;
        left.push(here.operand);
      } else if (here.type === "Constant") {
        times *= this.number(here);
      } else {
        factors.push(this.factor(here));
      }
      if (factors.length > LIMITS.factors) throw this.text.at(here, say("FACTORS", { most: LIMITS.factors }));
    }
    if (!Number.isFinite(times)) throw this.text.at(node, WORDS.TOO_LARGE);
    return { kind: "Term", times: times + 0, factors };
  }

  private number(node: Constant): number {
    if (typeof node.value !== "number" && typeof node.value !== "bigint") throw this.text.at(node, WORDS.NO_TERM);
    const found = Number(node.value);
    if (!Number.isFinite(found)) throw this.text.at(node, WORDS.TOO_LARGE);
    return found;
  }

  private factor(node: Node): Factor {
    if (node.type === "Name") {
      if (READ.includes(node.id)) return node.id;
      const values = { name: shown(node.id), allowed: READ.join(", "), numbers: WORDS.AND_NUMBERS };
      throw this.text.at(node, say("UNKNOWN_ALLOWED", values));
    }
    if (node.type === "Binary" && isSum(node.operator)) return { kind: "Applied", name: "", terms: this.terms(node) };
    if (node.type !== "Call") throw this.text.at(node, WORDS.NO_TERM);
    const name = node.called.type === "Name" ? node.called.id : "";
    if (!Object.hasOwn(FUNCTIONS, name)) {
      throw this.text.at(node.called, say("NO_FUNCTION", { allowed: Object.keys(FUNCTIONS).join(", ") }));
    }
    const [only, ...more] = node.order;
    const isStarred = only?.type === "Other" && only.what === "STARRED";
    if (only === undefined || more.length > 0 || node.keywords.length > 0 || isStarred) {
      throw this.text.at(node, say("ONE_ARGUMENT", { name }));
    }
    return { kind: "Applied", name: FUNCTIONS[name] ?? name, terms: this.terms(only) };
  }
}

function reads({ factors }: Term): boolean {
  return factors.some((factor) => typeof factor === "string" || factor.terms.some(reads));
}

export function sumText(terms: readonly Term[]): string {
  const [first = "", ...rest] = terms.map(termText);
  return first + rest.map((one) => (one.startsWith("-") ? one : `+${one}`)).join("");
}

function termText({ times, factors }: Term): string {
  const told = factors.map(factorText);
  if (told.length === 0 || Math.abs(times) !== 1) return [plain(times), ...told].join("*");
  return (times < 0 ? "-" : "") + told.join("*");
}

export function factorText(factor: Factor): string {
  return typeof factor === "string" ? factor : `${factor.name}(${sumText(factor.terms)})`;
}
