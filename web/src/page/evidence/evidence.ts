// Evidence in place: a measure over seeds, in the panel beside its value and under pictures that are compared.
import type { Link } from "../../link.ts";
import type { CaseRow, MeasureData, PaneState } from "../../server.ts";
import { measuredOf } from "../../state.ts";
import { byId, el } from "../dom.ts";
import { blurredMark } from "../measures.ts";
import { LETTERS, type Pane } from "../pane.ts";
import { dots } from "./dots.ts";
import { keeper } from "./keep.ts";
import { nameButtons } from "./names.ts";
import type { Taken } from "./numbers.ts";
import { differenceOf, factOf, lines, notes, ownOf, stoppedAt } from "./said.ts";
import { FEW, MANY, OverSeeds, type Seen, type Series } from "./seeds.ts";
import { plots } from "./sheet.ts";
import { caseOf, Runner } from "./runs.ts";
import { EVIDENCE } from "../../words/evidence.ts";
import { SAID } from "../../words/index.ts";

const { title } = SAID.measures;

export interface Evidence {
  /** what is in view now */
  follow(panes: readonly Pane[]): void;
  /** what stands beside a measure in the panel; null where there are no seeds, or a lesson has taken it away */
  part(one: MeasureData): HTMLElement | null;
  /** what stands in a later pane's table beside a value */
  difference(pane: Pane, name: string, first: readonly MeasureData[]): HTMLElement;
}

/** `changed`: the panes' tables are to be written anew; `hidden`: a lesson has taken it away. */
export function evidence(link: Link, asks: { panes: () => readonly Pane[]; pane: () => Pane; hidden: () => boolean; changed: () => void; change: (patch: Partial<PaneState>) => void }): Evidence {
  const runner = new Runner(link);
  const keep = keeper();
  const plotted = plots(runner, { pane: asks.pane, change: asks.change, keeper: keep });
  nameButtons((over) => { plotted.open(over); });
  const acts = el(
    "p",
    { class: "acts", data: { control: "evidence" } },
    el("button", { type: "button", class: "small", id: "open-layers", aria: { haspopup: "dialog" }, on: { click: () => { plotted.open("layer"); } } }, EVIDENCE.layers),
    el("button", { type: "button", class: "small", id: "copy-measures", aria: { haspopup: "dialog" }, on: { click: () => { keep.show(EVIDENCE.listed, listed()); } } }, EVIDENCE.copy),
  );
  byId("measures").before(acts);
  const parts = new Map<string, HTMLElement>();
  const line = byId("evidence");
  let wrote = false;
  const found = new OverSeeds(runner, (names) => {
    for (const name of names) fill(name);
    sum();
    // tables are of what is all there: numbers that run would say nothing yet
    const running = found.names.some((name) => found.of(name)?.running === true);
    if (!running || wrote) asks.changed();
    wrote = !running;
  });

  const fill = (name: string): void => {
    const host = parts.get(name);
    if (host === undefined) return;
    const held = document.activeElement instanceof HTMLElement && host.contains(document.activeElement) ? document.activeElement.dataset["act"] : undefined;
    const series = found.of(name);
    host.replaceChildren(...(series === null ? [over(name, FEW)] : told(name, series)));
    const buttons = [...host.querySelectorAll<HTMLElement>("[data-act]")];
    if (held !== undefined) (buttons.find((one) => one.dataset["act"] === held) ?? buttons[0] ?? host).focus({ preventScroll: true });
  };
  const button = (act: string, text: string, label: string, press: () => void): HTMLButtonElement =>
    el("button", { type: "button", class: "small", data: { act }, aria: { label }, on: { click: press } }, text);
  const over = (name: string, seeds: number): HTMLButtonElement =>
    button(`over-${seeds}`, EVIDENCE.over(seeds), EVIDENCE.overOf(seeds, title(name)), () => { found.ask([name], seeds); });

  const told = (name: string, series: Series): HTMLElement[] => {
    const seen = seenOf(asks.panes());
    const [first] = seen;
    const { ramp = null, noise = null } = first?.measures.find((one) => one.name === name) ?? {};
    const said = lines(found, series);
    const drawn = dots(
      series.values.map((values, pane) => ({
        letter: series.values.length > 1 ? LETTERS[pane] ?? "" : "",
        values,
        own: ownOf(seen[pane]?.measures ?? [], name),
        middle: found.middle(series, pane),
      })),
      ramp,
      noise,
      EVIDENCE.label(title(name), said.join("; ")),
    );
    const buttons = series.running
      ? [el("span", { class: "soft" }, EVIDENCE.counted(series.done, series.all)), button("stop", EVIDENCE.stop, EVIDENCE.stopOf(title(name)), () => { found.stop(name); })]
      : [
          ...(series.stopped ? [button("go-on", EVIDENCE.goOn(series.seeds), EVIDENCE.goOnOf(series.seeds, title(name)), () => { found.ask([name], series.seeds); })] : []),
          ...(!series.stopped && series.seeds < MANY ? [over(name, MANY)] : []),
          ...(series.done === 0 ? [] : [button("copy", EVIDENCE.copy, EVIDENCE.copyOf(title(name)), () => { keepSeeds([name]); })]),
        ];
    return [
      ...(drawn === null ? [] : [drawn]),
      ...(series.done === 0 ? [] : [el("p", { class: "dots-said" }, ...said.map((one) => el("span", {}, one)))]),
      ...(series.running ? [] : [el("p", { class: "soft" }, notes(found, series).join(" "))]),
      el("p", { class: "acts" }, ...buttons),
    ];
  };

  /** The measures of the networks that are shown, as the panel has them. */
  const listed = async (): Promise<{ taken: Taken[]; compared: null }> => {
    const panes = asks.panes();
    const names = (asks.pane().taken.measures ?? []).map(({ name }) => name);
    const all = await Promise.all(panes.map(async (pane): Promise<Taken[]> => {
      const shown = shownOf(pane.state);
      const row = await runner.one({ cases: [caseOf(shown)], names, at: pane.rectangle(), side: pane.taken.side });
      return [{ row, names, show: shown.show, bred: shown.bred.trim(), file: pane.field?.facts.file != null }];
    }));
    return { taken: all.flat(), compared: null };
  };
  /** What is known over seeds of these measures. */
  const keepSeeds = (names: readonly string[]): void => {
    const seen = seenOf(asks.panes());
    const known = names.flatMap((name) => found.of(name) ?? []);
    const taken = known.flatMap(({ name, rows, values }) => rows.flatMap((some, pane) => some.flatMap((row, seed): Taken[] => {
      if (row === null) return [];
      const state = seen[pane]?.state;
      // of a run's row one measure
      return [{ row: { ...row, values: [values[pane]?.[seed] ?? null], ...ofOne(row, found.place(name, seed)) }, names: [name], show: state === undefined ? "output" : shownOf(state).show, bred: "", file: false }];
    })));
    const texts = known[0]?.rows.map((some) => some.find((row) => row !== null)?.text ?? "") ?? [];
    const told = known.filter((one) => one.values.slice(1).some((_, i) => found.verdict(one, i + 1).kind === "told"));
    const whole = texts.length > 1 && new Set(texts).size === texts.length && texts.every((one) => one !== "") && known.every(({ running, done, all }) => !running && done === all);
    const seeds = Math.min(...known.map((one) => one.seeds));
    const compared = whole ? { texts, names: told.map(({ name }) => name), seeds, family: found.family } : null;
    const measured = names.map(title).join(", ");
    keep.show(known.some((one) => one.stopped) ? EVIDENCE.label(measured, stoppedAt(found, known)) : EVIDENCE.seedsOf(measured, seeds), Promise.resolve({ taken, compared }));
  };

  /** The line under pictures that are compared. */
  const sum = (): void => {
    const panes = asks.panes();
    const away = panes.length < 2 || !found.possible || asks.hidden();
    line.classList.toggle("absent", away);
    if (away) return;
    const names = lined(panes);
    const known = names.flatMap((name) => found.of(name) ?? []);
    const running = known.filter((one) => one.running);
    const seeds = Math.min(...names.map((name) => found.of(name)?.seeds ?? 0));
    const held = line.contains(document.activeElement);
    // where some were never asked for, the line is of what is shown
    const stopped = running.length === 0 && seeds >= FEW && known.some((one) => one.stopped);
    const next = stopped ? Math.max(...known.map((one) => one.seeds)) : seeds < FEW ? FEW : MANY;
    const onwards = stopped ? EVIDENCE.goOn(next) : EVIDENCE.over(next);
    const act = running.length > 0
      ? button("stop", EVIDENCE.stop, EVIDENCE.stop, () => { found.stop(); })
      : button(stopped ? "go-on" : "over", onwards, onwards, () => { found.ask(lined(asks.panes()), next); });
    const { done, all } = found.networks(known);
    const text = running.length > 0
      ? EVIDENCE.running(done, all)
      : stopped ? stoppedAt(found, known) : seeds >= FEW ? EVIDENCE.told(seeds, found.family) : EVIDENCE.single;
    act.disabled = names.length === 0;
    const copy = running.length > 0 || seeds < FEW || done === 0 ? [] : [button("copy", EVIDENCE.copy, EVIDENCE.copy, () => { keepSeeds(lined(asks.panes())); })];
    line.replaceChildren(el("span", { class: "soft" }, text), ...(running.length === 0 && !stopped && seeds >= MANY ? [] : [act]), ...copy);
    if (held) act.focus({ preventScroll: true });
  };

  return {
    follow: (panes) => {
      const other = found.follow(seenOf(panes));
      // of the same networks another seed may be shown
      for (const name of parts.keys()) if (other || found.of(name) !== null) fill(name);
      sum();
    },
    part: (one) => {
      if (!found.possible || asks.hidden()) return null;
      const known = parts.get(one.name);
      if (known !== undefined) return known;
      const made = el("div", { class: "evidence" });
      parts.set(one.name, made);
      fill(one.name);
      return made;
    },
    difference: (pane, name, first) => {
      const value = ownOf(pane.taken.measures ?? [], name);
      const base = ownOf(first, name);
      const series = found.of(name);
      if (series !== null && series.done === series.all) {
        const verdict = found.verdict(series, pane.index);
        const count = verdict.kind === "told" ? found.unresolved(series, [0, pane.index]) : 0;
        return el("span", { class: "seen" }, count > 0 && blurredMark(EVIDENCE.unresolved(count, 2 * series.seeds)), differenceOf(verdict));
      }
      return el("span", { title: EVIDENCE.network }, value === null || base === null ? "" : factOf(value, base));
    },
  };
}

/** The measures of the panes' tables. */
function lined(panes: readonly Pane[]): string[] {
  return [...new Set(panes.flatMap(({ taken }) => (taken.measures === null ? [] : taken.valued)))];
}

/** What a row says of the measure at this place of it. */
function ofOne(row: CaseRow, place: number): Pick<CaseRow, "reasons" | "resolved"> {
  return { reasons: [row.reasons[place] ?? ""], resolved: [row.resolved[place] ?? null] };
}

/** Decision regions are of the output. */
function shownOf(state: PaneState): PaneState {
  return { ...state, show: measuredOf(state) };
}

function seenOf(panes: readonly Pane[]): Seen[] {
  return panes.map((pane) => ({
    state: pane.state,
    at: pane.rectangle(),
    seeded: pane.field?.facts.changes.includes("seed") === true && pane.trouble === "",
    side: pane.taken.side,
    measures: pane.taken.measures ?? [],
  }));
}
