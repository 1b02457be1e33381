// What the tests' scripts take of node, whose own types are no dependency of the page.

declare module "node:fs" {
  export function readFileSync(path: string, encoding: "utf8"): string;
  export function writeFileSync(path: string, text: string): void;
}

interface Bytes extends Uint8Array {
  toString(encoding: "base64"): string;
}

declare const Buffer: {
  from(text: string, encoding: "base64"): Bytes;
  from(buffer: ArrayBufferLike, offset: number, length: number): Bytes;
};

declare const process: {
  readonly argv: readonly string[];
  exit(status: number): never;
  cpuUsage(before?: { user: number; system: number }): { user: number; system: number };
};
