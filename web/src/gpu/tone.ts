// Values to colours, as picture/tone.py and picture/colour.py map them: to within a level of 255.

export type Palette = "lab" | "rgb" | "gray" | "map";

/** What a Tone's colour name is to a shader: the names of maps are all alike. */
export const palette = (colour: string): Palette =>
  colour === "lab" || colour === "rgb" || colour === "gray" ? colour : "map";

/** How many channels it shows. */
export const shownBy = (colour: string): 1 | 3 => (colour === "lab" || colour === "rgb" ? 3 : 1);

// CIE Lab (D65) to linear light, in units of the white: rows sum to 1, so that grey is grey
const LAB = `
float cube(float f) {
  float line = (f - 0.13793103) * 0.12841855, dark = step(f, 0.20689655);
  return dark * line + (1.0 - dark) * f * f * f;
}
// the matrix: IEC 61966-2-1's primaries and white
vec3 colour(vec3 unit) {
  float l = (100.0 * unit.x + 16.0) / 116.0;
  float y = cube(l), x = cube(l + (220.0 * unit.y - 110.0) / 500.0) - y, z = cube(l - (220.0 * unit.z - 110.0) / 200.0) - y;
  vec3 light = clamp(vec3(3.08039904 * x + -0.54301590 * z, -0.92122334 * x + 0.04525586 * z, 0.05287394 * x + 1.15110302 * z) + y, 0.0, 1.0);
  vec3 low = step(light, vec3(0.0031308));
  return low * 12.92 * light + (1.0 - low) * (1.055 * pow(max(light, 1e-4), vec3(1.0 / 2.4)) - 0.055);
}`;

const COLOUR: Record<Palette, string> = {
  lab: LAB,
  rgb: "vec3 colour(vec3 unit) { return unit; }",
  gray: "vec3 colour(vec3 unit) { return unit.xxx; }",
  map: `uniform sampler2D map;
vec3 colour(vec3 unit) { return texelFetch(map, ivec2(int(unit.x * 1023.0 + 0.5), 0), 0).rgb; }`,
};

export const VERTEX = `#version 300 es
void main() {
  // one triangle over everything
  vec2 p = vec2(float((gl_VertexID & 1) << 2), float((gl_VertexID & 2) << 1)) - 1.0;
  gl_Position = vec4(p, 0.0, 1.0);
}`;

/** Paints a picture of differences: unit = clamp(value * gain + offset); the picture is read at `place`. */
export function painter(kind: Palette): string {
  return `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D picture;
uniform vec3 gain, offset;
uniform vec4 place; // pixel of the canvas times xy plus zw: pixel of the picture
uniform float rows; // of the canvas
out vec4 painted;
${COLOUR[kind]}
void main() {
  // rows of a canvas count upwards, those of a picture from the smallest y
  vec2 pixel = vec2(gl_FragCoord.x, rows - gl_FragCoord.y) * place.xy + place.zw;
  ivec2 size = textureSize(picture, 0), at = ivec2(floor(pixel));
  vec4 value = texelFetch(picture, clamp(at, ivec2(0), size - 1), 0);
  vec2 inside = step(vec2(0.0), pixel) * step(pixel, vec2(size));
  painted = vec4(colour(clamp(value.rgb * gain + offset, 0.0, 1.0)), 1.0) * inside.x * inside.y * value.a;
}
`;
}
