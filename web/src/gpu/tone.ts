// Values to colours, as picture/tone.py, picture/oklab.py and picture/colour.py map them: to within a level of 255.
import { COLOURINGS, THREE_CHANNELS, UNCLIPPED } from "../server.ts";
import { CHROMA, COLUMNS, CONES, EVEN_CHROMA, FAR, HIGHEST, LOWEST, MIDDLE, PRIMARIES, REACH, ROWS } from "./lab.ts";

export type Palette = (typeof COLOURINGS)[number] | "map";

/** What a Tone's colour name is to a shader: the names of maps are all alike. */
export const palette = (colour: string): Palette => COLOURINGS.find((one) => one === colour) ?? "map";

/** How many channels it shows. */
export const shownBy = (colour: string): 1 | 3 => (THREE_CHANNELS.some((one) => one === colour) ? 3 : 1);

const ENCODED = `
vec3 encoded(vec3 light) {
  vec3 low = step(light, vec3(0.0031308));
  return low * 12.92 * light + (1.0 - low) * (1.055 * pow(max(light, 1e-4), vec3(1.0 / 2.4)) - 0.055);
}`;

const number = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));
const sum = (parts: readonly (readonly [number, string])[]): string =>
  parts.map(([factor, name]) => `${number(factor)} * ${name}`).join(" + ");

// what differs between three ways into sRGB: lightness within -1 to 1, a and b, and by how much these become less
const BENT = "wide.x / sqrt(1.0 + wide.x * wide.x)";
const COMPRESSED = "limit / sqrt(limit * limit + dot(ab, ab))";
const FLAT = `${number(CHROMA)} * wide.yz`;
const POLAR = `${number(CHROMA)} * max(unit.y, 0.0) * vec2(cos(6.2831853 * fract(unit.z)), sin(6.2831853 * fract(unit.z)))`;
const HELD = ["clamp(wide.x, -1.0, 1.0)", `${number(EVEN_CHROMA)} * wide.yz`, "min(limit, length(ab)) / max(length(ab), 1e-30)"] as const;

// Oklab into sRGB: labColours in lab.ts is the same
const oklab = (within: string, ab: string, share: string): string => `
vec3 colour(vec3 unit) {
  vec3 wide = 2.0 * unit - 1.0;
  float l = ${number(MIDDLE)} + ${number(REACH)} * (${within});
  vec2 ab = ${ab}, size = abs(ab);
  float r = min(size.x, size.y) / max(max(size.x, size.y), 1e-30), turn = r * (9.0 - r * r) * 0.125;
  if (size.y > size.x) turn = 2.0 - turn;
  if (ab.x < 0.0) turn = 4.0 - turn;
  if (ab.y < 0.0) turn = 8.0 - turn;
  float u = (l - ${number(LOWEST)}) * ${number(ROWS / (HIGHEST - LOWEST))}, v = turn * ${number(COLUMNS / 8)};
  // a float32 that is rounded up must not leave the table
  int row = clamp(int(u), 0, ${ROWS - 1}), column = clamp(int(v), 0, ${COLUMNS});
  u -= float(row);
  v -= float(column);
  vec3 powers = vec3(1.0, v, v * v), part;
  for (int i = 0; i < 3; i++) part[i] = dot(gamutAt(column, 3 * row + i), powers);
  float limit = part.x + u * (part.y + u * part.z);
  ab *= ${share};
  vec3 cones = l + vec3(${CONES.map(([a, b]) => sum([[a, "ab.x"], [b, "ab.y"]])).join(", ")});
  cones = cones * cones * cones;
  vec2 apart = cones.xz - cones.y;
  vec3 light = cones.y + vec3(${PRIMARIES.map(([a, b]) => sum([[a, "apart.x"], [b, "apart.y"]])).join(", ")});
  return encoded(clamp(light, 0.0, 1.0));
}`;

// CIE Lab (D65) to linear light, in units of the white: rows sum to 1, so that grey is grey
const CLIPPED = `
float cube(float f) {
  float line = (f - 0.13793103) * 0.12841855, dark = step(f, 0.20689655);
  return dark * line + (1.0 - dark) * f * f * f;
}
// the matrix: IEC 61966-2-1's primaries and white
vec3 colour(vec3 unit) {
  float l = (100.0 * unit.x + 16.0) / 116.0;
  float y = cube(l), x = cube(l + (220.0 * unit.y - 110.0) / 500.0) - y, z = cube(l - (220.0 * unit.z - 110.0) / 200.0) - y;
  vec3 light = clamp(vec3(3.08039904 * x + -0.54301590 * z, -0.92122334 * x + 0.04525586 * z, 0.05287394 * x + 1.15110302 * z) + y, 0.0, 1.0);
  return encoded(light);
}`;

const COLOUR: Record<Palette, string> = {
  lab: ENCODED + oklab(BENT, FLAT, COMPRESSED),
  oklab: ENCODED + oklab(...HELD),
  oklch: ENCODED + oklab(BENT, POLAR, COMPRESSED),
  "lab-clipped": ENCODED + CLIPPED,
  rgb: "vec3 colour(vec3 unit) { return unit; }",
  // picture/hsv_pixels.py
  hsv: `vec3 colour(vec3 unit) {
  vec3 k = mod(vec3(5.0, 3.0, 1.0) + 6.0 * unit.x, 6.0);
  return unit.z - unit.z * unit.y * clamp(min(k, 4.0 - k), 0.0, 1.0);
}`,
  gray: "vec3 colour(vec3 unit) { return unit.xxx; }",
  map: "vec3 colour(vec3 unit) { return mapAt(int(unit.x * 1023.0 + 0.5)); }",
};

/** The functions of a colouring: `colour` of values that were cut to `low` and `high`, and what it reads from tables. */
export function colouring(kind: Palette): { text: string; low: string; high: string } {
  const [low, high] = UNCLIPPED.some((one) => one === kind) ? [number(-FAR), number(FAR)] : ["0.0", "1.0"];
  return { text: COLOUR[kind], low, high };
}

// the tables as textures
const TABLES = `uniform highp sampler2D gamut;
uniform sampler2D map;
vec3 gamutAt(int column, int row) { return texelFetch(gamut, ivec2(column, row), 0).rgb; }
vec3 mapAt(int at) { return texelFetch(map, ivec2(at, 0), 0).rgb; }`;

export const VERTEX = `#version 300 es
void main() {
  // one triangle over everything
  vec2 p = vec2(float((gl_VertexID & 1) << 2), float((gl_VertexID & 2) << 1)) - 1.0;
  gl_Position = vec4(p, 0.0, 1.0);
}`;

/** Paints a picture of differences: unit = value * gain + offset, clipped unless all have colours; the picture is read at `place`. */
export function painter(kind: Palette): string {
  const { text, low, high } = colouring(kind);
  return `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D picture;
uniform vec3 gain, offset;
uniform vec4 place; // pixel of the canvas times xy plus zw: pixel of the picture
uniform float rows; // of the canvas
out vec4 painted;
${TABLES}
${text}
void main() {
  // rows of a canvas count upwards, those of a picture from the smallest y
  vec2 pixel = vec2(gl_FragCoord.x, rows - gl_FragCoord.y) * place.xy + place.zw;
  ivec2 size = textureSize(picture, 0), at = ivec2(floor(pixel));
  vec4 value = texelFetch(picture, clamp(at, ivec2(0), size - 1), 0);
  vec2 inside = step(vec2(0.0), pixel) * step(pixel, vec2(size));
  painted = vec4(colour(clamp(value.rgb * gain + offset, ${low}, ${high})), 1.0) * inside.x * inside.y * value.a;
}
`;
}
