// A lesson on paper: every step's picture, as the page draws it, with its words.
import { el } from "../dom.ts";
import type { View } from "../../view.ts";
import { code, uncoded } from "./code.ts";
import type { Lesson } from "./note.ts";
import { inline, words } from "./words.ts";
import { LESSONS } from "../../words/lessons.ts";

/** A step's pictures, each with what it is of. */
export type Shown = readonly { readonly picture: string; readonly caption: string }[];

/** What a pane shows now, with its cells and axes. */
export function shot({ element, caption, view }: { element: HTMLElement; caption: HTMLElement; view: View }): Shown[number] {
  view.paint();
  const text = [...caption.querySelectorAll("code, .soft")].map((one) => one.textContent.trim()).filter((one) => one !== "").join(" \u00b7 ");
  return { picture: element.querySelector("canvas")?.toDataURL() ?? "", caption: text };
}

/** Prints it once every picture has been drawn, with a way to the lesson's `address`; null of one leaves it. */
export async function printed(lesson: Lesson, address: string, draw: (step: number) => Promise<Shown | null>): Promise<void> {
  const steps: HTMLElement[] = [];
  for (const [i, step] of lesson.steps.entries()) {
    const drawn = await draw(i + 1);
    if (drawn === null) return;
    const pictures = drawn.map(({ picture, caption }) => el("figure", {}, el("img", { src: picture, alt: caption }), el("figcaption", {}, caption)));
    steps.push(el("section", {}, el("div", { class: "pictures" }, ...pictures), el("div", { class: "words" }, ...words(step.words))));
  }
  document.getElementById("handout")?.remove();
  const question = lesson.question === "" ? null : el("p", { class: "question" }, ...inline(lesson.question));
  const where = uncoded(address) === null ? el("div", { class: "where" }, code(address, LESSONS.sheet.code), el("p", {}, LESSONS.handout)) : null;
  const handout = el("article", { id: "handout" }, el("h1", {}, lesson.title), question, ...steps, where);
  document.body.append(handout);
  await Promise.all([...handout.querySelectorAll("img")].map((one) => one.decode().catch(() => undefined)));
  print();
}
