// What the page says of a network: from the server's facts, never from what a state has where nobody has said anything.
import type { FieldReply, PaneState } from "../server.ts";
import { shownBy } from "../gpu/tone.ts";
import { number } from "./dom.ts";

/** What a network is called, and what is true of it: "weights.npz", "tanh, 4 outputs". */
export interface Told {
  name: string;
  rest: string;
}

export function told(state: PaneState, field: FieldReply | null): Told {
  if (field === null) return { name: isFile(state.arch) ? "a file" : state.arch, rest: "" };
  const { facts } = field;
  const own = facts.changes.includes("act");
  const parts = [facts.activation ?? "only its values are known"];
  if (!own && facts.inputs !== "x y") parts.push(`inputs ${facts.inputs}`);
  if (!own) parts.push(outputs(field));
  if (facts.seed !== null) parts.push(`seed ${facts.seed}`);
  return { name: facts.file ?? state.arch, rest: parts.join(", ") };
}

/** What of the network is on the picture, where that is not all it gives: "layer 2, channel 1 of 10", "output 1 of 4". */
export function shown(state: PaneState, field: FieldReply | null): string {
  const [, layer, , channel] = state.show.split(":");
  if (layer !== undefined) return channelOf(Number(layer), Number(channel ?? 0), field?.layers[Number(layer) - 1]?.channels);
  if (state.show === "classes") return "which class wins where";
  if (state.show === "margin") return "which class wins where, paler where it is less ahead";
  const all = field?.facts.outputs ?? 1;
  return all === 1 || coloured(state, all) === 3 ? "" : `output 1 of ${number(all)}`;
}

/** A layer's channel in words, where both are counted from 1; `channel` is from 0, as in addresses. */
export function channelOf(layer: number, channel: number, channels: number | undefined): string {
  return `layer ${layer}, channel ${number(channel + 1)}${channels === undefined ? "" : ` of ${number(channels)}`}`;
}

/** What the picture of the output holds, as the strip's button says it. */
export function whole(state: PaneState, field: FieldReply | null): { label: string; text: string } {
  const all = field?.facts.outputs ?? 1;
  if (all === 1) return { label: "the output", text: "the one" };
  if (coloured({ ...state, show: "output" }, all) === 3) return { label: "the output, all channels", text: "all" };
  return { label: `the output: the first of ${number(all)}`, text: `1 of ${number(all)}` };
}

/** How many outputs the colours show: three only where three are there and the whole output is shown. */
export function coloured(state: PaneState, all: number): 1 | 3 {
  return state.show === "output" && all === 3 ? shownBy(state.colour) : 1;
}

/** "3 outputs", "1 output after sigmoid". */
export function outputs({ facts }: FieldReply): string {
  const last = facts.output_activation;
  return `${number(facts.outputs)} output${facts.outputs === 1 ? "" : "s"}${last === null || last === "linear" ? "" : ` after ${last}`}`;
}

/** "100 units, 920 parameters, depth 10"; empty where nothing is known to count. */
export function counted(field: FieldReply | null): string {
  const counts = field?.counts ?? null;
  return counts === null ? "" : `${number(counts.units)} units, ${number(counts.parameters)} parameters, depth ${counts.depth}`;
}

function isFile(arch: string): boolean {
  return arch.trim().startsWith("npz:");
}
