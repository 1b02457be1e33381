// The exact derivatives of a calibrated Program that reads windows: what a kernel or a pool reads is moved as the point is,
// so that beside every picture of values two others say how it changes along x and along y.

import type { Pool, Program } from "../program/program.ts";
import { outputs } from "../program/program.ts";
import { axis } from "./lattice.ts";
import type { Rows } from "./pooling.ts";
import type { Raster } from "./raster.ts";
import { hasSlopes, moved, unshifted } from "./tangent.ts";
import { Held, lastReads, pixelsOf, reachesOf, reachOf, type Tap } from "./windows.ts";

/** Of every pixel of a raster: (channels, rows, columns) d/dx, then as many d/dy. null where an activation jumps. */
export function windowTangents(program: Program, raster: Raster, tap: Tap): { dx: Float64Array; dy: Float64Array } | null {
  if (!hasSlopes(program)) return null;
  const { operations } = program;
  const reach = reachOf(program);
  const { columns, rows, plane } = raster;
  const across = axis(columns, plane.width, plane.x, tap[0], reach);
  const down = axis(rows, plane.height, plane.y, tap[1], reach);
  const end = operations.length - 1;
  const [reaches, last] = [reachesOf(operations, [end]), lastReads(operations)];
  const points = { reach, xs: across.coordinates, ys: down.coordinates };
  const values = new Held(operations, reaches, points);
  const still = operations.map((one) => (one.kind === "conv" ? unshifted(one) : one));
  const along = [0, 1].map(() => new Held(still, reaches, points)) as [Held, Held];
  for (const [i, operation] of operations.entries()) {
    const own = reaches[i];
    if (own === null || own === undefined) continue;
    values.compute(i);
    const mean = operation.kind === "pool" && operation.pool === "avg";
    if (mean || operation.kind === "conv" || operation.kind === "add" || operation.kind === "concat") for (const one of along) one.compute(i);
    else if (operation.kind === "pool") followed(operation, i, values, along, own);
    else {
      const picture = values.of(i);
      const n = picture[0]!.length / operation.channels;
      const xs = points.xs.subarray(reach.before - own.before, reach.before - own.before + n);
      for (const which of [0, 1] as const) {
        along[which].put(i, picture.map((value, r) => {
          const ys = new Float64Array(n).fill(points.ys[reach.before - own.before + r]!);
          const read = (held: Held): Float64Array[] => operation.sources.map((source) => held.row(source, r - own.before, own.before, n));
          return moved(operation, which, { value, sources: read(values), xs, ys }, read(along[which]));
        }));
      }
    }
    for (const [old, reader] of last.entries()) if (reader === i && old !== end) for (const held of [values, ...along]) held.release(old);
  }
  const [dx, dy] = along.map((held) => pixelsOf(held, end, outputs(program), across, down)) as [Float64Array, Float64Array];
  return { dx, dy };
}

/** The changes of a pool of largest ones: those of the first of the largest, row by row. */
function followed(pool: Pool, i: number, values: Held, along: readonly [Held, Held], { before }: { readonly before: number }): void {
  const { size, dilation, channels } = pool;
  const source = pool.sources[0]!;
  const made = values.of(i);
  const n = made[0]!.length / channels;
  const [near, span] = [Math.floor((size - 1) / 2) * dilation, (size - 1) * dilation];
  const wide = n + span;
  const high = Array.from({ length: made.length + span }, (_, r) => r - before - near);
  const rows = (held: Held): Rows => high.map((r) => held.row(source, r, before + near, wide));
  const [read, changes] = [rows(values), along.map(rows)];
  const found = changes.map(() => made.map(() => new Float64Array(channels * n)));
  for (const [r, largest] of made.entries()) {
    for (let c = 0; c < channels; c++) {
      for (let x = 0; x < n; x++) {
        const most = largest[c * n + x]!;
        let [row, at] = [r, c * wide + x];
        search: for (let y = 0; y < size; y++) {
          for (let k = 0; k < size; k++) {
            if (read[r + y * dilation]![c * wide + x + k * dilation] !== most) continue;
            [row, at] = [r + y * dilation, c * wide + x + k * dilation];
            break search;
          }
        }
        changes.forEach((change, which) => { found[which]![r]![c * n + x] = change[row]![at]!; });
      }
    }
  }
  along.forEach((held, which) => { held.put(i, found[which]!); });
}
