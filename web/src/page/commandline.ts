// The command line of a network that is evaluated on fewer pixels here than the command evaluates it on.
import type { Link } from "../link.ts";
import type { PaneState } from "../server.ts";
import { page } from "../state.ts";
import { Once } from "./once.ts";

export class CommandLine {
  readonly #link: Link;
  readonly #index: number;
  readonly #asked = new Once<{ of: string; line: string }>();
  // of a state, as JSON
  #known = { of: "", line: "" };

  constructor(link: Link, index: number) {
    this.#link = link;
    this.#index = index;
  }

  /** The line that draws what is seen; empty until it is known. */
  of(seen: PaneState): string {
    return this.#known.of === JSON.stringify(seen) ? this.#known.line : "";
  }

  async take(seen: PaneState): Promise<void> {
    const of = JSON.stringify(seen);
    this.#known = await this.#asked.get([of], async () => ({ of, line: (await this.#link.ask("share", this.#index, { state: page(seen) })).cli }));
  }
}
