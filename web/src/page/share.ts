// Keep and share: every written form of what is seen, each to copy and to paste back.
import { Refused } from "../link.ts";
import type { PageState, ShareReply } from "../protocol.ts";
import { fromData } from "../state.ts";
import { dialog, el } from "./dom.ts";

const FORMS: readonly (readonly ["address" | "json" | "python" | "cli", string])[] = [
  ["address", "Address"],
  ["cli", "Command line"],
  ["python", "Python"],
  ["json", "JSON"],
];
const LARGEST = 2 * 1024 * 1024;

export interface Sheet {
  show(): void;
}

export function sharing(asks: { share(): Promise<ShareReply>; take(state: PageState): void }): Sheet {
  const fields = new Map(FORMS.map(([form, title]) => [form, field(form, title)]));
  const paste = el("textarea", { id: "paste", rows: 3, spellcheck: false, placeholder: "an address, JSON, Python, a command line, an architecture" });
  const said = el("p", { class: "error", aria: { live: "polite" } });
  const file = el("input", { id: "file", type: "file", accept: ".png,.json,.npz" });
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
    el("div", { class: "forms" }, ...[...fields.values()].map((one) => one.element)),
    el(
      "div",
      { class: "form-back" },
      el("label", { htmlFor: "paste" }, "Paste any of these back"),
      paste,
      el(
        "div",
        { class: "buttons" },
        el("button", { type: "button", on: { click: () => void read(paste.value) } }, "Show it"),
        el("label", { class: "file", htmlFor: "file" }, "or a PNG, JSON or npz"),
        file,
      ),
      said,
    ),
  );
  return {
    show: () => {
      said.textContent = "";
      for (const one of fields.values()) one.set("\u2026");
      element.showModal();
      asks.share().then(
        (reply) => {
          for (const [form, one] of fields) one.set(form === "address" ? new URL(`/?${reply.address}`, location.href).href : reply[form]);
        },
        (error: unknown) => { said.textContent = (error as Error).message; },
      );
    },
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
