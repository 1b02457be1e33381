// A PNG of RGB bytes, written row by row, with a text in it.

import { ascii, big, checksum, joined, Packed } from "./bytes.ts";

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];

/** A picture that is being written, from its top row on. */
export class Png {
  readonly #packed = new Packed();
  #above: Uint8Array;

  constructor(
    readonly columns: number,
    readonly rows: number,
    readonly keyword: string,
    readonly text: string,
  ) {
    this.#above = new Uint8Array(3 * columns);
  }

  /** Whole rows of RGBA. */
  async add(rgba: Uint8ClampedArray): Promise<void> {
    const wide = 3 * this.columns;
    const rows = rgba.length / 4 / this.columns;
    const lines = new Uint8Array(rows * (wide + 1));
    for (let r = 0; r < rows; r++) {
      const line = new Uint8Array(wide);
      for (let c = 0, from = 4 * r * this.columns; c < wide; c += 3, from += 4) line.set(rgba.subarray(from, from + 3), c);
      lines.set(filtered(line, this.#above), r * (wide + 1));
      this.#above = line;
    }
    await this.#packed.add(lines);
  }

  async end(): Promise<Uint8Array<ArrayBuffer>> {
    const header = joined([big(this.columns), big(this.rows), Uint8Array.of(8, 2, 0, 0, 0)]);
    // not compressed, without a language
    const text = joined([ascii(this.keyword), new Uint8Array(5), ascii(this.text)]);
    return joined([
      Uint8Array.from(SIGNATURE), chunk("IHDR", header), chunk("iTXt", text), chunk("IDAT", await this.#packed.end()), chunk("IEND", new Uint8Array()),
    ]);
  }
}

function chunk(kind: string, body: Uint8Array): Uint8Array {
  return joined([big(body.length), ascii(kind), body, big(checksum(ascii(kind), body))]);
}

/** The row less what the pixel to the left, that above, or Paeth's choice of three lets expect: whichever leaves least. */
function filtered(line: Uint8Array, above: Uint8Array): Uint8Array {
  const n = line.length;
  const made = [1, 2, 4].map((kind) => new Uint8Array(n + 1).fill(kind, 0, 1)) as [Uint8Array, Uint8Array, Uint8Array];
  const sums = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [here, left, up, corner] = [line[i]!, i < 3 ? 0 : line[i - 3]!, above[i]!, i < 3 ? 0 : above[i - 3]!];
    const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
    const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
    for (let k = 0; k < 3; k++) {
      const rest = (here - (k === 0 ? left : k === 1 ? up : paeth)) & 255;
      made[k]![i + 1] = rest;
      sums[k]! += rest < 128 ? rest : 256 - rest;
    }
  }
  return made[sums.indexOf(Math.min(...sums))] ?? made[0];
}
