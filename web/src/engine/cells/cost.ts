// What finding the cells of a network costs, by counts alone: netwarp.engine.work and netwarp.regions.stages.

import type { Operation, Program } from "../program/program.ts";
import { stagesOf } from "./stages.ts";

/** `work` is floating-point operations a point; `lines` the units' kinks, and a maxout's pairs of pieces; `chained` whether
 * nothing but the next stage reads a stage. */
export interface Cost {
  readonly work: number;
  readonly stages: number;
  readonly lines: number;
  readonly chained: boolean;
}

/** Of a Program that has cells; `picked` where one more convolution picks a channel of its output. */
export function costOf(program: Program, picked: boolean): Cost {
  const { stages } = stagesOf(program);
  const lines = stages.map(({ units, pieces, bends }) => (pieces > 0 ? (units * pieces * (pieces - 1)) / 2 : sum(bends.map((one) => one.kinks.length))));
  const last = program.operations[program.operations.length - 1]!;
  const work = sum(program.operations.map(flops)) + (picked ? 2 * last.channels : 0);
  return { work, stages: stages.length, lines: sum(lines), chained: chained(program, picked) };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

/** Floating-point operations a point, as netwarp.engine.work counts them. */
function flops(one: Operation): number {
  if (one.kind === "conv") return 2 * one.weight.length;
  if (one.kind === "maxout") return one.channels * one.pieces;
  // of one pixel, the only ones that have cells
  if (one.kind === "pool") return one.pool === "avg" ? one.channels : 0;
  return one.channels;
}

/** Whether every stage is read by one convolution only, which makes the next one's source or the output, and no other
 * value is read after it. */
function chained({ operations }: Program, picked: boolean): boolean {
  const kept: { stage: boolean; maxout: boolean; conv: boolean; sources: readonly number[] }[] = [];
  const number: number[] = [];
  for (const one of operations) {
    const sources = one.sources.map((source) => number[source]!);
    const nothing = one.kind === "pool" || (one.kind === "activate" && one.name === "linear");
    if (!nothing) kept.push({ stage: one.kind === "activate" || one.kind === "maxout", maxout: one.kind === "maxout", conv: one.kind === "conv", sources });
    number.push(nothing ? sources[0]! : kept.length - 1);
  }
  if (picked) kept.push({ stage: false, maxout: false, conv: true, sources: [number[number.length - 1]!] });
  const end = kept.length - 1;
  const last = kept.map((_, i) => i + 1);
  kept.forEach(({ sources }, i) => { for (const source of sources) last[source] = i; });
  last[end] = kept.length;
  return kept.every(({ stage, maxout }, i) => {
    if (!stage) return true;
    const after = kept[i + 1];
    if (maxout || after === undefined || !after.conv || after.sources[0] !== i || last[i] !== i + 1) return false;
    return last.slice(0, i + 1).every((use) => use <= i + 1) && (i + 1 === end || kept[i + 2]?.stage === true);
  });
}
