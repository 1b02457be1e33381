// Numbers that a hand changed, as the last steps of a network's family say them: netwarp.network.family.
import { numberOf } from "../../seed.ts";
import { DEFAULTS, type NumberData, type PaneState } from "../../server.ts";
import { familyOf } from "../breeding.ts";

/** Where a number stands. */
export type Place = Pick<NumberData, "array" | "place">;

type Stated = Pick<PaneState, "bred" | "seed">;

const CHANGE = /^(\d+):(([\w.]+)\[[\d,]+\])=(.*)$/;

/** A place as a text: "0.weight[3,1,0,0]". */
export function placeText({ array, place }: Place): string {
  return `${array}[${place.join(",")}]`;
}

/** A network's family without what a hand changed last, and those changes: the text of a place, and the number there. */
function split(state: Stated): { base: string[]; changes: Map<string, string> } {
  const base = familyOf(state).split(/\s+/);
  const found: (readonly [string, string])[] = [];
  for (;;) {
    const [, of, place, , value] = CHANGE.exec(base.at(-1) ?? "") ?? [];
    if (place === undefined || value === undefined || Number(of) !== base.length - 2) break;
    found.unshift([place, value]);
    base.pop();
  }
  return { base, changes: new Map(found) };
}

/** What a hand changed: the text of a place, and the number there. */
export function changesOf(state: Stated): Map<string, number> {
  return new Map([...split(state).changes].map(([place, value]) => [place, Number(value)]));
}

/** Whether a seed says the network but for what a hand changed. */
export function isSeeded(state: Stated): boolean {
  return state.bred.trim() === "" || split(state).base.length === 1;
}

/** The `bred` of a network with other numbers in these places; with null what stood there before is put back. */
export function nudged(state: Stated, numbers: readonly (readonly [Place, number | null])[]): string {
  const { base, changes } = split(state);
  for (const [place, value] of numbers) {
    if (value === null) changes.delete(placeText(place));
    else changes.set(placeText(place), String(value + 0));
  }
  return joined(base, changes, state);
}

/** The `bred` with everything put back. */
export function putBack(state: Stated): string {
  return joined(split(state).base, new Map(), state);
}

/** What a change of a state makes of its hand-changed numbers: a network of other arrays has not their places. */
export function kept(patch: Partial<PaneState>, draft: PaneState): Partial<PaneState> {
  const other = (["arch", "norm", "inputs", "out"] as const).some((key) => patch[key] !== undefined && patch[key] !== draft[key]);
  return patch.bred === undefined && other && draft.bred !== "" ? { ...patch, bred: putBack(draft) } : patch;
}

function joined(base: readonly string[], changes: ReadonlyMap<string, string>, { seed }: Stated): string {
  const steps = [...changes].map(([place, value], i) => `${base.length - 1 + i}:${place}=${value}`);
  const text = [...base, ...steps].join(" ");
  // a seed alone is no family
  return text === String(numberOf(seed ?? DEFAULTS.seed)) ? "" : text;
}
