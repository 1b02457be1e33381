// The polygons that a search has found, and what became of their sides.

import type { Line } from "./line.ts";
import type { Polygon, Sides } from "./polygon.ts";

/** A cell: its polygon, which piece every unit is on, and the output's affine maps with their errors, (3 K,) each. */
export interface Cell {
  readonly polygon: Polygon;
  readonly bits: Uint32Array;
  readonly numbers: Float64Array;
  readonly errors: Float64Array;
}

/** Every side ever given a number: its parts where it was cut, or the cell that it belongs to. */
export class SideBook implements Sides {
  /** the first part, the second's number is the next; 0 of one that was not cut */
  readonly parts: number[];
  /** the line that cut it */
  readonly by: (Line | null)[];
  /** the cell that it belongs to in the end, and which of its sides it is; -1 of one that was cut */
  readonly cell: number[];
  readonly place: number[];
  /** pairs of sides that lie together: the first, on the positive side of the line; the other's number is the next */
  readonly pairs: number[] = [];
  readonly along: Line[] = [];

  constructor(border: number) {
    [this.parts, this.by] = [new Array<number>(border).fill(0), new Array<null>(border).fill(null)];
    [this.cell, this.place] = [new Array<number>(border).fill(-1), new Array<number>(border).fill(-1)];
  }

  born(line: Line): number {
    const first = this.two();
    this.pairs.push(first);
    this.along.push(line);
    return first;
  }

  cut(side: number, line: Line): number {
    const first = this.two();
    this.parts[side] = first;
    this.by[side] = line;
    return first;
  }

  keep(polygon: Polygon, cell: number): void {
    for (const [i, side] of polygon.sides.entries()) {
      this.cell[side] = cell;
      this.place[side] = i;
    }
  }

  private two(): number {
    const first = this.parts.length;
    this.parts.push(0, 0);
    this.by.push(null, null);
    this.cell.push(-1, -1);
    this.place.push(-1, -1);
    return first;
  }
}
