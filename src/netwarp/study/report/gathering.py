"""The values of a store, read once and in its order, as arrays by measure.

Of a run 8 bytes a measure, 8 for its seed and 4 for its network stay in memory, and nothing else that grows with the
runs: a million runs of three measures are 36 MB.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError
from netwarp.progress import Progress
from netwarp.study.store.rows import Group, Value
from netwarp.study.store.store import Store

NO_SEED = -1  # of a model
REASONS = 1_000  # of a measure that are told apart, so that memory stays bounded
OTHERS = "other reasons"
_STEP = 20_000  # runs between two words on how far it is

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ReportedMeasure:
    """A measure of the study over all runs that are in.

    `values` are (runs,), NaN where a run has none; `unresolved` of them differ at half the resolution. `absent` and
    `failed` count the runs without a value by the reason.
    """

    name: str
    version: int
    unit: str
    values: Floats
    unresolved: int
    absent: Mapping[str, int]
    failed: Mapping[str, int]

    @property
    def present(self) -> int:
        return int(np.isfinite(self.values).sum())


@dataclass(frozen=True, slots=True)
class ReportedNetwork:
    """One architecture or model, its runs, from `first` to before `end`, and the points that come to it."""

    source: str
    raster: str
    points: tuple[tuple[Value, ...], ...]
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is in a store. `levels[i]` are the values of the factor `factors[i]`, in the plan's order.

    `points` is how many combinations of factors the plan has; `seeds` are (runs,), NO_SEED for a model.
    """

    factors: tuple[str, ...]
    levels: tuple[tuple[Value, ...], ...]
    points: int
    measures: tuple[ReportedMeasure, ...]
    networks: tuple[ReportedNetwork, ...]
    seeds: Whole

    @property
    def varied(self) -> tuple[int, ...]:
        """The places of the factors that have more than one value."""
        return tuple(place for place, values in enumerate(self.levels) if len(values) > 1)


def gather(store: Store, progress: Progress | None = None) -> Gathered:
    """Reads all values of a store; a run that several points share is one run.

    Errors: StoreError; InputError where no run was evaluated.
    """
    plan = store.planned()
    levels: list[dict[Value, None]] = [{} for _ in plan.factors]
    points = 0
    for values in store.point_values():
        points += 1
        for known, value in zip(levels, values, strict=True):
            if value is not None:
                known[value] = None
    taken = _Taken(plan.wanted)
    groups = store.groups()
    try:
        for group in groups:
            taken.add(group)
            if progress is not None and len(taken.seeds) % _STEP == 0:
                progress(len(taken.seeds), plan.total)
    finally:
        groups.close()
    if not taken.seeds:
        raise InputError(
            f"{store.folder}: no run of the study is evaluated yet, so there is nothing to report; `netwarp study run`"
            " evaluates them"
        )
    return Gathered(
        factors=plan.factors,
        levels=tuple(tuple(one) for one in levels),
        points=points,
        measures=taken.measures(),
        networks=tuple(taken.networks()),
        seeds=np.frombuffer(taken.seeds, dtype=np.int64),
    )


class _Taken:
    """What was read so far."""

    def __init__(self, wanted: Sequence[tuple[str, int]]) -> None:
        self.seeds = array("q")
        self._wanted = tuple(wanted)
        self._place = {key: place for place, key in enumerate(wanted)}
        self._values = [array("d") for _ in wanted]
        self._units = [""] * len(wanted)
        self._unresolved = [0] * len(wanted)
        self._absent: list[Counter[str]] = [Counter() for _ in wanted]
        self._failed: list[Counter[str]] = [Counter() for _ in wanted]
        # source, raster, points, first run
        self._networks: list[tuple[str, str, list[tuple[Value, ...]], int]] = []
        self._last: tuple[str, str, int | None] | None = None

    def add(self, group: Group) -> None:
        network = group.architecture, group.raster
        new = not self._networks or self._networks[-1][:2] != network
        if new:
            self._networks.append((*network, [], len(self.seeds)))
        points, first = self._networks[-1][2:]
        run = (*network, group.seed)
        if run == self._last:
            # the run at another of its points; the next runs of the network have the same ones
            if first == len(self.seeds) - 1:
                points.append(group.factors)
            return
        self._last = run
        if new:
            points.append(group.factors)
        self.seeds.append(NO_SEED if group.seed is None else group.seed)
        for column in self._values:
            column.append(nan)
        for name, version, value, unit, resolved, _half, state, reason in group.measures:
            place = self._place[name, version]
            if unit:
                self._units[place] = unit
            if value is not None:
                self._values[place][-1] = value
                self._unresolved[place] += resolved is False
            else:
                reasons = (self._failed if state == "failed" else self._absent)[place]
                reasons[reason if reason in reasons or len(reasons) < REASONS else OTHERS] += 1

    def measures(self) -> tuple[ReportedMeasure, ...]:
        return tuple(
            ReportedMeasure(
                name,
                version,
                unit=self._units[place],
                values=np.frombuffer(self._values[place], dtype=np.float64),
                unresolved=self._unresolved[place],
                absent=dict(self._absent[place].most_common()),
                failed=dict(self._failed[place].most_common()),
            )
            for place, (name, version) in enumerate(self._wanted)
        )

    def networks(self) -> list[ReportedNetwork]:
        ends = [*(first for *_, first in self._networks[1:]), len(self.seeds)]
        return [
            ReportedNetwork(source, raster, tuple(points), first, end)
            for (source, raster, points, first), end in zip(self._networks, ends, strict=True)
        ]
