// What is pasted or dropped: an address the page reads by itself, whichever back end it has; the back end reads the rest.
import type { Link } from "../link.ts";
import { LONGEST_ADDRESS, type PageState } from "../server.ts";
import { fromQuery, isSaid } from "../state.ts";
import { leftOut } from "./dom.ts";

/** The state that it says; `address` where that is an address's, of which one bad key loses that key alone, and is named.
 * Rejects with Refused or StateError, one line. */
export async function readBack(link: Link, body: Blob | string): Promise<{ state: PageState; address: boolean }> {
  // a file so short may be an address too
  const text = typeof body === "string" ? body : body.size <= LONGEST_ADDRESS ? await body.text() : "";
  const query = queryIn(text.trim());
  if (query === null) return { state: await link.read(body), address: false };
  const { state, lost } = fromQuery(query);
  leftOut(lost, true);
  return { state, address: true };
}

/** The query of an address: a page's, or what stands behind its question mark. Null of any other text. */
function queryIn(text: string): string | null {
  const whole = /^(?:(?:https?|file):\/\/[^\s?#]*)?\?([^\s#]*)(?:#.*)?$/.exec(text);
  if (whole !== null) return whole[1] ?? "";
  const first = /^((?:p[1-3]\.)?[a-z_]+)=\S*$/.exec(text)?.[1];
  return first !== undefined && isSaid(first) ? text : null;
}
