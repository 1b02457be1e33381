// Lessons: an address may hide controls, lock them, and strip the page for a frame in another.
import type { PageState, PaneState } from "../server.ts";
import { KEYS } from "../state.ts";
import { SAID } from "../words/index.ts";

/** What a control changes, where that is not the key of its own name. */
export const KEYS_OF: Readonly<Record<string, keyof PaneState>> = {
  depth: "arch", width: "arch", scale: "norm", shift: "norm", slice_x: "slice", slice_y: "slice", slice_rest: "slice",
};
// and what a locked one would change besides
const CHANGES: Readonly<Record<string, keyof PaneState>> = { ...KEYS_OF, zoo: "arch", unit: "bred" };

/** Whether a control keeps a value, which a lesson may lock; others can be hidden alone. */
export function locks(control: string): boolean {
  return Object.hasOwn(CHANGES, control) || KEYS.some((key) => key === control);
}

export function lesson({ hide, lock, embed }: PageState): void {
  document.body.classList.toggle("embed", embed);
  // style sheets hide what is made anew with every picture
  document.body.dataset["hide"] = hide.join(" ");
  for (const element of document.querySelectorAll<HTMLElement>("[data-control]")) {
    const name = element.dataset["control"] ?? "";
    element.hidden = hide.includes(name);
    const locked = lock.includes(name);
    element.classList.toggle("locked", locked);
    // inert leaves it to be read, and takes it from pointer and keys
    element.inert = locked;
    if (locked) element.title = SAID.lesson.locked;
    else if (element.title === SAID.lesson.locked) element.removeAttribute("title");
  }
}

/** A state as it may become: what is locked stays as it is. */
export function unlocked(next: PaneState, now: PaneState, lock: readonly string[]): PaneState {
  const kept = new Set(lock.map((name) => CHANGES[name] ?? name));
  return { ...next, ...Object.fromEntries(KEYS.filter((key) => kept.has(key)).map((key) => [key, now[key]])) };
}
