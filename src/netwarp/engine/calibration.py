"""Calibration, natively: a Program over whole pictures in float64, pass by pass, with every Normalise's statistics.

A pass computes a few operations row by row, and a row in blocks that stay in the first cache; it ends in the sums of
one Normalise's source, over whole rows. Only what a later pass reads is kept as a picture; where a picture is read for
the last time, the next one takes its memory.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.forms import Form
from netwarp.engine.lanes import Kind
from netwarp.engine.pass_writer import PassMoulds, PassPlan
from netwarp.engine.plan import Header
from netwarp.engine.pools import separated
from netwarp.engine.protocol import Settle
from netwarp.engine.threads import hands, spread
from netwarp.engine.work import JOB
from netwarp.engine.workspace import Workspace, aligned
from netwarp.engine.writer import packed
from netwarp.network.program import Conv, Normalise, Program
from netwarp.plane import Raster
from netwarp.progress import Progress

Array = NDArray[np.float64]

# floating-point operations of a pass that is not shared out: a millisecond's
SMALL = 6_000_000


def walk(program: Program, raster: Raster, settle: Settle, progress: Progress | None) -> None:
    """See engine.protocol.Engine.statistics."""
    whole = separated(program)
    if not any(isinstance(operation, Normalise) for operation in whole.program.operations):
        return
    moulds = PassMoulds.of(Form.of(whole.program), raster)
    execution, passes = _Execution(moulds, whole.program), moulds.passes.passes
    for n, one in enumerate(passes):
        sums = execution.run(n, _part(progress, n, len(passes)))
        if one.normalise is not None:
            conv = settle(whole.originals[one.normalise], *_moments(sums, raster.columns))
            execution.settle(n, conv)


def _part(progress: Progress | None, n: int, count: int) -> Progress | None:
    """The progress of pass n of `count`, in thousandths of the whole."""
    if progress is None:
        return None
    return lambda done, total: progress(1000 * n + 1000 * done // total, 1000 * count)


class _Execution:
    """Runs passes, one after another: what is kept between them, and the plan of the next one, which is made early."""

    def __init__(self, moulds: PassMoulds, program: Program) -> None:
        self.moulds, self.program = moulds, program
        self.passes, self.raster = passes, raster = moulds.passes, moulds.raster
        self.plans: dict[int, PassPlan] = {}
        # what was settled while the plan of the pass that begins with it was there already
        self.settled: dict[int, Conv] = {}
        pictures = raster.rows * raster.width * passes.kept_channels
        self.pool = aligned(pictures + 2 * raster.margin + Kind(64).lanes, np.float64)
        self.xs, self.ys = raster.coordinates()

    def settle(self, n: int, conv: Conv) -> None:
        """Lets the value that pass n has the statistics of be made by `conv`, of the weights' shape of before."""
        self.settled[n + 1] = conv

    def run(self, n: int, progress: Progress | None) -> Array:
        """Runs pass n. The row sums (rows, C, 2) of what it measures; C is 0 where it measures nothing."""
        from netwarp.engine.executor import picture

        self._prepare(n)
        planned, rows = self.plans.pop(n), self.raster.rows
        if n in self.settled:
            numbers = packed(self.settled.pop(n))
            planned.plan.weights[planned.settled_at : planned.settled_at + len(numbers)] = numbers
        sums = np.zeros((self.raster.inner.rows, planned.measured, 2))

        def work(_: int) -> Callable[[tuple[int, int] | None], None]:
            space = Workspace.of(planned.plan)
            space.columns(self.xs)
            space.rows(self.ys)
            space.table[Header.SHARED_AT] = self.pool.ctypes.data
            space.table[Header.SUMS_AT] = sums.ctypes.data
            return lambda job: self._prepare(n + 1) if job is None else picture(space.table, *job, rows)

        spread(self._jobs(n), work, progress)
        return sums

    def _jobs(self, n: int) -> list[tuple[int, int] | None]:
        """Rows of pass n, from ... to ..., a few jobs a thread; None is the plan of the pass after it.

        That is a job too: else all threads but one would wait for it. None takes so long that whoever interrupts waits.
        A small pass is one job: to wake another thread takes longer.
        """
        rows, width = self.raster.rows, self.raster.width
        work = width * self.passes.work(self.passes.passes[n])
        if rows * work < SMALL:
            return [(0, rows)]
        # one thread has nobody to share with: what is left are the pauses
        threads = hands()
        share = rows // (4 * threads) if threads > 1 else rows
        chunk = max(1, min(share, (1 << 18) // width, JOB // work))
        parts = [(first, min(first + chunk, rows)) for first in range(0, rows, chunk)]
        return [None, *parts] if n + 1 < len(self.passes.passes) else [*parts]

    def _prepare(self, n: int) -> None:
        """Makes the plan of pass n, unless it is there."""
        if n not in self.plans:
            self.plans[n] = self.moulds.plan(n, self.program.operations)


def _moments(sums: Array, columns: int) -> tuple[Array, Array]:
    """Mean and biased variance (C,) from the rows' sums and squares, added row by row in a fixed order."""
    # (C, rows) each: a running sum of what lies end to end is several times as fast
    totals, squares = np.ascontiguousarray(sums.transpose(2, 1, 0))
    rows = len(sums)
    # squares beyond float64's range are infinite, which whoever folds the moments refuses
    with np.errstate(over="ignore", invalid="ignore"):
        # a row and its mirror image first: rows that are exactly opposite then cancel exactly
        mean = np.cumsum(totals + totals[:, ::-1], axis=1)[:, -1] / 2 / (rows * columns)
        between = (totals / columns - mean[:, None]) ** 2 * columns
        return mean, np.cumsum(squares + between, axis=1)[:, -1] / (rows * columns)
