// What the page's reader makes of texts: the tree as JSON and the canonical text, or the error.

import { InputError, LanguageError } from "../src/engine/language/errors.ts";
import * as small from "../src/engine/language/notation.ts";
import { parse, type Defaults } from "../src/engine/language/parse.ts";
import * as write from "../src/engine/language/write.ts";

const READERS = {
  architecture: (text: string, defaults: Defaults) => written(parse(text, defaults), write.textOf),
  activation: (text: string) => written(small.readActivation(text), write.activationText),
  norm: (text: string) => written(small.readNorm(text), write.normText),
  distribution: (text: string) => written(small.readDistribution(text), write.distributionText),
  initialiser: (text: string) => written(small.readInitialiser(text), write.initialiserText),
  inputs: (text: string) => written(small.readInputs(text), write.inputsText),
};

interface Case {
  readonly what: keyof typeof READERS;
  readonly text: string;
  readonly defaults: Readonly<Record<string, null | boolean | number | string | { readonly whole: string }>>;
}

export function run(cases: readonly Case[]): unknown[] {
  return cases.map(({ what, text, defaults }) => {
    try {
      const entries = Object.entries(defaults).map(([name, value]) => {
        return [name, typeof value === "object" && value !== null ? BigInt(value.whole) : value];
      });
      return READERS[what](text, Object.fromEntries(entries) as Defaults);
    } catch (error) {
      if (error instanceof LanguageError) {
        const { name, message, position, length } = error;
        return { kind: name, message, about: error.text, position, length };
      }
      if (error instanceof InputError) return { kind: error.name, message: error.message };
      throw new Error(`of ${JSON.stringify(text)}`, { cause: error });
    }
  });
}

/** The value and its text. JSON has no bigint: whole numbers without end are texts. */
function written<Kind>(value: Kind, text: (value: Kind) => string): unknown {
  const json = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
  return { text: text(value), tree: JSON.parse(json) as unknown };
}
