"""Calibration, natively: a Program over whole pictures in float64, pass by pass, with every Normalise's statistics.

A pass computes a few operations row by row, and a row in blocks that stay in the first cache; it ends in the sums of
one Normalise's source, over whole rows. Only what a later pass reads is kept as a picture; where a picture is read for
the last time, the next one takes its memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.lanes import Kind
from netwarp.engine.lattice import axis
from netwarp.engine.layout import buffers, fused
from netwarp.engine.plan import Header, Opcode, Plan, Space
from netwarp.engine.pools import separated
from netwarp.engine.protocol import Settle
from netwarp.engine.threads import spread, thread_count
from netwarp.engine.work import JOB, work_of
from netwarp.engine.workspace import Workspace, aligned
from netwarp.engine.writer import SCRATCH, Slots, Writer, packed, write
from netwarp.network.fold import folding
from netwarp.network.program import Concat, Conv, Merge, Normalise, Operation, Program, window
from netwarp.plane import Raster
from netwarp.progress import Progress

Array = NDArray[np.float64]

# bytes of the first cache that what a block touches may fill, and vectors a block has at least; measured: where
# the cache has 48 KiB, 20 is the fastest of 12 to 50
FIRST_CACHE, SHORTEST = 20 << 10, 8


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
    memory = _Memory(program, shadow, folded, passes, raster)
    for n, one in enumerate(passes):
        found = memory.execute(n, _part(progress, n, len(passes)))
        if one.normalise is not None and found is not None:
            conv = settle(whole.originals[one.normalise], *_moments(found, raster.columns))
            memory.settle(n, conv)


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


@dataclass(frozen=True)
class _Planned:
    """A pass's plan, how many channels it measures, and where the numbers go that were not settled when it was made."""

    plan: Plan
    measured: int
    settled_at: int


class _Memory:
    """Where every value is while the passes run: rows of private memory, or whole pictures of shared memory."""

    def __init__(
        self,
        program: Program,
        shadow: Program,
        folded: dict[int, int | None],
        passes: list[Pass],
        raster: Raster,
    ) -> None:
        self.program, self.shadow, self.folded = program, shadow, folded
        self.passes = passes
        # the plan of a pass, made while the one before it runs, and what has been settled for it meanwhile
        self.plans: dict[int, _Planned] = {}
        self.settled: dict[int, Conv] = {}
        self.raster = raster
        self.views, _ = buffers(shadow)
        self.reach = shadow.reach
        self.before = max(r[0] for r in self.reach)
        self.after = max(r[1] for r in self.reach)
        lanes = Kind(64).lanes
        tall = raster.rows + self.before + self.after
        self.rows = tall
        vectors = -(-(raster.columns + self.before + self.after) // lanes)
        self.blocks = _blocks(shadow, passes, self.views, vectors)
        self.block = -(-vectors // self.blocks) * lanes
        self.width = self.blocks * self.block
        self.margin = -(-max(self.before, self.after, 1) // lanes) * lanes
        made = {i: n for n, one in enumerate(passes) for i in one.operations}
        self.made = made
        # buffer -> where its first channel is among a row's, which lie end to end
        self.kept: dict[int, int] = {}
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
        self.stride = self._allocate(shadow, made, read, wide) * self.width
        self.pool = aligned(self.rows * self.stride + 2 * self.margin + lanes, np.float64)
        plane, tap = raster.plane, raster.pitch
        extent = (self.before, self.after)
        xs = axis(raster.columns, plane.width, plane.x, tap[0], extent).coordinates
        self.xs = np.concatenate([xs, np.zeros(self.width - len(xs))])
        self.ys = axis(raster.rows, plane.height, plane.y, tap[1], extent).coordinates

    def _allocate(self, shadow: Program, made: dict[int, int], read: dict[int, int], wide: dict[int, set[int]]) -> int:
        """Gives every buffer that outlives its pass a place in shared memory; returns how many channels that has."""
        live: list[tuple[int, int, int]] = []  # first, end, buffer
        size = 0
        for b in sorted(made, key=lambda i: (made[i], i)):
            n = made[b]
            if self.views[b] != [b] or read.get(b, -1) <= n:
                continue
            # a picture that this pass reads last, row by row, may be overwritten row by row; other rows of it may not
            live = sorted(t for t in live if read[t[2]] > n or (read[t[2]] == n and t[2] in wide.get(n, ())))
            need, at = shadow.operations[b].channels, 0
            for first, end, _ in live:
                if first - at >= need:
                    break
                at = max(at, end)
            self.kept[b] = at
            live.append((at, at + need, b))
            size = max(size, at + need)
        return size

    def settle(self, n: int, conv: Conv) -> None:
        """Lets the value that pass n has the statistics of be made by `conv`, of the weights' shape of before."""
        self.settled[n + 1] = conv

    def execute(self, n: int, progress: Progress | None) -> Array | None:
        """Runs pass n; the row sums (rows, C, 2) of its Normalise's source, if it has one."""
        from netwarp.engine.executor import picture

        planned = self.plans.pop(n) if n in self.plans else self._plan(n)
        plan = planned.plan
        if n in self.settled:
            numbers = packed(self.settled.pop(n))
            plan.weights[planned.settled_at : planned.settled_at + len(numbers)] = numbers
        sums = np.zeros((self.raster.rows, planned.measured, 2))
        # a few jobs a thread, each short enough for whoever interrupts
        chunk = max(1, min(self.rows // (4 * thread_count()), (1 << 18) // self.width, JOB // self._work_of_row(n)))
        jobs: list[tuple[int, int] | None] = [
            (first, min(first + chunk, self.rows)) for first in range(0, self.rows, chunk)
        ]
        if n + 1 < len(self.passes):
            # making a plan is a job too: else all threads but one would wait for it
            jobs.insert(0, None)

        def work(_: int) -> Callable[[tuple[int, int] | None], None]:
            space = Workspace.of(plan)
            space.columns(self.xs)
            space.rows(self.ys)
            space.table[Header.SHARED_AT] = self.pool.ctypes.data
            space.table[Header.SUMS_AT] = sums.ctypes.data

            def do(job: tuple[int, int] | None) -> None:
                if job is None:
                    self.plans[n + 1] = self._plan(n + 1)
                else:
                    picture(space.table, *job, self.rows)

            return do

        spread(jobs, work, progress)
        return sums if self.passes[n].normalise is not None else None

    def _work_of_row(self, n: int) -> int:
        """Multiplications that pass n takes for a row."""
        one = self.passes[n]
        raw = None if one.normalise is None else self.folded[one.normalise]
        measured = [] if raw is None else [self.program.operations[raw]]
        return self.width * work_of([self.shadow.operations[i] for i in one.operations] + measured)

    def _spacing(self, place: Slots) -> int:
        """Floats from one of its channels to the next."""
        space = int(place.entries[0, 2]) if len(place.entries) else Space.PRIVATE
        return self.block if space == Space.PRIVATE else self.width

    def _plan(self, n: int) -> _Planned:
        program, shadow, folded = self.program, self.shadow, self.folded
        writer = Writer("float64", self.block, self.stride)
        private = settled_at = 0
        normalise = self.passes[n].normalise
        raw = None if normalise is None else folded[normalise]
        # sums are taken of whole rows
        measured = [] if normalise is None or raw is not None else self.views[program.operations[normalise].sources[0]]
        slots: dict[int, Slots] = {}

        def rows_of(i: int) -> tuple[int, int, int]:
            return 0, self.before - self.reach[i][0], self.after - self.reach[i][1]

        def scratch(channels: int, space: int = Space.PRIVATE) -> Slots:
            nonlocal private
            width = self.width if space == Space.ROWS else self.block
            entries = np.zeros((channels, 3), dtype=np.int64)
            entries[:, 0] = self.margin + private + np.arange(channels) * width
            entries[:, 2] = space
            private += channels * width
            return Slots(writer.value(entries), entries)

        def kept(b: int) -> Slots:
            channels = shadow.operations[b].channels
            entries = np.empty((channels, 3), dtype=np.int64)
            entries[:, 0] = self.margin + (self.kept[b] + np.arange(channels)) * self.width
            entries[:, 1:] = -1, Space.SHARED
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
            write(writer, operation, rows, target, sources, spacing=self._spacing(target), clip=clip)

        here = self.passes[n].operations
        for i in here:
            operation = shadow.operations[i]
            if isinstance(operation, Concat):
                continue
            if self.views[i] == [i]:
                slots[i] = scratch(operation.channels, Space.ROWS if i in measured else Space.PRIVATE)
            if i - 1 in here and fused(shadow, i - 1, self.views):
                continue
            if isinstance(program.operations[i], Normalise):
                settled_at = writer.weight_count
            put(operation, slot(i), rows_of(i), clip=i + 1 in here and fused(shadow, i, self.views))
        count = 0
        if normalise is not None:
            raster_rows = (0, self.before, self.after)
            count = program.operations[normalise].channels
            if raw is None:
                value = slot(program.operations[normalise].sources[0])
            else:
                value = scratch(count, Space.ROWS)
                put(program.operations[raw], value, raster_rows, clip=False)
            place = (self.before * 8, self.raster.columns, self.before)
            writer.step(Opcode.SUMS, raster_rows, 0, count, value.first, count, *place)
        # last: what is kept may take the place of what is read here
        for b in here:
            if b in self.kept:
                to, channels = kept(b), shadow.operations[b].channels
                apart = [8 * self._spacing(place) for place in (slots[b], to)]
                writer.step(Opcode.KEEP, rows_of(b), to.first, channels, slots[b].first, 0, *apart)
        size = self.margin + private + self.margin + Kind(64).lanes
        plan = writer.finish(size, np.zeros(0, dtype=np.int64))
        plan.table[Header.BLOCKS] = self.blocks
        return _Planned(plan, count, settled_at)


def _blocks(shadow: Program, passes: list[Pass], views: list[list[int]], vectors: int) -> int:
    """Into how many blocks a row of so many vectors is cut."""
    if any(isinstance(operation, Merge) for operation in shadow.operations):
        return 1  # one along x reads its own pass's values beside it
    channels = 1
    for one in passes:
        # what is added up is written once, and read when the row is done
        values = {s for i in one.operations for s in shadow.operations[i].sources}.union(one.operations)
        channels = max(channels, sum(shadow.operations[b].channels for b in {b for i in values for b in views[i]}))
    room = FIRST_CACHE // (channels * Kind(64).lanes * Kind(64).size)
    return -(-vectors // max(SHORTEST, room))


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
