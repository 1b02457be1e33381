// How complicated what is in view is, as netwarp.explorer.complexity answers: regions, or the mean slope in ramps.
import { hasCells } from "../engine/cells/stages.ts";
import { linearRegions, type Tessellation } from "../engine/cells/tessellation.ts";
import type { Ask, Reply } from "../protocol.ts";
import type { CellSearch } from "./cells.ts";
import { measured } from "./measured.ts";
import type { Opened } from "./networks.ts";

const SLOPE = "total_variation";
// of more nobody waits for the number
const MOST = 50_000;

type Found = Omit<Reply<"complexity">, "id" | "pane">;

/** null where `stopped` said so before all was found: the next call goes on. Throws Refusal. */
export async function complexity(opened: Opened, { x, y, w, h }: Ask<"complexity">, search: CellSearch, stopped: () => boolean): Promise<Found | null> {
  const none = { kind: "complexity", pieces: null, more: false, doubtful: 0, constant: false, slope: null, resolved: false } as const;
  if (hasCells(opened.program)) {
    const found = await search.all(opened, { x, y, w, h, limit: MOST }, stopped);
    return found === null ? null : { ...none, pieces: found.count, more: found.more, doubtful: found.doubtful, constant: !found.more && search.held !== null && isConstant(search.held) };
  }
  const [one] = measured(opened, { x, y, w, h, names: [SLOPE] }).measures;
  if (one?.value == null || one.ramp === null) return none;
  return { ...none, slope: one.value / one.ramp, resolved: one.resolved === true };
}

/** Whether the output is the same on all of them: its slopes are 0, and it is one affine map. */
function isConstant(found: Tessellation): boolean {
  return found.polygons.every(({ numbers }) => numbers.every((value, i) => i % 3 === 2 || value === 0)) && linearRegions(found).count === 1;
}
