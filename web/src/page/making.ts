// Files that the page makes by itself: each is there, with its true size, as soon as it is made.
import type { Link, Made, Wanted } from "../link.ts";
import type { PaneState } from "../server.ts";
import { afterPress, el } from "./dom.ts";
import { bytesText, secondsText } from "./quantities.ts";
import { SAID } from "../words/index.ts";

/** A line of the menu. */
export interface Line {
  readonly format: string;
  readonly link: HTMLAnchorElement;
  readonly cost: HTMLElement;
}

interface Asks {
  pane(): PaneState;
  json(): string;
}

const FORMATS: readonly string[] = ["png", "svg", "npz", "json"] satisfies Wanted["format"][];

/** Whether the page makes files of this format by itself, or says which command does. */
export function isMade(format: string): format is Wanted["format"] {
  return FORMATS.includes(format);
}

/** Fills the lines, one after the other; `stale` says that they are wanted of another size by now. */
export class Making {
  readonly #make: NonNullable<Link["make"]>;
  readonly #asks: Asks;

  constructor(make: NonNullable<Link["make"]>, asks: Asks) {
    this.#make = make;
    this.#asks = asks;
  }

  async fill(lines: readonly Line[], columns: number, rows: number, stale: () => boolean): Promise<void> {
    const pane = this.#asks.pane();
    // what was pressed before it was there
    const pressed = new Set<Line>();
    for (const line of lines) awaited(line, () => { pressed.add(line); });
    // what is there at once goes before what takes long
    for (const format of ["json", "npz", "svg", "png"] as const) {
      const line = lines.find((one) => one.format === format);
      if (line === undefined) continue;
      const wanted: Wanted = { format, columns, rows };
      try {
        const made = await this.#make(pane, wanted, false);
        if (stale()) return;
        const bytes = format === "json" ? new TextEncoder().encode(this.#asks.json()) : made.bytes;
        if (bytes !== null) offer(line, { ...made, bytes });
        else wait(line, made.seconds, () => this.#make(pane, wanted, true), stale);
        if (pressed.has(line)) line.link.click();
      } catch (error) {
        if (stale()) return;
        refuse(line, (error as Error).message);
      }
    }
  }
}

/** There is nothing to take yet, and the line says `text`: it is found by keys all the same, as what leads nowhere. */
function reset({ link, cost }: Line, text: string): void {
  URL.revokeObjectURL(link.href);
  link.removeAttribute("href");
  link.tabIndex = 0;
  link.role = "link";
  link.ariaDisabled = "true";
  link.onclick = link.onkeydown = null;
  // the menu must not move under a press
  afterPress(() => { cost.textContent = text; });
}

/** A press is kept until the file is there. */
function awaited(line: Line, press: () => void): void {
  const { link, cost } = line;
  reset(line, "\u2026");
  link.ariaDisabled = null;
  const keep = (): void => {
    press();
    afterPress(() => { cost.textContent = SAID.download.making; });
  };
  link.onclick = keep;
  link.onkeydown = (event) => { if (event.key === "Enter") keep(); };
}

function enable({ link }: Line): void {
  link.removeAttribute("tabindex");
  link.removeAttribute("role");
  link.ariaDisabled = null;
}

function offer(line: Line, { name, bytes }: Made): void {
  if (bytes === null) return;
  reset(line, bytesText(bytes.length));
  enable(line);
  line.link.href = URL.createObjectURL(new Blob([bytes]));
  line.link.download = name;
}

/** It is made when somebody asks for it. */
function wait(line: Line, seconds: number, make: () => Promise<Made>, stale: () => boolean): void {
  reset(line, SAID.download.takes(secondsText(seconds)));
  enable(line);
  line.link.href = "#";
  line.link.onclick = (event) => {
    event.preventDefault();
    reset(line, SAID.download.making);
    make().then(
      (made) => {
        if (stale()) return;
        offer(line, made);
        line.link.click();
      },
      (error: unknown) => { refuse(line, (error as Error).message); },
    );
  };
}

/** What is said against it; after the last ": " stands the command that does it. */
function refuse(line: Line, message: string): void {
  reset(line, "");
  const at = message.lastIndexOf(": netwarp ");
  const command = at < 0 ? null : message.slice(at + 2);
  const parts = command === null ? [message] : [`${message.slice(0, at)}: `, el("code", {}, command)];
  afterPress(() => { line.cost.replaceChildren(...parts); });
}
