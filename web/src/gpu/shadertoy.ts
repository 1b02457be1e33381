// A network's picture as one text in Shadertoy's form, which needs nothing beside it: the program that the page's graphics
// processor runs, its numbers as constants, and its colours. Of a view as deep as float32 scales go, about 1e-37.
import type { Folded, ToneData } from "../server.ts";
import { type Range, stretch, whole } from "./contrast.ts";
import { bytes, unpack } from "./folded.ts";
import { TABLE } from "./gamut_table.ts";
import { COLUMNS } from "./lab.ts";
import { Orbits } from "./orbit.ts";
import { sceneOf } from "./scene.ts";
import { write } from "./shader.ts";
import { colouring, palette, shownBy } from "./tone.ts";

/** The most numbers of a text, four to a vec4: as many as every graphics processor has room for, 64 KiB. */
export const MOST = 16_384;

export interface Pictured {
  readonly folded: Folded;
  readonly tone: ToneData;
  /** the frame, decimal texts */
  readonly x: string;
  readonly y: string;
  readonly w: string;
  readonly h: string;
  /** y grows upwards */
  readonly up: boolean;
  /** differences from the centre that colours stand for, where they were fitted to the view */
  readonly fitted: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
}

/** How many numbers the text has; one of more than MOST is null. `about`: what its first lines say. */
export function shadertoy({ folded, tone, up, fitted, ...frame }: Pictured, about: readonly string[]): { text: string | null; numbers: number } {
  const program = unpack(folded);
  const { operation, place, depth, centre, tone: shown } = sceneOf({ program, orbits: new Orbits(program), tone }, frame);
  const shader = write(program, operation, shownBy(shown.colour), { block: Infinity });
  const own = shader.centre(place.orbit, depth, shown.channels);
  const numbers = shader.weights.length + own.length;
  if (numbers > MOST) return { text: null, numbers };
  const { m } = place.orbit;
  const [wide, high] = [m.toNumber(m.ofDecimal(place.w), depth), m.toNumber(m.ofDecimal(place.h), depth)];
  const range: Range = fitted === null ? whole(shown, centre, depth) : scaled(fitted, depth);
  const { gain, offset } = stretch(range, depth, shown.channels.map(() => 0));
  const kind = palette(shown.colour);
  const colours = colouring(kind);
  return {
    numbers,
    text: `${about.map((line) => `// ${line.replace(/[\r\n\\]/g, " ")}`).join("\n")}
${array("w", shader.weights)}
${array("c", own)}
#define W(i) w[i]
#define C(i) c[i]
const float S = ${float(2 ** -depth)}, inverse = ${float(2 ** Math.min(depth, 99))};
${shader.parts.helpers}
// differences from the values at the picture's centre, in units of S
vec3 network(vec2 P) {
vec4 value;
${shader.parts.lines}
return value.rgb;
}
${tables(kind, shown)}
${colours.text}
void mainImage(out vec4 fragColor, in vec2 fragCoord) {
  // the frame is three to two; what lies around it is there to be seen
  float unit = min(iResolution.x / 3.0, iResolution.y / 2.0);
  vec2 P = (fragCoord - 0.5 * iResolution.xy) / unit * vec2(${float(wide / 3)}, ${float((up ? high : -high) / 2)});
  vec3 value = network(P) * vec3(${gain.map(float).join(", ")}) + vec3(${offset.map(float).join(", ")});
  fragColor = vec4(colour(clamp(value, ${colours.low}, ${colours.high})), 1.0);
}
`,
  };
}

function scaled({ low, high }: NonNullable<Pictured["fitted"]>, depth: number): Range {
  const by = (values: readonly number[]): number[] => values.map((value) => value * 2 ** depth);
  return { low: by(low), high: by(high), depth };
}

/** The tables that a colouring reads, as constants. */
function tables(kind: ReturnType<typeof palette>, { map = "" }: ToneData): string {
  if (kind === "map") {
    const levels = bytes(map);
    const packed = Array.from({ length: levels.length / 3 }, (_, i) => (levels[3 * i] ?? 0) * 65536 + (levels[3 * i + 1] ?? 0) * 256 + (levels[3 * i + 2] ?? 0));
    return `const int M[${packed.length}] = int[${packed.length}](${packed.join(", ")});
vec3 mapAt(int at) { int m = M[at]; return vec3(m >> 16, (m >> 8) & 255, m & 255) / 255.0; }`;
  }
  if (!["lab", "oklab", "oklch"].includes(kind)) return "";
  const table = bytes(TABLE);
  const pairs = Array.from({ length: table.length / 4 }, (_, i) => [0, 1, 2, 3].reduce((sum, k) => sum + (table[4 * i + k] ?? 0) * 256 ** k, 0));
  // lab.ts makes a texture of the same numbers
  return `const uint G[${pairs.length}] = uint[${pairs.length}](${pairs.map((one) => `${one}u`).join(", ")});
float control(int row, int column) {
  int at = row * ${COLUMNS} + column % ${COLUMNS};
  uint pair = G[at >> 1];
  return float((at & 1) == 0 ? pair & 65535u : pair >> 16);
}
vec3 bent(float a, float b, float c) { return vec3(a + b, 2.0 * (b - a), a - 2.0 * b + c); }
vec3 gamutAt(int column, int at) {
  int row = at / 3, power = at - 3 * row;
  float along[3];
  for (int n = 0; n < 3; n++) along[n] = bent(control(row, column + n), control(row + 1, column + n), control(row + 2, column + n))[power];
  return bent(along[0], along[1], along[2]) * ${float(2 ** -19)};
}`;
}

function array(name: string, numbers: Float32Array): string {
  const count = numbers.length / 4;
  const rows = Array.from({ length: count }, (_, i) => `vec4(${Array.from(numbers.subarray(4 * i, 4 * i + 4), float).join(", ")})`);
  return `const vec4 ${name}[${count}] = vec4[${count}](${rows.join(",\n")});`;
}

/** The shortest text that reads back as the same float32. */
function float(value: number): string {
  const wanted = Math.fround(value);
  const text = [6, 7, 8, 9].map((digits) => String(Number(wanted.toPrecision(digits)))).find((one) => Math.fround(Number(one)) === wanted) ?? String(wanted);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
