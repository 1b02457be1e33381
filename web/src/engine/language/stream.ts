// The tokens of a text as a parser reads them: one at a time, with their ends for the spans of nodes.

import type { Node, Other } from "./syntax.ts";
import type { WORDS } from "./table.ts";
import { isWord, make, type Token } from "./tokens.ts";

/** The text is no expression of Python; `fault` says where. */
export class Unreadable extends Error {}

const END = make("symbol", "", -1);

export class Stream {
  private at = 0;

  /** A text in brackets, so that its lines may break anywhere; the brackets lie outside of its places. */
  constructor(private readonly tokens: readonly Token[]) {}

  get token(): Token {
    return this.tokens[this.at] ?? END;
  }

  get next(): Token {
    return this.tokens[this.at + 1] ?? END;
  }

  /** Where the next node starts. */
  get start(): number {
    return this.token.start;
  }

  /** Where the last token that was read ends. */
  get end(): number {
    return (this.tokens[this.at - 1] ?? END).end;
  }

  isEnded(): boolean {
    return this.at >= this.tokens.length;
  }

  /** Whether this symbol or word comes; a literal is never one, as a string has its quotes. */
  sees(...texts: readonly string[]): boolean {
    return texts.includes(this.token.text);
  }

  /** Reads this symbol or word where it comes. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at++;
    return true;
  }

  needs(text: string): void {
    if (!this.takes(text)) throw new Unreadable();
  }

  read(): Token {
    const token = this.token;
    this.at++;
    return token;
  }

  /** Whether a name comes that is no keyword and no value. */
  seesName(): boolean {
    const { kind, text } = this.token;
    return kind === "name" && !isWord(this.token) && text !== "None" && text !== "True" && text !== "False";
  }

  name(): string {
    if (!this.seesName()) throw new Unreadable();
    return this.read().text;
  }

  /** A node of the language's other kind, from `start` to the last token that was read. */
  other(what: keyof typeof WORDS, start: number, { target = false, parts = [] as readonly Node[] } = {}): Other {
    return { type: "Other", what, target, parts, start, end: this.end };
  }
}
