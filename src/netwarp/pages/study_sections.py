"""The sections of a study's report: a measure's main effects and maps, and the agreement of measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from markupsafe import Markup

from netwarp.errors import InputError
from netwarp.measures.measurements import number
from netwarp.measures.registry import find
from netwarp.pages.budget import PageBudget
from netwarp.pages.parts import TextTable
from netwarp.pages.plot import PagePlot
from netwarp.pages.study_plots import agreement_plot, effect_plot, in_short, limits_of, map_plot
from netwarp.pages.study_words import agreement_sentence, effect_sentence, missing_values, signed, strength
from netwarp.progress import Report
from netwarp.study.report.agreement import RankAgreement
from netwarp.study.report.effects import EffectLevel, MainEffect, PairMap, main_effect, pair_map
from netwarp.study.report.gathering import Gathered, ReportedMeasure
from netwarp.study.words import between

EFFECT_COLUMNS = ("factor", "value", "median", "interval", "seeds", "networks")


@dataclass(slots=True)
class MeasureSection:
    """What the page shows of one measure, and the plots that it shows, for files."""

    anchor: str
    name: str
    unit: str
    version: str
    definition: str
    sentences: tuple[tuple[str, str], ...]  # a factor, and what is said of it
    alone: str  # what is said instead, where no value is compared
    notes: tuple[str, ...]
    effects: list[Markup] = field(default_factory=list)
    effect_table: TextTable | None = None
    maps: list[Markup] = field(default_factory=list)
    map_tables: list[TextTable] = field(default_factory=list)
    effect_plots: list[PagePlot] = field(default_factory=list)
    map_plots: list[PagePlot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AgreementSection:
    """How alike the measures rank the networks."""

    sentence: str
    networks: int
    plot: Markup | None
    table: TextTable
    plots: tuple[PagePlot, ...]


def effects_of(gathered: Gathered, measure: ReportedMeasure, family: int) -> tuple[MainEffect, ...]:
    """The main effects of all factors that vary, in the study's order."""
    return tuple(main_effect(gathered, measure, place, family) for place in gathered.varied)


def measure_section(
    gathered: Gathered, place: int, effects: Sequence[MainEffect], budget: PageBudget
) -> MeasureSection:
    """The main effects of the measure at `place`: sentences, the strongest first, plots and a table."""
    measure = gathered.measures[place]
    label, limits = label_of(measure), limits_of(effects)
    ordered = sorted(effects, key=strength, reverse=True)
    found = MeasureSection(
        anchor=f"measure-{place + 1}",
        name=measure.name,
        unit=measure.unit,
        version=_version(measure),
        definition=_definition(measure.name),
        sentences=tuple((one.factor, effect_sentence(one)) for one in ordered) if measure.present else (),
        alone=_alone(gathered, measure),
        notes=missing_values(measure, len(gathered.seeds)) + tuple(_thinned(effects)),
    )
    for number_, effect in enumerate(effects, 1):
        if not effect.known:
            continue
        plot = effect_plot(
            effect,
            name=f"{found.anchor}-effect-{number_}",
            label=label,
            description=f"{effect.factor}: {effect_sentence(effect)}",
            limits=limits,
        )
        inline = plot.inline()
        if budget.take(inline, "plots of main effects"):
            found.effects.append(inline)
            found.effect_plots.append(plot)
    rows = tuple(_row(effect, one) for effect in effects for one in effect.levels)
    if rows and measure.present and budget.take(_weighed(rows), "tables of main effects"):
        found.effect_table = TextTable(f"Main effects on {measure.name}: medians over seeds", EFFECT_COLUMNS, rows)
    return found


def add_maps(
    found: MeasureSection, gathered: Gathered, place: int, budget: PageBudget, progress: Report | None = None
) -> None:
    """The maps of the measure over every two factors, all in the same colours; as many as the page has room for."""
    measure = gathered.measures[place]
    pairs = list(combinations(gathered.varied, 2)) if measure.present else []
    maps = [pair_map(gathered, measure, across, down) for across, down in pairs]
    # two factors may have no point in common
    maps = [one for one in maps if np.isfinite(one.values).any()]
    limits = _map_limits(maps)
    for done, one in enumerate(maps):
        if progress is not None:
            progress(f"drawing the maps of {measure.name}", done, len(maps))
        description = (
            f"{measure.name} over {one.factors[0]} and {one.factors[1]}: medians over seeds, the table below has them."
        )
        plot = map_plot(
            one, name=f"{found.anchor}-map-{done + 1}", label=label_of(measure), description=description, limits=limits
        )
        table = _map_table(one, measure.name)
        inline = plot.inline()
        if budget.take(inline + _weighed(table.rows), "heat maps"):
            found.maps.append(inline)
            found.map_plots.append(plot)
            found.map_tables.append(table)
    if thin := sorted({name for one in maps for name in _map_thinned(one, gathered)}):
        found.notes = (*found.notes, f"maps show at most 12 values of a factor, evenly among all: of {', '.join(thin)}")


def agreement_section(found: RankAgreement, budget: PageBudget) -> AgreementSection | None:
    """The correlations; None for fewer than two measures."""
    if len(found.names) < 2:
        return None
    sentence = agreement_sentence(found)
    plot = agreement_plot(found.names, found.table, name="agreement", description=sentence)
    inline = plot.inline()
    fits = bool(found.pairs()) and budget.take(inline, "plots of rank agreement")
    rows = tuple(
        # NaN is not itself
        (name, *(f"{signed(one)} of {count:,}" if one == one else f"– of {count:,}" for one, count in counted))
        for name, counted in zip(found.names, map(zip, found.table.tolist(), found.counts.tolist()), strict=True)
    )
    table = TextTable(
        "Spearman’s rank correlation of every two measures, and of how many networks", ("", *found.names), rows
    )
    return AgreementSection(sentence, found.networks, inline if fits else None, table, (plot,) if fits else ())


def _weighed(rows: Sequence[Sequence[str]]) -> str:
    """As much text as a table of these cells takes on a page, tags and escapes included."""
    return "".join(f"{cell * 2} {'tags' * 4}" for row in rows for cell in row)


def _alone(gathered: Gathered, measure: ReportedMeasure) -> str:
    if not measure.present:
        return "No run has a value of it."
    if gathered.varied:
        return ""
    middle = number(float(np.nanmedian(measure.values)))
    return f"No factor has more than one value, so nothing is compared. The median over all runs is {middle}."


def label_of(measure: ReportedMeasure) -> str:
    """The measure's name and unit, for an axis."""
    return measure.name if measure.unit in ("", "1", measure.name) else f"{measure.name} ({measure.unit})"


def _row(effect: MainEffect, one: EffectLevel) -> tuple[str, ...]:
    value = None if one.interval is None else one.interval.value
    return effect.factor, str(one.value), number(value), between(one.interval), f"{one.seeds:,}", f"{one.runs:,}"


def _map_table(one: PairMap, measure: str) -> TextTable:
    rows = tuple(
        (in_short(row, 200), *(number(value) if value == value else "–" for value in values))
        for row, values in zip(one.rows, one.values.tolist(), strict=True)
    )
    caption = f"{measure} over {one.factors[0]} (columns) and {one.factors[1]} (rows): medians over seeds"
    return TextTable(caption, (one.factors[1], *(in_short(column, 200) for column in one.columns)), rows)


def _map_limits(maps: Sequence[PairMap]) -> tuple[float, float] | None:
    found = [value for one in maps for value in one.values.ravel().tolist() if value == value]
    return (min(found), max(found)) if found and min(found) < max(found) else None


def _thinned(effects: Sequence[MainEffect]) -> Iterator[str]:
    for one in effects:
        if one.left_out:
            shown = len(one.levels)
            yield f"{shown} of {shown + one.left_out:,} values of {one.factor} are shown, evenly among all"


def _map_thinned(one: PairMap, gathered: Gathered) -> Iterator[str]:
    for name, values in zip(one.factors, (one.columns, one.rows), strict=True):
        if len(values) < len(gathered.levels[gathered.factors.index(name)]):
            yield name


def _version(measure: ReportedMeasure) -> str:
    """The version of the values, and of this netwarp's where that is another."""
    try:
        own = find(measure.name).version
    except InputError:
        return f"version {measure.version}, which this netwarp has not"
    return f"version {measure.version}" + ("" if own == measure.version else f"; this netwarp has version {own}")


def _definition(name: str) -> str:
    """What the measure is; nothing of one that this netwarp has not."""
    try:
        return find(name).definition
    except InputError:
        return ""
