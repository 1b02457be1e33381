// The sheet that makes a lesson: steps of what is seen, with words, and what of the page is hidden and locked.
import { MOST_STEPS, type PageState } from "../../server.ts";
import { fromQuery, StateError, toQuery } from "../../state.ts";
import { dialog, el, keep } from "../dom.ts";
import { locks } from "../lesson.ts";
import { copied } from "../share.ts";
import { code, uncoded } from "./code.ts";
import { bare, fromNote, type Lesson, LONGEST, pageOf, toData } from "./note.ts";
import { LESSONS } from "../../words/lessons.ts";

const { sheet: SAID } = LESSONS;

interface Draft {
  words: string;
  state: PageState;
}

export interface Maker {
  /** With the steps of a lesson, or with those of the last time. */
  show(lesson: Lesson | null): void;
}

export function maker(asks: { seen: () => PageState; take: (state: PageState) => void; address: (query: string) => string }): Maker {
  let steps: Draft[] = [];
  const title = el("input", { id: "lesson-name", maxLength: LONGEST.title });
  const question = el("textarea", { id: "lesson-question", rows: 2, maxLength: LONGEST.question });
  const list = el("ol", { class: "lesson-steps" });
  const more = el("button", { type: "button", on: { click: () => { add({ words: "", state: asks.seen() }); } } }, SAID.add);
  const full = el("span", { class: "soft", aria: { role: "status" } });
  const address = copied("lesson", SAID.address);
  const wrong = el("p", { class: "error", aria: { role: "alert" } });
  const qr = el("div", {});
  const button = (text: string, act: () => void): HTMLButtonElement => el("button", { type: "button", on: { click: act } }, text);
  const lesson = (): Lesson => ({ title: title.value, question: question.value, steps: steps.map(({ words, state }) => ({ words, address: toQuery(bare(state)) })) });
  const element = dialog(
    "make-lesson",
    SAID.title,
    el("p", { class: "lead" }, SAID.lead),
    el("label", { htmlFor: title.id }, SAID.name),
    title,
    el("label", { htmlFor: question.id }, SAID.question),
    question,
    list,
    el("p", { class: "buttons" }, more, full),
    address.element,
    wrong,
    el(
      "p",
      { class: "buttons" },
      button(SAID.begin, () => { begin(); }),
      button(SAID.file, () => { if (whole() !== null) keep(new Blob([`${JSON.stringify(toData(lesson()), null, 1)}\n`], { type: "application/json" }), `${named(title.value)}.json`); }),
    ),
    qr,
  );
  for (const field of [title, question]) field.addEventListener("input", () => { tell(); });

  /** The lesson as a page shows it; null, and why, where something is missing. */
  const whole = (): PageState | null => {
    try {
      if (title.value.trim() === "") throw new StateError(LESSONS.untitled);
      if (steps.length === 0) throw new StateError(SAID.none);
      const made = pageOf(lesson(), 1);
      // what is made here is what a page reads
      fromNote(made.note);
      return made;
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      wrong.textContent = error.message;
      return null;
    }
  };
  const begin = (): void => {
    const found = whole();
    if (found === null) return;
    element.close();
    asks.take(found);
  };
  const tell = (): void => {
    wrong.textContent = "";
    address.set("");
    qr.replaceChildren();
    if (title.value.trim() === "" || steps.length === 0) return;
    const found = whole();
    if (found === null) return;
    const text = asks.address(toQuery(found));
    address.set(text);
    const why = uncoded(text);
    qr.append(why === null ? code(text, SAID.code) : el("p", { class: "soft" }, why));
  };
  const add = (step: Draft): void => {
    steps = [...steps, step];
    draw();
  };
  const swap = (i: number, j: number): void => {
    const [one, other] = [steps[i], steps[j]];
    if (one === undefined || other === undefined) return;
    [steps[i], steps[j]] = [other, one];
    draw();
    list.children[j]?.querySelector("textarea")?.focus();
  };
  const draw = (): void => {
    list.replaceChildren(...steps.map((step, i) => item(step, i)));
    more.disabled = steps.length >= MOST_STEPS;
    full.textContent = more.disabled ? SAID.full(MOST_STEPS) : "";
    tell();
  };
  const item = (step: Draft, i: number): HTMLElement => {
    const text = el("textarea", { rows: 4, maxLength: LONGEST.words, value: step.words, aria: { label: SAID.words(i + 1) } });
    text.addEventListener("input", () => {
      step.words = text.value;
      tell();
    });
    const { panes: [first] } = step.state;
    return el(
      "li",
      {},
      el("p", {}, el("code", {}, first?.arch ?? ""), step.state.panes.length > 1 ? ` + ${step.state.panes.length - 1}` : null),
      text,
      el("details", {}, el("summary", {}, SAID.controls), ticks(step)),
      el(
        "p",
        { class: "buttons" },
        button(SAID.show, () => { element.close(); asks.take(bare(step.state)); }),
        button(SAID.take, () => { step.state = { ...asks.seen(), hide: step.state.hide, lock: step.state.lock }; draw(); }),
        i > 0 && button(SAID.up, () => { swap(i, i - 1); }),
        i < steps.length - 1 && button(SAID.down, () => { swap(i, i + 1); }),
        button(SAID.remove, () => { steps = steps.filter((one) => one !== step); draw(); }),
      ),
    );
  };
  const ticks = (step: Draft): HTMLElement => {
    const all = [...document.querySelectorAll<HTMLElement>("[data-control]")];
    const nameOf = (one: HTMLElement): string => one.dataset["control"] ?? "";
    const ticked = (name: string): boolean => step.state.hide.includes(name) || step.state.lock.includes(name);
    // what the network that is open does not have is left out
    const names = [...new Set(all.filter((one) => one.closest(".absent") === null || ticked(nameOf(one))).map(nameOf))];
    const called = (name: string): string => {
      const one = all.find((each) => nameOf(each) === name);
      return SAID.called[name] ?? one?.querySelector("label, h2, .hidden")?.textContent ?? one?.textContent ?? name;
    };
    const tick = (key: "hide" | "lock", name: string): HTMLElement => {
      const box = el("input", { type: "checkbox", checked: step.state[key].includes(name), aria: { label: `${SAID[key]} ${name}` } });
      box.addEventListener("change", () => {
        step.state = { ...step.state, [key]: box.checked ? [...step.state[key], name] : step.state[key].filter((one) => one !== name) };
        tell();
      });
      return el("td", {}, box);
    };
    const head = el("tr", {}, el("th", { scope: "col" }, SAID.control), el("th", { scope: "col" }, SAID.hide), el("th", { scope: "col" }, SAID.lock));
    const rows = names.map((name) => el("tr", {}, el("th", { scope: "row" }, called(name).trim(), " ", el("code", { class: "soft" }, name)), tick("hide", name), locks(name) || step.state.lock.includes(name) ? tick("lock", name) : el("td", {})));
    return el("table", { class: "ticks" }, el("tbody", {}, head, ...rows));
  };
  return {
    show: (given) => {
      if (given !== null) {
        title.value = given.title;
        question.value = given.question;
        steps = given.steps.map(({ words, address: query }) => ({ words, state: fromQuery(query).state }));
      }
      draw();
      element.showModal();
    },
  };
}

function named(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "lesson";
}
