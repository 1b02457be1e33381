// Bytes of files: checksums, numbers, and what a browser packs.

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** CRC-32 of parts that follow one another. */
export function checksum(...parts: readonly Uint8Array[]): number {
  let rest = 0xffffffff;
  for (const part of parts) for (const byte of part) rest = (rest >>> 8) ^ (TABLE[(rest ^ byte) & 255] ?? 0);
  return (rest ^ 0xffffffff) >>> 0;
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whole numbers of so many bytes each, the least significant byte first. */
export function little(...pairs: readonly (readonly [value: number, bytes: number])[]): Uint8Array {
  return Uint8Array.from(pairs.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, i) => Math.floor(value / 2 ** (8 * i)) & 255)));
}

/** A whole number of four bytes, the most significant first. */
export function big(value: number): Uint8Array {
  return little([value, 4]).reverse();
}

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What is written in, as zlib packs it. */
export class Packed {
  readonly #stream = new CompressionStream("deflate");
  readonly #writer = this.#stream.writable.getWriter();
  readonly #bytes = new Response(this.#stream.readable).bytes();

  async add(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#writer.write(bytes);
  }

  async end(): Promise<Uint8Array> {
    await this.#writer.close();
    return this.#bytes;
  }
}
