// What the diagram shows of a pane: its layers at once, and their pictures once nothing moves.
import { type Link, Refused } from "../../link.ts";
import type { Reply } from "../../protocol.ts";
import { networkOf } from "../../state.ts";
import { whole } from "../facts.ts";
import { Once } from "../once.ts";
import type { Pane } from "../pane.ts";
import { type Diagram, thumbSize } from "./diagram.ts";

export class Inside {
  readonly #diagram: Diagram;
  readonly #link: Link;
  readonly #thumbs = new Once<Reply<"strip">>();
  // what its pictures are of
  #subject = "";

  constructor(diagram: Diagram, link: Link) {
    this.#diagram = diagram;
    this.#link = link;
  }

  /** The layers of a pane's network, and which of their units is on the stage. */
  of(pane: Pane): void {
    if (pane.field !== null && subjectOf(pane) !== this.#subject) this.#diagram.layers(pane.field);
    this.#diagram.mark(pane.state.show, whole(pane.state, pane.field));
  }

  /** The pictures, where they are others than those that are shown. */
  async look(pane: Pane): Promise<void> {
    const subject = subjectOf(pane);
    if (subject === this.#subject) return;
    try {
      this.#diagram.fill(await this.#thumbs.get([subject, pane], () => this.#link.ask("strip", pane.index, { ...pane.rectangle(), size: thumbSize() })));
      this.#subject = subject;
    } catch (error) {
      if (error instanceof Refused) this.#diagram.refuse(error.message);
    }
  }

  forget(): void {
    this.#subject = "";
  }
}

function subjectOf(pane: Pane): string {
  return networkOf(pane.state) + JSON.stringify(pane.rectangle());
}
