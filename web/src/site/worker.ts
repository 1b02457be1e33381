// A pane's back end in the page: it answers what the server answers, from the page's own engine, in a worker.
import type { Wanted } from "../link.ts";
import type { Ask, Kind } from "../protocol.ts";
import type { PaneState } from "../server.ts";
import { announced } from "./announced.ts";
import { CellSearch } from "./cells.ts";
import { made } from "./files/made.ts";
import { measured } from "./measured.ts";
import { described, Networks, numbersOf, type Opened } from "./networks.ts";
import { pasted } from "./pasted.ts";
import { filled, readText } from "./reading.ts";
import { neighboursOf } from "./neighbours.ts";
import { Refusal } from "./refusals.ts";
import { shared } from "./sharing.ts";
import { thumb, type ThumbAsk } from "./thumb.ts";
import { pixels, strip, valuesAt } from "./views.ts";

/** A request; `kind` is one of the protocol's, or asks for the numbers of a text, what a pasted one says, a small picture or a file;
 * "stop" asks to leave what can be left and taken up again, whose answer is then `left`. */
export type Asked = { id: number; kind: Kind | "fold" | "pasted" | "thumb" | "file" | "stop"; what: unknown };
export type Answered = { id: number; reply: unknown } | { id: number; left: true } | { id: number; error: { message: string; key?: string | undefined; position?: number | undefined; length?: number | undefined; fits?: string | undefined } };

const networks = new Networks();
let asked: { pane: PaneState; preview: boolean } | null = null;
const search = new CellSearch();
let stopped = false;

function current(): { opened: Opened; pane: PaneState } {
  if (asked === null) throw new Refusal("nothing is open yet");
  return { opened: networks.open(asked.pane, asked.preview), pane: asked.pane };
}

/** null of what was left. */
function answer(kind: Asked["kind"], what: unknown): unknown {
  switch (kind) {
    case "cells":
      return search.all(current().opened, what as Ask<"cells">, () => stopped);
    case "cell": {
      const { x, y } = what as Ask<"cell">;
      return search.at(current().opened, x, y);
    }
    case "open": {
      const { state = {}, preview = false } = what as Ask<"open">;
      const wanted = filled(state);
      const reply = announced(wanted) ?? described(networks.open(wanted, preview), wanted);
      asked = { pane: wanted, preview };
      return reply;
    }
    case "view":
      return pixels(current().opened, current().pane, what as Ask<"view">);
    case "at":
      return valuesAt(current().opened, current().pane, what as Ask<"at">);
    case "strip":
      return strip(current().opened, what as Ask<"strip">);
    case "measure":
      return measured(current().opened, what as Ask<"measure">);
    case "share":
      return shared((what as Ask<"share">).state);
    case "pasted":
      return { said: pasted((what as { text: string }).text) };
    case "neighbours":
      return { neighbours: neighboursOf(asked?.pane ?? filled({})) };
    case "thumb":
      return thumb(what as ThumbAsk);
    case "fold": {
      const { text, seed } = what as { text: string; seed: number };
      return numbersOf(readText(text), seed);
    }
    case "file": {
      const { pane, wanted, asked } = what as { pane: PaneState; wanted: Wanted; asked: boolean };
      return made(networks.open(filled(pane)), filled(pane), wanted, asked);
    }
    default:
      throw new Refusal(`${kind}: netwarp explore does this, a page without a server does not`);
  }
}

addEventListener("message", ({ data: { id, kind, what } }: MessageEvent<Asked>) => {
  stopped = kind === "stop";
  if (!stopped) void reply(id, () => answer(kind, what));
});

async function reply(id: number, act: () => unknown): Promise<void> {
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
