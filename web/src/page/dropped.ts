// What is pasted, dropped or chosen from a folder: the server reads it.
import { Refused } from "../link.ts";
import { FILM_ENDINGS, LARGEST_DROP, LARGEST_MODEL, MODEL_ENDINGS, type PageState } from "../server.ts";
import { fromData } from "../state.ts";
import { SAID } from "../words/index.ts";

/** The state of whatever was pasted or dropped. Errors: Refused, one line. */
export async function dropped(body: Blob | string): Promise<PageState> {
  const model = body instanceof File && [...MODEL_ENDINGS, ...FILM_ENDINGS].some((ending) => body.name.toLowerCase().endsWith(ending));
  const most = model ? LARGEST_MODEL : LARGEST_DROP;
  if ((typeof body === "string" ? body.length : body.size) > most) throw new Refused(SAID.read.large(most >> 20));
  const name = body instanceof File ? { "X-File-Name": encodeURIComponent(body.name) } : {};
  const reply = await fetch("/drop", { method: "POST", body, headers: { "Content-Type": "application/octet-stream", ...name } });
  const data: unknown = await reply.json();
  if (!reply.ok) throw new Refused((data as { message?: string }).message ?? SAID.read.no);
  return fromData(data);
}
