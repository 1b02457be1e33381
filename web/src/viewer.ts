// The single HTML file: what its page brings along, shown. In a notebook's frame it listens to the notebook, if one speaks.
import type { Heard, Said } from "./alone/frame.ts";
import { stand } from "./alone/stand.ts";
import type { ViewerData } from "./server.ts";

const root = document.getElementById("viewer");
const text = document.getElementById("data")?.textContent;
const poster = root?.querySelector("img")?.src;
if (root && text && poster) {
  const data = { ...(JSON.parse(text) as Omit<ViewerData, "poster">), poster } as ViewerData;
  const framed = window.parent !== window;
  type Words = Said extends infer One ? (One extends Said ? Omit<One, "netwarp"> : never) : never;
  const say = (words: Words): void => {
    if (framed) window.parent.postMessage({ ...words, netwarp: window.name }, "*");
  };
  const shown = stand(root, data, {
    moved: (view) => { say({ kind: "moved", view }); },
    asked: (patch) => { say({ kind: "asked", patch }); },
  });
  if (framed) {
    window.addEventListener("message", (event: MessageEvent<Heard | null>) => {
      const heard = event.source === window.parent ? event.data : null;
      if (heard?.netwarp === "theme") document.documentElement.dataset["theme"] = heard.theme;
      else if (heard?.netwarp === "show") {
        for (const [where, text] of [["h1", heard.data.title], [".about", heard.about]] as const) {
          const element = document.querySelector(where);
          if (element) element.textContent = text;
        }
        shown.show(heard.data);
      } else if (heard?.netwarp === "look") shown.look(heard.view);
      else if (heard?.netwarp === "controls") shown.controls(heard.controls, heard.problem);
    });
    new ResizeObserver(() => { say({ kind: "height", height: document.documentElement.getBoundingClientRect().height }); }).observe(document.body);
    say({ kind: "ready", turn: data.turn ?? 0 });
  }
  // for the page's own console, and for tests
  Object.defineProperty(globalThis, "netwarp", { get: shown.mounted });
}
