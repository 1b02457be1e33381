// The command line and the Python that draw a pane's picture, as netwarp.explorer.sharing and netwarp.orders.commands
// write them.

import { add, dec, type Dec, mul, sub } from "../decimal.ts";
import { plain, written } from "../engine/language/numbers.ts";
import { textOf } from "../engine/language/write.ts";
import { DEFAULTS, type PaneState } from "../server.ts";
import { shownBy } from "../gpu/tone.ts";
import { stemOf } from "./files/names.ts";
import { read } from "./reading.ts";
import { numberOf, type Seed } from "../seed.ts";

const CALIBRATION = "nw.Raster(columns=600, rows=400";
const HALF = dec("0.5");
// views smaller than this say how they are fitted: below some depth that is another way by itself
const DEEP = 1e-6;
// and of smaller ones float64 has too few digits for the centre
const WIDE = 1e-9;

/** A pane's picture: its network's text and seed, and the file it goes into. */
interface Drawn {
  readonly text: string;
  readonly seed: Seed;
  readonly bred: string;
  readonly file: string;
  readonly colour: string;
  readonly layer: readonly [layer: string, channel: string] | null;
}

/** `letter` ends the file's name. Throws Refusal. */
function drawn(pane: PaneState, letter: string): Drawn {
  const architecture = read(pane);
  const seed = pane.seed ?? DEFAULTS.seed;
  const found = /^layer:(\d+):channel:(\d+)$/.exec(pane.show);
  const layer = found === null ? null : ([found[1] ?? "", found[2] ?? ""] as const);
  const three = Number(architecture.out) === 3 && layer === null;
  const colour = pane.colour === "auto" || (shownBy(pane.colour) === 3 && !three) ? (three ? "lab" : "viridis") : pane.colour;
  const bred = pane.bred.trim();
  return { text: textOf(architecture), seed, bred, file: `${stemOf({ architecture, seed, bred })}${letter}`, colour, layer };
}

/** `netwarp draw ...` for a POSIX shell; the script on one line, where `draw` has no option for what is shown. */
export function commandLine(pane: PaneState, letter = "", size = ""): string {
  const { text, seed, bred, file, colour, layer } = drawn(pane, letter);
  if (layer !== null) return shell("python", "-c", script(pane, letter).split("\n").filter((line) => line !== "").join("; "));
  const options = {
    bred: bred === "" ? null : bred,
    seed: bred === "" ? String(seed) : null,
    size: size === "" ? null : size,
    plane: usual(pane) ? null : ends(pane),
    contrast: pane.tone === "view" || deep(pane) ? pane.tone : null,
    colour: colour === "lab" || colour === "viridis" ? null : pane.colour,
    y: pane.grows === "auto" ? null : pane.grows,
  };
  const words = Object.entries(options).flatMap(([name, value]) => (value === null ? [] : [`--${name}`, value]));
  return shell("netwarp", "draw", text, ...words, "-o", `${file}.png`);
}

/** `netwarp regions ...`, which draws the cells in view. */
export function cellsLine(pane: PaneState): string {
  const { text, seed, bred, file } = drawn(pane, "");
  return shell("netwarp", "regions", text, ...(bred === "" ? ["--seed", String(seed)] : ["--bred", bred]), `--plane=${ends(pane)}`, "--svg", `${file}.svg`);
}

/** A script that draws the pane as it is seen. */
export function script(pane: PaneState, letter = ""): string {
  const { text, seed, bred, file, colour, layer } = drawn(pane, letter);
  const fit = `colour=${literal(colour)}${layer === null ? "" : `, channel=${layer[1]}`}`;
  const [x, y, w, h] = [pane.x, pane.y, pane.w, pane.h].map(Number) as [number, number, number, number];
  const unit = x === 0 && y === 0 && w === 1 && h === 1;
  const lines = [`arch = nw.parse(${literal(text)})`, `field = nw.Network.${bred === "" ? `draw(arch, seed=${numberOf(seed)})` : `bred(arch, ${literal(bred)})`}.calibrate(${CALIBRATION}))`];
  if (layer !== null) lines.push(`field = field.after(${layer[0]})`);
  const [across, down] = centre(pane);
  if (!unit) lines.push(`plane = nw.Plane(x=${across}, y=${down}, width=${written(w)}, height=${written(h)})`);
  if (pane.tone === "whole") lines.push(`tone = nw.Tone.fit(field.sample(), ${fit})`);
  const raster = `${CALIBRATION}${unit ? "" : ", plane=plane"})`;
  // so small a view is fitted on what its pixels add to its centre
  lines.push(pane.tone === "view" && deep(pane) ? `samples = field.around(${raster})[1]` : `samples = field.sample(${raster})`);
  if (pane.tone === "view") lines.push(`tone = nw.Tone.fit(samples, ${fit})`);
  lines.push(`nw.paint(samples, tone${pane.grows === "up" ? ', y="up"' : ""}).save(${literal(`${file}.png`)})`);
  return ["import netwarp as nw", "", ...lines].join("\n");
}

/** Scripts as one, which runs them in this order. */
export function together(scripts: readonly string[]): string {
  return ["import netwarp as nw", "", ...scripts.flatMap((one) => one.split("\n").slice(2))].join("\n");
}

function usual({ x, y, w, h }: PaneState): boolean {
  return Number(x) === 0 && Number(y) === 0 && Number(w) === 1.5 && Number(h) === 1;
}

function deep({ w, h }: PaneState): boolean {
  return Math.min(Number(w), Number(h)) < DEEP;
}

/** X0,X1,Y0,Y1, exactly. */
function ends({ x, y, w, h }: PaneState): string {
  const pair = (centre: string, side: string): Dec[] => [sub(dec(centre), mul(dec(side), HALF)), add(dec(centre), mul(dec(side), HALF))];
  return [...pair(x, w), ...pair(y, h)].map((one) => pictured(one)).join(",");
}

/** As Python writes a decimal: with an exponent where more zeros than these would stand before or behind its digits. */
function pictured({ n, e }: Dec, before = 19, behind = 19): string {
  if (n === 0n) return "0";
  const digits = String(n < 0n ? -n : n);
  const sign = n < 0n ? "-" : "";
  const first = digits.length - 1 + e;
  if (first < -before || (e > 0 && first > behind)) return `${sign}${digits.slice(0, 1)}${digits.length > 1 ? `.${digits.slice(1)}` : ""}E${first < 0 ? "-" : "+"}${Math.abs(first)}`;
  if (e >= 0) return `${sign}${digits}${"0".repeat(e)}`;
  const padded = digits.padStart(1 - e, "0");
  return `${sign}${padded.slice(0, e)}.${padded.slice(e)}`;
}

/** The centre in Python: floats where the view is wide enough for two that are written so; else each that a float holds
 * exactly, and the others' texts. */
function centre({ x, y, w, h }: PaneState): string[] {
  const wide = Math.min(Number(w), Number(h)) > WIDE && [x, y].every((text) => Math.abs(Number(text)) < 1e15 && plain(Number(text)) === text);
  return [x, y].map((text) => (wide || exactly(text) ? written(Number(text)) : literal(pictured(dec(text), 6, 0))));
}

/** Whether a float has all digits of a decimal. */
function exactly(text: string): boolean {
  const { n, e } = dec(text);
  let [value, power] = [Number(text), 0n];
  if (e >= 0 || value === 0) return BigInt(value) === n * 10n ** BigInt(Math.max(0, e));
  for (; !Number.isInteger(value); value *= 2) power++;
  return n * 2n ** power === BigInt(value) * 10n ** BigInt(-e);
}

function shell(...words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'"'"'`)}'`)).join(" ");
}

/** A Python literal, in double quotes where that needs no escape. */
function literal(text: string): string {
  if (!/["\\]|[^ -~]/.test(text)) return `"${text}"`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return `${quote}${text.replace(/\\/g, "\\\\").replaceAll(quote, `\\${quote}`)}${quote}`;
}
