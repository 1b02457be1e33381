// The plane through the space of a model's inputs: a text, choosers of the two inputs that x and y are, and a value for
// each of the others.
import type { FieldReply, PaneState, SliceData } from "../server.ts";
import { el, typed } from "./dom.ts";
import { playButton } from "./motion/button.ts";
import type { Refusal } from "./paneevents.ts";
import { faulty } from "./texts.ts";
import { SAID } from "../words/index.ts";

const TYPING = 400;
const DIGITS = 4;

export interface SliceControls {
  readonly element: HTMLElement;
  /** what is typed or dragged stays as it is */
  read(state: PaneState, field: FieldReply | null): void;
  refuse(refusal: Refusal): void;
  accept(): void;
  /** ends what is being typed */
  leave(): void;
}

export function sliceControls(change: (patch: Partial<PaneState>, ended: boolean) => void): SliceControls {
  let plane: SliceData | null = null;
  const text = el("textarea", { id: "slice", rows: 2, spellcheck: false, autocapitalize: "off", autocomplete: "off", placeholder: SAID.slice.own, aria: { describedby: "slice-error slice-ways" } });
  const error = el("pre", { id: "slice-error", class: "error", aria: { live: "polite" } });
  const leaveText = typed(text, TYPING, (said, ended) => { change({ slice: said }, ended); });
  const x = el("select", { id: "slice_x" });
  const y = el("select", { id: "slice_y" });
  const choosers = [x, y] as const;
  choosers.forEach((one, axis) => {
    one.addEventListener("change", () => {
      if (plane === null || one.value === "") return;
      const chosen = Number(one.value);
      const [i = 0, j = 1] = plane.along ?? [];
      // the other axis takes this one's input where both would be one
      const other = axis === 0 ? (chosen === j ? i : j) : chosen === i ? j : i;
      const free = other === chosen ? (chosen === 0 ? 1 : 0) : other;
      say(axis === 0 ? [chosen, free] : [free, chosen], plane.at, true);
    });
  });
  const rest = el("div", { class: "rest", data: { control: "slice_rest" } });
  let built = "";
  const held = new Map<number, (value: number) => void>();
  const say = (along: readonly number[], at: readonly number[], ended: boolean): void => {
    change({ slice: featuresText(along, at) }, ended);
  };

  /** A number, and a slider where the data say how far it goes, for every input that the plane is not along. */
  const build = (now: SliceData): void => {
    const along = now.along ?? [];
    const key = JSON.stringify([now.names, now.along, now.ranges]);
    if (key === built) return;
    built = key;
    held.clear();
    for (const one of choosers) {
      one.replaceChildren(el("option", { value: "", hidden: true }, SAID.slice.several), ...now.names.map((name, n) => el("option", { value: String(n) }, name)));
    }
    const rows = now.names.map((name, n) => {
      if (along.includes(n)) return null;
      const [low = 0, high = 1] = now.ranges?.[n] ?? [];
      const number = el("input", { id: `slice-${n}`, type: "number", step: "any" });
      const range = now.ranges === null || low === high ? null : el("input", { type: "range", min: String(low), max: String(high), step: "any", aria: { label: name } });
      const set = (value: number): void => {
        if (document.activeElement !== number) number.value = String(value);
        if (range !== null && document.activeElement !== range) range.value = String(value);
        range?.style.setProperty("--fill", `${(100 * (Number(range.value) - low)) / (high - low)}%`);
      };
      const hold = (value: number, ended: boolean): void => {
        if (plane?.along === null || plane === null || !Number.isFinite(value)) return;
        plane = { ...plane, at: plane.at.map((each, k) => (k === n ? value : each)) };
        set(value);
        say(plane.along ?? [], plane.at, ended);
      };
      for (const [event, ended] of [["input", false], ["change", true]] as const) {
        number.addEventListener(event, () => {
          if (number.value !== "") hold(Number(number.value), ended);
        });
        range?.addEventListener(event, () => {
          hold(rounded(Number(range.value), high - low), ended);
          number.value = String(rounded(Number(range.value), high - low));
        });
      }
      held.set(n, set);
      const slide = range === null ? null : el("div", { class: "slide" }, range, playButton(`slice-${n}`, SAID.motion.input(name)));
      return el("div", { class: "row held" }, el("label", { htmlFor: number.id, title: name }, name), slide, number);
    });
    rest.replaceChildren(...rows.filter((one) => one !== null));
  };

  const along = (label: string, select: HTMLSelectElement): HTMLElement =>
    el("div", { class: "row", data: { control: select.id } }, el("label", { htmlFor: select.id }, label), select);
  const chosen = el("div", {}, along(SAID.slice.x, x), along(SAID.slice.y, y), rest);
  const element = el(
    "fieldset",
    { class: "plane absent" },
    el("legend", {}, SAID.slice.title),
    chosen,
    el(
      "div",
      { class: "row tall", data: { control: "slice" } },
      el("label", { htmlFor: "slice", class: "hidden" }, SAID.slice.text),
      text,
      error,
      el("p", { id: "slice-ways", class: "note" }, "features(0, 3, at=median), pca(), through(a, b, c), around(a, radius)"),
    ),
  );

  return {
    element,
    read: (state, field) => {
      element.classList.toggle("absent", field === null || field.slice === null);
      if (field === null || field.slice === null) return;
      if (document.activeElement !== text && text.value !== state.slice) text.value = state.slice;
      // what is asked for is ahead of what the server has answered
      if (plane !== null && state.slice.trim() !== field.slice.text) return;
      plane = field.slice;
      chosen.classList.toggle("absent", plane.names.length === 0);
      build(plane);
      choosers.forEach((one, axis) => { one.value = String(plane?.along?.[axis] ?? ""); });
      rest.classList.toggle("absent", plane.along === null);
      plane.at.forEach((value, n) => held.get(n)?.(value));
    },
    refuse: (refusal) => {
      error.textContent = faulty(refusal, refusal.slice);
      text.setAttribute("aria-invalid", "true");
    },
    accept: () => {
      error.textContent = "";
      text.removeAttribute("aria-invalid");
    },
    leave: leaveText,
  };
}

/** The text of the plane along two inputs, the others held at these values. */
export function featuresText(along: readonly number[], at: readonly number[]): string {
  return `features(${along.join(", ")}, at=(${at.map(String).join(", ")}))`;
}

/** As many digits as a slider over such a length can tell apart. */
function rounded(value: number, length: number): number {
  const digits = Math.max(0, Math.min(100, DIGITS - 1 - Math.floor(Math.log10(length))));
  return Number(value.toFixed(digits));
}
