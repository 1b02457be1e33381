// What a view shows of a network: an operation in a tone, about the values at the view's centre.
import { type Dec as Decimal, dec } from "../decimal.ts";
import { type Program, shown } from "./folded.ts";
import type { ToneData } from "../server.ts";
import { log2 } from "./log2.ts";
import type { Orbits } from "./orbit.ts";
import type { Place } from "./picture.ts";

export interface View {
  /** the centre and the sides, decimal texts */
  x: string;
  y: string;
  w: string;
  h: string;
  /** "output" or "layer:N:channel:M" */
  show?: string;
  /** the Tone's own range; one fitted to what is in view; or that only where the Tone's own gives one flat colour */
  contrast?: "whole" | "view" | "auto";
  /** milliseconds over which a fitted range follows the view; 0, the default, at once */
  ease?: number;
}

export interface Loaded {
  program: Program;
  orbits: Orbits;
  tone: ToneData;
}

export interface Scene {
  readonly program: Program;
  readonly operation: number;
  readonly tone: ToneData;
  readonly place: Place;
  /** differences from the centre are in units of 2^-depth */
  readonly depth: number;
  /** the value of every channel at the centre */
  readonly centre: readonly number[];
}

/** Errors: RangeError for what is no decimal or shows nothing. */
export function sceneOf(loaded: Loaded, view: View): Scene {
  const subject = subjectOf(loaded, view);
  const [x, y, w, h] = [view.x, view.y, view.w, view.h].map(dec) as [Decimal, Decimal, Decimal, Decimal];
  if (w.n <= 0n || h.n <= 0n) throw new RangeError(`view ${view.w} x ${view.h}: must be positive`);
  const depth = Math.max(-20, Math.floor(-Math.max(log2(w), log2(h)) + 1));
  const orbit = loaded.orbits.of(x, y, depth - Math.min(0, Math.floor(Math.min(log2(w), log2(h)) + depth)));
  const centre = (orbit.values[subject.operation] ?? []).map((value) => orbit.m.toNumber(value));
  return { program: loaded.program, ...subject, place: { x, y, w, h, orbit }, depth, centre };
}

function subjectOf({ program, tone }: Loaded, { show = "output" }: View): { operation: number; tone: ToneData } {
  const found = shown(program, show);
  if (!found) throw new RangeError(`show "${show.slice(0, 40)}": there is no such layer or channel`);
  // a channel inside is shown as the tone says, which is then of that one channel
  if (found.channel === null || tone.channels.length > 1) {
    const most = program.operations[found.operation]?.channels ?? 0;
    if (tone.channels.some((channel) => channel >= most)) throw new RangeError("the tone is not this network's");
    return { operation: found.operation, tone };
  }
  return { operation: found.operation, tone: { ...tone, channels: [found.channel] } };
}
