// For tests/web/test_cells.py: the cells of networks, and their linear regions.

import type { Polygon } from "../src/engine/cells/polygon.ts";
import { hasCells } from "../src/engine/cells/stages.ts";
import { linearRegions, tessellate, TooMany } from "../src/engine/cells/tessellation.ts";
import type { Plane } from "../src/engine/evaluate/raster.ts";
import type { Program } from "../src/engine/program/program.ts";
import { answer, asked } from "./data.ts";

/** A network's calibrated numbers, and where its cells are looked for. */
interface Case extends Program {
  plane: Plane;
  limit: number;
}

function areaOf({ x, y }: Polygon): number {
  return x.reduce((sum, at, i) => {
    const next = (i + 1) % x.length;
    return sum + (at * (y[next] ?? NaN) - (x[next] ?? NaN) * (y[i] ?? NaN)) / 2;
  }, 0);
}

answer(
  (asked() as Case[]).map(({ plane, limit, ...program }) => {
    if (!hasCells(program)) return { cells: null };
    const begun = performance.now();
    try {
      const found = tessellate(program, plane, limit);
      const seconds = (performance.now() - begun) / 1000;
      const regions = linearRegions(found);
      const layers = found.edges.map((edge) => edge.line.layer);
      const area = found.polygons.reduce((sum, { polygon }) => sum + areaOf(polygon), 0);
      return { cells: found.cells.count, doubtful: found.doubtful, regions: regions.count, unsure: regions.doubtful, edges: layers.length, layers, area, seconds };
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      return { more: error.found };
    }
  }),
);
