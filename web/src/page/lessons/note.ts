// A lesson and its two written forms: a JSON file, and an address' note. netwarp.explorer.lessons has the same rules.
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";
import { LONGEST_NOTE, MOST_STEPS, type PageState } from "../../server.ts";
import { fromQuery, StateError, toQuery } from "../../state.ts";
import { LESSONS } from "../../words/lessons.ts";

/** What is shown, as an address' query, and the words beside it. */
export interface Step {
  readonly words: string;
  readonly address: string;
}

export interface Lesson {
  readonly title: string;
  readonly question: string;
  readonly steps: readonly Step[];
}

const VERSION = 1;
export const LONGEST = { title: 120, question: 400, words: 4000 } as const;
const MOST_BYTES = 1 << 18;

/** The lesson in the characters of an address: its version, and its text, packed. Throws StateError. */
export function toNote({ title, question, steps }: Lesson): string {
  const text = JSON.stringify([title, question, steps.map(({ words, address }) => [words, address])]);
  const packed = strFromU8(deflateSync(strToU8(text), { level: 9 }), true);
  const note = `${VERSION}${btoa(packed).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
  if (note.length > LONGEST_NOTE) throw new StateError(LESSONS.tooLong(note.length, LONGEST_NOTE));
  return note;
}

/** Throws StateError. */
export function fromNote(note: string): Lesson {
  if (!note.startsWith(String(VERSION))) throw new StateError(LESSONS.version(note.slice(0, 1), VERSION));
  let found: unknown;
  try {
    const packed = atob(note.slice(1).replace(/-/g, "+").replace(/_/g, "/"));
    const text = inflateSync(strToU8(packed, true));
    if (text.length > MOST_BYTES) throw new RangeError("too long");
    found = JSON.parse(strFromU8(text));
  } catch {
    throw new StateError(LESSONS.broken);
  }
  if (!Array.isArray(found) || found.length !== 3 || !Array.isArray(found[2])) throw new StateError(LESSONS.broken);
  const [title, question, steps] = found as [unknown, unknown, unknown[]];
  return checked(title, question, steps.map((step) => (Array.isArray(step) && step.length === 2 ? { words: step[0] as unknown, address: step[1] as unknown } : {})));
}

export function toData(lesson: Lesson): Record<string, unknown> {
  return { lesson: VERSION, ...lesson };
}

/** Whether a JSON object says that it is a lesson, whatever else is wrong with it. */
export function isLesson(data: unknown): data is Record<string, unknown> {
  return typeof data === "object" && data !== null && "lesson" in data;
}

/** The lesson of a file. Throws StateError. */
export function fromData(data: Record<string, unknown>): Lesson {
  if (data["lesson"] !== VERSION) throw new StateError(LESSONS.version(shown(data["lesson"]), VERSION));
  const unknown = Object.keys(data).find((key) => !["lesson", "title", "question", "steps"].includes(key));
  if (unknown !== undefined) throw new StateError(LESSONS.key(unknown.slice(0, 40)));
  const { title, question = "", steps } = data;
  if (!Array.isArray(steps)) throw new StateError(LESSONS.noSteps(MOST_STEPS));
  return checked(title, question, steps as unknown[]);
}

function checked(title: unknown, question: unknown, steps: readonly unknown[]): Lesson {
  // of a step the message is put into its own place below
  const text = (value: unknown, what: keyof typeof LONGEST, placed = LESSONS.inLesson): string => {
    if (typeof value !== "string" || value.length > LONGEST[what]) throw new StateError(placed(LESSONS.text(what, LONGEST[what])));
    return value;
  };
  if (steps.length < 1 || steps.length > MOST_STEPS) throw new StateError(LESSONS.steps(steps.length, MOST_STEPS));
  const known = text(title, "title");
  if (known.trim() === "") throw new StateError(LESSONS.untitled);
  return {
    title: known,
    question: text(question, "question"),
    steps: steps.map((step, i) => {
      const { words = "", address, ...rest } = typeof step === "object" && step !== null ? step as Record<string, unknown> : {};
      try {
        if (typeof address !== "string" || Object.keys(rest).length > 0) throw new StateError(LESSONS.noStep);
        const { state, lost } = fromQuery(address.slice(address.lastIndexOf("?") + 1));
        if (lost.length > 0) throw new StateError(lost.join("; "));
        return { words: text(words, "words", (message) => message), address: toQuery(bare(state)) };
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        throw new StateError(LESSONS.inStep(i + 1, error.message));
      }
    }),
  };
}

/** As it stands in the file: a text in its quotes. */
function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 40);
}

/** A state as a step has it: a part of its lesson, and no lesson of its own. */
export function bare(state: PageState): PageState {
  return { ...state, embed: false, note: "", step: 1 };
}

/** What a step shows, with the lesson; a step beyond the last is the last. */
export function pageOf(lesson: Lesson, step: number, note = toNote(lesson)): PageState {
  const number = Math.min(Math.max(1, step), lesson.steps.length);
  const { address } = lesson.steps[number - 1] ?? { address: "" };
  return { ...fromQuery(address).state, note, step: number };
}
