// A picture's recipe as the pane that shows its network, as netwarp.explorer.reading.pane_of_recipe makes one.
import { CALIBRATION } from "../engine/evaluate/raster.ts";
import { textOf } from "../engine/language/write.ts";
import { familyOf } from "../engine/program/family.ts";
import { LARGEST_SEED } from "../server.ts";
import { PASTED } from "../words/pasted.ts";
import type { Said } from "./pasted.ts";
import { readText, textsOf } from "./reading.ts";
import { Refusal } from "./refusals.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a JSON object is the recipe of a picture, not a page's own state. */
export function isRecipe(data: unknown): boolean {
  return isObject(data) && ["calibration", "sheet", "film", "decision"].some((key) => key in data);
}

/** What the recipe says of a pane. Throws Refusal. */
export function ofRecipe(given: unknown): Said {
  if (!isObject(given)) throw new Refusal(PASTED.damaged);
  const data = "film" in given ? firstFrame(given) : given;
  if ("sheet" in data) throw new Refusal(PASTED.sheet);
  if ("decision" in data) throw new Refusal(PASTED.decision);
  const { architecture, seed, weights, made, tone, layer, plane } = data;
  const bred = isObject(made) && typeof architecture === "string" ? familyOf(made, textOf(readText(architecture))) : "";
  if ((weights ?? null) !== null || ((made ?? null) !== null && bred === "") || typeof architecture !== "string") throw new Refusal(PASTED.weights);
  if (bred === "" && (typeof seed !== "number" || !Number.isInteger(seed) || Math.abs(seed) > LARGEST_SEED)) throw new Refusal(PASTED.seed(String(seed).slice(0, 40), LARGEST_SEED));
  if (!isObject(tone) || !Array.isArray(plane) || plane.length !== 4) throw new Refusal(PASTED.damaged);
  if (!isUsual(data["calibration"])) throw new Refusal(PASTED.calibration);
  const [x, y, w, h] = plane.map(String);
  // what version 0.1 called lab
  const colour = tone["colour"] === "lab" && (tone["tone"] ?? 1) === 1 ? "lab-clipped" : tone["colour"];
  const channel = Array.isArray(tone["channels"]) ? String(tone["channels"][0]) : "0";
  return {
    ...textsOf(readText(architecture)),
    ...(bred === "" ? { seed } : { bred }),
    ...{ x, y, w, h },
    colour,
    tone: data["contrast"] ?? "whole",
    ...(typeof layer === "number" && { show: `layer:${layer}:channel:${channel}` }),
    ...(data["y"] === "up" && { grows: "up" }),
  };
}

/** What a film says of its picture, but where its first frame says it otherwise. */
function firstFrame({ picture, first }: Fields): Fields {
  if (!isObject(picture) || !isObject(first)) throw new Refusal(PASTED.between);
  return { ...picture, ...first };
}

function isUsual(raster: unknown): boolean {
  if (!isObject(raster)) return false;
  const usual = [CALIBRATION.columns, CALIBRATION.rows, CALIBRATION.plane.x, CALIBRATION.plane.y, CALIBRATION.plane.width, CALIBRATION.plane.height];
  const said: unknown[] = [raster["size"], raster["plane"]].flat();
  return said.length === usual.length && said.every((one, i) => Number(one) === usual[i]);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
