// Where to begin and where to go on: the gallery of presets, and the nine neighbours of the present picture.
import type { Offer } from "../protocol.ts";
import { dialog, el } from "./dom.ts";

export interface Shelf {
  show(): void;
  fill(offers: readonly Offer[]): void;
  say(text: string): void;
  close(): void;
  readonly element: HTMLDialogElement;
}

export function shelf(id: string, title: string, lead: string, take: (offer: Offer) => void): Shelf {
  const cards = el("div", { class: "cards" });
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
            element.close();
            take(offer);
          },
        },
      },
      el("img", { src: offer.thumb, alt: "", width: 240, height: 160, draggable: false }),
      el("span", { class: "card-title" }, offer.title ?? offer.state.arch ?? ""),
      offer.sentence !== undefined && el("span", { class: "card-text" }, offer.sentence),
    );
  return {
    element,
    show: () => {
      if (!element.open) element.showModal();
    },
    fill: (offers) => {
      status.textContent = "";
      cards.replaceChildren(...offers.map(card));
    },
    say: (text) => {
      status.textContent = text;
    },
    close: () => { element.close(); },
  };
}
