// Where to begin and where to go on: the gallery of presets, the nine neighbours of the present picture, its children.
// One that `stays` is open still when a card of it has been taken.
import type { Offer } from "../server.ts";
import { Stale } from "../link.ts";
import { dialog, el } from "./dom.ts";
import { AWAY } from "./status.ts";
import { SAID } from "../words/index.ts";

export interface Shelf {
  show(): void;
  /** resolves once they are there */
  fill(offers: readonly Offer[]): Promise<void>;
  say(text: string): void;
  /** fills it with what is answered, and says what it waits for or why nothing comes; `away`: nobody answers */
  ask(away: boolean, offers: () => Promise<{ offers: readonly Offer[] }>): Promise<void>;
  close(): void;
  /** of a card's picture, in pixels of the screen */
  size(): { columns: number; rows: number };
  readonly element: HTMLDialogElement;
}

export function shelf(id: string, title: string, lead: string, take: (offer: Offer) => void, stays = false): Shelf {
  const cards = el("div", { class: "cards" });
  let turn = 0;
  const status = el("p", { class: "soft", aria: { role: "status" } });
  const element = dialog(id, title, el("p", { class: "lead" }, lead), status, cards);
  element.classList.add("shelf");
  const card = (offer: Offer): HTMLElement =>
    el(
      "button",
      {
        type: "button",
        class: "card",
        on: {
          click: () => {
            if (!stays) element.close();
            take(offer);
          },
        },
      },
      el("img", { src: offer.thumb, alt: "", width: 240, height: 160, draggable: false }),
      el("span", { class: "card-title" }, offer.title),
      offer.sentence !== undefined && el("span", { class: "card-text" }, offer.sentence),
    );
  const made: Shelf = {
    element,
    show: () => {
      if (!element.open) element.showModal();
    },
    ask: async (away, offers) => {
      made.say(away ? AWAY : SAID.drawing.them);
      try {
        await made.fill((await offers()).offers);
      } catch (error) {
        if (!(error instanceof Stale)) made.say((error as Error).message);
      }
    },
    fill: (offers) => {
      const [mine, all] = [++turn, offers.map(card)];
      // no card without its picture, which a busy browser decodes later than it shows the card
      const decoded = all.flatMap((one) => [...one.querySelectorAll("img")].map((image) => image.decode().catch(() => undefined)));
      return Promise.all(decoded).then(() => {
        if (mine !== turn) return;
        if (offers.length > 0) status.textContent = "";
        cards.replaceChildren(...all);
      });
    },
    say: (text) => {
      status.textContent = text;
    },
    close: () => { element.close(); },
    size: () => {
      const width = Number.parseFloat(getComputedStyle(cards).gridTemplateColumns) || 240;
      const columns = Math.min(900, Math.ceil(width * devicePixelRatio));
      return { columns, rows: Math.ceil((columns * 2) / 3) };
    },
  };
  return made;
}
