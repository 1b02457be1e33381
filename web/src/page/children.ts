// More like the picture in view: its children around it. One that is chosen takes its place, and has children itself.
import { type Link, Stale } from "../link.ts";
import { NETWORK, type PaneState } from "../server.ts";
import { childOf, familyOf } from "./breeding.ts";
import { el } from "./dom.ts";
import { shelf } from "./gallery.ts";
import { SAID } from "../words/index.ts";

const SAYS = SAID.children;
const COUNT = 8;
const MIDDLE = COUNT / 2;
const SEEDS = 1e6;
const STRENGTHS = [0, 0.05, 0.2, 0.5] as const;

export interface Breeder {
  /** of the pane of this number; `letters` are the panes' */
  open(panes: readonly PaneState[], active: number, letters: readonly string[]): void;
}

/** `take` is told the family of the child that is chosen. */
export function breeder(link: Link, take: (bred: string) => void): Breeder {
  let parent: PaneState | null = null;
  let pane = 0;
  let turn = 0;
  let others: readonly PaneState[] = [];
  const shown = shelf("children", SAYS.title, SAYS.lead, ({ state }) => {
    const { bred = "" } = state;
    if (parent === null || bred === parent.bred) {
      shown.close();
      return;
    }
    parent = { ...parent, bred };
    take(bred);
    void draw();
  }, true);
  const strength = el("select", { id: "children-strength" }, ...STRENGTHS.map((one, i) => el("option", { value: String(one), hidden: one === 0 }, SAYS.strengths[i] ?? "")));
  const other = el("select", { id: "children-other" });
  const crossing = el("span", {}, el("label", { htmlFor: other.id }, SAYS.other), other);
  const bar = el("p", { class: "breeding" }, crossing, el("span", {}, el("label", { htmlFor: strength.id }, SAYS.strength), strength), el("button", { type: "button", on: { click: () => void draw() } }, SAYS.others));
  shown.element.querySelector(".lead")?.after(bar);
  const usual = (): void => {
    for (const one of strength.options) one.hidden = one.value === "0" && other.value === "";
    strength.value = other.value === "" ? "0.2" : "0";
  };
  strength.addEventListener("change", () => void draw());
  other.addEventListener("change", () => {
    usual();
    void draw();
  });

  async function draw(): Promise<void> {
    const mine = ++turn;
    const own = parent;
    if (own === null) return;
    const [family, mate] = [familyOf(own), others[Number(other.value)]];
    const partner = other.value === "" || mate === undefined ? null : familyOf(mate);
    const first = Math.floor(Math.random() * SEEDS);
    const states = Array.from({ length: COUNT }, (_, i) => ({ ...own, bred: childOf(family, partner, first + i, Number(strength.value)) }));
    states.splice(MIDDLE, 0, own);
    shown.say(SAID.drawing.them);
    try {
      const { offers } = await link.ask("children", pane, { states, ...shown.size() });
      if (mine !== turn) return;
      const titled = offers.map((offer) => {
        const at = states.findIndex(({ bred }) => bred === offer.state.bred);
        return { ...offer, title: at === MIDDLE ? SAYS.parent : SAYS.child(at < MIDDLE ? at + 1 : at) };
      });
      await shown.fill(titled);
      // the card that was chosen is gone
      if (!shown.element.contains(document.activeElement) || document.activeElement === shown.element) shown.element.querySelectorAll<HTMLElement>(".card")[MIDDLE]?.focus();
    } catch (error) {
      if (!(error instanceof Stale)) shown.say((error as Error).message);
    }
  }

  return {
    open: (panes, active, letters) => {
      const own = panes[active];
      if (own === undefined) return;
      [parent, pane, others] = [{ ...own, show: "output" }, active, panes];
      const alike = panes.flatMap((one, i) => (i !== active && NETWORK.every((key) => key === "seed" || key === "bred" || one[key] === own[key]) ? [i] : []));
      other.replaceChildren(el("option", { value: "" }, SAYS.alone), ...alike.map((i) => el("option", { value: String(i) }, SAYS.crossed(letters[i] ?? ""))));
      crossing.hidden = alike.length === 0;
      usual();
      void shown.fill([]);
      shown.show();
      void draw();
    },
  };
}
