// The parts of the panel that are folded: which are open is kept for as long as the page's window stays.
import { el } from "./dom.ts";

const KEPT = "netwarp.folds";

export interface Folds {
  group(name: string, title: string, ...rows: HTMLElement[]): HTMLDetailsElement;
  /** opens those that hold one of these controls: a lesson speaks of it, or what is wrong is said of it */
  reveal(controls: readonly string[]): void;
}

export function folding(): Folds {
  const open = new Set(kept());
  const all: HTMLDetailsElement[] = [];
  const keepAll = () => { keep(all.filter((one) => one.open).map((one) => one.dataset["fold"] ?? "")); };
  // a fold tells of itself a task later than it opens: a page that is left before that keeps it here
  window.addEventListener("pagehide", keepAll);
  return {
    reveal: (controls) => {
      for (const one of all) {
        const held = [...one.querySelectorAll<HTMLElement>("[data-control]")].map((each) => each.dataset["control"] ?? "");
        if (held.some((name) => controls.includes(name))) one.open = true;
      }
    },
    group: (name, title, ...rows) => {
      const made = el("details", { class: "fold", open: open.has(name), data: { fold: name } }, el("summary", {}, title), ...rows);
      made.addEventListener("toggle", keepAll);
      all.push(made);
      return made;
    },
  };
}

// a frame of another page may have no storage: asking for it throws
function kept(): string[] {
  try {
    return (sessionStorage.getItem(KEPT) ?? "").split(" ").filter((one) => one !== "");
  } catch {
    return [];
  }
}

function keep(names: readonly string[]): void {
  try {
    sessionStorage.setItem(KEPT, names.join(" "));
  } catch {
    // then it is kept until the page is loaded anew
  }
}
