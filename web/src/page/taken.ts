// The measures of what one pane shows, as they come.
import { type Link, Stale } from "../link.ts";
import { type MeasureData, type Rectangle, SHORT_OF_CELLS } from "../server.ts";

// of a raster, each way: the finest first, the others where a network is slow
const SIDES = [128, 64, 32] as const;

export class Taken {
  measures: MeasureData[] | null = null;
  /** the names of those that are still being taken */
  pending: readonly string[] = [];
  /** the lines below the picture, from the first: those to come have their place, or the picture would change its size */
  lines: readonly string[];
  /** those of them that have a value */
  valued: readonly string[] = [];
  /** the raster they were taken on, as "128 x 128" */
  measured = "";
  /** pixels of that raster each way, as they were asked for */
  side: number = SIDES[0];
  /** what rounding makes of the values, where they are not the network's own */
  rounding = "";
  readonly #lines: readonly string[];
  readonly #link: Link;
  readonly #index: number;

  constructor(link: Link, index: number) {
    this.#link = link;
    this.#index = index;
    this.lines = this.#lines = link.can("measure") ? link.short : [];
  }

  /** Nothing is known of another network, but whether it may have cells. */
  forget(cells: boolean): void {
    this.lines = this.#lines.filter((name) => cells || !(SHORT_OF_CELLS as readonly string[]).includes(name));
    this.valued = [];
    this.measures = null;
    this.pending = [];
    this.rounding = "";
  }

  /** All measures of a view, a few an answer: each is told of as it comes, while `still` says that they are asked for. */
  async take(what: Rectangle & { show: string }, still: () => boolean, told: () => void): Promise<void> {
    if (!this.#link.can("measure")) return;
    let [taken, names]: [MeasureData[], string[]] = [[], []];
    do {
      const { measures, rest, size, rounding } = await this.#link.ask("measure", this.#index, { ...what, names });
      // whoever comes back to it asks anew
      if (!still()) throw new Stale("stale");
      [taken, names] = [[...taken, ...measures], rest];
      [this.measures, this.pending, this.measured, this.rounding] = [taken, rest, size.join(" \u00d7 "), rounding.sentence ?? ""];
      // of k x k networks its pixels lie on the kernels' taps, and are nearly as many
      const [columns = SIDES[0]] = size;
      this.side = SIDES.reduce((best, one) => (Math.abs(Math.log(one / columns)) < Math.abs(Math.log(best / columns)) ? one : best));
      if (rest.length > 0) told();
    } while (names.length > 0);
    this.valued = this.lines.filter((name) => taken.some((one) => one.name === name && one.value !== null));
  }
}
