// A network that was bred, from the text of its family: netwarp.network.family reads it, netwarp.network.breeding draws it.
import { sha256 } from "../drawing/sha256.ts";
import { Stream } from "../drawing/stream.ts";
import { written } from "../language/numbers.ts";
import type { Distribution, Initialiser } from "../language/tree.ts";
import { FAMILY } from "../../words/site.ts";
import { drawing, drawn } from "./draw.ts";
import { InputError } from "./errors.ts";
import type { Parameter, Take } from "./parameter.ts";

const MOST = 1000;
const STEP = /^(?:(-?\d{1,78})|(\d{1,4})(?:\*(\d{1,4}))?_(\d{1,78})(?:_(\d(?:\.\d{1,20})?))?)$/;
const STRENGTH = 0.2;

/** A network that a seed draws, or a child of one parent or two; `key` says its streams. */
interface Step {
  readonly seed: bigint;
  readonly key: bigint;
  readonly parents: readonly number[];
  readonly strength: number;
}

/** The numbers of every parameter of the network that the text says. Throws InputError. */
export function bred(text: string): Take {
  const steps = stepsOf(text);
  return (parameter) => {
    const found: Float64Array[] = [];
    for (const step of steps) {
      const [first, second] = step.parents.map((one) => found[one]);
      found.push(first === undefined ? drawing(step.key)(parameter) : child(parameter, step, first, second));
    }
    return found.at(-1) ?? new Float64Array();
  };
}

function child(parameter: Parameter, { key, strength }: Step, first: Float64Array, second?: Float64Array): Float64Array {
  const { path, name, sizes, drawn: from } = parameter;
  let given = first;
  if (second !== undefined) {
    const units = sizes[0] ?? 1;
    const tossed = Stream.of(key, path, "crossing").uniforms(units);
    given = first.map((one, i) => ((tossed[Math.floor((i * units) / first.length)] ?? 0) < 0.5 ? one : (second[i] ?? 0)));
  }
  if (strength === 0 || from.kind === "Constant") return given;
  const [kept, about] = [Math.sqrt(1 - strength * strength), mean(from)];
  const own = drawn(parameter, Stream.of(key, path, name));
  return given.map((one, i) => about + (kept * (one - about) + strength * ((own[i] ?? 0) - about)));
}

function mean(from: Distribution | Initialiser): number {
  if (from.kind === "Normal") return from.mean;
  return from.kind === "Uniform" ? (from.low + from.high) / 2 : 0;
}

/** Throws InputError naming the step. */
function stepsOf(text: string): Step[] {
  const words = text.trim().split(/\s+/);
  if (words.length > MOST) throw new InputError(FAMILY.long(words.length, MOST));
  const steps: Step[] = [];
  for (const word of words) {
    const [whole, seed, one, other, own = "0", strength] = STEP.exec(word) ?? [];
    const parents = [one, other].flatMap((number) => (number === undefined ? [] : [Number(number)]));
    const strong = strength === undefined ? (parents.length === 1 ? STRENGTH : 0) : Number(strength);
    if (whole === undefined || strong > 1) throw new InputError(FAMILY.step(steps.length, word.slice(0, 40)));
    if (parents.some((number) => number >= steps.length)) throw new InputError(FAMILY.none(steps.length, word.slice(0, 40)));
    const drawnOf = BigInt(seed ?? own);
    const key = seed === undefined ? keyOf(drawnOf, parents.map((number) => steps[number]?.key ?? 0n)) : drawnOf;
    steps.push({ seed: drawnOf, key, parents, strength: strong });
  }
  if (steps.at(-1)?.parents.length === 0) throw new InputError(FAMILY.alone(text.trim().slice(0, 40)));
  return steps;
}

function keyOf(...numbers: [bigint, bigint[]]): bigint {
  return BigInt(`0x${digest(numbers.flat().join("/"))}`);
}

/** The SHA-256 in 64 hexadecimal digits. */
function digest(text: string): string {
  return [...sha256(text)].map((word) => word.toString(16).padStart(8, "0")).join("");
}

/** What a recipe says of it, as netwarp.network.lineage writes it: a JSON text, and the network's own digest. */
export function lineageOf(text: string, architecture: string): { of: string; json: string } {
  const names: string[] = [];
  const said = new Map<string, string>();
  for (const { seed, parents, strength } of stepsOf(text)) {
    const own = parents.length === 0
      ? `{"architecture": ${JSON.stringify(architecture)}, "seed": ${seed}}`
      : `{"bred": ${seed}, "parents": ${JSON.stringify(parents.map((number) => names[number])).replaceAll(",", ", ")}, "strength": ${written(strength)}}`;
    const name = digest(own);
    names.push(name);
    said.set(name, own);
  }
  const of = names.at(-1) ?? "";
  return { of, json: `{"of": "${of}", "ancestors": {${[...said].map(([name, own]) => `"${name}": ${own}`).join(", ")}}}` };
}

/** The text of what a recipe says; empty where none says it, or where a name is not that of what it stands for. */
export function familyOf({ of, ancestors }: Readonly<Record<string, unknown>>, architecture: string): string {
  const known = new Map(Object.entries(ancestors ?? {}).slice(0, MOST));
  const [places, words] = [new Map<string, number>(), [] as string[]];
  const under = new Set<string>();
  const waiting = [String(of)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (places.has(name)) continue;
    const { bred, strength, seed, parents = [] } = (known.get(name) ?? {}) as { bred?: number; strength?: number; seed?: number; parents?: string[] };
    const missing = parents.filter((one) => !places.has(one));
    if (missing.length > 0) {
      // its own ancestor
      if (under.has(name)) return "";
      under.add(name);
      waiting.push(name, ...missing.reverse());
      continue;
    }
    const usual = strength === (parents.length === 1 ? STRENGTH : 0);
    words.push(bred === undefined ? String(seed) : `${parents.map((one) => places.get(one)).join("*")}_${bred}${usual ? "" : `_${strength}`}`);
    places.set(name, words.length - 1);
  }
  const text = words.join(" ");
  try {
    return lineageOf(text, architecture).of === of ? text : "";
  } catch {
    return "";
  }
}
