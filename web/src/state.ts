// The state of the page and its two written forms: an address's query and JSON. The server's address.py follows the same
// rules; both are held to tests/explorer/states.json.
import { compare, type Dec, dec, fromNumber, significant, times, write } from "./decimal.ts";
import { slid, SLIDERS } from "./sliders.ts";
import { seedOf } from "./seed.ts";
import { ALWAYS, BEFORE, DEFAULTS, FARTHEST, LARGEST_EXPONENT, LONGEST_ADDRESS, LONGEST_NUMBER, LONGEST_NOTE, LONGEST_TEXT, LONGEST_WORD, MOST_PANES, MOST_STEPS, NETWORK, NO_SEED, type PageState, type PaneState, VERSION } from "./server.ts";
import { ADDRESS } from "./words/address.ts";

const PAGE = ["v", "panes", "hide", "lock", "embed", "note", "step"] as const;
export const KEYS = Object.keys(DEFAULTS) as (keyof PaneState)[];

// digits of a side that the other one says
const SIDE_DIGITS = 17;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i;

export class StateError extends Error {}

/** All that a pane says of its network: equal texts are one network. */
export function networkOf(pane: PaneState): string {
  return JSON.stringify(NETWORK.map((key) => pane[key]));
}

/** What a pane shows of a unit: its layer from 1, its channel from 0. */
export function showOf(layer: number, channel: number): string {
  return `layer:${layer}:channel:${channel}`;
}

/** What of a pane's network is measured: decision regions are of its output. */
export function measuredOf({ show }: Pick<PaneState, "show">): string {
  return show.startsWith("layer:") ? show : "output";
}

export function page(...panes: Partial<PaneState>[]): PageState {
  const filled = (panes.length === 0 ? [{}] : panes).map((pane) => ({ ...DEFAULTS, ...pane }));
  return { panes: filled, hide: [], lock: [], embed: false, note: "", step: 1 };
}

/** The query without its "?": the version, the first pane's differences from the defaults, the others' from the first. */
export function toQuery(state: PageState): string {
  const [first = DEFAULTS] = state.panes;
  const query = new URLSearchParams({ v: String(VERSION) });
  state.panes.forEach((pane, i) => {
    for (const key of told(pane, i === 0 ? null : first)) query.set(i === 0 ? key : `p${i}.${key}`, written(pane[key]));
  });
  if (state.panes.length > 1) query.set("panes", String(state.panes.length));
  if (state.hide.length > 0) query.set("hide", state.hide.join(","));
  if (state.lock.length > 0) query.set("lock", state.lock.join(","));
  if (state.embed) query.set("embed", "1");
  if (state.note !== "") query.set("note", state.note);
  if (state.note !== "") query.set("step", String(state.step));
  return query.toString();
}

/** The state of a query, and what of it is left out, a sentence each: one bad key loses that key alone. Throws StateError. */
export function fromQuery(text: string): { state: PageState; lost: string[] } {
  if (text.length > LONGEST_ADDRESS) throw new StateError(ADDRESS.long(text.length, LONGEST_ADDRESS));
  const query = new URLSearchParams(text);
  query.delete("token");
  const lost: string[] = [];
  // what cannot be read is as if nobody had said it
  const taken = <T>(usual: T, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      lost.push(error.message);
      return usual;
    }
  };
  const found = [new Map<string, string>()];
  const said = new Map<string, string>();
  for (const [key, value] of query) {
    const [, pane = "0", name = key] = /^p([1-3])\.(.*)$/.exec(key) ?? [];
    const own = PAGE.some((one) => one === key);
    const into = own ? said : (found[Number(pane)] ??= new Map<string, string>());
    taken(undefined, () => {
      if (!own && !isKey(name) && !isSlider(name)) throw new StateError(ADDRESS.noKey(shown(key), [...KEYS, ...SLIDERS, ...PAGE]));
      if (into.has(name)) throw new StateError(ADDRESS.twice(shown(key)));
      into.set(name, value);
    });
  }
  // an address that says nothing is none of any version
  const version = taken(VERSION, () => query.size === 0 ? VERSION : whole(said.get("v") ?? 1, "v", 1, VERSION));
  const least = found.length;
  const count = taken(least, () => whole(said.get("panes") ?? least, "panes", least, MOST_PANES));
  const panes: PaneState[] = [];
  for (let i = 0; i < count; i++) {
    let one: PaneState = panes[0] ?? defaults(version);
    const sides = new Set<string>();
    for (const [key, value] of found[i] ?? []) {
      if (!isKey(key)) continue;
      one = taken(one, () => {
        const next = { ...one, [key]: checked(key, value) };
        sides.add(key);
        return next;
      });
    }
    one = proportioned(one, sides, version);
    for (const [key, value] of found[i] ?? []) {
      if (isSlider(key)) one = taken(one, () => stated(() => ({ ...one, ...slid(one, key, value) })));
    }
    panes.push(one);
  }
  const list = (key: "hide" | "lock"): string[] => taken([], () => words(said.get(key) ?? "", key));
  const embed = taken(false, () => flag(said.get("embed") ?? "0", "embed"));
  const note = taken("", () => noted(said.get("note") ?? ""));
  const step = taken(1, () => whole(said.get("step") ?? 1, "step", 1, MOST_STEPS));
  return { state: { panes, hide: list("hide"), lock: list("lock"), embed, note, step }, lost };
}

export function toData(state: PageState): Record<string, unknown> {
  const [first = DEFAULTS] = state.panes;
  const panes = state.panes.map((pane, i) => Object.fromEntries(told(pane, i === 0 ? null : first).map((key) => [key, pane[key]])));
  return {
    v: VERSION,
    panes,
    ...(state.hide.length > 0 && { hide: state.hide }),
    ...(state.lock.length > 0 && { lock: state.lock }),
    ...(state.embed && { embed: true }),
    ...(state.note !== "" && { note: state.note, step: state.step }),
  };
}

/** The state of a JSON object: a page's, or one pane's by itself. Throws StateError. */
export function fromData(data: unknown): PageState {
  if (!isRecord(data)) throw new StateError(ADDRESS.object);
  if (!("panes" in data)) {
    const { v, ...own } = data;
    return fromData({ panes: [own], ...(v !== undefined && { v }) });
  }
  const { panes, hide = [], lock = [], embed = false, note = "", step = 1, v = 1, ...rest } = data;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw new StateError(ADDRESS.stateKey(unknown.slice(0, 40), ["panes", "hide", "lock", "embed", "note", "step"]));
  if (!Array.isArray(panes) || panes.length < 1 || panes.length > MOST_PANES || !panes.every(isRecord)) {
    throw new StateError(ADDRESS.panes(MOST_PANES));
  }
  const [head = {}, ...tail] = panes;
  const version = whole(v, "v", 1, VERSION);
  const first = pane(head, defaults(version), version);
  return {
    panes: [first, ...tail.map((one) => pane(one, first, version))],
    hide: words(hide, "hide"),
    lock: words(lock, "lock"),
    embed: flag(embed, "embed"),
    note: noted(note),
    step: whole(step, "step", 1, MOST_STEPS),
  };
}

/** What a written state of this version leaves unsaid. */
function defaults(version: number): PaneState {
  return { ...DEFAULTS, ...BEFORE[String(version) as keyof typeof BEFORE] };
}

/** What is written of a pane: of the first, `base` null, what is always said and what is not as by default. */
function told(pane: PaneState, base: PaneState | null): (keyof PaneState)[] {
  const other = (key: keyof PaneState): boolean => pane[key] !== (base ?? DEFAULTS)[key];
  // one side alone would say the other too
  const view = other("w") || other("h");
  return KEYS.filter((key) => (key === "w" || key === "h" ? view : (base === null && always(key)) || other(key)));
}

/** A view of which one side alone is said has the other in proportion: so that x and y have one scale in the frame of
 * three to two. In the first version each side stands by itself. */
function proportioned(pane: PaneState, said: ReadonlySet<string>, version: number): PaneState {
  if (version === 1 || said.has("w") === said.has("h")) return pane;
  if (said.has("w")) return { ...pane, h: write(highFor(dec(pane.w))) };
  return { ...pane, w: write(significant(times(dec(pane.h), 1.5), SIDE_DIGITS)) };
}

/** Two thirds of a width. */
function highFor({ n, e }: Dec): Dec {
  return significant({ n: (2n * n * 10n ** 40n) / 3n, e: e - 40 }, SIDE_DIGITS);
}

function pane(raw: Record<string, unknown>, base: Readonly<PaneState>, version: number): PaneState {
  const found: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(raw)) {
    if (!isKey(key)) throw new StateError(ADDRESS.stateKey(key.slice(0, 40), KEYS));
    found[key] = checked(key, value);
  }
  return proportioned(found as unknown as PaneState, new Set(Object.keys(raw)), version);
}

function checked(key: keyof PaneState, value: unknown): PaneState[keyof PaneState] {
  switch (key) {
    case "out":
      return whole(value, key, 1, 10_000);
    case "seed": {
      // of a network whose weights are given
      if (value === null || value === NO_SEED) return null;
      const seed = seedOf(value);
      if (seed === null) throw new StateError(ADDRESS.seed(shown(value), LONGEST_WORD));
      return seed;
    }
    case "cells":
    case "points":
    case "marks":
      return flag(value, key);
    case "x":
    case "y":
      return decimal(value, key);
    case "w":
    case "h": {
      const side = decimal(value, key);
      if (side === "0" || side.startsWith("-")) throw new StateError(ADDRESS.positive(key, side));
      return side;
    }
    case "tone":
      if (value !== "whole" && value !== "view") throw new StateError(ADDRESS.tone(shown(value)));
      return value;
    case "grows":
      if (value !== "auto" && value !== "down" && value !== "up") throw new StateError(ADDRESS.grows(shown(value)));
      return value;
    case "show":
      if (typeof value !== "string" || !/^(output|classes|margin|layer:[1-9]\d{0,4}:channel:(0|[1-9]\d{0,5}))$/.test(value)) {
        throw new StateError(ADDRESS.show(shown(value)));
      }
      return value;
    default:
      if (typeof value !== "string" || value.length > LONGEST_TEXT) throw new StateError(ADDRESS.text(key, LONGEST_TEXT));
      return value;
  }
}

function decimal(value: unknown, key: string): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  const [, exponent = "0"] = NUMBER.exec(text) ?? [];
  if (!NUMBER.test(text)) throw new StateError(ADDRESS.number(key, shown(value)));
  if (text.length > LONGEST_NUMBER) throw new StateError(ADDRESS.longNumber(key, shown(value), LONGEST_NUMBER));
  if (Math.abs(Number(exponent)) > LARGEST_EXPONENT) throw new StateError(ADDRESS.exponent(key, shown(value), LARGEST_EXPONENT));
  const found = dec(text);
  const most = fromNumber(FARTHEST);
  if (compare({ n: found.n < 0n ? -found.n : found.n, e: found.e }, most) > 0) throw new StateError((key === "w" || key === "h" ? ADDRESS.wide : ADDRESS.far)(key, shown(value), FARTHEST.toExponential()));
  return write(found);
}

function whole(value: unknown, key: string, low: number, high: number): number {
  const found = typeof value === "string" && /^-?\d{1,17}$/.test(value) ? Number(value) : value;
  if (typeof found !== "number" || !Number.isInteger(found) || found < low || found > high) {
    throw new StateError(ADDRESS.whole(key, shown(value), low, high));
  }
  return found;
}

function flag(value: unknown, key: string): boolean {
  if (value === true || value === "1") return true;
  if (value === false || value === "0") return false;
  throw new StateError(ADDRESS.flag(key, shown(value)));
}

function noted(value: unknown): string {
  if (typeof value !== "string" || value.length > LONGEST_NOTE || !/^(\d[\w-]*)?$/.test(value)) throw new StateError(ADDRESS.note);
  return value;
}

function words(value: unknown, key: string): string[] {
  const found = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(found) || found.length > 50 || !found.every((one) => typeof one === "string" && /^[a-z_]{0,20}$/.test(one))) {
    throw new StateError(ADDRESS.names(key));
  }
  return (found as string[]).filter((one) => one !== "");
}

function written(value: string | number | boolean | null): string {
  if (value === null) return NO_SEED;
  return typeof value === "boolean" ? (value ? "1" : "0") : String(value);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 40) : (JSON.stringify(value) as string | undefined ?? "nothing").slice(0, 40);
}

function always(key: string): boolean {
  return ALWAYS.some((one) => one === key);
}

function isSlider(name: string): name is (typeof SLIDERS)[number] {
  return SLIDERS.some((one) => one === name);
}

/** Says an error's words as a state's. */
function stated<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StateError((error as Error).message);
  }
}

/** Whether an address may say this key. */
export function isSaid(key: string): boolean {
  const name = key.replace(/^p[1-3]\./, "");
  return isKey(name) || isSlider(name) || (name === key && PAGE.some((one) => one === key));
}

function isKey(name: string): name is keyof PaneState {
  return Object.hasOwn(DEFAULTS, name);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
