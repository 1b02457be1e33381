// The address always says what is seen. One entry of the browser's history a gesture: pushed with the gesture's first
// change and replaced while it goes on, so that Back undoes whole gestures.
import type { PageState } from "../server.ts";
import { fromQuery, toQuery } from "../state.ts";

// browsers refuse more than about three a second
const PAUSE = 350;

export interface History {
  /** `own` where no gesture has brought it about: it is what the page makes of the address that it was opened with, went
   * back to or was given, and takes that one's place. */
  note(state: PageState, ended: boolean, own: boolean): void;
}

export function history(back: (state: PageState) => void): History {
  let [within, timer, last] = [false, 0, location.search];
  let latest: string | null = null;
  const write = (): void => {
    clearTimeout(timer);
    timer = 0;
    if (latest === null || latest === last) return;
    enter("replaceState", latest);
    last = latest;
  };
  addEventListener("popstate", () => {
    clearTimeout(timer);
    [within, timer, last, latest] = [false, 0, location.search, null];
    back(fromQuery(location.search).state);
  });
  return {
    note: (state, ended, own) => {
      latest = `?${toQuery(state)}`;
      if (own) write();
      else if (latest !== last) {
        if (!within) {
          enter("pushState", latest);
          last = latest;
          within = true;
        } else if (ended) write();
        else if (timer === 0) timer = window.setTimeout(write, PAUSE);
      }
      if (ended) within = false;
    },
  };
}

/** How many gestures lie before what is shown: as many steps back stay on this page. */
function depth(): number {
  return (window.history.state as { depth?: number } | null)?.depth ?? 0;
}

/** Takes back the last gesture, or does one again that was taken back. */
export function undo(again: boolean): void {
  if (again) window.history.forward();
  else if (depth() > 0) window.history.back();
}

/** A frame of its own origin has no history to write to: then the address stays as it is. */
function enter(how: "pushState" | "replaceState", address: string): void {
  try {
    window.history[how]({ depth: depth() + (how === "pushState" ? 1 : 0) }, "", address);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
