// The text of a shader while it is written, and the numbers that lie beside it: values of any number of channels, four to
// a block, unrolled or as arrays that loops go over.
import type { Orbit } from "./orbit.ts";

export interface Value {
  channels: number;
  /** expressions of the channels */
  channel: string[];
  /** expressions of blocks of four, where the channels lie so */
  block?: string[];
  /** the name of an array of vec4 */
  array?: string;
}

type Fill = (orbit: Orbit, depth: number) => number[];

export const TYPES = ["float", "vec2", "vec3", "vec4"];
export const SWIZZLE = [".x", ".xy", ".xyz", ""];

export class Writer {
  readonly lines: string[] = [];
  readonly weights: number[] = [];
  readonly fills: Fill[] = [];
  centre = 0;
  readonly functions = new Set<string>();
  readonly loops: boolean;

  constructor(loops: boolean) {
    this.loops = loops;
  }

  /** Adds numbers, a vec4 for every four, and says where they begin. */
  weight(numbers: readonly number[]): number {
    const at = this.weights.length / 4;
    this.weights.push(...numbers);
    while (this.weights.length % 4) this.weights.push(0);
    return at;
  }

  /** Room for `count` numbers of the centre, filled at every view. */
  room(count: number, fill: Fill): number {
    const at = this.centre;
    const padded = 4 * Math.ceil(count / 4);
    this.centre += padded / 4;
    this.fills.push((orbit, depth) => {
      const numbers = fill(orbit, depth);
      return Array.from({ length: padded }, (_, i) => numbers[i] ?? 0);
    });
    return at;
  }

  /** The width of block b of a value: 4, or in unrolled text what is left for the last. */
  width(channels: number, b: number): number {
    return this.loops ? 4 : Math.min(4, channels - 4 * b);
  }

  /** Writes a value, block by block. */
  value(name: string, channels: number, block: (b: number, width: number) => string): Value {
    const count = Math.ceil(channels / 4);
    const names = Array.from({ length: count }, (_, b) => (this.loops ? `${name}[${b}]` : `${name}_${b}`));
    if (this.loops) this.lines.push(`vec4 ${name}[${count}];`);
    names.forEach((one, b) => {
      const width = this.width(channels, b);
      this.lines.push(`${this.loops ? "" : `${TYPES[width - 1] ?? ""} `}${one} = ${block(b, width)};`);
    });
    return this.named(name, channels);
  }

  /** A value that stands under a name already. */
  named(name: string, channels: number): Value {
    const count = Math.ceil(channels / 4);
    const block = Array.from({ length: count }, (_, b) => (this.loops ? `${name}[${b}]` : `${name}_${b}`));
    const channel = Array.from({ length: channels }, (_, c) => {
      const b = c >> 2;
      return (block[b] ?? "") + (this.width(channels, b) === 1 ? "" : `.${"xyzw".charAt(c & 3)}`);
    });
    return { channels, channel, block, ...(this.loops ? { array: name } : {}) };
  }

  /** Block b of a value, put together where its channels do not lie so. */
  block(value: Value, b: number): string {
    const found = value.block?.[b];
    return found ?? gather(value.channel.slice(4 * b, 4 * b + 4), this.width(value.channels, b));
  }

  number(list: "W" | "C", at: number, width: number): string {
    return `${list}(${at})${SWIZZLE[width - 1] ?? ""}`;
  }
}

export function gather(channels: readonly string[], width: number): string {
  if (width === 1) return channels[0] ?? "0.0";
  return `${TYPES[width - 1] ?? ""}(${Array.from({ length: width }, (_, i) => channels[i] ?? "0.0").join(", ")})`;
}
