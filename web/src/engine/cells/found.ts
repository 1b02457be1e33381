// The polygons that a search has found, and what became of their sides.

import type { Line } from "./line.ts";
import type { Polygon, Sides } from "./polygon.ts";

// sides that there is room for at first
const ROOM = 1 << 10;

/** A cell: its polygon, which piece every unit is on, and the output's affine maps with their errors, (3 K,) each. */
export interface Cell {
  readonly polygon: Polygon;
  readonly bits: Uint32Array;
  readonly numbers: Float64Array;
  readonly errors: Float64Array;
}

/** Every side ever given a number: its parts where it was cut, or the cell that it belongs to. */
export class SideBook implements Sides {
  /** pairs of sides that lie together: the first, on the positive side of the line; the other's number is the next */
  readonly pairs: number[] = [];
  readonly #border: number;
  // of every two sides that came at once: the line that they lie along, or that cut one into them
  readonly #lines: Line[] = [];
  // of each side: its first part, the second's number is the next, 0 of one that was not cut; the cell that it belongs to
  // in the end, and which of its sides it is
  #parts = new Int32Array(ROOM);
  #cell = new Int32Array(ROOM);
  #place = new Int32Array(ROOM);

  constructor(border: number) {
    this.#border = border;
  }

  /** The first part of a side, the second's number is the next; 0 of one that was not cut. */
  part(side: number): number {
    return this.#parts[side]!;
  }

  /** The cell that a side which was not cut belongs to. */
  cell(side: number): number {
    return this.#cell[side]!;
  }

  /** Which of its cell's sides it is. */
  place(side: number): number {
    return this.#place[side]!;
  }

  /** The line of two sides, by the number of the first: which they lie along, or which cut one into them. */
  line(first: number): Line {
    return this.#lines[(first - this.#border) / 2]!;
  }

  born(line: Line): number {
    const first = this.#two(line);
    this.pairs.push(first);
    return first;
  }

  cut(side: number, line: Line): number {
    const first = this.#two(line);
    this.#parts[side] = first;
    return first;
  }

  keep(polygon: Polygon, cell: number): void {
    const { sides } = polygon;
    for (let i = 0; i < sides.length; i++) {
      this.#cell[sides[i]!] = cell;
      this.#place[sides[i]!] = i;
    }
  }

  #two(line: Line): number {
    const first = this.#border + 2 * this.#lines.length;
    this.#lines.push(line);
    if (first + 2 > this.#parts.length) [this.#parts, this.#cell, this.#place] = [doubled(this.#parts), doubled(this.#cell), doubled(this.#place)];
    return first;
  }
}

function doubled(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const made = new Int32Array(2 * numbers.length);
  made.set(numbers);
  return made;
}
