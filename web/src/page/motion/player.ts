// What plays: one thing at a time, a picture at a time. Where it is follows the clock, so that a picture that is late costs
// those after it and never piles up.
import { NETWORK, type PaneState } from "../../server.ts";
import { KEYS } from "../../state.ts";
import { still } from "../../view/still.ts";
import type { Pane } from "../pane.ts";

/** What can play. `tick` gives the sentence that it stops with, or null while it goes on. */
export interface Thing {
  readonly name: string;
  /** whether it goes on with pictures that it asks for, and not with the screen's frames alone */
  readonly asks: boolean;
  /** `framed` where a frame of the screen has come, else a picture has */
  tick(seconds: number, now: number, framed: boolean): string | null;
  /** it is paused, at what it shows */
  end(): void;
}

// pictures a second: where a graphics processor draws them, and where none does
const RATES = { gpu: 60, other: 30 } as const;
// milliseconds: one that is longer was not spent playing, as behind another tab
const LONGEST = 1000;
// milliseconds: half a frame of a display, whose frames and the pace of pictures share no divisor
const EARLY = 8;
// milliseconds until a picture that does not come is given up
const PATIENCE = 5000;
// milliseconds of one picture where motion is unwelcome
const SLOW = 1000;

export class Player {
  /** how many times the usual pace */
  pace = 1;
  #thing: Thing | null = null;
  #frame = 0;
  #last = 0;
  readonly #told: (playing: string | null, sentence: string) => void;

  constructor(told: (playing: string | null, sentence: string) => void) {
    this.#told = told;
  }

  get playing(): string | null {
    return this.#thing?.name ?? null;
  }

  start(thing: Thing): void {
    this.pause();
    this.#thing = thing;
    this.#last = performance.now();
    this.#told(thing.name, "");
    this.#frame = requestAnimationFrame(this.#next);
  }

  pause(sentence = ""): void {
    const thing = this.#thing;
    if (thing === null) return;
    cancelAnimationFrame(this.#frame);
    this.#thing = null;
    thing.end();
    this.#told(null, sentence);
  }

  /** A picture was drawn: what asks for the next one need not wait for the screen. Where nobody sees it nothing goes on. */
  drawn(): void {
    if (this.#thing?.asks === true && !document.hidden) this.#tick(performance.now(), false);
  }

  #next = (now: number): void => {
    this.#tick(now, true);
    if (this.#thing !== null) this.#frame = requestAnimationFrame(this.#next);
  };

  #tick(now: number, framed: boolean): void {
    // a frame's time is when it began, which may be before a picture came
    const spent = Math.min(LONGEST, Math.max(0, now - this.#last)) / 1000;
    this.#last = Math.max(this.#last, now);
    const sentence = this.#thing?.tick(spent * this.pace, now, framed) ?? null;
    if (sentence !== null) this.pause(sentence);
  }
}

interface Played {
  pane: Pane;
  change(patch: Partial<PaneState>, ended: boolean): void;
}

/** A number of the network that plays: each picture is asked for when the one before is there. */
export class Numbers implements Thing {
  readonly asks = true;
  #seconds = 0;
  #asked = -Infinity;
  #waiting = false;
  #drawn = -1;

  constructor(readonly name: string, private readonly track: { at(seconds: number): Partial<PaneState>; step: number }, private readonly to: Played) {}

  tick(seconds: number, now: number, framed: boolean): string | null {
    const { pane } = this.to;
    if (pane.refusal !== null) return pane.refusal.error.message;
    const slow = still();
    if (!slow) this.#seconds += seconds;
    if (this.#waiting && this.#shown() && pane.pictures !== this.#drawn) this.#waiting = false;
    if (this.#waiting && now - this.#asked < PATIENCE) return null;
    const most = slow ? SLOW : 1000 / RATES[pane.view.latest?.way === "gpu" ? "gpu" : "other"];
    if (now - this.#asked < most - (framed ? EARLY : 0)) return null;
    if (slow) this.#seconds += this.track.step;
    const patch = this.track.at(this.#seconds);
    // nothing comes of what is so already
    if (KEYS.every((key) => patch[key] === undefined || patch[key] === pane.draft[key])) return null;
    this.#asked = now;
    this.#waiting = true;
    this.#drawn = pane.pictures;
    pane.view.moving = true;
    this.to.change(patch, false);
    return null;
  }

  end(): void {
    this.to.pane.view.moving = false;
    this.to.change({}, true);
  }

  #shown(): boolean {
    const { draft, state } = this.to.pane;
    return NETWORK.every((key) => draft[key] === state[key]);
  }
}
