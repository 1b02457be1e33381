// The recipe of a picture, as netwarp.picture.recipe writes it: `netwarp draw picture.png` draws it again.

import type { Raster } from "../../engine/evaluate/raster.ts";
import { lineageOf } from "../../engine/program/family.ts";
import { textOf } from "../../engine/language/write.ts";
import type { PaneState, ToneData } from "../../server.ts";
import type { Opened } from "../networks.ts";
import { NETWARP } from "../table.ts";
import { numberOf } from "../../seed.ts";

export const KEYWORD = "netwarp";
// no text of an architecture has it
const HERE = "\u0000seed";

export function recipeOf({ architecture, seed, bred, raster: home }: Opened, pane: PaneState, raster: Raster, { tone, colour, channels, low, high }: ToneData): string {
  const layer = /^layer:(\d+):/.exec(pane.show)?.[1];
  const text = JSON.stringify({
    version: NETWARP,
    architecture: textOf(architecture),
    seed: HERE,
    ...data(raster),
    calibration: data(home),
    tone: { tone, colour, channels, low, high },
    // the arithmetic of this page
    dtype: "float64",
    engine: "native",
    weights: null,
    ...(pane.tone === "view" && { contrast: "view" }),
    ...(layer !== undefined && { layer: Number(layer) }),
    ...(pane.grows === "up" && { y: "up" }),
  });
  // a number of any size, which JSON has and JavaScript's has not
  const said = text.replace(JSON.stringify(HERE), bred === "" ? String(numberOf(seed)) : "null");
  return bred === "" ? said : `${said.slice(0, -1)}, "made": ${lineageOf(bred, textOf(architecture)).json}}`;
}

function data({ columns, rows, plane }: Raster): { size: number[]; plane: number[] } {
  return { size: [columns, rows], plane: [plane.x, plane.y, plane.width, plane.height] };
}
