// The single HTML file: what its page brings along, shown.
import type { ViewerData } from "./server.ts";
import { mount } from "./alone/mount.ts";

const root = document.getElementById("viewer");
const text = document.getElementById("data")?.textContent;
const poster = root?.querySelector("img")?.src;
if (root && text && poster) {
  // for the page's own console, and for tests
  Object.assign(globalThis, { netwarp: mount(root, { ...(JSON.parse(text) as Omit<ViewerData, "poster">), poster } as ViewerData) });
}
