// A program as explorer/folded.py writes it, and with its numbers unpacked.

export interface ToneData {
  colour: string;
  channels: number[];
  low: number[];
  high: number[];
  /** the share of pixels without a place of their own in sRGB */
  compressed?: number;
  /** base64 of 1,024 RGB colours, where `colour` names a map */
  map?: string;
}

interface Common {
  sources: number[];
  channels: number;
}

type FoldedOperation = Common &
  (
    | { kind: "embed"; kinds: number[]; coefficients: number[][] }
    | { kind: "conv"; groups: number; weight: string; bias: string }
    | { kind: "activate"; name: string; parameter: number[] }
    | { kind: "maxout"; pieces: number }
    | { kind: "layernorm"; scale: string; shift: string; eps: number }
    | { kind: "add" | "multiply" | "concat" }
  );

export interface Folded {
  version: number;
  operations: FoldedOperation[];
  layers: { name: string; operation: number; channels: number }[];
  plane: { x: number; y: number; w: number; h: number };
  tone?: ToneData;
}

export const LINEAR = 0;
export const RADIUS = 1;
export const SINE = 2;

export type Operation = Common &
  (
    | { kind: "embed"; kinds: number[]; coefficients: number[][] }
    | { kind: "conv"; groups: number; weight: Float32Array; bias: Float32Array }
    | { kind: "activate"; name: string; parameter: number[] }
    | { kind: "maxout"; pieces: number }
    | { kind: "layernorm"; scale: Float32Array; shift: Float32Array; eps: number }
    | { kind: "add" | "multiply" | "concat" }
  );

export interface Program {
  operations: Operation[];
  layers: Folded["layers"];
}

/** Errors: Error where the program is of another version than this script's. */
export function unpack(folded: Folded): Program {
  if (folded.version !== 1) throw new Error(`program of version ${folded.version}: this page reads version 1`);
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
  const found = /^layer:(\d+):channel:(\d+)$/.exec(show);
  if (!found) return null;
  const layer = program.layers[Number(found[1]) - 1];
  const channel = Number(found[2]);
  return layer && channel < layer.channels ? { operation: layer.operation, channel } : null;
}
