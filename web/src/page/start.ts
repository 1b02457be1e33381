// Opens the page at its address, in front of a back end; and what it offers tests and lessons.
import type { Link } from "../link.ts";
import { fromQuery, page, StateError } from "../state.ts";
import { App } from "./app.ts";
import { leftOut, watchPresses } from "./dom.ts";
import { fromNote, pageOf } from "./lessons/note.ts";

/** `more` of the functions of window.netwarp than every back end has. */
export function start(link: Link, more: object = {}): void {
  watchPresses();
  // the founding picture behind the gallery: never a blank page
  let state = page();
  let fresh = location.search === "";
  try {
    if (!fresh) {
      const found = fromQuery(location.search);
      state = found.state;
      leftOut(found.lost);
    }
    // a page that was written with a lesson opens on it
    const note = document.body.dataset["lesson"] ?? "";
    if (fresh && note !== "") {
      state = pageOf(fromNote(note), 1, note);
      fresh = false;
    }
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    fresh = false;
    leftOut([error.message]);
  }
  const app = new App(link, state, fresh);
  Object.assign(globalThis, {
    netwarp: {
      /** settles when what is asked for now is drawn, and its cells are; measures may still come */
      get ready(): Promise<void> {
        return app.ready();
      },
      pixels: (pane = 0) => app.pixels(pane),
      ...more,
    },
  });
}
