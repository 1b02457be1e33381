"""All cells of a rectangle, found by several threads; or painted by them, and not kept."""

# C cells, H sides, K channels of the output, W words of pattern bits

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import spread
from netwarp.progress import Progress
from netwarp.regions.arrays import Bits, Floats, Integers, Long
from netwarp.regions.descent.batch import Count
from netwarp.regions.descent.cell_count import CellCount
from netwarp.regions.descent.cohort import Cohort, Finished, rectangle
from netwarp.regions.descent.descend import Walker
from netwarp.regions.descent.forecast import forecast
from netwarp.regions.descent.idle import give_back, walker_of
from netwarp.regions.descent.painting import Canvas, Painter
from netwarp.regions.descent.plan import plan
from netwarp.regions.frame import Frame
from netwarp.regions.stages import Stages

Gathered = TypeVar("Gathered")
LIMIT = 20_000_000
ALONE = 1200  # fewer cells than these are not worth waking a thread for
# cells a job: a matrix product rounds otherwise over other numbers of rows, so that what a job is must not depend on
# how many threads there are. A job of fewer takes longer in Python than in its kernels
FEWEST, MOST, JOBS = 128, 512, 64


@dataclass(frozen=True, eq=False)
class Found:
    """The cells of a descent, before they are glued."""

    offsets: Long
    corners: Floats  # (H, 3)
    sides: Long  # (H,) numbers
    labels: Integers
    bits: Bits
    affine: Floats  # (C, K, 3)
    errors: Floats  # (C, 3)
    splits: Long
    pairs: Long
    numbers: int
    doubtful: int  # signs that were settled exactly
    slow: int  # times that a cell was left to Python's integers, a hundred times slower than compiled ones


@contextmanager
def _undisturbed() -> Iterator[None]:
    """What overflows has an infinite bound, and is settled in whole numbers; BLAS's own threads would part its sums."""
    with np.errstate(all="ignore"), single_threaded():
        yield


@_undisturbed()
def cells_of(stages: Stages, frame: Frame, *, limit: int, progress: Progress | None = None) -> Found:
    """All cells of the frame's rectangle. Errors: as `tessellate`."""
    descent = _Descent(stages, frame, CellCount(limit, stages), canvas=None)
    return _joined(descent.run(_Result.of, progress))


@_undisturbed()
def paint(stages: Stages, frame: Frame, canvas: Canvas, *, limit: int, progress: Progress | None = None) -> None:
    """Paints all cells of the frame's rectangle that hold a pixel centre. Errors: as `tessellate`."""
    descent = _Descent(stages, frame, CellCount(limit, stages, kept=False), canvas=canvas)
    descent.run(lambda walker, begin: None, progress)


class _Descent:
    """The walkers of one descent: one begins, then each of several threads has its own."""

    def __init__(self, stages: Stages, frame: Frame, tally: CellCount, *, canvas: Canvas | None) -> None:
        self.plan, self.tally, self.canvas = plan(stages, frame), tally, canvas
        self.walkers: list[Walker] = []

    def run(self, gather: Callable[[Walker, int], Gathered], progress: Progress | None) -> list[Gathered]:
        """Gives `gather(walker, begin)` of the first walker, then of every job, in order.

        The sides that a job makes are numbered from `begin` on.
        """
        walker = self._walker()
        walker.begin(4)
        cohort = self._begun(walker)
        results = [gather(walker, 0)]
        if cohort is not None:
            results += self._shared_out(cohort, int(walker.scratch.counts[Count.NEXT]), gather, progress)
        give_back(self.walkers)
        return results

    def _walker(self) -> Walker:
        walker = walker_of(self.plan, self.tally)
        walker.painter = None if self.canvas is None else Painter(self.canvas)
        self.walkers.append(walker)
        return walker

    def _begun(self, walker: Walker) -> Cohort | None:
        """Breadth first until there is enough to share out. None where there never is: then all cells are finished."""
        cohort: Cohort | None = rectangle(self.plan.frame, self.plan.stages.words)
        while cohort is not None and cohort.count < ALONE:
            cohort = walker.advance(cohort, 0, cohort.count)
        if cohort is not None and cohort.number == self.plan.depth:
            # only their output is left to be computed
            for _ in walker.descend(cohort, 0, cohort.count):
                pass
            return None
        return cohort

    def _shared_out(
        self, cohort: Cohort, begin: int, gather: Callable[[Walker, int], Gathered], progress: Progress | None
    ) -> list[Gathered]:
        """Finishes a cohort, depth first in jobs of some cells each, as `run`."""
        if self.canvas is None:
            self.tally.foresee = partial(forecast, self.plan, cohort)
        size = max(min(cohort.count // JOBS, MOST), FEWEST)
        firsts = range(0, cohort.count, size)
        made: dict[int, Gathered] = {}

        def work(_: int) -> Callable[[int], Iterator[None]]:
            walker = self._walker()

            def do(first: int) -> Iterator[None]:
                walker.begin(begin)
                yield from walker.descend(cohort, first, min(first + size, cohort.count))
                made[first] = gather(walker, begin)

            return do

        spread(firsts, work, progress)
        return [made[first] for first in firsts]


@dataclass(frozen=True, eq=False)
class _Result:
    finished: Finished
    splits: Long
    pairs: Long
    begin: int  # its own numbers are from here
    end: int  # to here
    doubtful: int
    slow: int

    @classmethod
    def of(cls, walker: Walker, begin: int) -> _Result:
        count, record = walker.scratch.counts, walker.record
        return cls(
            finished=walker.finished,
            splits=record.splits[: count[Count.SPLITS]].copy(),
            pairs=record.pairs[: count[Count.PAIRS]].copy(),
            begin=begin,
            end=int(count[Count.NEXT]),
            doubtful=walker.doubtful,
            slow=walker.slow,
        )


def _joined(results: list[_Result]) -> Found:
    shifts = []
    numbers = results[0].end
    for result in results[1:]:
        shifts.append((result, numbers - result.begin))
        numbers += result.end - result.begin
    for result, shift in shifts:
        for array in (*result.finished.sides, result.splits[:, :2], result.pairs[:, 0]):
            array[array >= result.begin] += shift
    parts = [result.finished for result in results]

    def together(name: str) -> Any:
        chunks = [chunk for part in parts for chunk in getattr(part, name)]
        return chunks[0] if len(chunks) == 1 else np.concatenate(chunks)

    counts = together("counts")
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    return Found(
        offsets=offsets,
        corners=together("vertices"),
        sides=together("sides"),
        labels=together("labels"),
        bits=together("bits"),
        affine=np.ascontiguousarray(together("affine").transpose(0, 2, 1)),
        errors=together("errors"),
        splits=np.concatenate([result.splits for result in results]),
        pairs=np.concatenate([result.pairs for result in results]),
        numbers=numbers,
        doubtful=sum(result.doubtful for result in results),
        slow=sum(result.slow for result in results),
    )
