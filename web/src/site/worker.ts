// A pane's back end in the page: it answers what the server answers, from the page's own engine, in a worker.
import type { Wanted } from "../link.ts";
import type { Ask, Kind } from "../protocol.ts";
import type { PaneState } from "../server.ts";
import { announced } from "./announced.ts";
import { CellSearch } from "./cells.ts";
import { complexity } from "./complexity.ts";
import { evidence } from "./evidence.ts";
import { made } from "./files/made.ts";
import { Hands, lend } from "./hands.ts";
import { measured } from "./measured.ts";
import { described, Networks, numbersOf, type Opened } from "./networks.ts";
import { nearest } from "./nearest.ts";
import { pasted } from "./pasted.ts";
import { ofRecipe } from "./recipes.ts";
import { filled, readText } from "./reading.ts";
import { neighboursOf } from "./neighbours.ts";
import { Refusal } from "./refusals.ts";
import { shared } from "./sharing.ts";
import { thumb, type ThumbAsk } from "./thumb.ts";
import { unit } from "./unit.ts";
import { pixels, strip, valuesAt } from "./views.ts";
import { ENGINE } from "../words/site.ts";
import type { Seed } from "../seed.ts";

/** A request; `kind` is one of the protocol's, or asks for the numbers of a text, what a pasted one says, a small picture
 * or a file. To these comes an answer; `left` says that "stop" came before. */
export type Asked = { id: number; kind: Kind | "fold" | "pasted" | "thumb" | "file"; what: unknown };
/** What is told without an answer: leave what can be left; work for the worker at the other end of the port; have that
 * worker work for this one; go on alone. */
export type Told = { kind: "stop" | "alone" } | { kind: "lend" | "hire"; port: MessagePort };
export type Answered = { id: number; reply: unknown } | { id: number; left: true } | { id: number; error: { message: string; key?: string | undefined; position?: number | undefined; length?: number | undefined; fits?: string | undefined } };

let stopped = false;
const hands = new Hands(() => stopped);
const networks = new Networks(hands);
let asked: { pane: PaneState; preview: boolean } | null = null;
const search = new CellSearch();
// of the sentence under the picture, and of what that compares it with
const [counted, other] = [new CellSearch(), { networks: new Networks(hands), counted: new CellSearch() }];

/** What the answer needs of the network that is open; null of what was left. */
async function ofCurrent(give: (opened: Opened, pane: PaneState) => unknown): Promise<unknown> {
  if (asked === null) throw new Refusal(ENGINE.nothing);
  const { pane, preview } = asked;
  const opened = await networks.open(pane, preview);
  return opened === null ? null : give(opened, pane);
}

/** null of what was left. */
async function answer(kind: Asked["kind"], what: unknown): Promise<unknown> {
  switch (kind) {
    case "cells":
      return ofCurrent((opened) => search.all(opened, what as Ask<"cells">, () => stopped));
    case "complexity": {
      const { arch, ...at } = what as Ask<"complexity">;
      if (arch === undefined) return ofCurrent((opened) => complexity(opened, at, counted, () => stopped));
      if (asked === null) throw new Refusal(ENGINE.nothing);
      const beside = await other.networks.open(filled({ ...asked.pane, arch, bred: "", slice: "" }));
      return beside === null ? null : complexity(beside, at, other.counted, () => stopped);
    }
    case "cell": {
      const { x, y } = what as Ask<"cell">;
      return ofCurrent((opened) => search.at(opened, x, y));
    }
    case "nearest":
      return ofCurrent((opened) => nearest(opened, what as Ask<"nearest">));
    case "open": {
      const { state = {}, preview = false } = what as Ask<"open">;
      const wanted = filled(state);
      const known = announced(wanted);
      const opened = known === null ? await networks.open(wanted, preview) : null;
      if (known === null && opened === null) return null;
      asked = { pane: wanted, preview };
      return known ?? (opened === null ? null : described(opened, wanted));
    }
    case "view":
      return ofCurrent((opened, pane) => pixels(opened, pane, what as Ask<"view">, hands));
    case "at":
      return ofCurrent((opened, pane) => valuesAt(opened, pane, what as Ask<"at">));
    case "strip":
      return ofCurrent((opened) => strip(opened, what as Ask<"strip">));
    case "measure":
      return ofCurrent((opened) => measured(opened, what as Ask<"measure">));
    case "evidence":
      return evidence(what as Ask<"evidence">);
    case "share":
      return shared((what as Ask<"share">).state);
    case "pasted": {
      const given = what as { text: string } | { recipe: unknown };
      return { said: "text" in given ? pasted(given.text) : [ofRecipe(given.recipe)] };
    }
    case "unit":
      return ofCurrent((opened) => unit(opened, what as Ask<"unit">));
    case "neighbours":
      return { neighbours: neighboursOf(asked?.pane ?? filled({})) };
    case "thumb":
      return thumb(what as ThumbAsk);
    case "fold": {
      const { text, seed } = what as { text: string; seed: Seed };
      return numbersOf(readText(text), seed, hands);
    }
    case "file": {
      const { pane, wanted, asked } = what as { pane: PaneState; wanted: Wanted; asked: boolean };
      const opened = await networks.open(filled(pane));
      return opened === null ? null : made(opened, filled(pane), wanted, asked);
    }
    default:
      throw new Refusal(ENGINE.other(kind));
  }
}

addEventListener("message", ({ data }: MessageEvent<Asked | Told>) => {
  switch (data.kind) {
    case "stop":
      stopped = true;
      return;
    case "alone":
      hands.leave();
      return;
    case "lend":
      lend(data.port);
      return;
    case "hire":
      hands.add(data.port);
      return;
    default:
      stopped = false;
      void reply(data.id, () => answer(data.kind, data.what));
  }
});

async function reply(id: number, act: () => Promise<unknown>): Promise<void> {
  try {
    const found = await act();
    if (found === null) {
      postMessage({ id, left: true } satisfies Answered);
      return;
    }
    const bytes = (found as { bytes?: Uint8Array | null }).bytes ?? null;
    postMessage({ id, reply: found } satisfies Answered, { transfer: bytes === null ? [] : [bytes.buffer] });
  } catch (error) {
    const { message } = error as Error;
    const place = error instanceof Refusal ? { key: error.key, position: error.position, length: error.length, fits: error.fits } : {};
    postMessage({ id, error: { message, ...place } } satisfies Answered);
  }
}
