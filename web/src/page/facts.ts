// What the page says of a network: from the server's facts, never from what a state has where nobody has said anything.
import type { FieldReply, PaneState } from "../server.ts";
import { shownBy } from "../gpu/tone.ts";
import { momentOf } from "./motion/moment.ts";
import { changesOf, isSeeded } from "./unit/nudges.ts";
import { SAID } from "../words/index.ts";
import { UNIT } from "../words/unit.ts";
import { number } from "./quantities.ts";

/** What a network is called, and what is true of it: "weights.npz", "tanh, 4 outputs". */
export interface Told {
  name: string;
  rest: string;
}

export function told(state: PaneState, field: FieldReply | null): Told {
  if (field === null) return { name: isFile(state.arch) ? SAID.facts.file : state.arch, rest: "" };
  const { facts } = field;
  const own = facts.changes.includes("act");
  const parts = [facts.activation ?? SAID.facts.values];
  if (!own && facts.inputs !== "x y") parts.push(SAID.facts.inputs(facts.inputs));
  if (!own) parts.push(outputs(field));
  if (facts.seed !== null) parts.push(SAID.facts.seed(facts.seed));
  else if (state.bred !== "") parts.push(...bredOf(state));
  return { name: facts.file ?? state.arch, rest: parts.join(", ") };
}

/** "seed 9, 2 numbers changed", "bred". */
function bredOf(state: PaneState): string[] {
  const { size } = changesOf(state);
  const from = isSeeded(state) ? SAID.facts.seed(state.seed ?? 0) : momentOf(state.bred) ?? SAID.facts.bred;
  return size === 0 ? [from] : [from, UNIT.changed(size)];
}

/** What of the network is on the picture, where that is not all it gives: "layer 2, unit 1 of 10", "output 1 of 4". */
export function shown(state: PaneState, field: FieldReply | null): string {
  const [, layer, , channel] = state.show.split(":");
  if (layer !== undefined) return channelOf(Number(layer), Number(channel ?? 0), field?.layers[Number(layer) - 1]?.channels);
  if (state.show === "classes") return SAID.facts.classes;
  if (state.show === "margin") return SAID.facts.margin;
  const all = field?.facts.outputs ?? 1;
  return all === 1 || coloured(state, all) === 3 ? "" : SAID.facts.first(number(all));
}

/** A layer's channel in words, where both are counted from 1; `channel` is from 0, as in addresses. */
export function channelOf(layer: number, channel: number, channels: number | undefined): string {
  return SAID.facts.channel(layer, number(channel + 1), channels === undefined ? "" : number(channels));
}

/** What the picture of the output holds, as the strip's button says it. */
export function whole(state: PaneState, field: FieldReply | null): { label: string; text: string } {
  const all = field?.facts.outputs ?? 1;
  if (all === 1) return SAID.facts.whole;
  if (coloured({ ...state, show: "output" }, all) === 3) return SAID.facts.three;
  return SAID.facts.one(number(all));
}

/** How many outputs the colours show: three only where three are there and the whole output is shown. */
export function coloured(state: PaneState, all: number): 1 | 3 {
  return state.show === "output" && all === 3 ? shownBy(state.colour) : 1;
}

/** "3 outputs", "1 output after sigmoid". */
export function outputs({ facts }: FieldReply): string {
  const last = facts.output_activation;
  return SAID.facts.outputs(facts.outputs, number(facts.outputs), last === null || last === "linear" ? "" : last);
}

/** "100 units, 920 parameters, depth 10"; empty where nothing is known to count. */
export function counted(field: FieldReply | null): string {
  const counts = field?.counts ?? null;
  return counts === null ? "" : SAID.facts.counted(number(counts.units), number(counts.parameters), counts.depth);
}

function isFile(arch: string): boolean {
  return arch.trim().startsWith("npz:");
}
