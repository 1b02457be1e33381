// The sentence under one pane's picture: how complicated it is, and how one layer of as many units would be.
import { type Link, Refused } from "../../link.ts";
import type { ComplexityReply, FieldReply, PaneState, Rectangle } from "../../server.ts";
import { el } from "../dom.ts";
import { Once } from "../once.ts";
import { lead } from "./lead.ts";
import { type Other, reasons, sentence, type Sentence } from "./sentence.ts";
import { SAID } from "../../words/index.ts";

export class Answer {
  readonly #said = el("span", { class: "said" });
  readonly #lead = lead();
  readonly element = el("p", { class: "answer", data: { control: "answer" } }, this.#said, " ", this.#lead.element);
  readonly #link: Link;
  readonly #index: number;
  readonly #own = new Once<ComplexityReply>();
  readonly #others = new Map<string, ComplexityReply | null>();

  constructor(link: Link, index: number) {
    this.#link = link;
    this.#index = index;
    if (!link.can("complexity")) this.element.hidden = true;
  }

  /** What it says, for those who do not see it. */
  get text(): string {
    return this.element.hidden || this.element.classList.contains("counting") ? "" : this.#said.textContent;
  }

  /** Another picture is asked for: nothing is said of it until it is known. */
  wait(field: FieldReply): void {
    this.element.classList.add("counting");
    this.element.classList.remove("going-on");
    this.element.title = "";
    this.#lead.to(null);
    this.#said.replaceChildren(field.piecewise_linear ? SAID.answer.counting : SAID.answer.measuring);
  }

  /** Finds out, and says it while `still` tells that this is what is in view. */
  async take(field: FieldReply, state: PaneState, at: Rectangle, still: () => boolean): Promise<void> {
    if (this.element.hidden || !this.#link.can("complexity")) return;
    const alone = document.body.dataset["panes"] === "1";
    const how = { alone, output: !state.show.startsWith("layer:"), seeded: field.facts.changes.includes("seed") };
    const found = await this.#asked(() => this.#own.get([field, at.x, at.y, at.w, at.h], () => this.#link.ask("complexity", this.#index, { ...at })));
    if (!still()) return;
    const say = (other: Other | null): void => {
      this.#say(found === null ? null : sentence(found, other, how), found === null ? "" : reasons(found, other, field.facts.seed));
      this.#lead.to(found === null || !alone || !how.seeded || !this.#link.can("evidence") ? null : this.#measure(found));
    };
    const units = alone && found !== null ? unitsBeside(field) : null;
    const arch = units === null ? "" : `conv(${units})`;
    const known = this.#others.get(keyOf(arch, state, at));
    if (units === null || known === null) {
      say(null);
      return;
    }
    if (known !== undefined) {
      say({ units, arch, found: known });
      return;
    }
    say(null);
    // what is said next is begun already: nobody is to take it for all there is
    this.element.classList.add("going-on");
    // nobody waits for it: it is asked after all else, and told of when it is there
    void this.#asked(() => this.#link.ask("complexity", this.#index, { ...at, arch })).then((theirs) => {
      if (!still()) return;
      this.#keep(keyOf(arch, state, at), theirs);
      say(theirs === null ? null : { units, arch, found: theirs });
    }, () => { if (still()) this.element.classList.remove("going-on"); });
  }

  #keep(key: string, found: ComplexityReply | null): void {
    this.#others.delete(key);
    this.#others.set(key, found);
    for (const old of [...this.#others.keys()].slice(0, -KEPT)) this.#others.delete(old);
  }

  /** null of what is refused, as where it would take too long. */
  async #asked(ask: () => Promise<ComplexityReply>): Promise<ComplexityReply | null> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  /** The measure that the sentence is of. */
  #measure({ pieces, constant, slope, resolved }: ComplexityReply): string | null {
    if (constant) return null;
    if (pieces !== null) return "regions";
    return slope !== null && resolved ? "total_variation" : null;
  }

  #say(said: Sentence | null, why: string): void {
    const [before, number, after] = said ?? ["", "", ""];
    this.element.classList.remove("counting", "going-on");
    this.element.title = said === null ? "" : why;
    this.#said.replaceChildren(before, ...(number === "" ? [] : [el("b", {}, number)]), after);
  }
}

const KEPT = 20;

/** The units of the layer that a network stands beside: as many as it has. null where it has one layer itself, or where
 * no such layer is of its kind, as of a file, of kernels that read several pixels. */
function unitsBeside({ counts, facts, layers, pointwise }: FieldReply): number | null {
  return counts !== null && facts.changes.includes("arch") && pointwise && layers.length > 1 ? counts.units : null;
}

function keyOf(arch: string, { act, norm, init, inputs, out, out_act, seed }: PaneState, { x, y, w, h }: Rectangle): string {
  return JSON.stringify([arch, act, norm, init, inputs, out, out_act, seed, x, y, w, h]);
}
