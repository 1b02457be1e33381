// Where and why a text is no expression: netwarp.architecture.faults, step by step. It looks at each token and the one
// before it, from the left, and tells the first that cannot stand there.

import { BEFORE, BETWEEN, NEITHER, SIGNS, UNPACKED_AFTER, WORDS } from "./table.ts";
import { Fault, isWord, make, type Token } from "./tokens.ts";
import { say } from "./words.ts";

/** An open bracket, and the argument being read in it. */
interface Bracket {
  readonly isCall: boolean;
  named: boolean; // an argument with a name was read
  first: Token | undefined; // the argument's first token, and how many it has
  length: number;
  assigned: boolean;
}

const OPENING = ["(", "[", "{"];
const NOWHERE = make("symbol", "", 0);

/** The fault of a text of that length, of these tokens, which cannot be read. */
export function fault(found: readonly Token[], length: number): Fault {
  return first(found) ?? new Fault(WORDS.NO_EXPRESSION, 0, length);
}

function first(found: readonly Token[]): Fault | undefined {
  let before = NOWHERE;
  let wanted = true; // whether a value must come
  const brackets = [bracket(false)];
  for (const [number, token] of found.entries()) {
    const here = last(brackets);
    const text = token.text;
    const isSymbol = token.kind === "symbol";
    const word = isWord(token);
    const afterNot = before.text === "not" && text === "in";
    if (isSymbol && [",", ")", "]", "}"].includes(text)) {
      if (wanted && !(OPENING.includes(before.text) || before.text === "," || before.text === ":")) {
        return missing(before, token);
      }
      if (wanted && text === "," && before.text !== ":") return nothingBefore(token);
      const wrong = end(here);
      if (wrong !== undefined) return wrong;
      wanted = text === ",";
      if (text !== ",") {
        if (brackets.length > 1) brackets.pop();
        count(last(brackets), token);
      }
    } else if (isSymbol && OPENING.includes(text)) {
      if (!wanted && text === "{") return beside(before, token);
      count(here, token);
      brackets.push(bracket(text === "(" && !wanted));
      wanted = true;
    } else if (isSymbol && text === "=") {
      if (!here.isCall || here.assigned || here.length !== 1 || before.kind !== "name" || isWord(before)) {
        return new Fault(WORDS.NOT_AN_ARGUMENT, token.start);
      }
      here.assigned = wanted = true;
    } else if ((isSymbol && NEITHER.includes(text)) || (word && !BEFORE.includes(text) && !BETWEEN.includes(text))) {
      return new Fault(say("NO_MEANING", { what: text }), token.start, text.length);
    } else if (word && BEFORE.includes(text) && wanted) {
      count(here, token);
    } else if (text === "not" && found[number + 1]?.text === "in") {
      wanted = true;
    } else if (afterNot || text === ":" || (isSymbol && wanted && isSign(token, before))) {
      count(here, token);
      wanted = true;
    } else if ((isSymbol && text !== "...") || word) {
      if (word && BEFORE.includes(text)) return beside(before, token);
      if (wanted && !(before.text === "yield" && text === "from")) return nothingBefore(token);
      count(here, token);
      wanted = true;
    } else {
      if (!wanted && !(token.kind === "string" && before.kind === "string")) return beside(before, token);
      count(here, token);
      wanted = false;
    }
    before = token;
  }
  return wanted && before.text !== "," && before.text !== ":" ? nothingAfter(before) : undefined;
}

function bracket(isCall: boolean): Bracket {
  return { isCall, named: false, first: undefined, length: 0, assigned: false };
}

function last(brackets: readonly Bracket[]): Bracket {
  return brackets[brackets.length - 1] ?? bracket(false);
}

function isSign(token: Token, before: Token): boolean {
  return SIGNS.includes(token.text) || (["*", "**"].includes(token.text) && UNPACKED_AFTER.includes(before.text));
}

function count(here: Bracket, token: Token): void {
  here.first ??= token;
  here.length++;
}

/** At the end of an argument: one without a name behind one with a name is a fault. */
function end(here: Bracket): Fault | undefined {
  const one = here.first;
  if (here.named && one !== undefined && !here.assigned && one.text !== "*" && one.text !== "**") {
    return new Fault(WORDS.ORDER, one.start, one.text.length);
  }
  here.named ||= here.assigned;
  here.first = undefined;
  here.length = 0;
  here.assigned = false;
  return undefined;
}

/** A value is missing between these two. */
function missing(before: Token, token: Token): Fault {
  return before === NOWHERE ? nothingBefore(token) : nothingAfter(before);
}

function nothingBefore(token: Token): Fault {
  return new Fault(say("NOTHING_BEFORE", { what: token.text }), token.start, token.text.length);
}

function nothingAfter(token: Token): Fault {
  return new Fault(say("NOTHING_AFTER", { what: token.text }), token.start, token.text.length);
}

function beside(before: Token, token: Token): Fault {
  return new Fault(WORDS.SIDE_BY_SIDE, before.start, token.end - before.start);
}
