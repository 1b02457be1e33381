"""Calibration, natively: a Program over whole pictures in float64, pass by pass, with every Normalise's statistics.

A pass computes a few operations row by row while a row is in cache, and ends in the sums of one Normalise's source.
Only what a later pass reads is kept as a picture; where a picture is read for the last time, the next one takes its
memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.lanes import Kind
from netwarp.engine.lattice import axis
from netwarp.engine.layout import buffers, fused
from netwarp.engine.plan import COPY, SHARED, SHARED_AT, SUMS, SUMS_AT, Plan
from netwarp.engine.pools import separated
from netwarp.engine.protocol import Progress, Settle
from netwarp.engine.threads import spread, thread_count
from netwarp.engine.work import JOB, work_of
from netwarp.engine.workspace import Workspace
from netwarp.engine.writer import SCRATCH, Slots, Writer, balanced, write
from netwarp.network.fold import folding
from netwarp.network.program import Concat, Conv, Normalise, Operation, Program, window
from netwarp.plane import Raster

Array = NDArray[np.float64]


@dataclass
class Pass:
    """`operations` are computed; `normalise`, where not None, is the operation whose source's statistics are taken."""

    operations: list[int] = field(default_factory=list)
    normalise: int | None = None


def walk(program: Program, raster: Raster, settle: Settle, progress: Progress | None) -> None:
    """See engine.protocol.Engine.statistics."""
    whole = separated(program)
    program = whole.program
    normalises = [i for i, operation in enumerate(program.operations) if isinstance(operation, Normalise)]
    if not normalises:
        return
    # before the cut: what comes after may read a convolution too, and then it is not the normalisation's own
    folded = {i: folding(program, i) for i in normalises}
    # what comes after the last statistics is not computed
    program = Program(program.operations[: normalises[-1] + 1])
    shadow = _shadow(program, folded)
    passes = _passes(program, shadow, folded)
    memory = _Memory(shadow, passes, raster)
    for n, one in enumerate(passes):
        found = memory.execute(n, program, shadow, folded, _part(progress, n, len(passes)))
        if one.normalise is not None and found is not None:
            conv = settle(whole.originals[one.normalise], *_moments(found, raster.columns))
            conv = replace(conv, sources=(whole.numbers[conv.sources[0]],))
            shadow = Program((*shadow.operations[: one.normalise], conv, *shadow.operations[one.normalise + 1 :]))


def _part(progress: Progress | None, n: int, count: int) -> Progress | None:
    """The progress of pass n of `count`, in thousandths of the whole."""
    if progress is None:
        return None
    return lambda done, total: progress(1000 * n + 1000 * done // total, 1000 * count)


def _shadow(program: Program, folded: dict[int, int | None]) -> Program:
    """The Program as it will be: every Normalise a convolution of what its own convolution reads."""
    operations: list[Operation] = list(program.operations)
    for i, at in folded.items():
        conv = program.operations[at] if at is not None else None
        if isinstance(conv, Conv):
            operations[i] = replace(conv, layer=program.operations[i].layer)
        else:
            channels, source = program.operations[i].channels, program.operations[i].sources[0]
            operations[i] = Conv((source,), np.ones((channels, 1, 1, 1)), np.zeros(channels), groups=channels)
    return Program(tuple(operations))


def _passes(program: Program, shadow: Program, folded: dict[int, int | None]) -> list[Pass]:
    passes, now = [], Pass()

    def computes(value: int) -> bool:
        """Whether this very pass computes the value, or a part of it."""
        operation = shadow.operations[value]
        views = operation.sources if isinstance(operation, Concat) else ()
        return value in now.operations or any(computes(v) for v in views)

    def take(operation: Operation) -> None:
        # an operation that reads other rows needs the whole of what it reads: the pass before ends with that
        nonlocal now
        if window(operation) != (0, 0) and any(computes(s) for s in operation.sources):
            passes.append(now)
            now = Pass()

    raw = set(folded.values())
    for i, operation in enumerate(program.operations):
        if i in raw:
            continue
        if isinstance(operation, Normalise):
            at = folded[i]
            if at is not None:
                take(program.operations[at])
            now.normalise = i
            passes.append(now)
            now = Pass([i])
        else:
            take(operation)
            now.operations.append(i)
    return passes


class _Memory:
    """Where every value is while the passes run: rows of private memory, or whole pictures of shared memory."""

    def __init__(self, shadow: Program, passes: list[Pass], raster: Raster) -> None:
        self.passes = passes
        self.raster = raster
        self.views, _ = buffers(shadow)
        self.reach = shadow.reach
        self.before = max(r[0] for r in self.reach)
        self.after = max(r[1] for r in self.reach)
        lanes = Kind(64).lanes
        tall = raster.rows + self.before + self.after
        self.rows = tall
        self.width = -(-(raster.columns + self.before + self.after) // lanes) * lanes
        self.margin = -(-max(self.before, self.after, 1) // lanes) * lanes
        made = {i: n for n, one in enumerate(passes) for i in one.operations}
        self.made = made
        self.kept: dict[int, int] = {}  # buffer -> floats into shared memory
        read: dict[int, int] = {}
        wide: dict[int, set[int]] = {}  # pass -> buffers of which it reads other rows
        for i, n in made.items():
            operation = shadow.operations[i]
            for source in operation.sources:
                for b in self.views[source]:
                    read[b] = max(read.get(b, -1), n)
                    if window(operation) != (0, 0):
                        wide.setdefault(n, set()).add(b)
        for n, one in enumerate(passes):
            if one.normalise is not None:
                operation = shadow.operations[one.normalise]
                for b in (b for source in operation.sources for b in self.views[source]):
                    read[b] = max(read.get(b, -1), n)
                    if window(operation) != (0, 0):
                        wide.setdefault(n, set()).add(b)
        self.shared = self._allocate(shadow, made, read, wide)
        self.pool = np.empty(self.shared + 2 * self.margin + lanes)
        plane, tap = raster.plane, raster.pitch
        extent = (self.before, self.after)
        self.xs = axis(raster.columns, plane.width, plane.x, tap[0], extent).coordinates
        self.ys = axis(raster.rows, plane.height, plane.y, tap[1], extent).coordinates

    def _allocate(self, shadow: Program, made: dict[int, int], read: dict[int, int], wide: dict[int, set[int]]) -> int:
        """Gives every buffer that outlives its pass a place in shared memory; returns its size in floats."""
        live: list[tuple[int, int, int]] = []  # first, end, buffer
        size = 0
        for b in sorted(made, key=lambda i: (made[i], i)):
            n = made[b]
            if self.views[b] != [b] or read.get(b, -1) <= n:
                continue
            # a picture that this pass reads last, row by row, may be overwritten row by row; other rows of it may not
            live = sorted(t for t in live if read[t[2]] > n or (read[t[2]] == n and t[2] in wide.get(n, ())))
            need, at = shadow.operations[b].channels * self.rows * self.width, 0
            for first, end, _ in live:
                if first - at >= need:
                    break
                at = max(at, end)
            self.kept[b] = at
            live.append((at, at + need, b))
            size = max(size, at + need)
        return size

    def execute(
        self, n: int, program: Program, shadow: Program, folded: dict[int, int | None], progress: Progress | None
    ) -> Array | None:
        """Runs pass n; the row sums (rows, C, 2) of its Normalise's source, if it has one."""
        from netwarp.engine.executor import picture

        plan, count = self._plan(n, program, shadow, folded)
        sums = np.zeros((self.raster.rows, count, 2))
        # a few jobs a thread, each short enough for whoever interrupts
        work_of_row = self.width * self._work(n, program, shadow, folded)
        chunk = max(1, min(self.rows // (4 * thread_count()), (1 << 18) // self.width, JOB // work_of_row))
        jobs = [(first, min(first + chunk, self.rows)) for first in range(0, self.rows, chunk)]

        def work(_: int) -> Callable[[tuple[int, int]], None]:
            space = Workspace.of(plan)
            space.x[: len(self.xs)] = self.xs
            space.rows(self.ys)
            space.table[SHARED_AT] = self.pool.ctypes.data
            space.table[SUMS_AT] = sums.ctypes.data
            return lambda job: picture(space.table, *job, self.rows)

        spread(jobs, work, progress)
        return sums if self.passes[n].normalise is not None else None

    def _work(self, n: int, program: Program, shadow: Program, folded: dict[int, int | None]) -> int:
        """Multiplications a point that pass n takes."""
        one = self.passes[n]
        raw = None if one.normalise is None else folded[one.normalise]
        measured = [] if raw is None else [program.operations[raw]]
        return work_of([shadow.operations[i] for i in one.operations] + measured)

    def _plan(self, n: int, program: Program, shadow: Program, folded: dict[int, int | None]) -> tuple[Plan, int]:
        writer = Writer("float64", self.width, self.width)
        private = 0
        slots: dict[int, Slots] = {}

        def rows_of(i: int) -> tuple[int, int, int]:
            return 0, self.before - self.reach[i][0], self.after - self.reach[i][1]

        def scratch(channels: int) -> Slots:
            nonlocal private
            entries = np.zeros((channels, 3), dtype=np.int64)
            entries[:, 0] = self.margin + private + np.arange(channels) * self.width
            private += channels * self.width
            return Slots(writer.value(entries), entries)

        def kept(b: int) -> Slots:
            channels = shadow.operations[b].channels
            entries = np.empty((channels, 3), dtype=np.int64)
            entries[:, 0] = self.margin + self.kept[b] + np.arange(channels) * self.rows * self.width
            entries[:, 1:] = -1, SHARED
            return Slots(writer.value(entries), entries)

        def slot(value: int) -> Slots:
            if value not in slots:
                own = self.views[value]
                if len(own) == 1:
                    b = own[0]
                    slots[value] = slots[b] if b in slots else kept(b)
                    slots[b] = slots[value]
                else:
                    entries = np.concatenate([slot(b).entries for b in own])
                    slots[value] = Slots(writer.value(entries), entries)
            return slots[value]

        def put(operation: Operation, target: Slots, rows: tuple[int, int, int], *, clip: bool) -> None:
            sources = [slot(s) for s in operation.sources]
            if scratches := SCRATCH.get(type(operation)):
                sources.append(scratch(scratches))
            whole = bool(len(target.entries) and target.entries[0, 2] == SHARED)
            spacing = self.rows * self.width if whole else self.width
            write(writer, operation, rows, target, sources, spacing=spacing, clip=clip)

        here = self.passes[n].operations
        for i in here:
            operation = shadow.operations[i]
            if isinstance(operation, Concat):
                continue
            if self.views[i] == [i]:
                slots[i] = scratch(operation.channels)
            if i - 1 in here and fused(shadow, i - 1, self.views):
                continue
            put(operation, slot(i), rows_of(i), clip=i + 1 in here and fused(shadow, i, self.views))
        count, normalise = 0, self.passes[n].normalise
        if normalise is not None:
            raster_rows = (0, self.before, self.after)
            count = program.operations[normalise].channels

            def measure(value: Slots, first: int, channels: int) -> None:
                place = (self.before * 8, self.raster.columns, self.before, first)
                writer.step(SUMS, raster_rows, 0, channels, value.first, count, *place)

            raw = folded[normalise]
            if raw is None:
                measure(slot(program.operations[normalise].sources[0]), 0, count)
            else:
                # a few outputs at a time: they are still in the first cache when they are added up
                portions = _portions(program.operations[raw])
                for first, conv in portions:
                    few = scratch(conv.channels)
                    put(conv, few, raster_rows, clip=False)
                    measure(few, first, conv.channels)
                    private -= conv.channels * self.width
                private += max(conv.channels for _, conv in portions) * self.width
        for b in here:
            if b in self.kept:
                to = kept(b)
                writer.step(COPY, rows_of(b), to.first, shadow.operations[b].channels, slots[b].first)
        size = self.margin + private + self.margin + Kind(64).lanes
        return writer.finish(size, np.zeros(0, dtype=np.int64)), count


def _portions(operation: Operation) -> list[tuple[int, Conv]]:
    """A convolution as some of its outputs after others, with the number of the first; a grouped one as it is."""
    assert isinstance(operation, Conv)
    if operation.groups > 1:
        return [(0, operation)]
    ends = list(accumulate(balanced(operation.channels)))
    return [
        (first, replace(operation, weight=operation.weight[first:end], bias=operation.bias[first:end]))
        for first, end in pairwise([0, *ends])
    ]


def _moments(sums: Array, columns: int) -> tuple[Array, Array]:
    """Mean and biased variance (C,) from the rows' sums and squares, added row by row in a fixed order."""
    rows = len(sums)
    # squares beyond float64's range are infinite, which whoever folds the moments refuses
    with np.errstate(over="ignore", invalid="ignore"):
        return _summed(sums, columns, rows)


def _summed(sums: Array, columns: int, rows: int) -> tuple[Array, Array]:
    # a row and its mirror image first: rows that are exactly opposite then cancel exactly
    pairs = sums[:, :, 0] + sums[::-1, :, 0]
    mean = np.cumsum(pairs, axis=0)[-1] / 2 / (rows * columns)
    between = (sums[:, :, 0] / columns - mean) ** 2 * columns
    return mean, np.cumsum(sums[:, :, 1] + between, axis=0)[-1] / (rows * columns)
