// Where the nearest edge and corner of a view inside one cell are, as netwarp.explorer.cells answers.
import type { Edge } from "../engine/cells/glue.ts";
import { hasCells } from "../engine/cells/stages.ts";
import { type Tessellation, tessellate, TooMany } from "../engine/cells/tessellation.ts";
import type { Plane } from "../engine/evaluate/raster.ts";
import { WORDS } from "../engine/language/table.ts";
import { add, dec, fromNumber, magnitude, mul, significant, write } from "../decimal.ts";
import { DEEPEST } from "../link.ts";
import type { Ask, Reply } from "../protocol.ts";
import type { Rectangle } from "../server.ts";
import type { Opened } from "./networks.ts";
import { Refusal } from "./refusals.ts";
import { NEAREST } from "./table.ts";
import { rasterOf } from "./views.ts";
import { ENGINE } from "../words/site.ts";

type Found = Omit<Reply<"nearest">, "id" | "pane">;
type Place = readonly [x: number, y: number];

// a step that is this small is none
const LEAST = 1.0001;
// ends of edges that are so near to each other, in a view's sides, are one corner
const SAME = 1e-9;
// beyond the digits that a view's side needs, of a place in it
const DIGITS = 17;

/** The view's places of the same size whose centres these are. Throws Refusal. */
export function nearest({ program }: Opened, at: Ask<"nearest">): Found {
  if (!hasCells(program)) throw new Refusal(WORDS.NO_CELLS);
  if (Math.min(Number(at.w), Number(at.h)) < DEEPEST) throw new Refusal(WORDS.CELLS_TOO_SMALL);
  const { plane } = rasterOf(at, 1, 1);
  const search = (of: Plane, most: number): Tessellation | null => {
    try {
      return tessellate(program, of, most);
    } catch (error) {
      if (error instanceof TooMany) return null;
      throw error;
    }
  };
  let local = search(plane, 1);
  // with a sign in doubt nobody knows that there is one cell
  if (local === null || local.doubtful > 0) return { kind: "nearest", inside: false, found: null, corner: null };
  let [factor, step] = [1, NEAREST.wider];
  while (local.cells.count === 1 && Math.max(plane.width, plane.height) * factor < NEAREST.farthest) {
    const wider = search({ ...plane, width: plane.width * factor * step, height: plane.height * factor * step }, NEAREST.cells);
    if (wider === null) {
      // far more at once: not so far
      step = Math.sqrt(step);
      if (step < LEAST) break;
      continue;
    }
    [local, factor] = [wider, factor * step];
  }
  const { edges, plane: wide } = local;
  const ratio = plane.height / plane.width;
  const far = ([x, y]: Place): number => Math.hypot(x, y * ratio);
  const closest = edges.map((edge) => ({ edge, place: closestOf(edge, ratio) })).sort((one, other) => far(one.place) - far(other.place))[0];
  if (closest === undefined) return { kind: "nearest", inside: true, found: null, corner: null };
  const corner = cornerOf(edges, far);
  return {
    kind: "nearest",
    inside: true,
    found: { ...viewAt(at, wide, closest.place), what: ENGINE.edge(closest.edge.line.layer) },
    corner: corner === null ? null : { ...viewAt(at, wide, corner), what: "a corner" },
  };
}

/** The point of an edge that is closest to the centre, where a view is `ratio` times as high as it is wide. */
function closestOf({ ends: [x, y, u, v] }: Edge, ratio: number): Place {
  const [across, down] = [u - x, (v - y) * ratio];
  const length = across * across + down * down;
  const share = length > 0 ? Math.min(1, Math.max(0, -(x * across + y * ratio * down) / length)) : 0;
  return [x + share * (u - x), y + share * (v - y)];
}

/** The corner of three cells or more inside the view that is closest to its centre. */
function cornerOf(edges: readonly Edge[], far: (place: Place) => number): Place | null {
  const ends = edges.flatMap(({ ends: [x, y, u, v] }): Place[] => [[x, y], [u, v]]).sort((one, other) => far(one) - far(other));
  const inside = ends.filter((place) => place.every((one) => Math.abs(one) < 0.5 - SAME));
  return inside.find(([x, y], i) => {
    let count = 0;
    // what is as near lies beside it in their order
    for (const way of [1, -1]) {
      for (let j = way > 0 ? i : i - 1; j >= 0 && j < inside.length; j += way) {
        const [u, v] = inside[j] ?? [NaN, NaN];
        if (Math.abs(far([u, v]) - far([x, y])) > 2 * SAME) break;
        if (Math.max(Math.abs(u - x), Math.abs(v - y)) <= SAME) count++;
      }
    }
    return count >= 3;
  }) ?? null;
}

/** The view of the same size around a place of a wider one with its centre. */
function viewAt({ x, y, w, h }: Rectangle, wide: Plane, [s, t]: Place): Rectangle {
  const moved = (centre: string, by: number, side: number, own: string): string => {
    const found = add(dec(centre), mul(fromNumber(by), fromNumber(side)));
    return write(significant(found, Math.max(0, magnitude(found) - magnitude(dec(own))) + DIGITS));
  };
  return { x: moved(x, s, wide.width, w), y: moved(y, t, wide.height, h), w, h };
}
