// What the page asks, and who answers: here the socket of a session, requests in, promises out. What the server drops as
// stale, and what a lost connection leaves unanswered, is rejected; the connection is made again by itself.
import type { Ask, Kind, Reply } from "./protocol.ts";
import { type ErrorReply, type PageState, type PaneState, SHORT } from "./server.ts";

/** A newer request made this one needless. */
export class Stale extends Error {}

/** What the server refuses, in one line; `position` and `length` mark the place in a typed text. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly position: number | null = null,
    readonly extent = 1,
    readonly key: string | null = null,
    /** an architecture like the one that is too large, which is not */
    readonly fits: string | null = null,
  ) {
    super(message);
  }
}

/** The connection was lost before the answer came. */
class Lost extends Error {}

/** The narrowest view that float64 coordinates draw: the graphics processor goes on from there, and the server. */
export const DEEPEST = 1e-9;

/** A file that is wanted of a pane, and its picture's size. */
export interface Wanted {
  readonly format: "png" | "svg" | "npz" | "json";
  readonly columns: number;
  readonly rows: number;
}

/** A file; or, where its pixels would take longer than is worth while nobody has asked for it, how long. Of the page's
 * state in JSON only the name. */
export interface Made {
  readonly name: string;
  readonly seconds: number;
  readonly bytes: Uint8Array<ArrayBuffer> | null;
}

/** A back end: the server's, or one in the page itself. */
export interface Link {
  readonly place: "server" | "page";
  /** how many requests for evidence are answered at a time */
  readonly crew: number;
  /** whether it answers this; of what it does not nothing is on the page, or the page says so */
  can(kind: Kind): boolean;
  /** the state of whatever was pasted or dropped; rejects with Refused, one line */
  read(body: Blob | string): Promise<PageState>;
  ask<K extends Kind>(kind: K, pane: number, what: Ask<K>): Promise<Reply<K>>;
  /** where more is said of a measure: the address, and the paper where that is one's own; null where there is nothing */
  readonly more: (measure: string) => { href: string; source: string | null } | null;
  /** the measures that stand below a picture, where there are several */
  readonly short: readonly string[];
  /** what the pane opens just now is not wanted any more: it may be rejected as Stale */
  leave(pane: number): void;
  /** makes a file of a pane in the page itself; null where the server has it at an address. Rejects with Refused */
  readonly make: ((pane: PaneState, wanted: Wanted, asked: boolean) => Promise<Made>) | null;
  /** called with true when a connection stands, with false when it is lost */
  onState(listen: (connected: boolean) => void): void;
}

interface Waiting {
  resolve: (reply: never) => void;
  reject: (error: Error) => void;
}

const FIRST_WAIT = 250;
const LONGEST_WAIT = 8000;

export function connect(address: string): Omit<Link, "read"> {
  const waiting = new Map<number, Waiting>();
  const unsent = new Map<number, string>();
  const listeners: ((connected: boolean) => void)[] = [];
  let [id, wait] = [0, FIRST_WAIT];
  let socket: WebSocket;

  const settle = (reply: { id: number; kind: string }, bytes?: Uint8Array): void => {
    const one = waiting.get(reply.id);
    if (one === undefined) return;
    waiting.delete(reply.id);
    if (reply.kind === "stale") one.reject(new Stale("stale"));
    else if (reply.kind === "error") {
      const { message, position, length, key, fits } = reply as unknown as ErrorReply;
      one.reject(new Refused(message, position ?? null, length ?? 1, key ?? null, fits ?? null));
    } else one.resolve((bytes === undefined ? reply : { ...reply, bytes }) as never);
  };

  const start = (): void => {
    socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      wait = FIRST_WAIT;
      for (const listen of listeners) listen(true);
      for (const text of unsent.values()) socket.send(text);
      unsent.clear();
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (typeof event.data === "string") settle(JSON.parse(event.data) as { id: number; kind: string });
      else settle(...unpacked(event.data));
    };
    socket.onclose = () => {
      for (const [key, one] of waiting) {
        if (!unsent.has(key)) {
          waiting.delete(key);
          one.reject(new Lost("the connection was lost"));
        }
      }
      for (const listen of listeners) listen(false);
      setTimeout(start, wait);
      wait = Math.min(2 * wait, LONGEST_WAIT);
    };
  };
  start();

  return {
    place: "server",
    crew: 1,
    can: () => true,
    make: null,
    short: SHORT,
    more: (measure) => ({ href: `/measures#${measure}`, source: null }),
    leave: () => undefined,
    ask: (kind, pane, what) =>
      new Promise((resolve, reject) => {
        id += 1;
        const text = JSON.stringify({ ...what, id, pane, kind });
        waiting.set(id, { resolve, reject });
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
        else unsent.set(id, text);
      }),
    onState: (listen) => {
      listeners.push(listen);
    },
  };
}

/** A binary frame's header and its arrays. */
function unpacked(frame: ArrayBuffer): [{ id: number; kind: string }, Uint8Array] {
  const length = new DataView(frame).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length))) as { id: number; kind: string };
  return [header, new Uint8Array(frame, 4 + length)];
}
