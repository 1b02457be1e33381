// parse: an architecture's text, which is the Python a user would write and nothing more, to the Architecture.

import { whole } from "./checks.ts";
import { InputError, LanguageError, LimitError } from "./errors.ts";
import { evaluate, type Grammar } from "./grammar.ts";
import { LAYERS, OPERATORS } from "./layers.ts";
import { callables, toActivation, toInitialiser, toInputs, toNorm } from "./notation.ts";
import { Text } from "./reader.ts";
import { inputs, norm, normal, scale } from "./specs.ts";
import { ARCHITECTURE, GRAMMARS } from "./table.ts";
import type { Architecture, Inputs } from "./tree.ts";
import { isKind, isLayer, shown, type Value } from "./values.ts";
import { say } from "./words.ts";
import { textOf } from "./write.ts";

/** The defaults that a text's layers share, where it does not say; as objects or as small texts. */
export interface Defaults {
  readonly act?: Value;
  readonly norm?: Value;
  readonly init?: Value;
  readonly inputs?: Value;
  readonly out?: Value;
  readonly out_act?: Value;
  readonly scale?: Value;
}

/** The founding note's own norm. */
const USUAL: Required<Defaults> = {
  act: "relu",
  norm: norm("Spatial", 3, normal(0, 2), 1e-5),
  init: "he",
  inputs: "x y",
  out: 3n,
  out_act: "linear",
  scale: null,
};
const PART: Grammar = {
  calls: callables(GRAMMARS.part.calls, LAYERS),
  names: new Map(),
  hints: new Map(Object.entries(GRAMMARS.part.hints)),
  operators: OPERATORS,
};

/**
 * The Architecture of a text, with the defaults given here where the text does not say.
 *
 * The text is a tree, as in "conv(10) * 10", or "Architecture(TREE, act=...)", which is what `textOf` gives where a
 * default is not the usual one. Throws LanguageError at the place in the text; InputError for a default; LimitError
 * where the canonical text would be too long.
 */
export function parse(text: string, defaults: Defaults = {}): Architecture {
  const usual = { ...USUAL, ...defaults };
  const source = new Text(text, "architecture");
  const run = (given: ReadonlyMap<string, Value>): Architecture =>
    make(given.get("tree") ?? null, { ...usual, ...Object.fromEntries(given) });
  const calls = new Map(PART.calls).set("Architecture", { parameters: ARCHITECTURE, run });
  const value = evaluate(source, source.expression(), { ...PART, calls, inner: PART });
  if (isKind(value, "Architecture")) return value;
  if (!isLayer(value)) throw source.error(say("NO_LAYER", { value: shown(value) }), 0, text.length);
  return make(value, usual);
}

function make(tree: Value, given: Required<Defaults>): Architecture {
  if (!isLayer(tree)) throw new InputError(say("NO_TREE", { value: shown(tree) }));
  const made: Architecture = {
    kind: "Architecture",
    tree,
    act: toActivation("Architecture act", given.act),
    norm: toNorm("Architecture norm", given.norm),
    init: toInitialiser("Architecture init", given.init),
    inputs: scaled(toInputs("Architecture inputs", given.inputs), given.scale),
    out: whole(given.out, "Architecture out", { example: "out=3" }),
    out_act: toActivation("Architecture out_act", given.out_act),
  };
  checkReadable(made);
  return made;
}

function scaled(read: Inputs, size: Value): Inputs {
  return size === null ? read : inputs([...read.parts.filter(({ kind }) => kind !== "Scaling"), scale(size)]);
}

/**
 * Refuses what `parse` would not read back: the canonical text may be longer than the text that was read, but never
 * nests deeper. The inputs are left out, as Python leaves them.
 */
function checkReadable(architecture: Architecture): void {
  try {
    new Text(textOf(architecture, { inputs: false }), "Architecture").checked();
  } catch (error) {
    throw error instanceof LanguageError ? new LimitError(error.message) : error;
  }
}
