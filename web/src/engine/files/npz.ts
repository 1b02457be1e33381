// Arrays as numpy's npz: a zip of npy files, not compressed, as np.savez writes it.

import { ascii, checksum, joined, little } from "./bytes.ts";

export interface Named {
  readonly name: string;
  readonly npy: Uint8Array;
}

// 1 January 1980, as np.savez has it
const DATE = 0x21;
const VERSION = 20;

/** float64 numbers of a shape, row by row. */
export function numbers(values: Float64Array, shape: readonly number[]): Uint8Array {
  const body = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => { body.setFloat64(8 * i, value, true); });
  return npy("<f8", `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`, new Uint8Array(body.buffer));
}

/** One text, an array of no sides. */
export function text(value: string): Uint8Array {
  const points = Array.from(value, (one) => one.codePointAt(0) ?? 0);
  return npy(`<U${points.length}`, "()", little(...points.map((point) => [point, 4] as const)));
}

function npy(kind: string, shape: string, body: Uint8Array): Uint8Array {
  const header = `{'descr': '${kind}', 'fortran_order': False, 'shape': ${shape}, }`;
  // the numbers begin at a multiple of 64
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const head = joined([Uint8Array.of(0x93), ascii("NUMPY"), little([1, 1], [0, 1], [length, 2])]);
  return joined([head, ascii(`${header.padEnd(length - 1)}\n`), body]);
}

export function zipped(files: readonly Named[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const entries: Uint8Array[] = [];
  let at = 0;
  for (const { name, npy } of files) {
    const called = ascii(`${name}.npy`);
    const common = little([VERSION, 2], [0, 2], [0, 2], [0, 2], [DATE, 2], [checksum(npy), 4], [npy.length, 4], [npy.length, 4], [called.length, 2], [0, 2]);
    parts.push(little([0x04034b50, 4]), common, called, npy);
    entries.push(little([0x02014b50, 4], [VERSION, 2]), common, little([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), called);
    at += 4 + common.length + called.length + npy.length;
  }
  const directory = joined(entries);
  const end = little([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [directory.length, 4], [at, 4], [0, 2]);
  return joined([...parts, directory, end]);
}
