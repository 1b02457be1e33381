// Keep and share: every written form of what is seen, each to copy and to paste back.
import { Refused } from "../link.ts";
import type { PageState, ShareReply } from "../server.ts";
import { fromData, toData, toQuery } from "../state.ts";
import { dialog, el } from "./dom.ts";
import { AWAY } from "./status.ts";

const FORMS: readonly (readonly ["address" | "json" | "python" | "cli", string])[] = [
  ["address", "Address"],
  ["cli", "Command line"],
  ["python", "Python"],
  ["json", "JSON"],
];
const LARGEST = 2 * 1024 * 1024;

export interface Sheet {
  show(): void;
  /** the server is away, or is there again */
  lost(lost: boolean): void;
}

export function sharing(asks: { state(): PageState; letter(): string; share(): Promise<ShareReply>; take(state: PageState): void }): Sheet {
  const fields = new Map(FORMS.map(([form, title]) => [form, field(form, title)]));
  const paste = el("textarea", { id: "paste", rows: 3, spellcheck: false, placeholder: "an address, JSON, Python, a command line, an architecture" });
  const said = el("p", { class: "error", aria: { live: "polite" } });
  const away = el("p", { class: "soft", hidden: true, aria: { role: "status" } }, AWAY);
  const part = el("p", { class: "soft", hidden: true });
  const file = el("input", { id: "file", type: "file", accept: ".png,.svg,.html,.json,.npz" });
  const read = async (body: Blob | string): Promise<void> => {
    try {
      asks.take(await dropped(body));
      element.close();
    } catch (error) {
      said.textContent = (error as Error).message;
    }
  };
  file.addEventListener("change", () => {
    const [one] = file.files ?? [];
    if (one !== undefined) void read(one).then(() => { file.value = ""; });
  });
  const element = dialog(
    "share",
    "Keep and share",
    away,
    el("div", { class: "forms" }, ...[...fields.values()].map((one) => one.element)),
    part,
    el(
      "div",
      { class: "form-back" },
      el("label", { htmlFor: "paste" }, "Paste any of these back"),
      paste,
      el(
        "div",
        { class: "buttons" },
        el("button", { type: "button", on: { click: () => void read(paste.value) } }, "Show it"),
        el("label", { class: "file", htmlFor: "file" }, "or a file that was downloaded"),
        file,
      ),
      said,
    ),
  );
  return {
    show: () => {
      said.textContent = "";
      for (const one of fields.values()) one.set("\u2026");
      const letter = asks.letter();
      part.hidden = letter === "";
      part.textContent = `Command line and Python draw one picture, ${letter}; address and JSON hold them all.`;
      // these two the page knows by itself
      const state = asks.state();
      fields.get("address")?.set(new URL(`/?${toQuery(state)}`, location.href).href);
      fields.get("json")?.set(JSON.stringify(toData(state)));
      element.showModal();
      asks.share().then(
        (reply) => {
          for (const [form, one] of fields) one.set(form === "address" ? new URL(`/?${reply.address}`, location.href).href : reply[form]);
        },
        (error: unknown) => { said.textContent = (error as Error).message; },
      );
    },
    lost: (lost) => { away.hidden = !lost; },
  };
}

function field(id: string, title: string): { element: HTMLElement; set(text: string): void } {
  const text = el("textarea", { id: `form-${id}`, readOnly: true, rows: id === "python" || id === "json" ? 4 : 2, spellcheck: false });
  const copy = el("button", { type: "button", aria: { label: `Copy: ${title}` } }, "Copy");
  copy.addEventListener("click", () => {
    text.select();
    // without a secure context there is no clipboard; the text is selected, so the keys copy it
    const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
    const say = (word: string): void => {
      copy.textContent = word;
      setTimeout(() => { copy.textContent = "Copy"; }, 1500);
    };
    if (clipboard === undefined) say("Selected");
    else clipboard.writeText(text.value).then(() => { say("Copied"); }, () => { say("Selected"); });
  });
  return {
    element: el("div", { class: "form", data: { form: id } }, el("label", { htmlFor: text.id }, title), text, copy),
    set: (value) => { text.value = value; },
  };
}

/** The state of whatever was pasted or dropped. Errors: Refused, one line. */
export async function dropped(body: Blob | string): Promise<PageState> {
  if ((typeof body === "string" ? body.length : body.size) > LARGEST) throw new Refused("the file is larger than 2 MiB, which is not read");
  const name = body instanceof File ? { "X-File-Name": encodeURIComponent(body.name) } : {};
  const reply = await fetch("/drop", { method: "POST", body, headers: { "Content-Type": "application/octet-stream", ...name } });
  const data: unknown = await reply.json();
  if (!reply.ok) throw new Refused((data as { message?: string }).message ?? "the file is not read");
  return fromData(data);
}
