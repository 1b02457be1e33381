// Formulas between dollar signs: the part of TeX that a lesson's words need, as MathML.
import { el } from "../dom.ts";

const MATH = "http://www.w3.org/1998/Math/MathML";

const SIGNS: Readonly<Record<string, string>> = {
  alpha: "\u03b1", beta: "\u03b2", gamma: "\u03b3", delta: "\u03b4", epsilon: "\u03b5", theta: "\u03b8", lambda: "\u03bb", mu: "\u03bc",
  pi: "\u03c0", rho: "\u03c1", sigma: "\u03c3", tau: "\u03c4", phi: "\u03c6", chi: "\u03c7", omega: "\u03c9", Delta: "\u0394", Sigma: "\u03a3", Omega: "\u03a9",
  cdot: "\u22c5", times: "\u00d7", pm: "\u00b1", le: "\u2264", ge: "\u2265", ne: "\u2260", approx: "\u2248", to: "\u2192", infty: "\u221e",
  sum: "\u2211", prod: "\u220f", int: "\u222b", nabla: "\u2207", partial: "\u2202", in: "\u2208", ldots: "\u2026", propto: "\u221d",
};
const NAMED = new Set(["sin", "cos", "tan", "tanh", "exp", "log", "ln", "max", "min"]);
const GREEK = /^[\u0370-\u03ff]$/;
// deeper than anybody writes; a formula is somebody else's text
const DEEPEST = 20;

/** A <math> element; where the text is no formula that is understood, the text itself. */
export function formula(text: string): Element {
  try {
    const reader = new Reader(text.match(/\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|./gu) ?? []);
    const found = math("math", ...reader.until(null, 0));
    found.setAttribute("display", "inline");
    return found;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return el("code", {}, text);
  }
}

class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly string[]) {}

  /** What comes before `end`, which is passed over; null is the end of the text. */
  until(end: string | null, depth: number): Element[] {
    if (depth > DEEPEST) throw new SyntaxError("deep");
    const found: Element[] = [];
    for (;;) {
      const token = this.tokens[this.#at] ?? null;
      if (token === end) {
        this.#at++;
        return found;
      }
      if (token === null) throw new SyntaxError("open");
      if (/^\s/.test(token)) this.#at++;
      else if (token === "^" || token === "_") {
        const base = found.pop();
        if (base === undefined) throw new SyntaxError("nothing is raised");
        found.push(this.#scripts(base, depth));
      } else found.push(this.#one(depth));
    }
  }

  #scripts(base: Element, depth: number): Element {
    let [below, above]: [Element | null, Element | null] = [null, null];
    for (let token = this.tokens[this.#at]; token === "^" || token === "_"; token = this.tokens[this.#at]) {
      this.#at++;
      if (token === "^") above = this.#one(depth);
      else below = this.#one(depth);
    }
    if (below === null) return math("msup", base, above ?? math("mrow"));
    return above === null ? math("msub", base, below) : math("msubsup", base, below, above);
  }

  #one(depth: number): Element {
    const token = this.tokens[this.#at++];
    if (token === undefined || token === "}") throw new SyntaxError("something is missing");
    if (token === "{") return math("mrow", ...this.until("}", depth + 1));
    if (/^\d/.test(token)) return math("mn", token);
    if (/^\p{L}$/u.test(token)) return math("mi", token);
    if (!token.startsWith("\\")) return operator(token === "-" ? "\u2212" : token);
    const name = token.slice(1);
    if (name === "frac") return math("mfrac", this.#one(depth + 1), this.#one(depth + 1));
    if (name === "sqrt") return math("msqrt", this.#one(depth + 1));
    if (NAMED.has(name)) return math("mi", name);
    const sign = SIGNS[name];
    if (sign !== undefined) return math(GREEK.test(sign) ? "mi" : "mo", sign);
    if (/^[^A-Za-z]$/.test(name)) return operator(name);
    throw new SyntaxError(name);
  }
}

/** Brackets as high as letters are, for a line of text has room for no more. */
function operator(sign: string): Element {
  const made = math("mo", sign);
  made.setAttribute("stretchy", "false");
  return made;
}

function math(tag: string, ...children: (Element | string)[]): Element {
  const made = document.createElementNS(MATH, tag);
  made.append(...children);
  return made;
}
