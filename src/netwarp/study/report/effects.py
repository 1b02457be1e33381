"""Main effects, and maps over pairs of factors: medians over seeds of what a value of a factor, or two, goes with.

Networks of one seed share their weights' draws whatever the factors, so that they are no independent observations;
seeds are. Of every seed the median over its networks with the value is therefore taken first, and of these the median
over the seeds, with its interval. A model has no seed: the median is over models then, and has no interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from netwarp.measures.intervals import Interval, level_of, median
from netwarp.study.report.gathering import NO_SEED, Floats, Gathered, ReportedMeasure, ReportedNetwork, Whole
from netwarp.study.store.rows import Value

LEVELS: Final = 40  # values of a factor that a main effect shows
ACROSS: Final = 12  # values of a factor that a map shows


@dataclass(frozen=True, slots=True)
class EffectLevel:
    """A factor's value: the median there with its interval, over `seeds` seeds of `runs` values; None of no value."""

    value: Value
    interval: Interval | None
    seeds: int
    runs: int


@dataclass(frozen=True, slots=True)
class MainEffect:
    """A measure by the values of one factor; `left_out` values are not shown, and stand evenly among those that are."""

    factor: str
    levels: tuple[EffectLevel, ...]
    left_out: int

    @property
    def numeric(self) -> bool:
        return numeric([one.value for one in self.levels])

    @property
    def known(self) -> tuple[EffectLevel, ...]:
        return tuple(one for one in self.levels if one.interval is not None)

    @property
    def ends(self) -> tuple[EffectLevel, EffectLevel] | None:
        """The levels of the lowest and of the highest median; None of fewer than two."""
        if len(self.known) < 2:
            return None
        ordered = sorted(self.known, key=lambda one: one.interval.value if one.interval else 0.0)
        return ordered[0], ordered[-1]

    @property
    def parts(self) -> bool:
        """Whether the intervals of the ends do not meet: then they differ, whatever else is compared."""
        if self.ends is None:
            return False
        low, high = (one.interval for one in self.ends)
        return (
            low is not None
            and high is not None
            and low.high is not None
            and high.low is not None
            and low.high < high.low
        )


@dataclass(frozen=True, slots=True)
class PairMap:
    """A measure over two factors: (rows, columns) medians, NaN where there is none. `left_out` as in MainEffect."""

    factors: tuple[str, str]  # of the columns, of the rows
    columns: tuple[Value, ...]
    rows: tuple[Value, ...]
    values: Floats
    left_out: int


def numeric(values: Iterable[Value]) -> bool:
    """Whether all are numbers."""
    return all(isinstance(one, int | float) and not isinstance(one, bool) for one in values)


def shown_levels(values: Sequence[Value], most: int) -> tuple[Value, ...]:
    """At most so many of a factor's values: numbers in their order, others in the study's, evenly among all."""
    ordered = sorted(values, key=lambda one: float(one or 0)) if numeric(values) else list(values)
    if len(ordered) <= most:
        return tuple(ordered)
    places = np.unique(np.linspace(0, len(ordered) - 1, most).round().astype(int))
    return tuple(ordered[place] for place in places)


def family_of(gathered: Gathered) -> int:
    """How many intervals all main effects together have: each is taken at the level of so many."""
    if not gathered.networks or gathered.seeds[0] == NO_SEED:
        return 0
    shown = {
        place: _by_level(gathered, place, shown_levels(gathered.levels[place], LEVELS)) for place in gathered.varied
    }
    count = 0
    for measure in gathered.measures:
        there = {id(one) for one, median in _with_medians(gathered, measure) if np.isfinite(median)}
        for by_level in shown.values():
            count += sum(any(id(one) in there for one in networks) for networks in by_level.values())
    return count


def main_effect(gathered: Gathered, measure: ReportedMeasure, place: int, family: int) -> MainEffect:
    """The measure by the values of the factor at `place`, each interval taken as one of `family`."""
    shown = shown_levels(gathered.levels[place], LEVELS)
    networks = _by_level(gathered, place, shown)
    level = level_of(max(family, 1))
    found = []
    for value in shown:
        values, seeds = _of(gathered, measure, networks[value])
        each = by_seed(values, seeds)
        interval = None
        if each.size:
            interval = (
                median(each, level=level) if seeds[0] != NO_SEED else Interval(float(np.median(each)), None, None)
            )
        found.append(EffectLevel(value, interval, 0 if seeds.size and seeds[0] == NO_SEED else each.size, values.size))
    return MainEffect(gathered.factors[place], tuple(found), len(gathered.levels[place]) - len(shown))


def pair_map(gathered: Gathered, measure: ReportedMeasure, across: int, down: int) -> PairMap:
    """The measure over the factors at the places `across` and `down`."""
    columns, rows = (shown_levels(gathered.levels[place], ACROSS) for place in (across, down))
    by_column, by_row = _by_level(gathered, across, columns), _by_level(gathered, down, rows)
    table = np.full((len(rows), len(columns)), np.nan)
    for j, column in enumerate(columns):
        for i, row in enumerate(rows):
            there = {id(one) for one in by_row[row]}
            both = [
                one
                for one in by_column[column]
                if id(one) in there and any(point[across] == column and point[down] == row for point in one.points)
            ]
            each = by_seed(*_of(gathered, measure, both))
            if each.size:
                table[i, j] = np.median(each)
    left_out = len(gathered.levels[across]) - len(columns) + len(gathered.levels[down]) - len(rows)
    return PairMap((gathered.factors[across], gathered.factors[down]), columns, rows, table, left_out)


def mixed_factors(gathered: Gathered) -> Iterator[tuple[str, str, int, int]]:
    """Factors of which not every two values go together: their names, how many pairs there are, how many could be.

    What the one does cannot be told from what the other does by their main effects alone.
    """
    points = {point for one in gathered.networks for point in one.points}
    for first, second in combinations(gathered.varied, 2):
        pairs = {(point[first], point[second]) for point in points}
        pairs = {pair for pair in pairs if None not in pair}
        whole = len({one for one, _ in pairs}) * len({one for _, one in pairs})
        if len(pairs) < whole:
            yield gathered.factors[first], gathered.factors[second], len(pairs), whole


def by_seed(values: Floats, seeds: Whole) -> Floats:
    """The median of the values of each seed, in the seeds' order; of models every value by itself."""
    if not values.size or seeds[0] == NO_SEED:
        return values
    return _medians(values, seeds)[1]


def network_medians(gathered: Gathered, measure: ReportedMeasure) -> Floats:
    """The median over the seeds of every network; NaN where it has no value."""
    found = np.full(len(gathered.networks), np.nan)
    sizes = [one.end - one.first for one in gathered.networks]
    known = np.isfinite(measure.values)
    places = np.repeat(np.arange(len(sizes)), sizes)[known]
    if places.size:
        there, medians = _medians(measure.values[known], places)
        found[there] = medians
    return found


def _medians(values: Floats, groups: Whole) -> tuple[Whole, Floats]:
    """The groups that the values are of, in order, and the median of each."""
    order = np.lexsort((values, groups))
    ordered = values[order]
    there, first, count = np.unique(groups[order], return_index=True, return_counts=True)
    below, above = ordered[first + (count - 1) // 2], ordered[first + count // 2]
    # halves, so that the sum of two large values does not overflow
    return there, np.asarray(below / 2 + above / 2)


def _with_medians(gathered: Gathered, measure: ReportedMeasure) -> Iterator[tuple[ReportedNetwork, float]]:
    yield from zip(gathered.networks, network_medians(gathered, measure).tolist(), strict=True)


def _by_level(gathered: Gathered, place: int, shown: Sequence[Value]) -> dict[Value, list[ReportedNetwork]]:
    """The networks of each of these values; a network that two of its points give a value stands once."""
    found: dict[Value, list[ReportedNetwork]] = {value: [] for value in shown}
    for one in gathered.networks:
        for value in dict.fromkeys(point[place] for point in one.points):
            if value in found:
                found[value].append(one)
    return found


def _of(gathered: Gathered, measure: ReportedMeasure, networks: Sequence[ReportedNetwork]) -> tuple[Floats, Whole]:
    """The values there are of these networks' runs, and the seeds of each."""
    if not networks:
        return np.empty(0), np.empty(0, dtype=np.int64)
    values = np.concatenate([measure.values[one.first : one.end] for one in networks])
    seeds = np.concatenate([gathered.seeds[one.first : one.end] for one in networks])
    known = np.isfinite(values)
    return values[known], seeds[known]
