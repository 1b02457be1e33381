// Finds all cells, depth first: stage by stage a polygon is cut by the lines of the units that switch inside it.

import type { Plane } from "../evaluate/raster.ts";
import { layoutOf, packed } from "./digits.ts";
import { type Cell, SideBook } from "./found.ts";
import { border, type Line } from "./line.ts";
import { affine, bend, copy, embedded, type Maps, newMaps, Origins, SOME, TINY, UNIT } from "./maps.ts";
import { type Polygon, sideOf, split, type Tally } from "./polygon.ts";
import { Room } from "./room.ts";
import { type Stage, type Stages } from "./stages.ts";

/** A polygon after a stage, and which piece each of its units is on. */
interface Part {
  readonly polygon: Polygon;
  readonly pieces: Int32Array;
}

/** A stage on one polygon: its parts, of which those from `next` on are still to be gone into. */
interface Level {
  readonly stage: Stage;
  readonly parts: readonly Part[];
  next: number;
}

// polygons between two looks at the clock
const STEPS = 32;

/** A search that can be left and taken up again. */
export class Descent {
  readonly cells: Cell[] = [];
  readonly book = new SideBook(4);
  readonly tally: Tally = { doubtful: 0, vague: 0 };
  readonly layout: ReturnType<typeof layoutOf>;
  /** whether there are more cells than the limit */
  more = false;
  private readonly levels: Level[] = [];
  private readonly origins = new Origins();
  /** the maps of every operation's value on the polygon that is gone into: each is made on one level only */
  private readonly values: readonly Maps[];
  private readonly pieces: Int32Array;
  private readonly room = new Room();
  private serial = 0;

  constructor(
    readonly stages: Stages,
    plane: Plane,
    private readonly limit: number,
  ) {
    this.layout = layoutOf(stages);
    this.pieces = new Int32Array(stages.units);
    this.values = stages.program.operations.map((one) => newMaps(one.channels));
    const half = 0.5;
    const polygon: Polygon = { x: [-half, half, half, -half], y: [-half, -half, half, half], reach: [0, 0, 0, 0], lines: border(), sides: [0, 1, 2, 3] };
    this.straight(0, plane);
    this.enter(0, polygon);
  }

  /** Goes on until the time, of `now`, has come; whether all is found, or more than the limit. */
  advance(until: number, now: () => number): boolean {
    for (let steps = 1; ; steps++) {
      const level = this.levels[this.levels.length - 1];
      if (level === undefined || this.more) return true;
      const part = level.parts[level.next++];
      if (part === undefined) {
        this.levels.pop();
        continue;
      }
      this.pieces.set(part.pieces, level.stage.first);
      const number = this.levels.length;
      activate(this.values[level.stage.value]!, level.stage, this.values[level.stage.source]!, part.pieces, this.origins);
      this.straight(number, null);
      this.enter(number, part.polygon);
      if (steps % STEPS === 0 && now() > until) return false;
    }
  }

  /** Makes the values of the affine operations before a stage. */
  private straight(number: number, plane: Plane | null): void {
    const { operations } = this.stages.program;
    for (const i of this.stages.between[number]!) {
      const [one, made] = [operations[i]!, this.values[i]!];
      if (one.kind === "embed") embedded(made, one, plane!, this.origins);
      else affine(made, one, one.sources.map((source) => this.values[source]!), this.origins);
    }
  }

  private enter(number: number, polygon: Polygon): void {
    const stage = this.stages.stages[number];
    if (stage !== undefined) {
      this.levels.push({ stage, parts: this.divided(stage, number, this.values[stage.source]!, polygon), next: 0 });
      return;
    }
    const { numbers, errors } = this.values[this.values.length - 1]!;
    this.book.keep(polygon, this.cells.length);
    this.cells.push({ polygon, bits: packed(this.layout, this.pieces), numbers: this.room.copy(numbers), errors: this.room.copy(errors) });
    this.more = this.cells.length > this.limit;
  }

  private divided(stage: Stage, number: number, maps: Maps, polygon: Polygon): Part[] {
    let parts: Part[] = [{ polygon, pieces: new Int32Array(stage.units) }];
    for (let unit = 0; unit < stage.units; unit++) {
      parts = stage.pieces > 0 ? this.largest(stage, number, maps, unit, parts, polygon) : this.bent(stage, number, maps, unit, parts, polygon);
    }
    return parts;
  }

  private bent(stage: Stage, number: number, maps: Maps, unit: number, parts: Part[], whole: Polygon): Part[] {
    const { kinks } = stage.bends[unit]!;
    for (let k = 0; k < kinks.length; k++) {
      const side = sideOfChannel(whole, maps, unit, kinks[k]!);
      // kinks rise: what is not above this one is above none
      if (side === -1) break;
      if (side === 1) {
        for (const part of parts) part.pieces[unit] = k + 1;
        continue;
      }
      const line = lineOf(maps, unit, -1, kinks[k]!, this.serial++, stage.layer, number, unit * kinks.length + k);
      parts = this.cut(parts, line, unit, k, k + 1);
    }
    return parts;
  }

  /** Each piece of a maxout against the largest of those before it; of equal ones the first is the largest. */
  private largest(stage: Stage, number: number, maps: Maps, unit: number, parts: Part[], whole: Polygon): Part[] {
    const first = unit * stage.pieces;
    for (let piece = 1; piece < stage.pieces; piece++) {
      for (let best = 0; best < piece; best++) {
        if (!parts.some((part) => part.pieces[unit] === best)) continue;
        const line = lineOf(maps, first + piece, first + best, 0, this.serial++, stage.layer, number, (first + best) * stage.pieces + piece);
        const side = sideOf(whole, line.a, line.b, line.c, line.wrongA, line.wrongB, line.wrongC);
        if (side === 2) parts = this.cut(parts, line, unit, best, piece);
        else if (side === 1) for (const part of parts) if (part.pieces[unit] === best) part.pieces[unit] = piece;
      }
    }
    return parts;
  }

  /** Parts cut by a line, of those where the unit is on the piece `below`; on its positive side it is on `above`. */
  private cut(parts: readonly Part[], line: Line, unit: number, below: number, above: number): Part[] {
    const made: Part[] = [];
    for (const part of parts) {
      if (part.pieces[unit] !== below) {
        made.push(part);
        continue;
      }
      const [minus, plus] = split(part.polygon, line, this.book, this.tally);
      if (minus !== null) made.push(minus === part.polygon ? part : { polygon: minus, pieces: part.pieces });
      if (plus === null) continue;
      const pieces = minus === null ? part.pieces : part.pieces.slice();
      pieces[unit] = above;
      made.push({ polygon: plus, pieces });
    }
    return made;
  }
}

/** As `sideOf`, of a channel less a threshold. */
function sideOfChannel(polygon: Polygon, { numbers, errors }: Maps, channel: number, threshold: number): number {
  const p = 3 * channel;
  const c = numbers[p + 2]! - threshold;
  return sideOf(polygon, numbers[p]!, numbers[p + 1]!, c, errors[p]!, errors[p + 1]!, errors[p + 2]! + shifted(numbers[p + 2]!, threshold));
}

/** What a difference may be off by. */
function shifted(c: number, threshold: number): number {
  return threshold === 0 || c === threshold ? 0 : 2 * UNIT * (Math.abs(c) + Math.abs(threshold));
}

/** A channel less a threshold, or less another channel. */
function lineOf({ numbers, errors, kin }: Maps, channel: number, other: number, threshold: number, serial: number, layer: number, stage: number, label: number): Line {
  const [p, q] = [3 * channel, 3 * other];
  const [a, b, c] = [numbers[p]!, numbers[p + 1]!, numbers[p + 2]!];
  const [wrongA, wrongB, wrongC] = [errors[p]!, errors[p + 1]!, errors[p + 2]!];
  const [origin, times] = [kin.origin[channel]!, kin.times[channel]!];
  if (other < 0) {
    // at a threshold that is not 0 only the function itself, or its opposite, is one with its kin
    const known = threshold === 0 ? 0 : times === SOME || times === 0 ? NaN : times * threshold;
    return { a, b, c: c - threshold, wrongA, wrongB, wrongC: wrongC + shifted(c, threshold), serial, layer, stage, label, origin: times === 0 ? -1 : origin, other: -1, threshold: known };
  }
  const less = (d: number): number => {
    const [one, two] = [numbers[p + d]!, numbers[q + d]!];
    const rounded = one === 0 || two === 0 || one === two ? 0 : 2 * UNIT * (Math.abs(one) + Math.abs(two)) + TINY;
    return errors[p + d]! + errors[q + d]! + rounded;
  };
  const both = times === 1 && kin.times[other] === 1;
  const [low, high] = [origin, kin.origin[other]!].sort((one, two) => one - two) as [number, number];
  return {
    a: a - numbers[q]!, b: b - numbers[q + 1]!, c: c - numbers[q + 2]!,
    wrongA: less(0), wrongB: less(1), wrongC: less(2), serial, layer, stage, label,
    origin: both ? low : -1, other: both ? high : -1, threshold: 0,
  };
}

function activate(made: Maps, stage: Stage, source: Maps, pieces: Int32Array, origins: Origins): void {
  for (let unit = 0; unit < stage.units; unit++) {
    if (stage.pieces > 0) copy(made, unit, source, unit * stage.pieces + pieces[unit]!, 1);
    else bend(made, unit, source, stage.bends[unit]!.pieces[pieces[unit]!]!, origins);
  }
}
