// The nine networks that each differ from the present one in one thing: netwarp.explorer.offers.
import type { Architecture, Layer } from "../engine/language/tree.ts";
import { activationText, distributionText } from "../engine/language/write.ts";
import { readActivation } from "../engine/language/notation.ts";
import { isKind } from "../engine/language/values.ts";
import { DEFAULTS, type PaneState } from "../server.ts";
import { read, textsOf } from "./reading.ts";
import { OFFERED } from "./table.ts";
import { NEIGHBOURS } from "../words/site.ts";
import { further, numberOf, type Seed } from "../seed.ts";

/** A state to go on from, and what of it is another. */
export interface Neighbour {
  readonly title: string;
  readonly state: PaneState;
}

const SEEDS = [11, 23, 42, 77] as const;

/** More than nine: some may be refused. Throws Refusal. */
export function neighboursOf(pane: PaneState): Neighbour[] {
  const architecture = read(pane);
  const seed = pane.seed ?? DEFAULTS.seed;
  const seeded = (title: string, other: Seed): Neighbour => ({ title, state: { ...pane, ...textsOf(architecture), bred: "", seed: other } });
  return [
    seeded(NEIGHBOURS.next, further(seed, 1)),
    seeded(NEIGHBOURS.another, another(seed)),
    ...reshaped(architecture).map(([title, changed]) => ({ title, state: { ...pane, ...textsOf(changed), seed } })),
    seeded(NEIGHBOURS.before, further(seed, -1)),
    ...SEEDS.map((other) => seeded(NEIGHBOURS.seed(other), other)),
  ];
}

function another(seed: Seed): number {
  const modulus = 1_000_003n;
  const found = (numberOf(seed) * 6_364_136_223n + 1_442_695n) % modulus;
  return Number(found < 0n ? found + modulus : found);
}

function reshaped(architecture: Architecture): [string, Architecture][] {
  const { tree, norm } = architecture;
  const [body, times] = tree.kind === "Repeat" ? [tree.part, tree.times] : [tree, 1n];
  const grown = (part: Layer, many: bigint): Architecture => ({ ...architecture, tree: many > 1n ? { kind: "Repeat", part, times: many } : part });
  const found: [string, Architecture][] = [[NEIGHBOURS.more, grown(body, times + 1n)]];
  if (times > 1n) found.push([NEIGHBOURS.less, grown(body, times - 1n)]);
  if (body.kind === "Conv") {
    const [narrow, more] = [Number(body.channels), halfToEven(1.5 * Number(body.channels))];
    found.push([NEIGHBOURS.wider, grown({ ...body, channels: BigInt(Math.max(narrow + 1, more)) }, times)]);
  }
  const at = OFFERED.indexOf(activationText(architecture.act));
  for (const step of [1, 2]) {
    const other = OFFERED[(at + step) % OFFERED.length] ?? "relu";
    found.push([NEIGHBOURS.act(other), { ...architecture, act: readActivation(other) }]);
  }
  if (isKind(norm, "Spatial") && norm.scale.kind === "Constant" && norm.shift.kind === "Normal") {
    const scale = { ...norm.scale, value: norm.scale.value * 1.5 };
    const shift = { ...norm.shift, std: norm.shift.std / 2 };
    found.push([NEIGHBOURS.scale(distributionText(scale)), { ...architecture, norm: { ...norm, scale } }]);
    found.push([NEIGHBOURS.shift(distributionText(shift)), { ...architecture, norm: { ...norm, shift } }]);
  }
  return found;
}

function halfToEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}
