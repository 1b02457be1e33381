// Keep and share: every written form of what is seen, each to copy and to paste back.
import { FILM_ENDINGS, MODEL_ENDINGS, type PageState, type ShareReply } from "../server.ts";
import { toData, toQuery } from "../state.ts";
import { dialog, el } from "./dom.ts";
import { AWAY } from "./status.ts";
import { SAID } from "../words/index.ts";

const FORMS = ["address", "cli", "python", "json"] as const;

const HOME = /^(localhost|127\.[\d.]+|\[::1\])$/;

export interface Sheet {
  show(): void;
  /** the server is away, or is there again */
  lost(lost: boolean): void;
}

export interface Share extends Sheet {
  /** of a state, where others find it */
  address(query: string): string;
}

export function sharing(asks: { state(): PageState; several(): boolean; share(): Promise<ShareReply>; file(): string; take(body: Blob | string): Promise<void> }): Share {
  const fields = new Map(FORMS.map((form) => [form, copied(form, SAID.share.forms[form])]));
  const paste = el("textarea", { id: "paste", rows: 3, spellcheck: false, placeholder: SAID.share.example });
  const said = el("p", { class: "error", aria: { live: "polite" } });
  const away = el("p", { class: "soft", hidden: true, aria: { role: "status" } }, AWAY);
  const site = document.body.dataset["site"] ?? "";
  const address = (query: string): string => new URL(`?${query}`, site === "" ? location.href : site).href;
  // without a published page an address of this machine leads nobody else anywhere: the file does
  const home = site === "" && HOME.test(location.hostname);
  const fileLink = el("a", { download: "" }, SAID.share.fileLink);
  const only = el("p", { class: "soft", id: "share-file", hidden: !home }, SAID.share.only[0], fileLink, SAID.share.only[1]);
  const part = el("p", { class: "soft", hidden: true });
  const file = el("input", { id: "file", type: "file", accept: [".png", ".svg", ".html", ".json", ...FILM_ENDINGS, ...MODEL_ENDINGS].join(",") });
  let turns = 0;
  const read = async (body: Blob | string): Promise<void> => {
    const turn = ++turns;
    // what was said of another text is not said of this one
    said.textContent = SAID.share.reading;
    try {
      await asks.take(body);
      if (turn === turns) element.close();
    } catch (error) {
      if (turn === turns) said.textContent = (error as Error).message;
    }
  };
  file.addEventListener("change", () => {
    const [one] = file.files ?? [];
    if (one !== undefined) void read(one).then(() => { file.value = ""; });
  });
  const element = dialog(
    "share",
    SAID.share.title,
    away,
    el("div", { class: "forms" }, ...[...fields.values()].map((one) => one.element)),
    only,
    part,
    el(
      "div",
      { class: "form-back" },
      el("label", { htmlFor: "paste" }, SAID.share.back),
      paste,
      el(
        "div",
        { class: "buttons" },
        el("button", { type: "button", on: { click: () => void read(paste.value) } }, SAID.share.show),
        el("label", { class: "file", htmlFor: "file" }, SAID.share.orFile),
        file,
      ),
      said,
    ),
  );
  return {
    address: (query) => query === "" ? address("").replace(/\?$/, "") : address(query),
    show: () => {
      said.textContent = "";
      for (const one of fields.values()) one.set("\u2026");
      part.hidden = !asks.several();
      part.textContent = SAID.share.several;
      fileLink.href = asks.file();
      // these two the page knows by itself
      const state = asks.state();
      fields.get("address")?.set(address(toQuery(state)));
      fields.get("json")?.set(JSON.stringify(toData(state)));
      element.showModal();
      asks.share().then(
        (reply) => {
          for (const [form, one] of fields) one.set(form === "address" ? address(reply.address) : reply[form]);
        },
        (error: unknown) => { said.textContent = (error as Error).message; },
      );
    },
    lost: (lost) => { away.hidden = !lost; },
  };
}

/** A text to copy, with its button: selected where the page may not write to the clipboard. */
export function copied(id: string, title: string, rows = id === "python" || id === "json" ? 4 : 2): { element: HTMLElement; set(text: string): void } {
  const text = el("textarea", { id: `form-${id}`, readOnly: true, rows, spellcheck: false });
  const copy = el("button", { type: "button", aria: { label: `${SAID.share.copy}: ${title}` } }, SAID.share.copy);
  copy.addEventListener("click", () => {
    text.select();
    // without a secure context there is no clipboard; the text is selected, so the keys copy it
    const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
    const say = (word: string): void => {
      copy.textContent = word;
      setTimeout(() => { copy.textContent = SAID.share.copy; }, 1500);
    };
    if (clipboard === undefined) say(SAID.share.selected);
    else clipboard.writeText(text.value).then(() => { say(SAID.share.copied); }, () => { say(SAID.share.selected); });
  });
  return {
    element: el("div", { class: "form", data: { form: id } }, el("label", { htmlFor: text.id }, title), text, copy),
    set: (value) => { text.value = value; },
  };
}
