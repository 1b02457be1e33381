// What is said of how complicated a picture is: words, and never a ratio of what is not exact.
import type { ComplexityReply } from "../../server.ts";
import { SAID } from "../../words/index.ts";
import { number } from "../quantities.ts";

type Found = Pick<ComplexityReply, "pieces" | "more" | "doubtful" | "constant" | "slope" | "resolved">;

/** The other network: `units` in one layer, and what was found of it. */
export interface Other {
  units: number;
  arch: string;
  found: Found;
}

/** A sentence: before its number, the number, after it. */
export type Sentence = readonly [string, string, string];

const SAYS = SAID.answer;
// a number within this share of another is about the same
const ALIKE = 1.05;

/** What a sentence is of. `alone`: the only picture on the page; `output`: all of the output is shown, and no unit
 * inside; `seeded`: a seed draws the network. */
export interface How {
  alone: boolean;
  output: boolean;
  seeded: boolean;
}

export function sentence(found: Found, other: Other | null, { alone, output, seeded }: How): Sentence | null {
  if (found.constant) return [SAYS.constant(output), "", ""];
  if (found.pieces === null) return ofSlope(found, other, alone, seeded);
  if (found.pieces === 1 && !found.more) return [SAYS.one, "", ""];
  const own = counted(found);
  if (!alone) return SAYS.pieces(own);
  const [before, pieces, after] = SAYS.cut(own, output, seeded);
  return [before, pieces, after + beside(found, other)];
}

function beside(found: Found, other: Other | null): string {
  if (other?.found.pieces == null || found.pieces === null) return "";
  const [layer, pieces] = [SAYS.layer(number(other.units)), counted(other.found)];
  if (other.found.more || other.found.doubtful > 0 || found.doubtful > 0) return found.more && other.found.more ? "" : SAYS.beside(layer, pieces);
  const ratio = found.pieces / other.found.pieces;
  // of a count that went no further only this much is known
  if (found.more) return ratio < ALIKE ? SAYS.beside(layer, pieces) : SAYS.beyond(number(Math.floor(ratio * 10) / 10), layer, pieces);
  if (ratio >= ALIKE) return SAYS.more(times(ratio), layer, pieces);
  return ratio * ALIKE <= 1 ? SAYS.fewer(times(1 / ratio), layer, pieces) : SAYS.alike(layer, pieces);
}

function ofSlope({ slope, resolved }: Found, other: Other | null, alone: boolean, seeded: boolean): Sentence | null {
  if (slope === null) return null;
  if (!resolved) return [SAYS.fine, "", ""];
  if (!alone) return SAYS.slopes(times(slope));
  const [before, own, after] = SAYS.slope(times(slope), seeded);
  const theirs = other?.found;
  if (other === null || theirs?.slope == null || !theirs.resolved) return [before, own, after];
  const less = times(theirs.slope) !== times(slope) && theirs.slope < slope;
  return [before, own, after + SAYS.besideSlope(SAYS.layer(number(other.units)), times(theirs.slope), less)];
}

function counted({ pieces, more, doubtful }: Found): string {
  return SAYS.counted(number(pieces ?? 0), more, doubtful > 0);
}

/** Two digits, or a whole number. */
function times(ratio: number): string {
  return number(ratio >= 10 ? Math.round(ratio) : Math.round(ratio * 10) / 10);
}

/** How the numbers came about. */
export function reasons(found: Found, other: Other | null, seed: number | string | null): string {
  return [
    found.pieces === null ? SAYS.why.slope : SAYS.why.cells(found.doubtful === 0),
    ...(other === null ? [] : [SAYS.why.layer(other.arch)]),
    ...(seed === null ? [] : [SAYS.why.seed(String(seed))]),
  ].join(" ");
}
