// A network that was bred, or changed by hand, from the text of its family: netwarp.network.family reads it,
// netwarp.network.breeding draws it.
import { sha256 } from "../drawing/sha256.ts";
import { Stream } from "../drawing/stream.ts";
import { plain, written } from "../language/numbers.ts";
import { parse } from "../language/parse.ts";
import type { Distribution, Initialiser } from "../language/tree.ts";
import { FAMILY } from "../../words/site.ts";
import { between } from "./between.ts";
import { build } from "./build.ts";
import { drawing, drawn } from "./draw.ts";
import { InputError } from "./errors.ts";
import { keyOf as keyOfParameter, type Parameter, type Take } from "./parameter.ts";

const MOST = 1000;
const STEP = /^(?:(-?\d{1,78})|(\d{1,4})(?:\*(\d{1,4}))?_(\d{1,78})(?:_(\d(?:\.\d{1,20})?))?)$/;
const MOMENT = /^(?:(\d{1,4})z)?(\d{1,4})-(\d{1,4})_(0(?:\.\d{1,20})?|1)$/;
const CHANGE = /^(\d{1,4}):([\w.]{1,400})\[(\d{1,6}(?:,\d{1,6}){0,3})\]=(-?\d{1,400}(?:\.\d{1,400})?(?:[eE][+-]?\d{1,3})?)$/;
const STRENGTH = 0.2;

/** Another number in one place of one array. */
export interface Change {
  readonly array: string;
  readonly place: readonly number[];
  readonly value: number;
}

/** A network that a seed draws; a child of one parent or two; one between two; or one whose inputs z lie between those of
 * two seeds, its last two parents then. `key` says its streams, `own` what a recipe says of it, `name` is the digest of that. */
interface Step {
  readonly kind: "seed" | "child" | "between" | "walked" | "changed";
  readonly seed: bigint;
  readonly key: bigint;
  readonly parents: readonly number[];
  /** of a child its strength, of the last two kinds the share of the second */
  readonly share: number;
  readonly change: Change | null;
  readonly name: string;
  readonly own: string;
}

/** The numbers of every parameter of the network that the text says. Throws InputError. */
export function bred(text: string, architecture: string): Take {
  const steps = stepsOf(text, architecture);
  checkPlaces(steps, architecture);
  return (parameter) => {
    const found: Float64Array[] = [];
    for (const step of steps) {
      const [first, second, third] = step.parents.map((one) => found[one]);
      if (first === undefined) found.push(drawing(step.key)(parameter));
      else if (step.kind === "between") found.push(between(first, second ?? first, mean(parameter.drawn), step.share));
      else if (step.kind === "walked") found.push(parameter.name === "z" ? walked(second ?? first, third ?? first, step.share) : first);
      else if (step.change !== null) found.push(changed(parameter, step.change, first));
      else found.push(child(parameter, step, first, second));
    }
    return found.at(-1) ?? new Float64Array();
  };
}

/** Every change has its place in an array of the architecture's. Throws InputError. */
function checkPlaces(steps: readonly Step[], architecture: string): void {
  const changes = steps.flatMap(({ change }) => (change === null ? [] : [change]));
  if (changes.length === 0) return;
  const sizes = new Map<string, readonly number[]>();
  build(parse(architecture), (parameter) => {
    sizes.set(keyOfParameter(parameter), parameter.sizes);
    return new Float64Array(parameter.sizes.reduce((all, one) => all * one, 1));
  });
  for (const { array, place } of changes) {
    const own = sizes.get(array);
    if (own === undefined) throw new InputError(FAMILY.array(array.slice(0, 60)));
    if (own.length !== place.length || place.some((at, i) => at >= (own[i] ?? 0))) {
      throw new InputError(FAMILY.place(`${array}[${place.join(",")}]`.slice(0, 80), `${array}[${own.map((one) => one - 1).join(",")}]`));
    }
  }
}

function changed(parameter: Parameter, { array, place, value }: Change, given: Float64Array): Float64Array {
  if (keyOfParameter(parameter) !== array) return given;
  const found = given.slice();
  found[place.reduce((at, one, i) => at * (parameter.sizes[i] ?? 1) + one, 0)] = value;
  return found;
}

function walked(first: Float64Array, second: Float64Array, share: number): Float64Array {
  return first.map((one, i) => one + share * ((second[i] ?? 0) - one));
}

function child(parameter: Parameter, { key, share: strength }: Step, first: Float64Array, second?: Float64Array): Float64Array {
  const { path, sizes, drawn: from } = parameter;
  let given = first;
  if (second !== undefined) {
    const units = sizes[0] ?? 1;
    const tossed = Stream.of(key, path, "crossing").uniforms(units);
    given = first.map((one, i) => ((tossed[Math.floor((i * units) / first.length)] ?? 0) < 0.5 ? one : (second[i] ?? 0)));
  }
  if (strength === 0 || from.kind === "Constant") return given;
  const [kept, about] = [Math.sqrt(1 - strength * strength), mean(from)];
  const own = drawn(parameter, key);
  return given.map((one, i) => about + (kept * (one - about) + strength * ((own[i] ?? 0) - about)));
}

function mean(from: Distribution | Initialiser): number {
  if (from.kind === "Normal") return from.mean;
  return from.kind === "Uniform" ? (from.low + from.high) / 2 : 0;
}

/** Throws InputError naming the step. */
function stepsOf(text: string, architecture: string): Step[] {
  const words = text.trim().split(/\s+/);
  if (words.length > MOST) throw new InputError(FAMILY.long(words.length, MOST));
  const steps: Step[] = [];
  for (const word of words) {
    const about = [steps.length, word.slice(0, 40)] as const;
    const [number, of, array = "", place = "", value] = CHANGE.exec(word) ?? [];
    if (number !== undefined) {
      // -0 is 0
      const change = { array, place: place.split(",").map(Number), value: Number(value) + 0 };
      if (!Number.isFinite(change.value)) throw new InputError(FAMILY.step(...about));
      if (Number(of) >= steps.length) throw new InputError(FAMILY.none(...about));
      const said = { kind: "changed", seed: 0n, parents: [Number(of)], share: 0, change } as const;
      const told = ownOf(said, steps, architecture, about);
      const name = digest(told);
      steps.push({ ...said, key: BigInt(`0x${name}`), own: told, name });
      continue;
    }
    const [whole, seed, one, other, own = "0", strength] = STEP.exec(word) ?? [];
    const [moment, walker, from, to, share] = MOMENT.exec(word) ?? [];
    const parents = (moment === undefined ? [one, other] : [walker, from, to]).flatMap((number) => (number === undefined ? [] : [Number(number)]));
    const strong = Number(share ?? strength ?? (parents.length === 1 ? STRENGTH : 0));
    if ((whole === undefined && moment === undefined) || strong > 1) throw new InputError(FAMILY.step(...about));
    if (parents.some((number) => number >= steps.length)) throw new InputError(FAMILY.none(...about));
    const kind = moment === undefined ? (seed === undefined ? "child" : "seed") : walker === undefined ? "between" : "walked";
    if (kind === "walked" && parents.slice(1).some((number) => steps[number]?.kind !== "seed")) throw new InputError(FAMILY.seeds(...about));
    const said = { kind, seed: BigInt(seed ?? own), parents, share: strong, change: null } as const;
    const told = ownOf(said, steps, architecture, about);
    const name = digest(told);
    const key = kind === "seed" ? said.seed : kind === "child" ? keyOf(said.seed, parents.map((number) => steps[number]?.key ?? 0n)) : BigInt(`0x${name}`);
    steps.push({ ...said, key, own: told, name });
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

/** What a recipe says of one step, as netwarp.network.source writes it: a JSON text. */
function ownOf({ kind, seed, parents, share, change }: Pick<Step, "kind" | "seed" | "parents" | "share" | "change">, steps: readonly Step[], architecture: string, about: readonly [number, string]): string {
  const named = (some: readonly number[]): string => `"parents": [${some.map((number) => `"${steps[number]?.name ?? ""}"`).join(", ")}]`;
  if (kind === "seed") return `{"architecture": ${JSON.stringify(architecture)}, "seed": ${seed}}`;
  if (kind === "child") return `{"bred": ${seed}, ${named(parents)}, "strength": ${written(share)}}`;
  if (change !== null) return `{"changed": ${JSON.stringify(change.array)}, ${named(parents)}, "place": [${change.place.join(", ")}], "value": ${written(change.value)}}`;
  if (kind === "between") return `{"between": ${written(share)}, ${named(parents)}}`;
  const [from, to] = parents.slice(1).map((number) => latents(architecture, steps[number]?.seed ?? 0n));
  if (from === undefined || to === undefined || from.length === 0) throw new InputError(FAMILY.unwalked(...about));
  return `{${named(parents.slice(0, 1))}, "walked": [${[...walked(from, to, share)].map(written).join(", ")}]}`;
}

/** The numbers of the inputs z that a seed draws, in order. */
function latents(architecture: string, seed: bigint): Float64Array {
  const found: number[] = [];
  const draw = drawing(seed);
  build(parse(architecture), (parameter) => {
    if (parameter.name !== "z") return new Float64Array(parameter.sizes.reduce((all, one) => all * one, 1));
    const own = draw(parameter);
    found.push(...own);
    return own;
  });
  return Float64Array.from(found);
}

/** What a recipe says of it, as netwarp.network.lineage writes it: a JSON text, and the network's own digest. */
export function lineageOf(text: string, architecture: string): { of: string; json: string } {
  const steps = stepsOf(text, architecture);
  const kept = new Set<number>();
  // of a walk only its numbers are said, not the seeds that they are from
  const keep = (number: number): void => {
    const step = steps[number];
    if (step === undefined || kept.has(number)) return;
    kept.add(number);
    (step.kind === "walked" ? step.parents.slice(0, 1) : step.parents).forEach(keep);
  };
  if (steps.some(({ kind }) => kind === "walked")) keep(steps.length - 1);
  else steps.forEach((_, number) => kept.add(number));
  const said = new Map(steps.filter((_, number) => kept.has(number)).map(({ name, own }) => [name, own]));
  const of = steps.at(-1)?.name ?? "";
  return { of, json: `{"of": "${of}", "ancestors": {${[...said].map(([name, own]) => `"${name}": ${own}`).join(", ")}}}` };
}

/** The step of another number, of the step `of`. */
function changeText(of: number, { array, place, value }: Change): string {
  return `${of}:${array}[${place.join(",")}]=${plain(value)}`;
}

/** The text of what a recipe says; empty where none says it, or where a name is not that of what it stands for. */
export function familyOf({ of, ancestors }: Readonly<Record<string, unknown>>, architecture: string): string {
  const known = new Map(Object.entries(ancestors ?? {}).slice(0, MOST));
  const [places, words] = [new Map<string, number>(), [] as string[]];
  const under = new Set<string>();
  const waiting = [String(of)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (places.has(name)) continue;
    const { bred, strength, between: share, changed: array, place, value, seed, parents = [] } = (known.get(name) ?? {}) as Partial<{ bred: number; strength: number; between: number; changed: string; place: number[]; value: number; seed: number; parents: string[] }>;
    const missing = parents.filter((one) => !places.has(one));
    if (missing.length > 0) {
      // its own ancestor
      if (under.has(name)) return "";
      under.add(name);
      waiting.push(name, ...missing.reverse());
      continue;
    }
    const usual = strength === (parents.length === 1 ? STRENGTH : 0);
    if (array !== undefined) words.push(changeText(Number(places.get(parents[0] ?? "")), { array, place: place ?? [], value: Number(value) }));
    else if (share !== undefined) words.push(`${parents.map((one) => places.get(one)).join("-")}_${share}`);
    else words.push(bred === undefined ? String(seed) : `${parents.map((one) => places.get(one)).join("*")}_${bred}${usual ? "" : `_${strength}`}`);
    places.set(name, words.length - 1);
  }
  const text = words.join(" ");
  try {
    return lineageOf(text, architecture).of === of ? text : "";
  } catch {
    return "";
  }
}
