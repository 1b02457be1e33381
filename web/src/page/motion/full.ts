// The picture alone, on the whole screen where the browser gives one: what is around it goes, and what is over it fades.

const FADE = 2500;

/** Enters and leaves. Where the browser has no full screen, as in a frame that must not, the picture has all of the page. */
export function fullScreen(changed: (on: boolean) => void): () => void {
  let timer = 0;
  const on = (): boolean => document.body.classList.contains("full");
  const wake = (): void => {
    document.body.classList.remove("faded");
    clearTimeout(timer);
    if (on()) timer = window.setTimeout(() => { document.body.classList.add("faded"); }, FADE);
  };
  const set = (full: boolean): void => {
    if (full === on()) return;
    document.body.classList.toggle("full", full);
    wake();
    changed(full);
  };
  document.addEventListener("fullscreenchange", () => {
    if (document.fullscreenElement === null) set(false);
  });
  for (const kind of ["pointermove", "pointerdown", "keydown", "focusin"]) addEventListener(kind, wake, { passive: true });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !on() || event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
    leave();
  });
  const leave = (): void => {
    set(false);
    if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => undefined);
  };
  return () => {
    if (on()) {
      leave();
      return;
    }
    set(true);
    // a refusal leaves what the page itself can do
    const root = document.documentElement as { requestFullscreen?: () => Promise<void> };
    root.requestFullscreen?.().catch(() => undefined);
  };
}
