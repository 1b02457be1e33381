// The errors the language raises on purpose, by their kinds in netwarp.errors, and the parts their messages share.

import { closest } from "./similar.ts";
import { LIMITS } from "./table.ts";
import { say } from "./words.ts";

/** An argument is not what it must be. */
export class InputError extends Error {
  override readonly name: string = "InputError";

  constructor(message: string) {
    super(shortened(message));
  }
}

/** Refused because it is too large. */
export class LimitError extends InputError {
  override readonly name = "LimitError";
}

/** A text cannot be read: the place is `length` characters from `position` on of `text`, in Unicode's characters. */
export class LanguageError extends InputError {
  override readonly name = "LanguageError";
  readonly text: string;
  readonly position: number;
  readonly length: number;

  constructor(message: string, text: string, position = 0, length = 1) {
    super(message);
    this.text = text;
    this.position = Math.max(0, Math.min(position, characters(text)));
    this.length = Math.max(1, length);
  }
}

/** How many characters a text has; Python counts one where JavaScript counts two. */
export function characters(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}

/** The words that suggest the closest valid name, or one that the word begins with; the empty text where none is close. */
export function nearest(name: string, names: readonly string[]): string {
  const found = closest(name, names, LIMITS.likeness) ?? beginning(name, names);
  return found === undefined ? "" : say("DID_YOU_MEAN", { name: found });
}

/** The longest name of three letters or more that the word begins with; of equals the last. */
function beginning(word: string, names: readonly string[]): string | undefined {
  let found: string | undefined;
  for (const name of names) {
    if (characters(name) > 2 && word.startsWith(name) && name.length >= (found ?? "").length) found = name;
  }
  return found;
}

/** A message of one line, its middle left out where it is too long. */
function shortened(message: string): string {
  const line = message.split(/\r\n|[\n\r]/).join(" ");
  return line.length <= LIMITS.message ? line : `${line.slice(0, LIMITS.message - 205)} ... ${line.slice(-200)}`;
}
