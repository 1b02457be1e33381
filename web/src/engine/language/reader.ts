// Text to a syntax tree that may be trusted in size and place, as netwarp.architecture.reader. Nothing is evaluated.

import { characters, LanguageError } from "./errors.ts";
import { whole } from "./expression.ts";
import { fault } from "./faults.ts";
import { Stream, Unreadable } from "./stream.ts";
import type { Node, Span } from "./syntax.ts";
import { LIMITS, WORDS } from "./table.ts";
import { Fault, make, tokens, type Token } from "./tokens.ts";
import { say, thousands } from "./words.ts";

const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const SPACE = " \t\r\n";

/** A text being read, and what it is ("architecture", "activation", ...), for the messages. */
export class Text {
  constructor(
    readonly text: string,
    readonly what: string,
  ) {}

  error(message: string, position: number, length = 1): LanguageError {
    return new LanguageError(`${this.what}: ${message}`, this.text, position, length);
  }

  /** An error whose carets lie under `node`. */
  at({ start, end }: Span, message: string): LanguageError {
    return this.error(message, start, end - start);
  }

  /** The syntax tree. Throws LanguageError. */
  expression(): Node {
    const flat = this.checked();
    try {
      const found = tokens(flat);
      try {
        return parsed(found, flat.length);
      } catch (error) {
        if (error instanceof Unreadable) throw fault(found, flat.length);
        if (error instanceof RangeError) throw new Fault(WORDS.TOO_DEEP, 0); // the stack is used up
        throw error;
      }
    } catch (error) {
      throw error instanceof Fault ? this.error(error.message, error.position, error.length) : error;
    }
  }

  /** The text on one line, of equal length. Throws LanguageError for its size, a character, bracket or quote. */
  checked(): string {
    const text = this.text;
    const count = text.length > LIMITS.characters ? characters(text) : 0;
    if (count > LIMITS.characters) {
      const told = say("TOO_LONG", { count: thousands(count), most: thousands(LIMITS.characters) });
      throw this.error(told, LIMITS.characters);
    }
    if (/^[ \t\r\n]*$/.test(text)) throw this.error(WORDS.EMPTY, 0);
    const opened: number[] = [];
    let quote = -1;
    let i = -1;
    for (const c of text) {
      i++;
      if ((!SPACE.includes(c) && !(c > " " && c <= "~")) || "\\#;".includes(c)) {
        throw this.error(say("CHARACTER", { character: ascii(c) }), i);
      }
      if (quote >= 0) {
        if (c === text[quote]) quote = -1;
        else if (c === "\r" || c === "\n") break;
      } else if (c === '"' || c === "'") quote = i;
      else if ("([{".includes(c)) {
        opened.push(i);
        if (opened.length > LIMITS.nestings) throw this.error(say("TOO_NESTED", { most: LIMITS.nestings }), i);
      } else if (")]}".includes(c)) {
        const opening = opened.pop();
        if (opening === undefined || text[opening] !== OPENING[c]) {
          throw this.error(say("CLOSES_NOTHING", { bracket: c }), i);
        }
      }
    }
    if (quote >= 0) throw this.error(WORDS.QUOTE_OPEN, quote);
    const open = opened.pop();
    if (open !== undefined) throw this.error(say("BRACKET_OPEN", { bracket: text.charAt(open) }), open);
    return text.replace(/[\t\r\n]/g, " ");
  }
}

/** The error of a smaller text that starts at `position` of `text`, as an error of `text`. */
export function within(error: LanguageError, text: Text, position: number): LanguageError {
  return new LanguageError(error.message, text.text, position + error.position, error.length);
}

/** A bracket lets lines break anywhere; it lies outside of the text's places. */
function parsed(found: readonly Token[], length: number): Node {
  return whole(new Stream([make("symbol", "(", -1), ...found, make("symbol", ")", length)]));
}

/** A character as Python's ascii() writes it. */
function ascii(c: string): string {
  if (c === "\\") return "'\\\\'";
  if (c > " " && c <= "~") return `'${c}'`;
  const code = c.codePointAt(0) ?? 0;
  const [letter, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
  return `'\\${letter}${code.toString(16).padStart(digits, "0")}'`;
}
