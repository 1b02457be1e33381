// A pyramid of tiles on a canvas: for networks that a browser does not evaluate.
import { type Camera, extent, placed } from "../camera.ts";
import type { TilesData } from "../server.ts";

export class Mosaic {
  readonly #canvas: HTMLCanvasElement;
  readonly #data: TilesData;
  readonly #whole: Camera;
  readonly #images = new Map<string, Promise<ImageBitmap>>();
  #turn = 0;

  constructor(canvas: HTMLCanvasElement, data: TilesData, whole: Camera) {
    this.#canvas = canvas;
    this.#data = data;
    this.#whole = whole;
  }

  /** Draws the coarsest level at once, then the one whose pixels are no larger than the canvas's. */
  async draw(camera: Camera): Promise<boolean> {
    const turn = ++this.#turn;
    const { width, height } = this.#canvas;
    // the whole pyramid in pixels of the canvas
    const at = placed(this.#whole, extent(camera, { width, height }), false);
    const [wide, high] = [at.width * width, at.height * height];
    const wanted = Math.ceil(Math.log2(Math.max(wide / this.#data.width, 1e-9)));
    const level = Math.min(Math.max(wanted, 0), this.#data.levels.length - 1);
    const context = this.#canvas.getContext("2d");
    if (!context) return false;
    const found: { image: ImageBitmap; box: [number, number, number, number] }[] = [];
    for (const n of level === 0 ? [0] : [0, level]) {
      const side = 2 ** n;
      const first = (from: number, size: number, one: number): [number, number] => [
        Math.max(0, Math.floor(-from / (one / side))),
        Math.min(side - 1, Math.floor((size - from) / (one / side))),
      ];
      const [left, right] = first(at.left * width, width, wide);
      const [top, bottom] = first(at.top * height, height, high);
      for (let row = top; row <= bottom; row++) {
        for (let column = left; column <= right; column++) {
          const image = await this.#image(n, row * side + column);
          if (turn !== this.#turn) return false;
          const edge = (i: number, from: number, one: number): number => Math.round(from + (i * one) / side);
          const [x, y] = [edge(column, at.left * width, wide), edge(row, at.top * height, high)];
          const box: [number, number, number, number] = [
            x,
            y,
            edge(column + 1, at.left * width, wide) - x,
            edge(row + 1, at.top * height, high) - y,
          ];
          found.push({ image, box });
        }
      }
    }
    context.imageSmoothingEnabled = wide < this.#data.width * 2 ** level;
    context.clearRect(0, 0, width, height);
    for (const { image, box } of found) context.drawImage(image, ...box);
    return true;
  }

  /** How many times the whole may be enlarged before pixels show. */
  get depth(): number {
    return 2 ** (this.#data.levels.length - 1);
  }

  #image(level: number, index: number): Promise<ImageBitmap> {
    const key = `${level} ${index}`;
    let found = this.#images.get(key);
    if (!found) {
      const [, base64 = ""] = (this.#data.levels[level]?.[index] ?? "").split(",");
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      found = createImageBitmap(new Blob([bytes], { type: "image/png" }));
      this.#images.set(key, found);
    }
    return found;
  }
}
