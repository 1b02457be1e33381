// A checked text to tokens, as netwarp.architecture.tokens cuts it, with the same patterns and the same refusals.

import { KEYWORDS, LIMITS, PATTERNS, VALUES, WORDS } from "./table.ts";
import { say } from "./words.ts";

export type Kind = "string" | "number" | "name" | "symbol";

/** A piece of a text, from `start` up to (not including) `end`. True, None and keywords are names too. */
export interface Token {
  readonly kind: Kind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Why a text cannot be read: in words, from `position` on, `length` characters. */
export class Fault extends Error {
  constructor(
    message: string,
    readonly position: number,
    readonly length = 1,
  ) {
    super(message);
  }
}

const KINDS: readonly Kind[] = ["string", "number", "name", "symbol"];
const TOKEN = new RegExp(`(${PATTERNS.quote})|(${PATTERNS.number})|(${PATTERNS.name})|(${PATTERNS.symbol})`, "y");
const RUN_ON = /[A-Za-z0-9_]*/y;
const NOT_DECIMAL = /[.eEjJxXoObB]/;
const FLAT = ["(", ")", "[", "]", "{", "}", ",", ":", "="];

/** The tokens of a text on one line. Throws Fault for the first that is none, or stands for too large a number. */
export function tokens(flat: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < flat.length) {
    if (flat[at] === " ") {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(flat);
    if (match === null) throw new Fault(say("NO_MEANING", { what: flat.charAt(at) }), at);
    const kind = KINDS.find((_, i) => match[i + 1] !== undefined) ?? "symbol";
    let token: Token = make(kind, match[0], at);
    if (kind === "string") token = string(flat, token);
    else if (kind === "number") checkNumber(flat, token);
    found.push(token);
    at = token.end;
  }
  if (nesting(found) > LIMITS.operators || found.filter(isWord).length > LIMITS.words) {
    throw new Fault(WORDS.TOO_DEEP, 0);
  }
  return found;
}

export function make(kind: Kind, text: string, start: number): Token {
  return { kind, text, start, end: start + text.length };
}

/** Whether it is a keyword that is no value, as `not`. */
export function isWord(token: Token): boolean {
  return token.kind === "name" && KEYWORDS.includes(token.text) && !VALUES.includes(token.text);
}

/** Whether a number's token is a whole number. */
export function isWhole(number: string): boolean {
  return /^0[xXbBoO]/.test(number) || !NOT_DECIMAL.test(number);
}

/** How many operators, words, and brackets after brackets there are: no tree is much deeper. */
function nesting(found: readonly Token[]): number {
  let count = 0;
  let before = "";
  for (const one of found) {
    const chained = (one.text === "(" || one.text === "[") && [")", "]", "}"].includes(before);
    if (isWord(one) || chained || (one.kind === "symbol" && !FLAT.includes(one.text))) count++;
    before = one.text;
  }
  return count;
}

/** The whole literal that starts with this quote. */
function string(flat: string, opening: Token): Token {
  const prefix = /^\w*/.exec(opening.text)?.[0] ?? "";
  const quote = opening.text.slice(prefix.length);
  const end = flat.indexOf(quote, opening.end);
  if (end < 0) throw new Fault(WORDS.QUOTE_OPEN, opening.start); // three quotes, closed by fewer
  const whole = make("string", flat.slice(opening.start, end + quote.length), opening.start);
  for (const [letter, what] of [["f", WORDS.F_STRING], ["t", WORDS.T_STRING], ["b", WORDS.BYTES]] as const) {
    if (prefix.toLowerCase().includes(letter)) throw new Fault(say("NOT_PART", { what }), whole.start, whole.text.length);
  }
  return whole;
}

function checkNumber(flat: string, token: Token): void {
  RUN_ON.lastIndex = token.end;
  const run = RUN_ON.exec(flat)?.[0] ?? "";
  if (run !== "") {
    const zeros = !NOT_DECIMAL.test(token.text) && /^[0-9_]*$/.test(run) && token.text.startsWith("0");
    const message = zeros ? WORDS.LEADING_ZEROS : WORDS.RUN_ON;
    throw new Fault(message, token.start, token.text.length + run.length);
  }
  if (isWhole(token.text) && (token.text.length > LIMITS.digits || bits(whole(token.text)) > LIMITS.bits)) {
    throw new Fault(WORDS.TOO_LARGE, token.start, token.text.length);
  }
}

/** The value of a whole number's token. */
export function whole(number: string): bigint {
  return BigInt(number.replaceAll("_", ""));
}

/** How many binary digits a whole number has. */
export function bits(number: bigint): number {
  return number === 0n ? 0 : (number < 0n ? -number : number).toString(2).length;
}
