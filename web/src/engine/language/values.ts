// What a text's parts are worth, and how an error shows one: on one line, as Python's repr, of at most 60 characters.

import { written } from "./numbers.ts";
import { EXACT } from "./table.ts";
import { bits } from "./tokens.ts";
import { UNSET, type Architecture, type Distribution, type Input, type Inputs, type Layer } from "./tree.ts";
import type { Activation, Initialiser, LayerNorm, Spatial } from "./tree.ts";
import { say } from "./words.ts";
import { textOf } from "./write.ts";

/** An object of the language, told by its `kind`. */
type Made =
  | Layer
  | Architecture
  | Activation
  | Initialiser
  | Spatial
  | LayerNorm
  | Distribution
  | Input
  | Inputs;

/** Whole numbers are bigint, all others number; a tuple is a list. */
export type Value = null | boolean | bigint | number | string | readonly Value[] | Made;

const LONGEST = 60;
// fields that hold whole numbers as number
const WHOLE: readonly string[] = ["kernel", "size", "kernels"];
const LAYERS: readonly string[] = [
  "Conv", "Depthwise", "Maxout", "Pool", "Act", "Norm", "Sequence", "Repeat", "Parallel", "Residual", "Dense", "Gated",
  "Inception",
];

/** Whether it is an object of one of these kinds. */
export function isKind<Kind extends Made["kind"]>(
  value: Value,
  ...kinds: readonly Kind[]
): value is Extract<Made, { kind: Kind }> {
  return isMade(value) && (kinds as readonly string[]).includes(value.kind);
}

export function isLayer(value: Value): value is Layer {
  return isMade(value) && LAYERS.includes(value.kind);
}

function isMade(value: Value): value is Made {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** A value for a message. */
export function shown(value: Value): string {
  if (typeof value === "bigint" && (value > EXACT || value < -EXACT)) return say("BITS", { bits: bits(value) });
  const whole = repr(typeof value === "string" ? value.slice(0, LONGEST + 1) : value);
  const text = whole.split(/\s+/).filter((part) => part !== "").join(" ");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
}

function repr(value: Value, isWhole = false): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return isWhole ? String(value) : written(value);
  if (typeof value === "string") return quoted(value);
  if (!isMade(value)) {
    const items = value.map((item) => repr(item, isWhole));
    return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
  }
  if (value.kind === "Architecture") {
    const text = textOf(value);
    return text.startsWith("Architecture(") ? text : `Architecture(${text})`;
  }
  const fields = Object.entries(value).filter(([name]) => name !== "kind") as [string, Value][];
  const told = fields.map(([name, field]) => {
    const named = value.kind === "Pool" && name === "pool" ? "kind" : name;
    return `${named}=${field === UNSET ? "UNSET" : repr(field, WHOLE.includes(name))}`;
  });
  return `${value.kind}(${told.join(", ")})`;
}

/** A text in quotes, as Python writes it. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`);
  const plain = inside.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
  return `${quote}${plain}${quote}`;
}
