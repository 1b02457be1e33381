// Where a number that plays is at a time: forwards from where it stood, and back at its ends.
import { further, numberOf, type Seed } from "../../seed.ts";
import type { FieldReply, PaneState } from "../../server.ts";
import { familyOf } from "../breeding.ts";
import { featuresText } from "../slice.ts";
import { depthOf, normOf, normText, widthOf, withDepth, withWidth } from "../texts.ts";
import { MOMENT, WALK } from "./moment.ts";
import { SAID } from "../../words/index.ts";
import type { Playable } from "./button.ts";

export interface Track {
  /** what the state becomes, so many seconds of the usual pace after the beginning */
  at(seconds: number): Partial<PaneState>;
  /** the seconds of one step where pictures come one by one */
  readonly step: number;
}

/** The numbers between which a slider's goes, how many a second, and of how many decimals. */
interface Range {
  low: number;
  high: number;
  pace: number;
  digits: number;
}

const SECONDS = 10; // over a range without steps
const PER_SEED = 3;
const PER_KEY = 4;

/** The track of a number from where it stands; a sentence where it cannot play. */
export function trackOf(name: Playable, state: PaneState, field: FieldReply | null): Track | string {
  if (name === "seed") return seeded(state) ? seeds(state) : SAID.motion.fixed(SAID.controls.seed);
  if (name === "latent") return latents(state);
  if (name.startsWith("slice-")) return input(Number(name.slice(6)), field);
  return slider(name as "depth" | "width" | "scale" | "shift", state, field);
}

function slider(name: "depth" | "width" | "scale" | "shift", state: PaneState, field: FieldReply | null): Track | string {
  const norm = normOf(state.norm);
  const value = { depth: depthOf(state.arch), width: widthOf(state.arch), scale: norm.scale, shift: norm.shift }[name];
  if (value === null) return SAID.motion.fixed(SAID.controls[name]);
  const room = name === "depth" || name === "width" ? (field?.room?.[name] ?? Infinity) : Infinity;
  const range: Range = {
    depth: { low: 1, high: Math.max(value, Math.min(50, room)), pace: 4, digits: 0 },
    width: { low: 1, high: Math.max(value, Math.min(128, room)), pace: 8, digits: 0 },
    scale: { low: 0.1, high: Math.max(value, 10), pace: 0.99, digits: 2 },
    shift: { low: 0, high: Math.max(value, 6), pace: 0.6, digits: 2 },
  }[name];
  const patch = (next: number): Partial<PaneState> => {
    if (name === "depth") return { arch: withDepth(state.arch, next) };
    if (name === "width") return { arch: withWidth(state.arch, next) };
    return { norm: normText({ ...norm, [name]: next }) };
  };
  return { at: (seconds) => patch(there(value, range, seconds)), step: range.digits === 0 ? 1 / range.pace : 0.1 / range.pace };
}

/** Forwards from `value`, back at the ends, rounded. */
export function there(value: number, { low, high, pace, digits }: Range, seconds: number): number {
  const span = high - low;
  if (span <= 0) return value;
  const turned = (value - low + pace * seconds) % (2 * span);
  return Number((low + (turned > span ? 2 * span - turned : turned)).toFixed(digits));
}

function seeded({ seed, arch, slice }: PaneState): boolean {
  return seed !== null && slice === "" && !arch.startsWith("npz:");
}

/** From the network of one seed to that of the next and on, as a film over seeds goes. */
function seeds(state: PaneState): Track {
  // one that was paused between two goes on from there
  const [, base = familyOf(state), next, from, to, share = "0"] = MOMENT.exec(state.bred.trim()) ?? [];
  const steps = base.split(/\s+/).length;
  const paused = next !== undefined && Number(from) === steps - 1 && Number(to) === steps;
  const first: Seed = state.seed ?? 0;
  const start = paused ? Number(share) : 0;
  const family = paused ? base : familyOf(state);
  const second = paused ? whole(next) : further(first, 1);
  return {
    step: PER_SEED * (1 - start),
    at: (seconds) => {
      const place = start + seconds / PER_SEED;
      const part = Math.floor(place);
      const moment = (place - part).toFixed(3);
      const seed = part === 0 ? first : further(second, part - 1);
      // what it began with may be no seed's
      const own = part === 0 ? family : String(numberOf(seed));
      if (Number(moment) === 0) return { seed, bred: own.includes(" ") ? own : "" };
      if (Number(moment) === 1) return { seed: part === 0 ? second : further(seed, 1), bred: "" };
      const count = own.split(/\s+/).length;
      return { seed, bred: `${own} ${numberOf(part === 0 ? second : further(seed, 1))} ${count - 1}-${count}_${short(moment)}` };
    },
  };
}

/** The same network with other inputs z: from those of its seed to those of the next and on, slowly at each. */
function latents(state: PaneState): Track | string {
  if (!/\bz\(\d/.test(state.inputs)) return SAID.motion.noLatent;
  if (normOf(state.norm).kind === "spatial") return SAID.motion.flatLatent;
  const [, base, from, share = "0"] = WALK.exec(state.bred.trim()) ?? [];
  if (state.seed === null || (base === undefined && state.bred.trim() !== "")) return SAID.motion.bredLatent;
  const own = base ?? String(numberOf(state.seed));
  const first = whole(from ?? own);
  const start = Math.acos(1 - 2 * Number(share)) / Math.PI;
  return {
    step: PER_KEY * (1 - start),
    at: (seconds) => {
      const place = start + seconds / PER_KEY;
      const part = Math.floor(place);
      const moment = ((1 - Math.cos(Math.PI * (place - part))) / 2).toFixed(4);
      const [a, b] = [further(first, part), further(first, part + 1)];
      if (Number(moment) === 0 && String(numberOf(a)) === own) return { bred: "" };
      return { bred: `${own} ${numberOf(a)} ${numberOf(b)} 0z1-2_${short(moment)}` };
    },
  };
}

/** What an input of a model is held at, from the least to the largest value of the data. */
function input(number: number, field: FieldReply | null): Track | string {
  const plane = field?.slice ?? null;
  const [low, high] = plane?.ranges?.[number] ?? [];
  const value = plane?.at[number];
  if (plane?.along == null || low === undefined || high === undefined || value === undefined || !(high > low)) return SAID.motion.fixed(SAID.motion.input(String(number)));
  const { along, at } = plane;
  const digits = Math.max(0, Math.min(100, 3 - Math.floor(Math.log10(high - low))));
  const range = { low, high, pace: (high - low) / SECONDS, digits };
  const begun = Math.min(Math.max(value, low), high);
  return { step: SECONDS / 20, at: (seconds) => ({ slice: featuresText(along, at.map((one, n) => (n === number ? there(begun, range, seconds) : one))) }) };
}

function whole(text: string): Seed {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

/** Without zeros at the end, as Python writes it. */
function short(decimal: string): string {
  return String(Number(decimal));
}
