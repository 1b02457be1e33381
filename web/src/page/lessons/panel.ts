// The lesson that is shown: its question, the step's words, and the way on.
import type { PageState } from "../../server.ts";
import { bare } from "./note.ts";
import { fromQuery, toQuery } from "../../state.ts";
import { byId, el } from "../dom.ts";
import type { Lesson } from "./note.ts";
import { inline, words } from "./words.ts";
import { LESSONS } from "../../words/lessons.ts";

export interface Panel {
  /** null where no lesson is shown */
  fill(lesson: Lesson | null, state: PageState): void;
}

export function panel(asks: { go: (step: number) => void; leave: () => void; print: () => void }): Panel {
  const element = byId("lesson");
  let [step, shown] = [1, ""];
  const narrow = matchMedia("(max-width: 46rem)");
  let latest: [Lesson | null, PageState] | null = null;
  narrow.addEventListener("change", () => { if (latest !== null) made.fill(...latest); });
  const title = el("h2", { id: "lesson-title" });
  const question = el("p", { class: "question" });
  const said = el("div", { class: "words", aria: { live: "polite" } });
  const place = el("span", { class: "soft" });
  const way = (text: string, act: () => void): HTMLButtonElement => el("button", { type: "button", on: { click: act } }, text);
  const back = way(LESSONS.back, () => { asks.go(step - 1); });
  const next = way(LESSONS.next, () => { asks.go(step + 1); });
  const again = way(LESSONS.again, () => { asks.go(step); });
  const print = way(LESSONS.print, asks.print);
  const leave = way(LESSONS.leave, asks.leave);
  const on = el("p", { class: "onward" }, back, place, next, again);
  element.append(title, question, said, on, el("p", { class: "onward" }, print, leave));
  const made: Panel = {
    fill: (lesson, state) => {
      latest = [lesson, state];
      element.hidden = lesson === null;
      document.body.classList.toggle("taught", lesson !== null);
      // in a frame of another page there is no panel, and on a phone it is far below: the words stand under the picture
      const home = state.embed || narrow.matches ? document.querySelector(".desk") : document.querySelector(".panel");
      if (element.parentElement !== home) home?.prepend(element);
      if (lesson === null) {
        shown = "";
        return;
      }
      const all = lesson.steps.length;
      step = Math.min(state.step, all);
      const now = lesson.steps[step - 1];
      again.hidden = now === undefined || toQuery(bare(fromQuery(now.address).state)) === toQuery(bare(state));
      const key = `${state.note} ${step}`;
      if (key === shown) return;
      shown = key;
      title.textContent = lesson.title;
      question.replaceChildren(...inline(lesson.question));
      question.hidden = lesson.question === "";
      said.replaceChildren(...words(now?.words ?? ""));
      place.textContent = LESSONS.step(step, all);
      for (const one of [back, place, next]) one.hidden = all === 1;
      const caption = all === 1 && lesson.question === "";
      print.hidden = caption;
      leave.textContent = caption ? LESSONS.close : LESSONS.leave;
      // the one that had the focus keeps it, and says that it leads nowhere
      back.setAttribute("aria-disabled", String(step === 1));
      next.setAttribute("aria-disabled", String(step === all));
    },
  };
  return made;
}
