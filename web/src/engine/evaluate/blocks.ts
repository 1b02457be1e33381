// Evaluators: every operation on a block of points, whose values stay in the processor's cache.

import { outputs, type Program } from "../program/program.ts";
import type { Evaluator } from "./evaluator.ts";
import { layoutOf, viewsOf } from "./layout.ts";
import { type Loops, plainLoops } from "./loops.ts";
import { RowSums } from "./moments.ts";
import { type Raster, xsOf, ysOf } from "./raster.ts";
import { type Band, Walk } from "./walk.ts";

// points of a block
const BLOCK = 256;

/** The evaluator of these loops. */
export function evaluator(loops: Loops): Evaluator {
  return {
    at: (program, xs, ys) => at(loops, program, xs, ys),
    sample: (program, raster) => sampled(loops, program, raster, { first: 0, last: raster.rows }),
    statistics: (program, raster, settle) => {
      const walk = new Walk(loops, program, raster, { first: 0, last: raster.rows });
      for (const [n, { normalise }] of walk.passes.entries()) {
        if (normalise === null) continue;
        const { channels } = program.operations[normalise]!;
        const sums = new RowSums(channels, raster.rows, raster.columns);
        sums.take(0, walk.measure(n));
        walk.settle(normalise, settle(normalise, sums.moments()));
      }
    },
  };
}

/** The evaluator in plain loops. */
export const plain = evaluator(plainLoops);

/** (channels, rows of the band, columns) values of a calibrated Program. */
export function sampled(loops: Loops, program: Program, raster: Raster, { first, last }: Band): Float64Array {
  const { columns } = raster;
  const [across, down] = [xsOf(raster), ysOf(raster)];
  const xs = new Float64Array((last - first) * columns);
  const ys = new Float64Array((last - first) * columns);
  for (let r = first; r < last; r++) {
    xs.set(across, (r - first) * columns);
    ys.fill(down[r]!, (r - first) * columns, (r - first + 1) * columns);
  }
  return at(loops, program, xs, ys);
}

function at(loops: Loops, program: Program, xs: Float64Array, ys: Float64Array): Float64Array {
  const { operations } = program;
  const count = xs.length;
  const channels = outputs(program);
  const found = new Float64Array(channels * count);
  const end = operations.length - 1;
  const layout = layoutOf(operations, [...operations.keys()], [], [end]);
  const block = Math.min(BLOCK, count);
  const arrays = loops.begin(operations, layout.channels.map((one) => one * block));
  let values = viewsOf(operations, layout, arrays, block);
  for (let first = 0; first < count; first += BLOCK) {
    const n = Math.min(BLOCK, count - first);
    const points = { xs: xs.subarray(first, first + n), ys: ys.subarray(first, first + n) };
    if (n < block) values = viewsOf(operations, layout, arrays, n);
    for (const [i, operation] of operations.entries()) {
      loops.run(operation, operation.sources.map((source) => values[source]!), values[i]!, n, points);
    }
    const made = values[end]!;
    for (let c = 0; c < channels; c++) found.set(made.subarray(c * n, (c + 1) * n), c * count + first);
  }
  return found;
}
