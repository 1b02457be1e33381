// Beside a notebook's frame, with a kernel or without: tells the frame the notebook's theme, and makes it as high as it is.
import { framesOf, NAMED, saidBy, tell } from "./alone/frame.ts";
import { onTheme, themeAround } from "./alone/theme.ts";

// once a page, however many frames there are
const page = window as unknown as { netwarpHost?: true };
if (page.netwarpHost === undefined) {
  page.netwarpHost = true;
  const dress = (frame: HTMLIFrameElement): void => { tell(frame, { netwarp: "theme", theme: themeAround(frame.parentElement ?? frame) }); };
  window.addEventListener("message", (event) => {
    const found = saidBy(event);
    if (found?.said.kind === "ready") dress(found.frame);
    if (found?.said.kind === "height") found.frame.style.height = `${Math.ceil(found.said.height)}px`;
  });
  onTheme(() => { framesOf(NAMED).forEach(dress); }, new AbortController().signal);
}
