"""Runs into chunks: long enough that handing them over costs little, short enough that little is lost with one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Final

from netwarp.study.running.work import RunJob
from netwarp.study.runs import RunFrame, Source

GOAL: Final = 0.3  # seconds of a chunk: a task of Dask costs 1 to 3 ms, of a pool less
MOST: Final = 1_000  # runs of a chunk
FIRST: Final = 4  # runs of the first chunk of all, of which nothing is known
KEPT: Final = 256  # sources whose pace is remembered


class Pace:
    """How long a run of each source takes, learnt from the chunks that came back."""

    def __init__(self, goal: float = GOAL) -> None:
        self._goal = goal
        self._seconds: OrderedDict[Source, float] = OrderedDict()
        self._any: float | None = None

    def learn(self, source: Source, seconds: float, runs: int) -> None:
        """`runs` of the source took so many seconds together."""
        each = seconds / runs
        before = self._seconds.pop(source, None)
        self._seconds[source] = each if before is None else (before + each) / 2
        self._any = each if self._any is None else (self._any + each) / 2
        if len(self._seconds) > KEPT:
            self._seconds.popitem(last=False)

    def size(self, source: Source) -> int:
        """How many runs of the source make a chunk. One not seen before may be slower than the last: half as many."""
        known = self._seconds.get(source)
        if known is not None:
            return self._runs(known)
        return FIRST if self._any is None else max(1, self._runs(self._any) // 2)

    def _runs(self, each: float) -> int:
        return max(1, min(MOST, round(self._goal / max(each, 1e-6))))


class Cutter:
    """Cuts a stream of jobs into chunks of one source and frame, each as long as the pace says when it is cut."""

    def __init__(self, jobs: Iterable[tuple[Source, RunFrame, RunJob]], pace: Pace) -> None:
        self._jobs: Iterator[tuple[Source, RunFrame, RunJob]] = iter(jobs)
        self._next = next(self._jobs, None)
        self._pace = pace

    def next(self, most: int | None = None) -> tuple[Source, RunFrame, tuple[RunJob, ...]] | None:
        """The next chunk, of at most so many runs; None where there are no more."""
        if self._next is None:
            return None
        source, frame, _ = self._next
        wanted = self._pace.size(source)
        if most is not None:
            wanted = min(wanted, most)
        taken: list[RunJob] = []
        while self._next is not None and self._next[:2] == (source, frame) and len(taken) < wanted:
            taken.append(self._next[2])
            self._next = next(self._jobs, None)
        return source, frame, tuple(taken)
