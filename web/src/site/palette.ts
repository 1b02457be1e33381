// Colour maps by name: those of the table, and the palettes that say their colours, as netwarp.picture.palette has them.
import { CONES, encoded, PRIMARIES } from "../gpu/lab.ts";
import { MAPS } from "./table.ts";

const COLOURS = 1024;
const DUOTONE = "#221a54, #ffb27a";
const FORM = /^\s*(palette|duotone)\s*(?:\(([^()]*)\)\s*)?$/;
const MOST = 16;
const made = new Map<string, string | undefined>();

/** The 1,024 colours of a map, base64 of RGB bytes; undefined where the name is of none. */
export function mapOf(name: string): string | undefined {
  if (Object.hasOwn(MAPS, name)) return MAPS[name];
  if (!made.has(name)) made.set(name, palette(name));
  return made.get(name);
}

function palette(name: string): string | undefined {
  const [, kind, said = kind === "duotone" ? DUOTONE : ""] = FORM.exec(name) ?? [];
  const colours = said.split(",").map((one) => one.trim());
  const count = kind === "duotone" ? 2 : MOST;
  if (kind === undefined || colours.length < 2 || colours.length > count || !colours.every((one) => /^#(?:[\da-f]{3}|[\da-f]{6})$/i.test(one))) return undefined;
  const corners = colours.map((one) => oklab((one.length === 4 ? one.replace(/[^#]/g, "$&$&") : one).match(/[^#]{2}/g) ?? []));
  const far = [0];
  corners.slice(1).forEach((corner, i) => far.push((far[i] ?? 0) + Math.hypot(...corner.map((part, k) => part - (corners[i]?.[k] ?? 0)))));
  const whole = far[far.length - 1] ?? 0;
  let bytes = "";
  for (let i = 0, part = 1; i < COLOURS; i++) {
    const at = (i / (COLOURS - 1)) * whole;
    while (part < far.length - 1 && at > (far[part] ?? 0)) part++;
    const [from, to] = [far[part - 1] ?? 0, far[part] ?? 0];
    const share = to > from ? (at - from) / (to - from) : 0;
    const [l = 0, a = 0, b = 0] = (corners[part - 1] ?? []).map((low, k) => low + share * ((corners[part]?.[k] ?? 0) - low));
    bytes += String.fromCharCode(...light(l, a, b).map((one) => encoded(Math.fround(one))));
  }
  return btoa(bytes);
}

/** Linear sRGB of Oklab. */
function light(l: number, a: number, b: number): number[] {
  const [first = 0, middle = 0, last = 0] = CONES.map(([fromA, fromB]) => (l + a * fromA + b * fromB) ** 3);
  return PRIMARIES.map(([fromFirst, fromLast]) => (first - middle) * fromFirst + (last - middle) * fromLast + middle);
}

/** Oklab of sRGB in hexadecimal. */
function oklab(digits: readonly string[]): number[] {
  const wanted = digits.map((two) => {
    const level = Number.parseInt(two, 16) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  });
  const cones = solve(PRIMARIES.map(([first, last]) => [first, 1 - first - last, last]), wanted);
  return solve(CONES.map(([a, b]) => [1, a, b]), cones.map(Math.cbrt));
}

/** x of matrix x = right, three by three, by Cramer's rule. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const of = (rows: readonly (readonly number[])[]): number => {
    const [[a = 0, b = 0, c = 0] = [], [d = 0, e = 0, g = 0] = [], [h = 0, i = 0, j = 0] = []] = rows;
    return a * (e * j - g * i) - b * (d * j - g * h) + c * (d * i - e * h);
  };
  return [0, 1, 2].map((column) => of(matrix.map((row, r) => row.map((one, c) => (c === column ? (right[r] ?? 0) : one)))) / of(matrix));
}
