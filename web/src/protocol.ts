// The messages between the page and the session's server. JSON text both ways; what carries arrays comes as one binary
// frame: the header's length (4 bytes, little endian), the header (JSON), the arrays one after another.
import type { Exchanges, Mark } from "./server.ts";

export type Kind = keyof Exchanges;
export type Ask<K extends Kind> = Exchanges[K]["ask"];
export type Reply<K extends Kind> = Exchanges[K]["reply"] & Mark;
