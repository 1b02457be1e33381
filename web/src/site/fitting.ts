// What fits: of an architecture that is too large for the page, the largest depth or width that is not:
// netwarp.explorer.fitting.
import type { Architecture, Layer } from "../engine/language/tree.ts";
import { layerText } from "../engine/language/write.ts";
import type { RoomData } from "../server.ts";
import { type Checked, checked } from "./counts.ts";
import { Refusal } from "./refusals.ts";
import { MOST } from "./table.ts";

// where the sliders of the page end
const [DEEPEST, WIDEST] = [50, 128] as const;

/** As `checked`; the Refusal says what fits in its place, if anything is known to. */
export function checkedOrFitting(architecture: Architecture): Checked {
  try {
    return checked(architecture);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(error.message, error.key, error.position, error.length, fitting(architecture) ?? undefined);
  }
}

/** How far the sliders of depth and width may go; null where the architecture has no such number. */
export function room(architecture: Architecture): RoomData {
  const { body, times } = partsOf(architecture);
  const channels = body.kind === "Conv" ? Number(body.channels) : 1;
  return { depth: deepest(architecture, Math.max(DEEPEST, times)), width: widest(architecture, Math.max(WIDEST, channels)) };
}

/** The largest number of repetitions, up to `most`, that is taken; 0 where none is. */
function deepest(architecture: Architecture, most: number): number {
  const { body } = partsOf(architecture);
  return largest(most, (times) => fits(architecture, repeated(body, times)));
}

/** The largest number of channels, up to `most`; 0 where none is taken, null where its layers have no single one. */
function widest(architecture: Architecture, most: number): number | null {
  const { body, times } = partsOf(architecture);
  if (body.kind !== "Conv") return null;
  return largest(most, (channels) => fits(architecture, repeated({ ...body, channels: BigInt(channels) }, times)));
}

function fitting(architecture: Architecture): string | null {
  const { body, times } = partsOf(architecture);
  const depth = architecture.tree.kind === "Repeat" ? deepest(architecture, Math.min(times, MOST["layers"] ?? times)) : 0;
  if (depth > 0) return layerText(repeated(body, depth));
  if (body.kind !== "Conv") return null;
  const width = widest(architecture, Math.min(Number(body.channels), MOST["units"] ?? WIDEST)) ?? 0;
  return width > 0 ? layerText(repeated({ ...body, channels: BigInt(width) }, times)) : null;
}

function partsOf({ tree }: Architecture): { body: Layer; times: number } {
  return tree.kind === "Repeat" ? { body: tree.part, times: Number(tree.times) } : { body: tree, times: 1 };
}

function repeated(part: Layer, times: number): Layer {
  return times > 1 ? { kind: "Repeat", part, times: BigInt(times) } : part;
}

function fits(architecture: Architecture, tree: Layer): boolean {
  try {
    checked({ ...architecture, tree });
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return false;
  }
}

/** The largest of 1 to `most` that is taken, where what is larger takes more; 0 where none is. */
function largest(most: number, taken: (count: number) => boolean): number {
  if (taken(most)) return most;
  let [low, high] = [0, most];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (taken(middle)) low = middle;
    else high = middle;
  }
  return low;
}
