// Which colour is which class, and how much of the frame it wins.
import type { ClassData, RegionData } from "../server.ts";
import { el } from "./dom.ts";
import { number } from "./quantities.ts";
import { SAID } from "../words/index.ts";

// lines at most: with more classes those that win most
const MOST = 10;

export class Legend {
  readonly element = el("ul", { class: "legend", hidden: true, aria: { label: SAID.legend.label } });
  #classes: readonly ClassData[] = [];

  /** Of these classes, none to hide it. */
  show(classes: readonly ClassData[]): void {
    this.element.hidden = classes.length === 0;
    if (classes === this.#classes) return;
    this.#classes = classes;
    this.#fill(classes.map((_, n) => ({ classes: [n], share: NaN, tint: this.#tint(n) })), "");
  }

  /** How much of the frame each wins. */
  tell(regions: readonly RegionData[], exact: boolean): void {
    const alone = this.#classes.map((_, n) => regions.find((one) => one.classes.length === 1 && one.classes[0] === n) ?? { classes: [n], share: 0, tint: this.#tint(n) });
    this.#fill([...alone, ...regions.filter((one) => one.classes.length > 1)], exact ? SAID.legend.exact : SAID.legend.sampled);
  }

  #tint(n: number): string {
    return this.#classes[n]?.tint ?? "";
  }

  #fill(regions: readonly RegionData[], how: string): void {
    const shown = regions.length <= MOST ? regions : [...regions].sort((a, b) => b.share - a.share).slice(0, MOST);
    const lines = shown.map(({ classes, share, tint }) => {
      const swatch = el("span", { class: "swatch" });
      swatch.style.setProperty("--tint", tint);
      const name = classes.map((n) => this.#classes[n]?.name ?? "").join(" = ");
      return el("li", {}, swatch, el("span", { class: "name" }, name), Number.isNaN(share) ? null : el("span", { class: "share" }, percent(share)));
    });
    const rest = regions.length - shown.length;
    this.element.replaceChildren(
      ...lines,
      ...(rest > 0 ? [el("li", { class: "soft" }, SAID.legend.rest(number(rest)))] : []),
      ...(how === "" ? [] : [el("li", { class: "soft" }, how)]),
    );
  }
}

/** What is there at all is never called 0%, and what is not all never 100%. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return "<0.1%";
  if (share >= 0.9995 && share < 1 - 1e-9) return ">99.9%";
  return `${(100 * share).toFixed(1)}%`;
}
