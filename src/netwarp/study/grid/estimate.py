"""estimate: how long a study's runs take, by timing a few of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.counts import operations
from netwarp.architecture.language import parse
from netwarp.checks import whole
from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import alone
from netwarp.engine.work import flops
from netwarp.errors import NetwarpError
from netwarp.models.files import read_network
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.study.evaluate import evaluate
from netwarp.study.grid.study import Study
from netwarp.study.runs import RunFrame, Source

SAMPLE: Final = 5
ENOUGH: Final = 5.0  # seconds after which no further run is timed
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


def estimate(study: Study, *, runs: int | None = None, workers: int = 1, sample: int = SAMPLE) -> TimeEstimate:
    """How long `runs` of the study (all, unless given) take on `workers` processes.

    It evaluates at most `sample` runs, the small ones first, and begins none after five seconds; the time of the others
    goes by the number of operations of their networks. A run that fails is not timed.
    """
    todo = study.total if runs is None else whole(runs, "estimate runs", 0)
    whole(workers, "estimate workers")
    listed = list(study.frames.items())
    spread = [listed[place] for place in _evenly(len(listed), min(LOOKED_AT, len(listed)))]
    costs = [_operations(study, source) * frame.raster.pixels for source, frame in spread]
    order = sorted(range(len(spread)), key=costs.__getitem__)
    timed: dict[int, float] = {}
    began = perf_counter()
    with single_threaded(), alone():
        for place in _evenly(len(order), min(whole(sample, "estimate sample", 0), len(order))):
            seconds = _timed(study, *spread[order[place]], again=not timed)
            if seconds is not None:
                timed[costs[order[place]]] = seconds
            if perf_counter() - began > ENOUGH:
                break
    return TimeEstimate(todo, _mean(costs, timed), workers)


def _evenly(count: int, wanted: int) -> list[int]:
    """The middles of `wanted` equal parts of 0 to count - 1."""
    return [(2 * part + 1) * count // (2 * wanted) for part in range(wanted)]


def _mean(costs: Sequence[int], timed: dict[int, float]) -> float | None:
    if not timed:
        return None
    known = sorted(timed)
    seconds = np.interp(costs, known, [timed[cost] for cost in known])
    # beyond the largest that was timed, time is taken to grow with the operations
    beyond = np.maximum(np.asarray(costs, dtype=float) / max(known[-1], 1), 1.0)
    return float(np.mean(seconds * beyond))


def _operations(study: Study, source: Source) -> int:
    if source.kind == "architecture":
        return operations(parse(source.text))
    try:
        return flops(lower(read_network(study.files[source.text])))
    except NetwarpError:
        return 0  # its run says what is wrong with it


def _timed(study: Study, source: Source, frame: RunFrame, *, again: bool) -> float | None:
    """Seconds of one run; of the second, where the first loads what all need."""
    given: Architecture | Network
    try:
        given = parse(source.text) if source.kind == "architecture" else read_network(study.files[source.text])
        seed = study.seeds[0] if study.seeds else 0
        for _ in range(2 if again else 1):
            began = perf_counter()
            evaluate(given, seed, frame.raster, frame.calibration, study.measures, details=False)
        return perf_counter() - began
    except NetwarpError:
        return None


def duration(seconds: float) -> str:
    """A time in words: "4 minutes", "2.5 hours", "3 days"."""
    for unit, size in (("day", 86_400.0), ("hour", 3600.0), ("minute", 60.0)):
        if seconds >= 0.95 * size:
            number = f"{seconds / size:.1f}" if seconds < 9.5 * size else f"{seconds / size:,.0f}"
            number = number.removesuffix(".0")
            return f"{number} {unit}{'' if number == '1' else 's'}"
    number = f"{max(1, round(seconds))}"
    return f"{number} second{'' if number == '1' else 's'}"
