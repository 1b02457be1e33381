// The colours of "lab" by the kernel of web/kernels: the bytes of gpu/lab.ts, several times as fast.
import { type Kernels, kernels } from "../engine/evaluate/simd.ts";
import { CHROMA, CONES, HIGHEST, LOWEST, MIDDLE, polynomials, PRIMARIES, quantiser, REACH, ROWS } from "../gpu/lab.ts";

// pixels of a tile, whose values stay in the processor's cache; the kernel takes four at once
const TILE = 4096;
const TOGETHER = 4;
// widths of a range that float32 divides by, as gpu/lab.ts has them
const [NARROWEST, WIDEST] = [1e-30, 1e30] as const;
const PAGE = 1 << 16;

class LabKernel {
  readonly #kernels: Kernels;
  readonly #at: Readonly<Record<"texels" | "above" | "numbers" | "wide" | "values" | "first" | "out", number>>;

  constructor(found: Kernels) {
    const { first, above } = quantiser();
    const numbers = Float32Array.of(REACH, MIDDLE, CHROMA, LOWEST, ROWS / (HIGHEST - LOWEST), ...CONES.flat(), ...PRIMARIES.flat());
    const texels = polynomials();
    let end = 0;
    const place = (bytes: number): number => {
      const at = end;
      end += Math.ceil(bytes / 16) * 16;
      return at;
    };
    this.#at = {
      texels: place(texels.byteLength),
      above: place(above.byteLength),
      numbers: place(numbers.byteLength),
      wide: place(12),
      values: place(3 * TILE * 8),
      first: place(first.byteLength),
      out: place(4 * TILE),
    };
    const { memory } = found;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    const write = (one: Float32Array | Uint8Array, at: number): void => {
      new Uint8Array(memory.buffer).set(new Uint8Array(one.buffer, one.byteOffset, one.byteLength), at);
    };
    write(texels, this.#at.texels);
    write(above, this.#at.above);
    write(numbers, this.#at.numbers);
    write(first, this.#at.first);
    this.#kernels = found;
  }

  paint(channels: readonly Float64Array[], low: readonly number[], wide: readonly number[], out: Uint8ClampedArray): void {
    const { texels, above, numbers, wide: widths, values, first, out: painted } = this.#at;
    const { buffer } = this.#kernels.memory;
    new Float32Array(buffer, widths, 3).set(wide);
    const n = channels[0]?.length ?? 0;
    for (let from = 0; from < n; from += TILE) {
      const pixels = Math.min(TILE, n - from);
      // what is beyond the last pixel is painted, and left
      const padded = Math.ceil(pixels / TOGETHER) * TOGETHER;
      const tile = new Float64Array(buffer, values, 3 * padded).fill(0);
      channels.forEach((one, c) => { tile.set(one.subarray(from, from + pixels), c * padded); });
      this.#kernels.lab(values, padded, low[0] ?? 0, low[1] ?? 0, low[2] ?? 0, widths, texels, first, above, numbers, painted);
      out.set(new Uint8ClampedArray(buffer, painted, 4 * pixels), 4 * from);
    }
  }
}

let made: LabKernel | null | undefined;

/** RGBA bytes, opaque, of three channels of finite values on ranges from `low`; null where there is no kernel for them. */
export function labBytes(channels: readonly Float64Array[], low: readonly number[], wide: readonly number[]): Uint8ClampedArray | null {
  if (!wide.every((one) => one > NARROWEST && one < WIDEST)) return null;
  if (made === undefined) {
    const found = kernels();
    made = found === null ? null : new LabKernel(found);
  }
  if (made === null) return null;
  const out = new Uint8ClampedArray(4 * (channels[0]?.length ?? 0));
  made.paint(channels, low, wide, out);
  return out;
}
