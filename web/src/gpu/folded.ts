// A program as explorer/folded.py writes it, and with its numbers unpacked.

import { type Folded, FOLDED_VERSION, type FoldedConv, type FoldedLayerNorm, type FoldedOperation } from "../server.ts";

type With<Numbers, Step, Keys extends keyof Step> = Omit<Step, Keys> & Record<Keys, Numbers>;

/** A FoldedOperation whose arrays are `Numbers`, in place of base64. */
export type Holding<Numbers> =
  | Exclude<FoldedOperation, FoldedConv | FoldedLayerNorm>
  | With<Numbers, FoldedConv, "weight" | "bias">
  | With<Numbers, FoldedLayerNorm, "scale" | "shift">;

export type Operation = Holding<Float32Array>;

export interface Program {
  operations: Operation[];
  layers: Folded["layers"];
}

/** Errors: Error where the program is of another version than this script's. */
export function unpack(folded: Folded): Program {
  const { version } = folded;
  if (version !== FOLDED_VERSION) throw new Error(`program of version ${version}: this page reads version ${FOLDED_VERSION}`);
  return { operations: folded.operations.map(unpackOperation), layers: folded.layers };
}

function unpackOperation(operation: FoldedOperation): Operation {
  if (operation.kind === "conv") {
    return { ...operation, weight: floats(operation.weight), bias: floats(operation.bias) };
  }
  if (operation.kind === "layernorm") {
    return { ...operation, scale: floats(operation.scale), shift: floats(operation.shift) };
  }
  return operation;
}

export function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

function floats(base64: string): Float32Array {
  const { buffer } = bytes(base64);
  const view = new DataView(buffer);
  return Float32Array.from({ length: buffer.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** The value that `show` names: "output", or "layer:N:channel:M" counted from 1 and 0. null where there is none. */
export function shown(program: Program, show: string): { operation: number; channel: number | null } | null {
  if (show === "output") return { operation: program.operations.length - 1, channel: null };
  const found = picked(show);
  const layer = found && program.layers[found.layer];
  return layer && found.channel < layer.channels ? { operation: layer.operation, channel: found.channel } : null;
}

/** What "layer:N:channel:M" picks, both counted from 0; null of another text. */
export function picked(show: string): { layer: number; channel: number } | null {
  const found = /^layer:(\d+):channel:(\d+)$/.exec(show);
  return found && { layer: Number(found[1]) - 1, channel: Number(found[2]) };
}
