"""Which networks of a study are worth a look: at the points at the ends of main effects, the lowest and the highest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netwarp.study.report.effects import MainEffect, network_medians
from netwarp.study.report.gathering import NO_SEED, Gathered, ReportedMeasure, ReportedNetwork
from netwarp.study.store.rows import Value


@dataclass(frozen=True, slots=True)
class ChosenRun:
    """A run that stands for its point: which it is of, its seed (None of a model) and its value."""

    what: str
    seed: int | None
    value: float


@dataclass(frozen=True, slots=True)
class ChosenPoint:
    """A point, its network, and the runs with the lowest, a median and the highest value; those that are different."""

    values: tuple[Value, ...]
    network: ReportedNetwork
    runs: tuple[ChosenRun, ...]


def chosen_points(
    gathered: Gathered, measure: ReportedMeasure, effects: Sequence[MainEffect], most: int
) -> tuple[ChosenPoint, ...]:
    """The points whose every factor is at an end of its main effect, from the lowest median of `measure` on.

    Where there are none of these, as `where` may leave them out, those with the most factors at an end. Of more than
    `most`, as many of the lowest as of the highest.
    """
    ends = {
        gathered.factors.index(one.factor): {level.value for level in one.ends}
        for one in effects
        if one.ends is not None
    }
    medians = network_medians(gathered, measure)
    found: list[tuple[float, int, int]] = []
    best = -1
    for place, network in enumerate(gathered.networks):
        if not np.isfinite(medians[place]):
            continue
        for which, point in enumerate(network.points):
            at = sum(point[factor] in values for factor, values in ends.items())
            if at > best:
                best = at
                found.clear()
            # the first of points that share a network is enough
            if at == best and not (found and found[-1][1] == place):
                found.append((float(medians[place]), place, which))
    found.sort()
    if len(found) > most:
        found = found[: (most + 1) // 2] + found[len(found) - most // 2 :]
    return tuple(_chosen(gathered, measure, gathered.networks[place], which) for _, place, which in found)


def _chosen(gathered: Gathered, measure: ReportedMeasure, network: ReportedNetwork, which: int) -> ChosenPoint:
    values = measure.values[network.first : network.end]
    order = np.argsort(values, kind="stable")
    order = order[np.isfinite(values[order])]
    places = {"lowest": 0, "median": (len(order) - 1) // 2, "highest": len(order) - 1}
    if len(order) < 3:
        places = {"only": 0} if len(order) == 1 else {"lowest": 0, "highest": 1}
    runs = []
    for what, place in places.items():
        run = int(order[place])
        seed = int(gathered.seeds[network.first + run])
        runs.append(ChosenRun(what, None if seed == NO_SEED else seed, float(values[run])))
    return ChosenPoint(network.points[which], network, tuple(runs))
