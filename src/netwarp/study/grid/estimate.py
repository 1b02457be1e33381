"""How long a study's runs take: which of them to time, and what their times make of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from netwarp.architecture.counts import operations
from netwarp.architecture.language import parse
from netwarp.engine.work import flops
from netwarp.errors import NetwarpError
from netwarp.models.files import read_network
from netwarp.network.lower import lower
from netwarp.study.grid.study import Study
from netwarp.study.runs import RunFrame, Source

LOOKED_AT: Final = 100  # sources whose operations are counted: all of 100,000 would take a minute


@dataclass(frozen=True, slots=True)
class TimeEstimate:
    """How many runs there are to do, how long one takes on one thread (None where none could be timed), on how many."""

    runs: int
    seconds_a_run: float | None
    workers: int

    @property
    def seconds(self) -> float | None:
        """How long all take."""
        return None if self.seconds_a_run is None else self.runs * self.seconds_a_run / self.workers

    def __str__(self) -> str:
        runs = f"{self.runs:,} {'run' if self.runs == 1 else 'runs'}"
        on = f"on {self.workers} {'worker' if self.workers == 1 else 'workers'}"
        if self.seconds is None:
            return f"{runs} {on}; how long they take could not be estimated"
        return f"{runs}, about {duration(self.seconds)} {on}"


@dataclass(frozen=True)
class Costs:
    """The operations of a study's networks, of at most 100 of them, evenly among all."""

    study: Study

    @cached_property
    def listed(self) -> tuple[tuple[int, Source, RunFrame], ...]:
        """Operations, source and frame, the smallest first."""
        listed = list(self.study.frames.items())
        spread = (listed[place] for place in _evenly(len(listed), min(LOOKED_AT, len(listed))))
        found = [(_operations(self.study, source) * frame.raster.pixels, source, frame) for source, frame in spread]
        return tuple(sorted(found, key=lambda one: one[0]))

    def some(self, wanted: int) -> list[tuple[int, Source, RunFrame]]:
        """So many of them, evenly from the small ones to the large ones."""
        return [self.listed[place] for place in _evenly(len(self.listed), min(wanted, len(self.listed)))]

    def mean(self, timed: Mapping[int, float], most: float | None = None) -> float | None:
        """Seconds of a run, of those of the runs that were timed, by their operations; `most` is what any may take.

        None where none was timed.
        """
        if not timed:
            return None
        known = sorted(timed)
        costs = [cost for cost, *_ in self.listed]
        seconds = np.interp(costs, known, [timed[cost] for cost in known])
        # beyond the largest that was timed, time is taken to grow with the operations
        beyond = np.maximum(np.asarray(costs, dtype=float) / max(known[-1], 1), 1.0)
        return float(np.mean(np.minimum(seconds * beyond, np.inf if most is None else most)))


def _evenly(count: int, wanted: int) -> list[int]:
    """The middles of `wanted` equal parts of 0 to count - 1."""
    return [(2 * part + 1) * count // (2 * wanted) for part in range(wanted)]


def _operations(study: Study, source: Source) -> int:
    if source.kind == "architecture":
        return operations(parse(source.text))
    try:
        return flops(lower(read_network(study.files[source.text])))
    except NetwarpError:
        return 0  # its run says what is wrong with it


def duration(seconds: float) -> str:
    """A time in words: "4 minutes", "2.5 hours", "3 days"."""
    for unit, size in (("day", 86_400.0), ("hour", 3600.0), ("minute", 60.0)):
        if seconds >= 0.95 * size:
            number = f"{seconds / size:.1f}" if seconds < 9.5 * size else f"{seconds / size:,.0f}"
            number = number.removesuffix(".0")
            return f"{number} {unit}{'' if number == '1' else 's'}"
    number = f"{max(1, round(seconds))}"
    return f"{number} second{'' if number == '1' else 's'}"
