// A Python script such as the page gives to copy, as the pane that it draws: the constants its calls are given, as
// netwarp.explorer.pasted finds them. Nothing of it is executed.
import { parse } from "../engine/language/parse.ts";
import type { Value } from "../engine/language/values.ts";
import type { PaneState } from "../server.ts";
import { PASTED } from "../words/pasted.ts";
import { textsOf } from "./reading.ts";
import { Refusal } from "./refusals.ts";

const LONGEST = 30_000;
const TOKEN = /[ \t\r\n]+|#[^\n]*|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(\d[\w.]*(?:(?<=[eE])[+-]\d+)?)|([A-Za-z_]\w*)|([^\s])/y;
const OPTIONS = ["act", "norm", "init", "inputs", "out", "out_act"];
const ENDS = /^(?:[\w.]+\.save\(|nw\.paint\(.*\)\.save\()/;

type Kind = "text" | "number" | "name" | "symbol";
interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** A call of a method: its constants in order and by name, and whether its first argument is a bare name. */
interface Call {
  readonly name: string;
  readonly plain: readonly (string | number)[];
  readonly named: Readonly<Record<string, string | number>>;
  readonly ofName: boolean;
}

/** The parts of a script, each of which ends where it saves a picture that it makes of a network of its own. */
export function scriptsOf(text: string): string[] {
  const parts = [""];
  for (const line of text.split(/\r?\n/)) {
    parts.push(`${parts.pop() ?? ""}${line}\n`);
    if (ENDS.test(line)) parts.push("");
  }
  const found = parts.filter((part) => part.trim() !== "");
  return found.every((part) => part.includes("parse(")) ? found : [text];
}

/** What the script says of a pane; the rest is as by default but for a raster, which is of the unit square unless it says
 * a plane. Throws Refusal, or what `parse` throws. */
export function ofScript(text: string): Partial<Record<keyof PaneState, unknown>> {
  if (text.length > LONGEST) throw new Refusal(PASTED.longScript(text.length, LONGEST));
  const found: Record<string, unknown> = { w: "1", h: "1" };
  let [seen, layer, channel]: [boolean, string | number | null, string | number] = [false, null, 0];
  for (const { name, plain, named, ofName } of callsOf(tokensOf(text))) {
    if (name === "load" || ((name === "draw" || name === "field") && typeof plain[0] === "string") || name === "decision") throw new Refusal(PASTED.ofFile);
    if (name === "parse") Object.assign(found, parsed(plain, named));
    else if (name === "draw" && "seed" in named) found["seed"] = named["seed"];
    else if (name === "bred" && plain[0] !== undefined) found["bred"] = plain[0];
    else if (name === "paint" && "y" in named) found["grows"] = named["y"];
    else if (name === "Plane") Object.assign(found, planeOf(plain, named));
    else if (name === "after") layer = plain[0] ?? layer;
    else if (name === "fit") {
      if ("colour" in named) found["colour"] = named["colour"];
      channel = named["channel"] ?? channel;
      if (ofName) found["tone"] = "view";
    }
    seen ||= name === "parse";
  }
  if (!seen) throw new Refusal(PASTED.noParse);
  if (layer !== null) found["show"] = `layer:${layer}:channel:${channel}`;
  return found;
}

function parsed(plain: Call["plain"], named: Call["named"]): Partial<PaneState> {
  const [text] = plain;
  if (typeof text !== "string") throw new Refusal(PASTED.parseNeeds);
  const unknown = Object.keys(named).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) throw new Refusal(PASTED.noOption(unknown, OPTIONS));
  const options = Object.entries(named).map(([key, value]): [string, Value] => [key, Number.isInteger(value) ? BigInt(value) : value]);
  return textsOf(parse(text, Object.fromEntries(options)));
}

function planeOf(plain: Call["plain"], named: Call["named"]): Partial<Record<keyof PaneState, string>> {
  const usual = { x: 0, y: 0, width: 1, height: 1 };
  const order = Object.fromEntries(Object.keys(usual).map((key, i) => [key, plain[i]] as const).filter(([, value]) => value !== undefined));
  const { x, y, width, height } = { ...usual, ...order, ...named } as Record<keyof typeof usual, string | number>;
  return { x: String(x), y: String(y), w: String(width), h: String(height) };
}

function tokensOf(text: string): Token[] {
  const kinds: Kind[] = ["text", "number", "name", "symbol"];
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) break;
    const which = match.slice(1).findIndex((one: string | undefined) => one !== undefined);
    if (which >= 0) found.push({ kind: kinds[which] ?? "symbol", text: match[0] });
  }
  return found;
}

/** Every call of a method, but for those that say what `calibrate` is to be given: its plane is not the view's. */
function callsOf(tokens: readonly Token[]): Call[] {
  const found: Call[] = [];
  const open: { name: string; start: number; hides: boolean }[] = [];
  tokens.forEach(({ text }, i) => {
    if ("([{".includes(text)) {
      const method = text === "(" && tokens[i - 1]?.kind === "name" && tokens[i - 2]?.text === ".";
      const name = method ? (tokens[i - 1]?.text ?? "") : "";
      open.push({ name, start: i + 1, hides: name === "calibrate" || (open.at(-1)?.hides ?? false) });
    } else if (")]}".includes(text)) {
      const call = open.pop();
      if (call === undefined) throw new Refusal(PASTED.noPython);
      if (call.name !== "" && !(open.at(-1)?.hides ?? false)) found.push(callOf(call.name, tokens.slice(call.start, i)));
    }
  });
  if (open.length > 0) throw new Refusal(PASTED.noPython);
  return found;
}

/** A call of these tokens between its brackets. */
function callOf(name: string, inner: readonly Token[]): Call {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of inner) {
    depth += "([{".includes(token.text) ? 1 : ")]}".includes(token.text) ? -1 : 0;
    if (depth === 0 && token.text === ",") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  const plain: (string | number)[] = [];
  const named: Record<string, string | number> = {};
  for (const part of parts) {
    const key = part[0]?.kind === "name" && part[1]?.text === "=" ? part[0].text : null;
    const value = constant(key === null ? part : part.slice(2));
    if (value === null) continue;
    if (key === null) plain.push(value);
    else named[key] = value;
  }
  return { name, plain, named, ofName: parts[0]?.length === 1 && parts[0][0]?.kind === "name" };
}

/** The number or text that is written there, if it is one. */
function constant(part: readonly Token[]): string | number | null {
  const negative = part[0]?.text === "-";
  const [one, ...rest] = negative ? part.slice(1) : part;
  if (one === undefined || rest.length > 0) return null;
  if (one.kind === "text") return negative ? null : one.text.slice(1, -1).replace(/\\(.)/g, (whole, letter: string) => ("\\'\"".includes(letter) ? letter : whole));
  if (one.kind !== "number") return null;
  const value = Number(one.text.replaceAll("_", ""));
  if (Number.isNaN(value)) throw new Refusal(PASTED.noPython);
  return negative ? -value : value;
}
