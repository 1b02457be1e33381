// The address always says what is seen. One entry of the browser's history a gesture: pushed with the gesture's first
// change and replaced while it goes on, so that Back undoes whole gestures.
import type { PageState } from "../server.ts";
import { fromQuery, toQuery } from "../state.ts";

// browsers refuse more than about three a second
const PAUSE = 350;

export interface History {
  note(state: PageState, ended: boolean): void;
}

export function history(back: (state: PageState) => void): History {
  let [within, timer, last] = [false, 0, location.search];
  let latest: string | null = null;
  const write = (): void => {
    clearTimeout(timer);
    timer = 0;
    if (latest === null || latest === last) return;
    window.history.replaceState(null, "", latest);
    last = latest;
  };
  addEventListener("popstate", () => {
    clearTimeout(timer);
    [within, timer, last, latest] = [false, 0, location.search, null];
    back(fromQuery(location.search));
  });
  return {
    note: (state, ended) => {
      const query = toQuery(state);
      latest = query === "" ? location.pathname : `?${query}`;
      if (latest !== last) {
        if (!within) {
          window.history.pushState(null, "", latest);
          last = latest;
          within = true;
        } else if (ended) write();
        else if (timer === 0) timer = window.setTimeout(write, PAUSE);
      }
      if (ended) within = false;
    },
  };
}
