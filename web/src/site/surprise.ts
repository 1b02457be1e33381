// A state nobody has chosen: networks that look like something, each kind about equally often: netwarp.explorer.offers.
import { FACES } from "../gpu/faces.ts";
import { normText } from "../page/texts.ts";
import type { PaneState } from "../server.ts";

const TREES = [
  "conv(W) * D", "conv(W) * D", "conv(W) * D", "residual(conv(W) * 2) * D", "dense(conv(W)) * D", "gated(conv(W)) * D", "maxout(W, 3) * D",
  "parallel(conv(W), conv(W)) * D",
];
const INPUTS = ["x y", "x y", "x y", "x y r", "periodic(x) periodic(y)", "fourier(8, 2)"];
const ACTIVATIONS = Object.values(FACES).flatMap((face): readonly string[] => face.texts);

export function surprise(): Partial<PaneState> {
  const pick = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)] ?? "";
  const whole = (low: number, high: number): string => String(low + Math.floor(Math.random() * (high - low)));
  const between = (low: number, high: number): number => Number((low + Math.random() * (high - low)).toFixed(1));
  const [width, depth] = [whole(6, 24), whole(2, 9)];
  return {
    arch: pick(TREES).replaceAll("W", width).replaceAll("D", depth),
    act: pick(ACTIVATIONS),
    norm: normText({ kind: "spatial", scale: between(1, 4), shift: between(0.3, 2.5) }),
    inputs: pick(INPUTS),
    seed: Math.floor(Math.random() * 1_000_000),
  };
}
