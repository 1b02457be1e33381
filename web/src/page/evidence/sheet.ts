// A sheet that plots a measure against a slider's number, or layer by layer: a dot a seed as it comes, medians with their
// intervals, and the network that is shown. A place that is pressed becomes the picture.
import type { CaseRow, PaneState } from "../../server.ts";
import { measuredOf, networkOf } from "../../state.ts";
import { dialog, el } from "../dom.ts";
import { number } from "../quantities.ts";
import type { Pane } from "../pane.ts";
import type { Keeper } from "./keep.ts";
import { type Interval, levelOf, median } from "./intervals.ts";
import type { Taken } from "./numbers.ts";
import { OVERS, type Over, type Place, placesOf, presentOf, RATIOS } from "./places.ts";
import { type Column, plot } from "./plot.ts";
import { caseOf, type Run, type Runner } from "./runs.ts";
import { ownOf } from "./said.ts";
import { EVIDENCE } from "../../words/evidence.ts";
import { SAID } from "../../words/index.ts";

const SEEDS = [0, 4, 16, 64] as const;
const USUAL = 16;
// of the plot, in pixels
const [WIDEST, HIGHEST] = [720, 300];

/** What is plotted: case n is of place n % places; the first round is the network that is shown, then come the seeds. */
interface Plotted {
  readonly key: string;
  readonly name: string;
  readonly over: Over;
  readonly places: readonly Place[];
  readonly seeds: number;
  readonly run: Run;
}

export interface Plots {
  open(over: Over): void;
}

export function plots(runner: Runner, asks: { pane: () => Pane; change: (patch: Partial<PaneState>) => void; keeper: Keeper }): Plots {
  const menu = (id: string, label: string): HTMLSelectElement => {
    const made = el("select", { id, aria: { label } });
    made.addEventListener("change", () => { begin(); });
    return made;
  };
  const [name, over, seeds] = [menu("plot-measure", EVIDENCE.measure), menu("plot-over", EVIDENCE.against), menu("plot-seeds", EVIDENCE.seeds)];
  const area = el("div", { class: "plot-area" });
  const note = el("p", { class: "soft" });
  const counted = el("span", { class: "soft" });
  const stop = el("button", { type: "button", on: { click: () => { if (now !== null) runner.stop(now.run); } } }, EVIDENCE.stop);
  const resume = el("button", { type: "button", on: { click: () => { goOn(); } } }, EVIDENCE.resume);
  const copy = el("button", { type: "button", on: { click: () => { if (now !== null) keep(now); } } }, EVIDENCE.copy);
  const element = dialog(
    "plot",
    EVIDENCE.plot,
    el("p", { class: "plot-asks" }, name, el("span", { class: "soft" }, EVIDENCE.over1), over, seeds),
    area,
    note,
    el("p", { class: "buttons" }, counted, stop, resume, copy),
  );
  let now: Plotted | null = null;
  let frame = 0;
  element.addEventListener("close", () => { if (now !== null) runner.stop(now.run); });
  new ResizeObserver(() => { if (element.open) soon(); }).observe(area);

  const begin = (): void => {
    const pane = asks.pane();
    const { state, field } = pane;
    if (field === null) return;
    const chosen = over.value as Over;
    const seeded = field.facts.changes.includes("seed");
    const places = placesOf(state, chosen, field);
    const count = seeded ? Number(seeds.value) : 0;
    const at = pane.rectangle();
    const key = JSON.stringify([name.value, chosen, count, at, state.seed, state.bred, places.map((one) => [networkOf(one.state), one.state.show, one.layer])]);
    // what was stopped half way goes on anew
    if (now?.key === key && now.run.done === now.run.rows.length) {
      draw();
      return;
    }
    if (now !== null) runner.stop(now.run);
    const shown = places.map((one) => caseOf(one.state, one.layer));
    const drawn = Array.from({ length: count }, (_, seed) => places.map((one) => caseOf({ ...one.state, seed, bred: "" }, one.layer))).flat();
    const run = runner.start({ cases: [...shown, ...drawn], names: [name.value], at, side: pane.taken.side }, soon);
    now = { key, name: name.value, over: chosen, places, seeds: count, run };
    draw();
  };

  const goOn = (): void => {
    if (now === null) return;
    now = { ...now, run: runner.again(now.run, soon) };
    draw();
    stop.focus();
  };

  /** Once a frame, however many rows come. */
  const soon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  };

  const draw = (): void => {
    if (now === null || !element.open) return;
    const { run, places, seeds: count, name: measure, over: against } = now;
    const pane = asks.pane();
    const { ramp = null, noise = null } = pane.taken.measures?.find((one) => one.name === measure) ?? {};
    const held = area.contains(document.activeElement) ? [...area.querySelectorAll("button")].findIndex((one) => one === document.activeElement) : -1;
    const title = SAID.measures.title(measure);
    const columns = columnsOf(now, pane);
    area.replaceChildren(plot(columns, {
      wide: Math.max(260, Math.min(WIDEST, area.clientWidth)),
      high: Math.min(HIGHEST, Math.max(180, 0.5 * area.clientWidth)),
      ratios: RATIOS.includes(against),
      label: EVIDENCE.plotted(title, EVIDENCE.overs[against], columns.map(({ label }) => label).join("; ")),
      ramp,
      noise,
      go: (column) => {
        const place = places.find(({ x }) => x === column.x);
        element.close();
        if (place !== undefined) asks.change(place.patch);
      },
    }));
    if (held >= 0) area.querySelectorAll("button")[held]?.focus();
    const intervals = columns.some(({ middle }) => middle?.low != null);
    const lacking = run.rows.flatMap((row) => (row?.values[0] === null ? [row] : []));
    const why = lacking.flatMap(({ reasons }) => reasons)[0] ?? "";
    const shown = pane.field?.facts.seed ?? null;
    const stopped = run.ended && run.done < run.rows.length;
    note.textContent = [
      EVIDENCE.own1(shown === null ? null : String(shown)),
      stopped ? EVIDENCE.stopped(run.done, run.rows.length, "", true) : count > 0 ? EVIDENCE.dots(count) : "",
      intervals ? EVIDENCE.bars(places.length) : "",
      lacking.length > 0 ? EVIDENCE.absent(lacking.length, why) : "",
      run.trouble,
      EVIDENCE.go,
    ].filter((one) => one !== "").join(" ");
    counted.textContent = run.ended ? "" : EVIDENCE.counted(run.done, run.rows.length);
    counted.classList.toggle("absent", counted.textContent === "");
    stop.classList.toggle("absent", run.ended);
    resume.classList.toggle("absent", !stopped);
    copy.disabled = run.done === 0;
  };

  const keep = ({ name: measure, over: against, places, run }: Plotted): void => {
    const { state, field } = asks.pane();
    const taken = run.rows.flatMap((row, n): Taken[] => {
      const place = places[n % places.length];
      if (row === null || place === undefined) return [];
      const own = n < places.length;
      return [{ row, names: [measure], show: place.layer > 0 ? `layer:${place.layer}` : measuredOf(place.state), bred: own ? state.bred.trim() : "", file: field?.facts.file != null }];
    });
    keeper.show(EVIDENCE.plotOf(SAID.measures.title(measure), EVIDENCE.overs[against]), Promise.resolve({ taken: unlike(taken), compared: null }));
  };
  const { keeper } = asks;

  return {
    open: (wanted) => {
      const { state, field, taken } = asks.pane();
      if (field === null || taken.measures === null) return;
      const before = name.value;
      name.replaceChildren(...taken.measures.map((one) => el("option", { value: one.name }, SAID.measures.title(one.name))));
      if (taken.measures.some((one) => one.name === before)) name.value = before;
      over.replaceChildren(...OVERS.filter((one) => placesOf(state, one, field).length > 1).map((one) => el("option", { value: one }, EVIDENCE.overs[one])));
      over.value = wanted;
      if (over.value !== wanted) return;
      const seeded = field.facts.changes.includes("seed");
      const chosen = seeds.value === "" ? String(USUAL) : seeds.value;
      seeds.replaceChildren(...SEEDS.map((count) => el("option", { value: String(count) }, EVIDENCE.drawnFrom(count))));
      seeds.value = chosen;
      seeds.classList.toggle("absent", !seeded);
      element.showModal();
      begin();
    },
  };
}

function columnsOf({ run, places, seeds, over, name }: Plotted, { state, field, taken }: Pane): Column[] {
  const present = field === null ? null : presentOf(state, over, field);
  return places.map((place, i) => {
    const rows = Array.from({ length: seeds }, (_, seed) => run.rows[(seed + 1) * places.length + i] ?? null);
    const values = rows.map(valueOf);
    const there = values.filter((one) => one !== null);
    const found = there.length === 0 ? null : median(there, levelOf(places.length));
    // of seeds that have not come yet no interval holds
    const middle = found !== null && rows.includes(null) ? { ...found, low: null, high: null } : found;
    // what the panel says of the picture is there at once
    const own = valueOf(run.rows[i]) ?? (place.x === present && over !== "layer" ? ownOf(taken.measures ?? [], name) : null);
    return { x: place.x, name: place.name, values, own, middle, label: labelOf(EVIDENCE.place(EVIDENCE.overs[over], place.name), own, middle), present: place.x === present };
  });
}

function valueOf(row: CaseRow | null | undefined): number | null {
  return row?.values[0] ?? null;
}

function labelOf(place: string, own: number | null, middle: Interval | null): string {
  const parts = [
    ...(own === null ? [] : [EVIDENCE.own(number(own))]),
    ...(middle === null ? [] : [EVIDENCE.median("", number(middle.value), middle.low === null ? null : number(middle.low), middle.high === null ? null : number(middle.high))]),
  ];
  return `${place}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`;
}

/** Each network once: the seed that is shown may be among the others. */
function unlike(all: readonly Taken[]): Taken[] {
  const seen = new Set<string>();
  return all.filter(({ row, show, bred }) => {
    const key = JSON.stringify([row.text, row.seed, show, bred]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
