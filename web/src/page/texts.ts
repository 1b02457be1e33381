// What sliders can say about an architecture's texts, and the texts that sliders make. Only what is plain to see in the
// text is a slider's; everything else is left to the text itself.
import type { NORMS } from "../server.ts";

const WIDTHS = /\b(conv|maxout|dense|residual|gated)\((\d+)/g;
const TIMES = /^([\s\S]*\S)\s*\*\s*(\d+)\s*$/;

/** How often the whole is repeated: the last factor outside all brackets; 1 where there is none. */
export function depthOf(arch: string): number | null {
  const found = TIMES.exec(arch);
  if (found !== null) return single(found[1] ?? "") ? Number(found[2]) : null;
  return single(arch) ? 1 : null;
}

export function withDepth(arch: string, depth: number): string {
  const found = TIMES.exec(arch);
  const body = found === null ? arch.trim() : (found[1] ?? "");
  return depth === 1 ? bare(body) : `${body} * ${depth}`;
}

/** The channels of its convolutions, where they all have as many. */
export function widthOf(arch: string): number | null {
  const found = new Set([...arch.matchAll(WIDTHS)].map((one) => Number(one[2])));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

export function withWidth(arch: string, width: number): string {
  return arch.replace(WIDTHS, (_, name: string) => `${name}(${width}`);
}

/** What stands beside it in the founding comparison: as many units in one layer. Null where that is the same, or unclear. */
export function flattened(arch: string): string | null {
  const found = /^conv\((\d+)\) \* (\d+)$/.exec(arch.trim());
  return found === null ? null : `conv(${Number(found[1]) * Number(found[2])})`;
}

export interface Norm {
  kind: (typeof NORMS)[number];
  /** null: not one number, so no slider's */
  scale: number | null;
  shift: number | null;
}

const SCALE = /\bscale=(\d+(?:\.\d+)?)\s*[,)]/;
const SHIFT = /\bshift=normal\((\d+(?:\.\d+)?)\)/;

export function normOf(text: string): Norm {
  const kind = text.startsWith("layer") ? "layer" : text.startsWith("spatial") ? "spatial" : "none";
  if (kind === "none") return { kind, scale: null, shift: null };
  const [scale, shift] = [SCALE.exec(text)?.[1], SHIFT.exec(text)?.[1]];
  return {
    kind,
    scale: scale === undefined ? (text.includes("scale=") ? null : 1) : Number(scale),
    shift: shift === undefined ? (text.includes("shift=") ? null : 0) : Number(shift),
  };
}

export function normText(norm: Norm): string {
  if (norm.kind === "none") return "none";
  return `${norm.kind}(scale=${norm.scale ?? 3}, shift=normal(${norm.shift ?? 2}))`;
}

/** Whether a text is one layer or one bracket, so that "* n" after it means all of it. */
function single(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if (letter === "(") depth += 1;
    else if (letter === ")") depth -= 1;
    else if (depth === 0 && (letter === ">" || letter === "*")) return false;
  }
  return depth === 0 && /^[\w\s]*\([\s\S]*\)$/.test(text.trim());
}

/** Without the brackets around all of it. */
function bare(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    depth += text[i] === "(" ? 1 : text[i] === ")" ? -1 : 0;
    if (depth === 0) return i === text.length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}

/** What is said against a text: where its fault is, and why. */
export function faulty({ error }: { error: { position: number | null; extent: number; message: string } }, text: string): string {
  return (error.position === null ? "" : `${pointed(text, error.position, error.extent)}\n`) + error.message;
}

/** The line of a text that has the fault, and a caret under it. */
function pointed(text: string, position: number, length: number): string {
  const start = text.lastIndexOf("\n", position - 1) + 1;
  const end = text.indexOf("\n", position);
  const line = text.slice(start, end < 0 ? undefined : end);
  const from = Math.max(0, position - start - 24);
  const shown = (from > 0 ? "\u2026" : "") + line.slice(from, from + 44);
  const before = position - start - from + (from > 0 ? 1 : 0);
  return `${shown}\n${" ".repeat(before)}${"^".repeat(Math.max(1, Math.min(length, shown.length - before)))}`;
}
