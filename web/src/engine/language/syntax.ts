// The nodes of a syntax tree: those of Python's `ast` that the language looks at; all others are told by name alone.

import type { WORDS } from "./table.ts";

/** From `start` up to (not including) `end` of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Name extends Span {
  readonly type: "Name";
  readonly id: string;
}

/** What a literal is worth; whole numbers are bigint. */
type Literal = null | boolean | bigint | number | string;

export interface Constant extends Span {
  readonly type: "Constant";
  readonly value: Literal;
}

/** A literal that the language has not: an imaginary number or an ellipsis. */
export interface Odd extends Span {
  readonly type: "Odd";
  readonly what: keyof typeof WORDS;
}

/** An argument with a name, or two stars and a null. */
export interface Keyword extends Span {
  readonly name: string | null;
  readonly value: Node;
}

export interface Call extends Span {
  readonly type: "Call";
  readonly called: Node;
  readonly order: readonly Node[];
  readonly keywords: readonly Keyword[];
}

export interface Tuple extends Span {
  readonly type: "Tuple";
  readonly elements: readonly Node[];
}

export interface Unary extends Span {
  readonly type: "Unary";
  readonly operator: string;
  readonly operand: Node;
}

export interface Binary extends Span {
  readonly type: "Binary";
  readonly left: Node;
  readonly operator: string;
  readonly right: Node;
}

/**
 * Anything else, by the word for it. `target` tells whether a comprehension may assign to it: an attribute or an
 * index; a list and something starred as their `parts` tell.
 */
export interface Other extends Span {
  readonly type: "Other";
  readonly what: keyof typeof WORDS;
  readonly target: boolean;
  readonly parts: readonly Node[];
}

export type Node = Name | Constant | Odd | Call | Tuple | Unary | Binary | Other;
