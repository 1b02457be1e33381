// The back end without a server: a worker a pane, which runs the page's own engine. Requests wait their turn; a newer one
// of the same kind makes an older one that waits needless.
import { type Link, Refused, Stale } from "../link.ts";
import type { Program } from "../engine/program/program.ts";
import type { Ask, Kind } from "../protocol.ts";
import { DEFAULTS, LONGEST_TEXT, type Offer, SHORT, VERSION } from "../server.ts";
import { fromData } from "../state.ts";
import { SAID } from "../words/index.ts";
import { withPictures } from "./beforehand_link.ts";
import { offersOf } from "./crew.ts";
import { carriedIn } from "./files/carried.ts";
import { Looks } from "./looks.ts";
import type { Neighbour } from "./neighbours.ts";
import type { Said } from "./pasted.ts";
import { isRecipe } from "./recipes.ts";
import { surprise } from "./surprise.ts";
import { GALLERY, MEASURES } from "./table.ts";
import type { Answered, Asked, Told } from "./worker.ts";
import { CARDS } from "../words/gallery.ts";
import type { Seed } from "../seed.ts";

// of the protocol's kinds; nothing of the others is on the page
const KINDS: readonly string[] = ["open", "view", "at", "strip", "gallery", "share", "measure", "evidence", "neighbours", "children", "surprise", "cells", "cell", "nearest", "complexity", "unit"];
// of the network that a pane has open, and worth nothing once it has another
const OF_NETWORKS: readonly string[] = ["strip", "cells", "complexity", "nearest", "measure"];
// what is seen at once goes before what takes long
const LATER: readonly string[] = ["strip", "cells", "complexity", "nearest", "measure", "neighbours", "thumb", "fold", "file"];
// what makes a picture that is under way needless: a newer one, or another network
const REPLACED: Readonly<Record<string, readonly string[]>> = { open: ["open"], view: ["open", "view"] };
// none of these makes another needless
const EACH: readonly string[] = ["fold", "thumb", "file", "share", "evidence"];
const NEIGHBOURS = 9;
// workers at one pane's network, its own among them, where there are processors for them
const MOST_HANDS = 4;
// workers that measure networks of other seeds, each one by itself: the more of them the sooner
const MOST_LOOKS = 8;
// as large as cards are, where the page does not say how large
const CARD = { columns: 360, rows: 240 };

// the desk of what no pane waits for: files, and numbers
const AWAY = -1;

interface Waiting extends Asked {
  resolve(reply: never): void;
  reject(error: Error): void;
}

export interface OwnLink extends Link {
  /** the calibrated numbers of an architecture's text */
  readonly fold: (text: string, seed: Seed) => Promise<Program>;
}

/** `code` is the worker's script. */
export function within(code: string): OwnLink {
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const desks = new Map<number, Desk>();
  // -1 gives lessons their numbers
  const processors = navigator.hardwareConcurrency || 2;
  const hands = Array.from({ length: Math.min(MOST_HANDS, processors) - 1 }, (_, i) => -2 - i);
  const desk = (pane: number): Desk => {
    const known = desks.get(pane);
    if (known !== undefined) return known;
    const made = new Desk(address);
    desks.set(pane, made);
    if (pane >= 0) for (const hand of hands) join(made, desk(hand));
    else made.onLost = () => { for (const [other, one] of desks) if (other >= 0) one.tell({ kind: "alone" }); };
    return made;
  };
  // all processors: a picture that is asked for meanwhile shares them, and is drawn by workers of its own
  const crew = Math.min(MOST_LOOKS, processors);
  const looks = new Looks(() => new Desk(address), crew);
  let id = 0;
  const send = (pane: number, kind: Asked["kind"], what: unknown): Promise<never> => {
    const number = ++id;
    return desk(pane).ask(number, kind, what).then((reply) => ({ ...(reply as object), id: number, pane }) as never);
  };
  let turn = 0;
  const small = (found: readonly Neighbour[], most: number, pane: number, size: { columns: number; rows: number }): Promise<Offer[]> => {
    const mine = ++turn;
    return offersOf(found, most, size, [pane, ...hands].map((one) => (what) => send(one, "thumb", what)), () => mine !== turn);
  };
  const neighbours = async (pane: number, { columns, rows }: Ask<"neighbours">): Promise<Offer[]> => {
    const { neighbours: found } = (await send(pane, "neighbours", {})) as { neighbours: Neighbour[] };
    return small(found, NEIGHBOURS, pane, { columns: columns ?? CARD.columns, rows: rows ?? CARD.rows });
  };
  const ask: Link["ask"] = async (kind, pane, what) => {
    if (kind === "gallery") return { kind, id: ++id, pane, offers: GALLERY.map((offer, i) => ({ ...offer, ...CARDS[i] })) } as never;
    if (kind === "surprise") return { kind, id: ++id, pane, state: surprise() } as never;
    if (kind === "children") {
      const { states, ...size } = what as Ask<"children">;
      return { kind, id: ++id, pane, offers: await small(states.map((one) => ({ title: "", state: { ...DEFAULTS, ...one } })), states.length, pane, size) } as never;
    }
    if (kind === "neighbours") return { kind, id: ++id, pane, offers: await neighbours(pane, what as Ask<"neighbours">) } as never;
    if (kind === "evidence") return { ...await looks.ask(what as Ask<"evidence">, ++id), id, pane } as never;
    // of what is shown or not shown no pane has to know
    if (kind === "share") return send(AWAY, kind, what);
    return send(pane, kind, what);
  };
  return {
    place: "page",
    crew,
    can: (kind: Kind) => KINDS.includes(kind),
    ask: withPictures(ask),
    leave: (pane) => { desks.get(pane)?.leave(); },
    onState: (listen) => { listen(true); },
    read: async (body) => {
      const text = (typeof body === "string" ? body : await body.slice(0, 4 * LONGEST_TEXT).text()).trim();
      const carried = typeof body === "string" || text.startsWith("{") ? text : await carriedIn(body);
      if (carried?.startsWith("{") === true) {
        const data = json(carried);
        if (carried === text && !isRecipe(data)) return fromData(data);
        const { said } = await send(AWAY, "pasted", { recipe: data }) as unknown as { said: Said[] };
        return fromData({ v: VERSION, panes: said.map((one) => ({ ...DEFAULTS, ...one })) });
      }
      if (typeof body !== "string" && text.startsWith(ZIP)) throw new Refused(SAID.read.ownZip);
      // of files, those of text alone
      if (typeof body !== "string" && (text.startsWith("<") || /[\0\ufffd]/.test(text))) throw new Refused(SAID.read.ownJson);
      const { said } = await send(AWAY, "pasted", { text }) as unknown as { said: Said[] };
      return fromData({ v: VERSION, panes: said.map((one) => ({ ...DEFAULTS, ...one })) });
    },
    more: sourceOf,
    short: SHORT.filter((one) => MEASURES.some(({ name }) => name === one)),
    make: (pane, wanted, asked) => send(AWAY, "file", { pane, wanted, asked }),
    fold: (text, seed) => desk(AWAY).ask(++id, "fold", { text, seed }) as Promise<Program>,
  };
}

// how npz and other files of models begin
const ZIP = "PK\u0003\u0004";

const PLACES: Readonly<Record<string, string>> = { "doi:": "https://doi.org/", "arXiv:": "https://arxiv.org/abs/" };

/** The first paper that a measure is from. */
function sourceOf(measure: string): ReturnType<Link["more"]> {
  const source = MEASURES.find(({ name }) => name === measure)?.source ?? "";
  const [, kind = "", number = ""] = /(doi:|arXiv:)([^\s;,]+)/.exec(source) ?? [];
  const place = PLACES[kind];
  return place === undefined ? null : { href: place + number, source };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(SAID.read.noJson);
  }
}

/** From now on the one works for the other too. */
function join(one: Desk, hand: Desk): void {
  const { port1, port2 } = new MessageChannel();
  hand.tell({ kind: "lend", port: port1 }, [port1]);
  one.tell({ kind: "hire", port: port2 }, [port2]);
}

/** One worker and what waits for it. */
class Desk {
  readonly #worker: Worker;
  #queue: Waiting[] = [];
  #busy: Waiting | null = null;
  #unwanted: Waiting | null = null;
  /** called when the worker has stopped */
  onLost: () => void = () => undefined;

  constructor(address: string) {
    this.#worker = new Worker(address);
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Answered>) => { this.#settle(data); });
    this.#worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.onLost();
      if (this.#busy !== null) this.#settle({ id: this.#busy.id, error: { message: SAID.engine.stopped(event.message) } });
    });
  }

  /** Ends the worker: what waits for it is stale. */
  end(): void {
    this.#worker.terminate();
    for (const one of [this.#busy, ...this.#queue]) one?.reject(new Stale("stale"));
    [this.#busy, this.#queue] = [null, []];
  }

  tell(what: Told, given: Transferable[] = []): void {
    this.#worker.postMessage(what, given);
  }

  ask(id: number, kind: Asked["kind"], what: unknown): Promise<unknown> {
    return new Promise<unknown>((resolve, reject) => {
      if (!EACH.includes(kind)) {
        for (const old of this.#queue.filter((one) => one.kind === kind)) old.reject(new Stale("stale"));
        this.#queue = this.#queue.filter((one) => one.kind !== kind);
      }
      const waiting: Waiting = { id, kind, what, resolve, reject };
      const first = this.#queue.findIndex((one) => LATER.includes(one.kind));
      if (LATER.includes(kind) || first < 0) this.#queue.push(waiting);
      else this.#queue.splice(first, 0, waiting);
      if (this.#busy !== null && leaves(this.#busy.kind, kind)) this.tell({ kind: "stop" });
      this.#next();
    });
  }

  /** What it opens just now is not wanted any more. */
  leave(): void {
    if (this.#busy?.kind !== "open") return;
    this.#unwanted = this.#busy;
    this.tell({ kind: "stop" });
  }

  /** Another network is open: what waits for the one before would only keep it waiting. */
  #forget(opened: number): void {
    const gone = this.#queue.filter(({ id, kind }) => id < opened && OF_NETWORKS.includes(kind));
    this.#queue = this.#queue.filter((one) => !gone.includes(one));
    for (const one of gone) one.reject(new Stale("stale"));
  }

  /** What was left waits again where it is wanted still. */
  #again(one: Waiting): void {
    const newer = [one.kind, ...(REPLACED[one.kind] ?? [])];
    if (one === this.#unwanted || this.#queue.some(({ kind }) => newer.includes(kind))) one.reject(new Stale("stale"));
    else this.#queue.push(one);
  }

  #next(): void {
    const [first, ...rest] = this.#queue;
    if (this.#busy !== null || first === undefined) return;
    this.#queue = rest;
    this.#busy = first;
    this.#worker.postMessage({ id: first.id, kind: first.kind, what: first.what } satisfies Asked);
  }

  #settle(answered: Answered): void {
    const one = this.#busy;
    if (one?.id !== answered.id) return;
    this.#busy = null;
    if ("left" in answered) this.#again(one);
    else if ("error" in answered) {
      const { message, position, length, key, fits } = answered.error;
      one.reject(new Refused(message, position ?? null, length ?? 1, key ?? null, fits ?? null));
    } else {
      if (one.kind === "open") this.#forget(one.id);
      one.resolve(answered.reply as never);
    }
    this.#next();
  }
}

/** Whether what a worker does is left for what has come. */
function leaves(busy: Asked["kind"], come: Asked["kind"]): boolean {
  if (busy === "cells" || busy === "complexity") return come === busy || !LATER.includes(come);
  return REPLACED[busy]?.includes(come) ?? false;
}
