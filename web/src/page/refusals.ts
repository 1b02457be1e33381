// What is said against the pane in hand, or against the file that was dropped last.
import { Refused } from "../link.ts";
import { type Controls, ofTexts } from "./controls.ts";
import { afterPress, byId } from "./dom.ts";
import type { Pane } from "./pane.ts";
import type { Refusal } from "./paneevents.ts";
import type { UnitPanel } from "./unit/panel.ts";

export class Refusals {
  readonly #pane: () => Pane;
  readonly #controls: Controls;
  readonly #unit: UnitPanel;
  readonly #element = byId("refused");
  #dropped: Refusal | null = null;

  constructor(pane: () => Pane, controls: Controls, unit: UnitPanel) {
    this.#pane = pane;
    this.#controls = controls;
    this.#unit = unit;
  }

  /** A file that cannot be read. */
  file(message: string): void {
    this.#dropped = { error: new Refused(message), about: "file", arch: "", slice: "" };
    this.say();
  }

  /** A file that could not be read is spoken of until the next thing is done. */
  forget(): void {
    if (this.#dropped === null) return;
    this.#dropped = null;
    this.say();
  }

  say(): void {
    if (this.#dropped === null && this.#unit.refused(this.#pane())) return;
    const refusal = this.#dropped ?? this.#pane().refusal;
    document.body.classList.toggle("refused", this.#dropped === null && refusal !== null);
    const own = refusal !== null && ofTexts(refusal);
    if (own) this.#controls.refuse(refusal);
    else this.#controls.accept();
    const key = refusal?.error.key ?? null;
    if (key !== null) this.#controls.reveal([key]);
    const elsewhere = refusal === null || own ? "" : refusal.error.message;
    afterPress(() => {
      this.#element.hidden = elsewhere === "";
      this.#element.textContent = elsewhere;
    });
  }
}
