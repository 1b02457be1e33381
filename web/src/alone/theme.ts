// Whether what surrounds a picture is light or dark: a notebook has a theme of its own, whatever the system's is.
import type { Theme } from "./frame.ts";

const OPAQUE = 0.5;
// a notebook loads a theme's colours some time after it has said which one it is
const LATER = [0, 300, 1200];

/** By the first background behind the element that hides what is behind it; the system's where there is none. */
export function themeAround(element: Element): Theme {
  for (let one: Element | null = element; one !== null; one = one.parentElement) {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (/^rgba?\((.*)\)$/.exec(getComputedStyle(one).backgroundColor)?.[1] ?? "0,0,0,0").split(/[\s,/]+/).map(Number);
    if (alpha >= OPAQUE) return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128 ? "dark" : "light";
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Calls whenever the theme may have changed, until the signal. */
export function onTheme(act: () => void, signal: AbortSignal): void {
  const soon = (): void => {
    for (const wait of LATER) setTimeout(() => { if (!signal.aborted) act(); }, wait);
  };
  const watch = new MutationObserver(soon);
  for (const one of [document.documentElement, document.body]) watch.observe(one, { attributes: true });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", soon, { signal });
  signal.addEventListener("abort", () => { watch.disconnect(); });
  soon();
}
