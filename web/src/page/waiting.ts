// How long the page waits for what it draws, said: a server that hangs must not look like one that is done.
import type { Link } from "../link.ts";

/** "" while nothing is late. */
export type Late = "" | "late" | "hung";

const [LATE, HUNG] = [300, 5000];

/** The same Link; `tell` hears when an answer that a picture needs is late, and when none is any more. */
export function waited(link: Link, tell: (late: Late) => void): Link {
  const since = new Set<{ start: number }>();
  let [timer, told]: [number, Late] = [0, ""];
  const look = (): void => {
    clearTimeout(timer);
    const oldest = Math.min(...[...since].map((one) => one.start));
    const spent = performance.now() - oldest;
    const late = since.size === 0 || spent < LATE ? "" : spent < HUNG ? "late" : "hung";
    if (late !== told) tell(late);
    told = late;
    if (since.size > 0 && late !== "hung") timer = window.setTimeout(look, (late === "" ? LATE : HUNG) - spent + 1);
  };
  return {
    ...link,
    ask: (kind, pane, what) => {
      const answer = link.ask(kind, pane, what);
      if (kind !== "open" && kind !== "view") return answer;
      const one = { start: performance.now() };
      since.add(one);
      look();
      const end = (): void => {
        since.delete(one);
        look();
      };
      answer.then(end, end);
      return answer;
    },
  };
}
