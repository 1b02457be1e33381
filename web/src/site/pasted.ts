// What a person pastes, in whichever form the page gave it to copy, as panes again: netwarp.explorer.pasted reads the same.
// Addresses and JSON the page itself knows.
import { add, type Dec, mul, read as decimal, sub, write } from "../decimal.ts";
import { parse } from "../engine/language/parse.ts";
import { readActivation, readInitialiser, readInputs, readNorm } from "../engine/language/notation.ts";
import type { Architecture, NormSpec } from "../engine/language/tree.ts";
import { isKind } from "../engine/language/values.ts";
import { MODEL_ENDINGS, type PaneState } from "../server.ts";
import { PASTED } from "../words/pasted.ts";
import { about, Refusal } from "./refusals.ts";
import { ofScript, scriptsOf } from "./scripts.ts";
import { textOfName, textsOf } from "./reading.ts";
import { type Seed, seedOf } from "../seed.ts";

const LONGEST = 30_000;
// of an architecture's text in no other form
const LONGEST_TEXT = 10_000;
const COMMAND = /^(?:\$\s*)?(?:netwarp|python3?)\s/;
// options that say nothing about what is seen; each has a value
const SILENT = ["-o", "--out", "--size", "--samples", "--dtype", "--engine", "--device"];
const KNOWN = ["--act", "--norm", "--scale", "--shift", "--init", "--inputs", "--out-channels", "--seed", "--bred", "--plane", "--colour", "--contrast", "--y"];
// a view so narrow is fitted by itself, as draw does it
const DEEPEST = 1e-9;
const HALF = { n: 5n, e: -1 };

export type Said = Partial<Record<keyof PaneState, unknown>>;

/** What the text says of each pane. Throws Refusal. */
export function pasted(text: string): Said[] {
  if (COMMAND.test(text)) return commandsOf(text).map((one) => ofWords(one.replace(/^\$\s*/, "")));
  if (/^(?:import|from) netwarp/.test(text)) return scriptsOf(text).map((one) => about("arch", () => ofScript(one)));
  if (text.length > LONGEST_TEXT) throw new Refusal(PASTED.long(text.length));
  return [textsOf(architectureOf(text))];
}

/** The commands of a text, where every line begins one; else the text, which may be one of several lines. */
function commandsOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  return lines.every((line) => COMMAND.test(line)) ? lines : [text];
}

function ofWords(text: string): Said {
  if (text.length > LONGEST) throw new Refusal(PASTED.longCommand(text.length, LONGEST));
  const [program = "", ...words] = split(text);
  if (!program.startsWith("python")) return ofCommand(words);
  const [flag, script = "", ...rest] = words;
  if (flag !== "-c" || rest.length > 0) throw new Refusal(PASTED.onlyScript);
  return about("arch", () => ofScript(script.replaceAll("; ", "\n")));
}

/** The words of a POSIX shell's line. */
function split(text: string): string[] {
  const word = /\s*((?:[^\s'"\\]|\\[^]|'[^']*'|"(?:[^"\\]|\\[^])*")+)\s*/y;
  const found: string[] = [];
  while (word.lastIndex < text.length) {
    const match = word.exec(text);
    if (match === null) throw new Refusal(PASTED.noShell);
    found.push((match[1] ?? "").replace(/\\([^])|'([^']*)'|"((?:[^"\\]|\\[^])*)"/g, (_, bare?: string, single?: string, double?: string) => bare ?? single ?? (double ?? "").replace(/\\(["\\$`])/g, "$1")));
  }
  return found;
}

/** What `draw ARCH --act ...` says, whatever the command. */
function ofCommand([command = "", ...words]: readonly string[]): Said {
  const given = new Map<string, string>();
  const arch: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const [key = "", ...rest] = word.split("=");
    if (!word.startsWith("-")) arch.push(word);
    else if (SILENT.includes(key) || KNOWN.includes(key)) given.set(key, rest.length > 0 ? rest.join("=") : (words[++i] ?? ""));
    else throw new Refusal(PASTED.saysNothing(key));
  }
  const [text, ...more] = arch;
  if (text === undefined || more.length > 0) throw new Refusal(PASTED.oneArchitecture);
  if (command === "decision") throw new Refusal(PASTED.decision);
  const of = (key: string): string | null => given.get(key) ?? null;
  const seed = of("--seed");
  const view = viewOf(of("--plane"));
  return {
    ...textsOf(changed(architectureOf(text), of)),
    ...(seed === null ? {} : { seed: seeded(seed) }),
    ...said("bred", of("--bred")),
    ...view,
    ...said("colour", of("--colour")),
    ...said("grows", of("--y")),
    ...said("tone", of("--contrast") ?? (view.w !== undefined && Number(view.w) < DEEPEST ? "view" : null)),
  };
}

function said(key: keyof PaneState, value: string | null): Said {
  return value === null ? {} : { [key]: value };
}

function architectureOf(text: string): Architecture {
  const name = text.trim();
  if (MODEL_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending)) || /\.(?:png|svg|html|json)$/i.test(name)) throw new Refusal(PASTED.modelFile(name.slice(0, 40)));
  return about("arch", () => parse(textOfName(text)));
}

/** The architecture with what options say of its defaults. */
function changed(architecture: Architecture, of: (key: string) => string | null): Architecture {
  const read = <T>(key: string, reader: (text: string) => T, usual: T): T => {
    const text = of(`--${key}`);
    return text === null ? usual : about(key, () => reader(text));
  };
  const out = of("--out-channels");
  let norm: NormSpec = read("norm", readNorm, architecture.norm);
  for (const key of ["scale", "shift"] as const) {
    const text = of(`--${key}`);
    if (text === null) continue;
    if (!isKind(norm, "Spatial", "LayerNorm")) throw new Refusal(PASTED.noNorm(`--${key}`), "norm");
    const other = about("norm", () => readNorm(`spatial(${key}=${text})`));
    if (isKind(other, "Spatial")) norm = { ...norm, [key]: other[key] };
  }
  return {
    ...architecture,
    act: read("act", readActivation, architecture.act),
    init: read("init", readInitialiser, architecture.init),
    inputs: read("inputs", readInputs, architecture.inputs),
    out: out === null ? architecture.out : BigInt(wholeOf("--out-channels", out)),
    norm,
  };
}

function seeded(text: string): Seed {
  const found = seedOf(text);
  if (found === null) throw new Refusal(PASTED.whole("--seed", text.slice(0, 40)));
  return found;
}

function wholeOf(option: string, text: string): number {
  if (!/^-?\d{1,16}$/.test(text)) throw new Refusal(PASTED.whole(option, text.slice(0, 40)));
  return Number(text);
}

/** The view between X0,X1,Y0,Y1, exactly. */
function viewOf(plane: string | null): Partial<Record<"x" | "y" | "w" | "h", string>> {
  if (plane === null) return {};
  const [x0, x1, y0, y1, ...rest] = plane.split(",").map((text) => decimal(text.trim()));
  if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined || rest.length > 0) throw new Refusal(PASTED.fourNumbers);
  if (x0 === null || x1 === null || y0 === null || y1 === null) throw new Refusal(PASTED.fourNumbers);
  const middle = (low: Dec, high: Dec): string => write(mul(add(low, high), HALF));
  return { x: middle(x0, x1), y: middle(y0, y1), w: write(sub(x1, x0)), h: write(sub(y1, y0)) };
}
