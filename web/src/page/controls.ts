// The panel's form: native controls for one pane's network and view. It reads a state and says what it should become.
import { FACES, type Name } from "../gpu/faces.ts";
import { shownBy } from "../gpu/tone.ts";
import { further, seedOf } from "../seed.ts";
import { COLOURINGS, DEFAULTS, type FieldReply, INITIALISERS, LONGEST_WORD, NETWORK, NORMS, type PaneState, ZOO } from "../server.ts";
import { afterPress, el, ICONS, typed } from "./dom.ts";
import { folding } from "./folds.ts";
import { button, choose, group, menu, row, slider, twice } from "./form.ts";
import { SAID } from "../words/index.ts";
import { outputs, shown } from "./facts.ts";
import { decides } from "./decided.ts";
import { type Chosen, type Diagram, diagram } from "./layers/diagram.ts";
import { playButton } from "./motion/button.ts";
import { KEYS_OF } from "./lesson.ts";
import { momentOf } from "./motion/moment.ts";
import type { Refusal } from "./paneevents.ts";
import { isSeeded } from "./unit/nudges.ts";
import { sliceControls } from "./slice.ts";
import { depthOf, faulty, normOf, normText, type Norm, widthOf, withDepth, withWidth } from "./texts.ts";

type Change = (patch: Partial<PaneState>, ended: boolean) => void;

const SAYS = SAID.controls;
const ACTIVATIONS = Object.values(FACES).flatMap((face): readonly string[] => face.texts);
const OUTPUT_ACTIVATIONS = ["linear", "sigmoid", "tanh", "sin"] satisfies Name[];
const INPUTS = ["x y", "x y r", "x y bias", "x y z(4)", "x y r z(4)", "r", "fourier(16, 2)", "fourier(32, 4)", "periodic(x) periodic(y)"];
const MAPS = ["viridis", "cividis", "magma", "duotone"];
const SEEDS = 1_000_000;
const TYPING = 180;

export interface Controls {
  readonly element: HTMLElement;
  readonly diagram: Diagram;
  /** shows a state; what is being typed or dragged stays as it is */
  read(state: PaneState, field: FieldReply | null): void;
  refuse(refusal: Refusal): void;
  accept(): void;
  /** ends what is being typed or dragged: the form is another pane's from now on */
  leave(): void;
  /** Opens what these are folded in: names of controls. */
  reveal(names: readonly string[]): void;
  /** The names of the controls whose labels a text has in emphasis, as in "*Scale*". */
  spoken(words: string): string[];
}

export function controls(change: Change, see: (vision: string) => void, chosen: Chosen): Controls {
  let state: PaneState | null = null;
  const now = (): PaneState => {
    if (state === null) throw new Error("nothing is shown yet");
    return state;
  };

  const arch = el("textarea", { id: "arch", rows: 2, spellcheck: false, autocapitalize: "off", autocomplete: "off", aria: { describedby: "arch-error" } });
  const error = el("pre", { id: "arch-error", class: "error", aria: { live: "polite" } });
  const leaveText = typed(arch, TYPING, (text, ended) => { change({ arch: text }, ended); });

  let file: string | null = null;
  const zoo = menu("zoo", [["", SAYS.byName], ...ZOO.map((name) => [name, name] as const)], (value) => {
    // away from a file, whose place, colours and way of y are no network's of another kind
    const anew = file === null ? founding() : { ...DEFAULTS, cells: now().cells };
    if (value !== "") change({ ...anew, arch: value }, true);
  });
  const facts = el("dl", { class: "facts", hidden: true });
  const depth = slider("depth", 1, 50, 1, (value, ended) => { change({ arch: withDepth(now().arch, value) }, ended); }, SAYS.deep);
  const width = slider("width", 1, 128, 1, (value, ended) => { change({ arch: withWidth(now().arch, value) }, ended); }, SAYS.wide);
  const folds = folding();
  const inside = diagram(depth, width, chosen);
  const act = menu("act", ACTIVATIONS.map(twice), (value) => { change({ act: value }, true); });
  const norm = menu("norm", NORMS.map((name) => [name, SAYS.norms[name]]), (value) => {
    const before = normOf(now().norm);
    change({ norm: normText({ kind: value as Norm["kind"], scale: before.scale ?? 3, shift: before.shift ?? 2 }) }, true);
  });
  const scale = slider("scale", 0.1, 10, 0.1, (value, ended) => { change({ norm: normText({ ...normOf(now().norm), scale: value }) }, ended); });
  const shift = slider("shift", 0, 6, 0.1, (value, ended) => { change({ norm: normText({ ...normOf(now().norm), shift: value }) }, ended); });
  const init = menu("init", INITIALISERS.map(twice), (value) => { change({ init: value }, true); });
  const inputs = menu("inputs", INPUTS.map(twice), (value) => { change({ inputs: value }, true); });
  const outAct = menu("out_act", OUTPUT_ACTIVATIONS.map(twice), (value) => { change({ out_act: value }, true); });
  const out = menu("out", ["1", "3"].map(twice), (value) => { change({ out: Number(value), show: "output" }, true); });

  const seed = el("input", { id: "seed", type: "text", maxLength: LONGEST_WORD, spellcheck: false, autocomplete: "off" });
  const said = (done: boolean): void => {
    const found = seedOf(seed.value);
    if (found !== null) change({ seed: found, bred: "" }, done);
  };
  seed.addEventListener("input", () => { said(false); });
  seed.addEventListener("change", () => { said(true); });
  // as in a field of numbers
  seed.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    change({ seed: further(now().seed ?? 0, by), bred: "" }, true);
    seed.value = String(now().seed ?? "");
  });
  const seeds = el(
    "div",
    { class: "seeds" },
    button(SAYS.seeds.before, ICONS.before, () => { change({ seed: further(now().seed ?? 0, -1), bred: "" }, true); }),
    seed,
    button(SAYS.seeds.after, ICONS.after, () => { change({ seed: further(now().seed ?? 0, 1), bred: "" }, true); }),
    button(SAYS.seeds.random, ICONS.dice, () => { change({ seed: Math.floor(Math.random() * SEEDS), bred: "" }, true); }),
    playButton("seed"),
  );

  const tone = menu("tone", Object.entries(SAYS.contrasts), (value) => { change({ tone: value as PaneState["tone"] }, true); });
  const colour = menu("colour", colours(), (value) => { change({ colour: value }, true); });
  const show = menu("show", Object.entries(SAYS.shown), (value) => { change({ show: value }, true); });
  const grows = menu("grows", Object.entries(SAYS.ways), (value) => { change({ grows: value as PaneState["grows"] }, true); });
  const points = el("input", { id: "points", type: "checkbox" });
  points.addEventListener("change", () => { change({ points: points.checked }, true); });
  const pointsRow = el("div", { class: "row check", data: { control: "points" } }, el("label", { htmlFor: "points" }, points, ` ${SAYS.points}`));
  const marks = el("input", { id: "marks", type: "checkbox" });
  marks.addEventListener("change", () => { change({ marks: marks.checked }, true); });
  const marksRow = el("div", { class: "row check", data: { control: "marks" } }, el("label", { htmlFor: "marks" }, marks, ` ${SAYS.marks}`));
  const vision = menu("vision", Object.entries(SAYS.visions), see);
  const cells = el("input", { id: "cells", type: "checkbox" });
  cells.addEventListener("change", () => { change({ cells: cells.checked }, true); });
  const cellsNote = el("span", { class: "note" });

  const layers = el("label", { htmlFor: "arch" }, SAYS.layers);
  const plane = sliceControls(change);
  const accepted = (): void => {
    error.textContent = "";
    arch.removeAttribute("aria-invalid");
  };

  const element = el(
    "form",
    { class: "controls", on: { submit: (event) => { event.preventDefault(); } } },
    group(
      SAYS.network,
      el(
        "div",
        { class: "row tall" },
        el("div", { class: "over" }, layers, el("div", { data: { control: "zoo" } }, el("label", { htmlFor: "zoo", class: "hidden" }, SAYS.zoo), zoo)),
        el("div", { data: { control: "arch" } }, arch),
        facts,
        error,
      ),
      inside.element,
      row("act", SAYS.act, act),
      row("seed", SAYS.seed, seeds),
    ),
    plane.element,
    folds.group("between", SAYS.between, row("norm", SAYS.norm, norm), scale.row(SAYS.scale), shift.row(SAYS.shift), row("init", SAYS.init, init)),
    folds.group(
      "look",
      SAYS.look,
      row("show", SAYS.show, show),
      row("tone", SAYS.tone, tone),
      row("colour", SAYS.colour, colour),
      pointsRow,
      marksRow,
      el("div", { class: "row check", data: { control: "cells" } }, el("label", { htmlFor: "cells" }, cells, ` ${SAYS.cells}`), cellsNote),
    ),
    folds.group(
      "more",
      SAYS.more,
      row("inputs", SAYS.inputs, inputs),
      el(
        "div",
        { class: "row two" },
        el("label", { htmlFor: "out" }, SAYS.out),
        el("div", { data: { control: "out" } }, out),
        el("div", { data: { control: "out_act" } }, el("label", { htmlFor: "out_act", class: "hidden" }, SAYS.out_act), outAct),
      ),
      row("grows", SAYS.grows, grows),
      row("vision", SAYS.vision, vision),
    ),
  );

  return {
    element,
    diagram: inside,
    read: (next, field) => {
      state = next;
      if (document.activeElement !== arch && arch.value !== next.arch) arch.value = next.arch;
      zoo.value = "";
      depth.show(depthOf(next.arch), SAYS.noDepth, field?.room?.depth ?? null);
      width.show(widthOf(next.arch), SAYS.noWidth, field?.room?.width ?? null);
      choose(act, next.act);
      choose(init, next.init);
      choose(inputs, next.inputs);
      choose(outAct, next.out_act);
      choose(out, String(next.out));
      apply(element, field);
      file = field?.facts.file ?? null;
      facts.hidden = file === null;
      layers.textContent = file === null ? SAYS.layers : SAYS.another;
      layers.htmlFor = file === null ? "arch" : "zoo";
      if (field !== null && file !== null) facts.replaceChildren(...factList(field, file));
      plane.read(next, field);
      const found = normOf(next.norm);
      choose(norm, found.kind);
      scale.show(found.scale, found.kind === "none" ? SAYS.noNorm : next.norm);
      shift.show(found.shift, found.kind === "none" ? SAYS.noNorm : next.norm);
      if (document.activeElement !== seed) seed.value = isSeeded(next) ? String(next.seed ?? "") : "";
      seed.placeholder = momentOf(next.bred) ?? "";
      choose(tone, next.tone);
      for (const option of show.options) {
        if (decides(option.value)) option.disabled = field !== null && field.classes.length === 0;
      }
      choose(show, next.show, shown(next, field));
      // classes have colours of their own, whatever the values are
      const regions = decides(next.show) && field?.classes.length !== 0;
      for (const one of [tone, colour]) one.closest(".row")?.classList.toggle("absent", regions);
      choose(grows, next.grows);
      points.checked = next.points;
      pointsRow.classList.toggle("absent", field === null || field.points === 0);
      marks.checked = next.marks;
      marksRow.classList.toggle("absent", (field?.slice?.marks ?? []).length === 0);
      // those of three outputs show nothing of a network that has not three
      const all = field?.facts.outputs ?? next.out;
      const three = all === 3 && next.show === "output";
      for (const option of colour.options) option.hidden = option.disabled = shownBy(option.value) === 3 && !three;
      choose(colour, shownBy(next.colour) === 3 && !three ? MAPS[0] ?? next.colour : next.colour);
      cells.checked = next.cells;
      const exact = field?.piecewise_linear !== false;
      cells.disabled = !exact;
      // another activation would give an architecture cells; nothing gives a file any
      cells.closest(".row")?.classList.toggle("absent", !exact && file !== null);
      cellsNote.textContent = exact ? "" : SAYS.noCells;
    },
    refuse: (refusal) => {
      afterPress(() => {
        plane.accept();
        accepted();
        if (refusal.error.key === "slice") {
          plane.refuse(refusal);
          return;
        }
        error.textContent = faulty(refusal, refusal.arch);
        arch.setAttribute("aria-invalid", "true");
      });
    },
    accept: () => {
      afterPress(() => {
        plane.accept();
        accepted();
      });
    },
    reveal: (names) => { folds.reveal(names); },
    spoken: (words) => [...element.querySelectorAll<HTMLElement>(".fold [data-control]")]
      .filter((one) => words.includes(`*${one.querySelector("label")?.textContent.trim() ?? ""}*`))
      .map((one) => one.dataset["control"] ?? ""),
    leave: () => {
      leaveText();
      plane.leave();
      // what has the focus keeps what is typed, and says it has changed only when it loses it: by then to another pane
      if (element.contains(document.activeElement)) (document.activeElement as HTMLElement).blur();
    },
  };
}

/** Whether it is said against a text that the form has: beside that it is shown. */
export function ofTexts({ about, error: { key } }: Refusal): boolean {
  return about === "network" && (key === null || key === "arch" || key === "slice");
}

/** What a named architecture begins with. */
function founding(): Partial<PaneState> {
  const { act, norm, init, inputs, out, out_act, show } = DEFAULTS;
  return { act, norm, init, inputs, out, out_act, show };
}

/** Leaves only the rows of controls that change this network: a file's weights have no seed, and no layers to choose. */
function apply(element: HTMLElement, field: FieldReply | null): void {
  const changes: readonly string[] = field?.facts.changes ?? NETWORK;
  // a unit's panel says by itself when it is there; the menu of named architectures leads away from any network
  for (const one of element.querySelectorAll<HTMLElement>("[data-control]:not(#unit, #unit *)")) {
    const key = KEYS_OF[one.dataset["control"] ?? ""] ?? one.dataset["control"] ?? "";
    one.classList.toggle("absent", NETWORK.some((each) => each === key) && !changes.includes(key));
  }
  for (const one of element.querySelectorAll<HTMLElement>(".row.two, fieldset:not(.plane), details.fold")) {
    const rows = [...one.querySelectorAll<HTMLElement>("[data-control]")];
    one.classList.toggle("absent", rows.length > 0 && rows.every((each) => each.classList.contains("absent")));
  }
}

/** What a file holds, as the server read it. */
function factList(field: FieldReply, file: string): HTMLElement[] {
  const { facts } = field;
  const pairs: (readonly [string, string])[] = [
    [SAYS.facts.file, file],
    [SAYS.facts.act, facts.activation ?? SAYS.unknown],
    [SAYS.facts.inputs, facts.inputs],
    [SAYS.facts.out, outputs(field)],
    ...facts.notes.map((note) => [SAYS.facts.note, note] as const),
  ];
  return pairs.flatMap(([name, text]) => [el("dt", {}, name), el("dd", {}, text)]);
}

/** Every colouring and some maps, with how many outputs each shows: those of three first, gray beside the maps. */
function colours(): (readonly [string, string])[] {
  const one = COLOURINGS.filter((name) => shownBy(name) === 1);
  const names = [...COLOURINGS.filter((name) => shownBy(name) === 3), ...MAPS, ...one];
  return names.map((name) => [name, SAYS.coloured(SAYS.colours[name] ?? name, shownBy(name) === 3)]);
}
