// Lessons on the page: the one that is shown, those that there are, and the sheet that makes another.
import type { PageState, PaneState } from "../../server.ts";
import { networkOf, StateError, toQuery } from "../../state.ts";
import { dialog, el, leftOut } from "../dom.ts";
import { printed, type Shown } from "./handout.ts";
import { maker } from "./make.ts";
import { bare, fromData, fromNote, isLesson, type Lesson, pageOf } from "./note.ts";
import { panel } from "./panel.ts";
import { shipped } from "./shipped.ts";
import { inline } from "./words.ts";
import { LESSONS } from "../../words/lessons.ts";

export interface Lessons {
  /** after every change of what is shown */
  fill(state: PageState): void;
  /** those that there are */
  open(): void;
  /** the page of a lesson's file; null of any other text */
  read(text: string): PageState | null;
  /** whether a lesson is shown, and not one sentence of a card */
  readonly teaching: boolean;
  /** of the step that is shown; empty where there is no lesson */
  readonly words: string;
  /** A state as it goes on: a card's sentence is of its network alone, and goes with the first that is asked for. */
  kept(state: PageState, asked: readonly PaneState[]): PageState;
}

export function lessons(asks: {
  now: () => PageState;
  seen: () => PageState;
  take: (state: PageState) => void;
  /** as `take`, without a step of the history */
  visit: (state: PageState) => void;
  ready: () => Promise<void>;
  pictures: () => Shown;
  address: (query: string) => string;
}): Lessons {
  let [note, lesson]: [string, Lesson | null] = ["", null];
  const go = (step: number, take = asks.take): void => {
    if (lesson === null || step < 1 || step > lesson.steps.length) return;
    take({ ...pageOf(lesson, step, note), embed: asks.now().embed });
  };
  const shown = panel({
    go: (step) => { go(step); },
    leave: () => { asks.take({ ...asks.now(), note: "", step: 1, hide: [], lock: [] }); },
    print: () => void handout(),
  });
  const make = maker({ seen: asks.seen, take: asks.take, address: asks.address });
  const how = el("p", { aria: { role: "status" } });
  const drawing = dialog("drawing-handout", LESSONS.print, how);
  const handout = async (): Promise<void> => {
    const [kept, before] = [lesson, asks.now()];
    if (kept === null) return;
    // nothing else is done to the page meanwhile; closing this leaves the handout
    drawing.showModal();
    try {
      await printed(kept, asks.address(toQuery(pageOf(kept, 1, note))), async (step) => {
        how.textContent = LESSONS.printing(step, kept.steps.length);
        go(step, asks.visit);
        await asks.ready();
        return drawing.open ? asks.pictures() : null;
      });
    } finally {
      drawing.close();
      asks.visit(before);
    }
  };
  const change = el("button", { type: "button", on: { click: () => { list.close(); make.show(lesson); } } });
  const file = el("input", { id: "lesson-file", type: "file", accept: ".json" });
  const wrong = el("p", { class: "error", aria: { role: "alert" } });
  const read = (text: string): PageState | null => {
    const trimmed = text.trim();
    if (!trimmed.startsWith("{")) return null;
    let data: unknown;
    try {
      data = JSON.parse(trimmed);
    } catch {
      return null;
    }
    return isLesson(data) ? pageOf(fromData(data), 1) : null;
  };
  file.addEventListener("change", () => {
    const [one] = file.files ?? [];
    void one?.text().then((text) => {
      try {
        const found = read(text);
        if (found === null) throw new StateError(LESSONS.noFile);
        list.close();
        asks.take(found);
      } catch (error) {
        wrong.textContent = (error as Error).message;
      }
      file.value = "";
    });
  });
  const card = (one: Lesson): HTMLElement =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "card", on: { click: () => { list.close(); asks.take(pageOf(one, 1)); } } },
        el("span", { class: "card-title" }, one.title),
        el("span", { class: "card-text" }, ...inline(one.question)),
      ),
    );
  const cards = el("ul", { class: "lesson-list" });
  const list = dialog(
    "lessons",
    LESSONS.title,
    el("p", { class: "lead" }, LESSONS.lead),
    cards,
    el("div", { class: "buttons" }, change, el("label", { class: "file", htmlFor: file.id }, LESSONS.open), file),
    wrong,
  );
  return {
    read,
    get teaching() {
      return lesson !== null && !isCaption(lesson);
    },
    get words() {
      return lesson?.steps[Math.min(asks.now().step, lesson.steps.length) - 1]?.words ?? "";
    },
    kept: (state, asked) => {
      if (lesson === null || state.note !== note || !isCaption(lesson) || networks(pageOf(lesson, 1, note).panes) === networks(asked)) return state;
      return { ...state, note: "", step: 1 };
    },
    open: () => {
      wrong.textContent = "";
      change.textContent = lesson === null ? LESSONS.make : LESSONS.change;
      // a page that is opened waits for none of them
      if (cards.childElementCount === 0) cards.append(...shipped().map(card));
      list.showModal();
    },
    fill: (state) => {
      if (state.note !== note) {
        note = state.note;
        lesson = null;
        try {
          lesson = note === "" ? null : fromNote(note);
        } catch (error) {
          if (!(error instanceof StateError)) throw error;
          leftOut([error.message]);
        }
      }
      shown.fill(lesson, state);
    },
  };
}

/** A card's state with its sentence, which stays with the picture. */
export function captioned(state: PageState, title: string, sentence: string): PageState {
  return pageOf({ title, question: "", steps: [{ words: sentence, address: toQuery(bare(state)) }] }, 1);
}

function isCaption({ question, steps }: Lesson): boolean {
  return question === "" && steps.length === 1;
}

function networks(panes: readonly PaneState[]): string {
  return JSON.stringify(panes.map(networkOf));
}
