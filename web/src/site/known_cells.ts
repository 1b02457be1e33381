// Cells that were found last, of a few Programs: a picture, its answer and its measures are of the same view.
import type { Tessellation } from "../engine/cells/tessellation.ts";
import type { Plane } from "../engine/evaluate/raster.ts";
import type { Program } from "../engine/program/program.ts";

// they take much memory
const KEPT = 2;

const known = new Map<Program, Tessellation>();

export function keepCells(program: Program, found: Tessellation): void {
  known.delete(program);
  known.set(program, found);
  for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old);
}

/** null where none are known, or more than so many. */
export function knownCells(program: Program, { x, y, width, height }: Plane, most: number): Tessellation | null {
  const found = known.get(program);
  if (found === undefined || found.polygons.length > most) return null;
  const { plane } = found;
  return plane.x === x && plane.y === y && plane.width === width && plane.height === height ? found : null;
}
