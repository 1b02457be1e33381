// The way from the sentence, which is of one seed, to its evidence: the measure that it speaks of, over seeds, in the panel.
import { byId, el } from "../dom.ts";
import { FEW } from "../evidence/seeds.ts";
import { SAID } from "../../words/index.ts";

export interface Lead {
  readonly element: HTMLElement;
  /** a measure's name; null where there is nothing to lead to */
  to(measure: string | null): void;
}

// milliseconds that a measure is waited for, and between two looks for it
const [PATIENCE, LOOK] = [20_000, 100];

export function lead(): Lead {
  let name: string | null = null;
  const element = el("button", { type: "button", class: "over-seeds absent", title: SAID.answer.overOf, data: { control: "evidence" }, on: { click: () => { if (name !== null) void show(name); } } }, SAID.answer.over);
  return {
    element,
    to: (measure) => {
      name = measure;
      // a lesson may have taken the evidence away
      const taken = document.querySelector<HTMLElement>(".panel [data-control=evidence]")?.hidden === true;
      element.classList.toggle("absent", measure === null || taken);
    },
  };
}

/** Shows the measure's part of the panel, and begins where nothing is known over seeds. */
async function show(name: string): Promise<void> {
  const list = byId("measures");
  const look = (): HTMLElement | null => list.querySelector(`[data-measure="${name}"] .evidence`);
  list.scrollIntoView({ block: "start" });
  for (const end = Date.now() + PATIENCE; look() === null && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, LOOK));
  const part = look();
  if (part === null) return;
  part.querySelector<HTMLElement>(`[data-act="over-${FEW}"]`)?.click();
  part.closest(".measure")?.scrollIntoView({ block: "center" });
  part.querySelector<HTMLElement>("[data-act]")?.focus({ preventScroll: true });
  stays(list, name);
}

/** What grows in the list, as numbers come, moves the measure out of view: it is kept there, until the reader goes on. */
function stays(list: HTMLElement, name: string): void {
  const grown = new ResizeObserver(() => { list.querySelector(`[data-measure="${name}"]`)?.scrollIntoView({ block: "nearest" }); });
  grown.observe(list);
  const end = (): void => { grown.disconnect(); };
  for (const kind of ["wheel", "pointerdown", "touchmove", "keydown"]) addEventListener(kind, end, { once: true, passive: true });
  setTimeout(end, PATIENCE);
}
