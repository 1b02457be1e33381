// A palette from a picture: the means of a few groups of its pixels in Oklab, from dark to light, as netwarp.palette takes
// them; its name is its colours, so that an address has them and the picture is needed no more.
import { SAID } from "../../words/index.ts";

type Colour = readonly [number, number, number];

const COLOURS = 8;
const ROUNDS = 40;
const SIDE = 128; // of the small copy that is looked at
const OPAQUE = 128;

/** The colouring that a picture's colours make. Rejects with an Error, one line. */
export async function paletteOf(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file).catch(() => { throw new Error(SAID.motion.colours.none); });
  const share = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const [columns, rows] = [picture.width, picture.height].map((one) => Math.max(1, Math.round(one * share))) as [number, number];
  const context = new OffscreenCanvas(columns, rows).getContext("2d");
  context?.drawImage(picture, 0, 0, columns, rows);
  picture.close();
  const name = paletteOfPixels(context?.getImageData(0, 0, columns, rows).data ?? new Uint8ClampedArray());
  if (name === null) throw new Error(SAID.motion.colours.few);
  return name;
}

/** That of RGBA bytes; null where they have fewer than two colours. */
export function paletteOfPixels(data: Uint8ClampedArray): string | null {
  const points: Colour[] = [];
  for (let i = 0; i < data.length; i += 4) {
    if ((data[i + 3] ?? 0) >= OPAQUE) points.push(oklab(data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0));
  }
  if (points.length === 0) return null;
  const found = groups(points).map((one) => ({ light: one[0], text: hexadecimal(one) }));
  const distinct = [...new Map(found.map((one) => [one.text, one])).values()].sort((a, b) => a.light - b.light || (a.text < b.text ? -1 : 1));
  return distinct.length < 2 ? null : `palette(${distinct.map(({ text }) => text).join(",")})`;
}

/** The means of up to COLOURS groups: they begin with what is farthest from one another. */
function groups(points: readonly Colour[]): Colour[] {
  const middle = mean(points);
  let means: Colour[] = [points.reduce((best, one) => (apart(one, middle) < apart(best, middle) ? one : best))];
  const nearest = points.map((one) => apart(one, means[0] ?? one));
  while (means.length < COLOURS) {
    const at = nearest.reduce((best, one, i) => (one > (nearest[best] ?? 0) ? i : best), 0);
    const next = points[at];
    if (next === undefined || (nearest[at] ?? 0) <= 0) break;
    means.push(next);
    points.forEach((one, i) => { nearest[i] = Math.min(nearest[i] ?? 0, apart(one, next)); });
  }
  for (let round = 0; round < ROUNDS; round++) {
    const members: Colour[][] = means.map(() => []);
    for (const one of points) {
      let best = 0;
      means.forEach((each, i) => { if (apart(one, each) < apart(one, means[best] ?? each)) best = i; });
      members[best]?.push(one);
    }
    means = means.map((one, i) => ((members[i]?.length ?? 0) > 0 ? mean(members[i] ?? []) : one));
  }
  return means;
}

function mean(points: readonly Colour[]): Colour {
  const sum = points.reduce<[number, number, number]>((all, [l, a, b]) => [all[0] + l, all[1] + a, all[2] + b], [0, 0, 0]);
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
}

function apart([a, b, c]: Colour, [d, e, f]: Colour): number {
  return (a - d) ** 2 + (b - e) ** 2 + (c - f) ** 2;
}

// Ottosson, "A perceptual color space for image processing" (2020)
function oklab(...bytes: [number, number, number]): Colour {
  const [r, g, b] = bytes.map((byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}

function hexadecimal([light, a, b]: Colour): string {
  const [l, m, s] = [light + 0.3963377774 * a + 0.2158037573 * b, light - 0.1055613458 * a - 0.0638541728 * b, light - 0.0894841775 * a - 1.291485548 * b].map((root) => root ** 3) as [number, number, number];
  const linear = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
  const coded = linear.map((one) => Math.min(1, Math.max(0, one))).map((one) => (one <= 0.0031308 ? 12.92 * one : 1.055 * one ** (1 / 2.4) - 0.055));
  return `#${coded.map((one) => Math.round(255 * one).toString(16).padStart(2, "0")).join("")}`;
}
