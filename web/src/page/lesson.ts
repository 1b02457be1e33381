// Lessons: an address may hide controls, lock them, and strip the page for a frame in another.
import type { PageState } from "../protocol.ts";

export function lesson({ hide, lock, embed }: PageState): void {
  document.body.classList.toggle("embed", embed);
  for (const element of document.querySelectorAll<HTMLElement>("[data-control]")) {
    const name = element.dataset["control"] ?? "";
    if (hide.includes(name)) element.hidden = true;
    if (lock.includes(name)) locked(element);
  }
}

function locked(element: HTMLElement): void {
  element.classList.add("locked");
  // inert leaves it to be read, and takes it from pointer and keys
  element.inert = true;
  element.title = "locked in this lesson";
}
