// One unit of an open network, as netwarp.explorer.units answers.
import { type Raster, xsOf, ysOf } from "../engine/evaluate/raster.ts";
import { lineOf, type Unit, unitOf } from "../engine/program/unit.ts";
import type { Conv, Normalise } from "../engine/program/program.ts";
import type { HandleData, UnitReply } from "../server.ts";
import { LINEAR } from "../server.ts";
import { numbersFrom, type Opened } from "./networks.ts";
import { about } from "./refusals.ts";

type Answer = Omit<UnitReply, "id" | "pane">;

/** Throws Refusal. */
export function unit({ architecture, seed, bred, program, raster }: Opened, { layer, channel }: { layer: number; channel: number }): Answer {
  return about("show", () => {
    const found = unitOf(architecture, numbersFrom({ seed, bred }, architecture), layer, channel);
    const { activation, norm, weights, bias, scale, shift } = found;
    const line = lineOf(program, layer, channel);
    return { kind: "unit", layer, channel, activation, norm, weights, bias, scale, shift, line, handle: line === null ? null : handleOf(found, raster) };
  });
}

/** What moves the line of a unit that reads x once and y once, and beside them constants alone. */
function handleOf({ program, row, norm, bias, scale, shift }: Unit, raster: Raster): HandleData | null {
  const [embed, conv] = [program.operations[0], program.operations[row.conv] as Conv];
  if (embed?.kind !== "embed" || embed.kinds.some((kind) => kind !== LINEAR)) return null;
  const part = (which: number): number[] => Array.from({ length: embed.channels }, (_, k) => embed.coefficients[3 * k + which] ?? 0);
  const [a, b, c] = [part(0), part(1), part(2)];
  const only = (values: number[]): number => (values.filter((one) => one !== 0).length === 1 ? values.findIndex((one) => one !== 0) : -1);
  const [along, across] = [only(a), only(b)];
  if (along < 0 || across < 0 || along === across) return null;
  const normed = norm === "spatial" && shift !== null && (scale?.value ?? 0) !== 0;
  if (!normed && (norm !== "" || bias === null)) return null;
  const [xs, ys] = [xsOf(raster), ysOf(raster)];
  return {
    weights: [along, across],
    times: [a[along] ?? 0, b[across] ?? 0],
    mean: [mean(xs), mean(ys)],
    variance: [variance(xs), variance(ys)],
    eps: normed && row.norm !== null ? (program.operations[row.norm] as Normalise).eps : 0,
    rest: c.reduce((sum, one, k) => sum + one * (conv.weight[row.channel * embed.channels + k] ?? 0), 0),
  };
}

function mean(values: Float64Array): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function variance(values: Float64Array): number {
  const about = mean(values);
  return mean(values.map((one) => (one - about) ** 2));
}
