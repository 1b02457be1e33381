"""The plan of one pass of calibration, and the raster that all passes work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.forms import Form, Mould
from netwarp.engine.lanes import Kind
from netwarp.engine.lattice import axis
from netwarp.engine.layout import fused
from netwarp.engine.passes import Passes
from netwarp.engine.plan import Header, Opcode, Plan, Space
from netwarp.engine.writer import SCRATCH, Rows, Slots, Writer, spaced, write
from netwarp.network.program import Concat, Merge, Normalise, Operation
from netwarp.plane import Raster

# bytes of the first cache that what a block touches may fill, and vectors a block has at least; measured: where
# the cache has 48 KiB, 20 is the fastest of 12 to 50
FIRST_CACHE, SHORTEST = 20 << 10, 8


@dataclass(frozen=True, eq=False)
class PassRaster:
    """A raster with the halo that a Program reads around it, each row of it cut into equal blocks of whole vectors."""

    inner: Raster
    before: int  # rows and columns of halo before the raster's first, and after its last
    after: int
    blocks: int
    block: int  # floats
    margin: int  # floats before the first row and after the last that its taps reach into

    @classmethod
    def of(cls, passes: Passes, raster: Raster) -> PassRaster:
        before, after = (max(reach) for reach in zip(*passes.shadow.reach, strict=True))
        lanes = Kind(64).lanes
        vectors = -(-(raster.columns + before + after) // lanes)
        blocks = _blocks(passes, vectors)
        block = -(-vectors // blocks) * lanes
        return cls(raster, before, after, blocks, block, margin=-(-max(before, after, 1) // lanes) * lanes)

    @property
    def width(self) -> int:
        """Floats of a row."""
        return self.blocks * self.block

    @property
    def rows(self) -> int:
        return self.before + self.inner.rows + self.after

    def coordinates(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x of a row's floats, y of the rows."""
        raster, extent = self.inner, (self.before, self.after)
        tap = raster.pitch
        xs = axis(raster.columns, raster.plane.width, raster.plane.x, tap[0], extent).coordinates
        ys = axis(raster.rows, raster.plane.height, raster.plane.y, tap[1], extent).coordinates
        return np.concatenate([xs, np.zeros(self.width - len(xs))]), ys


def _blocks(passes: Passes, vectors: int) -> int:
    """Into how many blocks a row of so many vectors is cut."""
    operations = passes.shadow.operations
    if any(isinstance(operation, Merge) for operation in operations):
        return 1  # one along x reads its own pass's values beside it
    channels = 1
    for one in passes.passes:
        # what is added up is written once, and read when the row is done
        values = {s for i in one.operations for s in operations[i].sources}.union(one.operations)
        channels = max(channels, sum(operations[b].channels for b in {b for i in values for b in passes.views[i]}))
    room = FIRST_CACHE // (channels * Kind(64).lanes * Kind(64).size)
    return -(-vectors // max(SHORTEST, room))


@dataclass(frozen=True)
class PassPlan:
    """A pass's plan, how many channels it measures, and where the numbers go that were not settled when it was made."""

    plan: Plan
    measured: int
    settled_at: int


@dataclass(frozen=True, eq=False)
class PassMoulds:
    """The passes of all Programs of a form on a raster, and a mould of each pass's plan once it was needed."""

    passes: Passes
    raster: PassRaster
    moulds: dict[int, tuple[Mould, int, int]]

    @classmethod
    def of(cls, form: Form, raster: Raster) -> PassMoulds:
        return _moulds(form, raster)

    def plan(self, n: int, operations: Sequence[Operation]) -> PassPlan:
        """The plan of pass n, of a Program of the form that has these operations."""
        if n not in self.moulds:
            self.moulds[n] = PassWriter(self.passes, self.raster, n).mould()
        mould, measured, settled_at = self.moulds[n]
        return PassPlan(mould.filled(operations), measured, settled_at)


@lru_cache(maxsize=4)
def _moulds(form: Form, raster: Raster) -> PassMoulds:
    passes = Passes.of(form.program)
    return PassMoulds(passes, PassRaster.of(passes, raster), {})


class PassWriter:
    """Writes the plan of pass n.

    A value is in rows of private memory while its own pass runs, and in a whole picture of shared memory from then on,
    where a later pass reads it.
    """

    def __init__(self, passes: Passes, raster: PassRaster, n: int) -> None:
        self.passes, self.raster = passes, raster
        self.here = passes.passes[n]
        self.writer = Writer("float64", raster.block, raster.width * passes.kept_channels)
        self.private = 0  # floats of private memory that are taken
        self.slots: dict[int, Slots] = {}

    def mould(self) -> tuple[Mould, int, int]:
        """Of the plan; how many channels it measures; and where the numbers go that are not settled yet."""
        settled_at = 0
        for i in self.here.operations:
            if isinstance(self.passes.program.operations[i], Normalise):
                settled_at = self.writer.weight_count
            self._compute(i)
        measured = 0 if self.here.normalise is None else self._measure(self.here.normalise)
        # last: what is kept may take the place of what is read here
        for b in self.here.operations:
            if b in self.passes.kept:
                self._keep(b)
        size = self.raster.margin + self.private + self.raster.margin + Kind(64).lanes
        plan = self.writer.finish(size, np.zeros(0, dtype=np.int64))
        plan.table[Header.BLOCKS] = self.raster.blocks
        # a shadow's convolution has no numbers before it is settled
        known = {id(one): i for i, one in enumerate(self.passes.program.operations)}
        return Mould.of(plan, self.writer, known), measured, settled_at

    def _compute(self, i: int) -> None:
        """The step of operation i, unless it is a view or done together with the one before."""
        shadow, views, here = self.passes.shadow, self.passes.views, self.here.operations
        operation = shadow.operations[i]
        if isinstance(operation, Concat):
            return
        if views[i] == [i]:
            self.slots[i] = self._scratch(operation.channels, self._space(i))
        if i - 1 in here and fused(shadow, i - 1, views):
            return
        self._write(operation, self._slot(i), self._rows(i), clip=i + 1 in here and fused(shadow, i, views))

    def _measure(self, normalise: int) -> int:
        """The sums of what is to be normalised, over the raster's rows; how many channels it has."""
        program, raster = self.passes.program, self.raster
        rows, channels = (0, raster.before, raster.after), program.operations[normalise].channels
        if self.here.raw is None:
            value = self._slot(program.operations[normalise].sources[0])
        else:
            value = self._scratch(channels, Space.ROWS)
            self._write(program.operations[self.here.raw], value, rows, clip=False)
        place = raster.before * self.writer.size, raster.inner.columns, raster.before
        self.writer.step(Opcode.SUMS, rows, 0, channels, value.first, other=channels, p=place)
        return channels

    def _keep(self, b: int) -> None:
        """The step that copies a buffer into its picture."""
        source, to, channels = self.slots[b], self._picture(b), self.passes.shadow.operations[b].channels
        apart = tuple(self.writer.size * self._apart(place) for place in (source, to))
        self.writer.step(Opcode.KEEP, self._rows(b), to.first, channels, source.first, p=apart)

    def _write(self, operation: Operation, target: Slots, rows: Rows, *, clip: bool) -> None:
        sources = [self._slot(s) for s in operation.sources]
        if scratches := SCRATCH.get(type(operation)):
            sources.append(self._scratch(scratches))
        write(self.writer, operation, rows, target, sources, spacing=self._apart(target), clip=clip)

    def _slot(self, value: int) -> Slots:
        """Where a value is: computed in this pass, or kept by an earlier one."""
        if value not in self.slots:
            first, *others = self.passes.views[value]
            if others:
                parts = [self._slot(b).entries for b in (first, *others)]
                self.slots[value] = self.writer.value(np.concatenate(parts))
            else:
                if first not in self.slots:
                    self.slots[first] = self._picture(first)
                self.slots[value] = self.slots[first]
        return self.slots[value]

    def _scratch(self, channels: int, space: Space = Space.PRIVATE) -> Slots:
        """New rows of private memory: of a block, or whole ones."""
        width = self.raster.width if space == Space.ROWS else self.raster.block
        first = self.raster.margin + self.private
        self.private += channels * width
        return self.writer.value(spaced(first, channels, width, space=space))

    def _picture(self, b: int) -> Slots:
        """The picture in which a buffer is kept."""
        first = self.raster.margin + self.passes.kept[b] * self.raster.width
        channels = self.passes.shadow.operations[b].channels
        return self.writer.value(spaced(first, channels, self.raster.width, mask=-1, space=Space.SHARED))

    def _space(self, b: int) -> Space:
        """Sums are taken of whole rows."""
        one = self.here
        if one.normalise is None or one.raw is not None:
            return Space.PRIVATE
        source = self.passes.program.operations[one.normalise].sources[0]
        return Space.ROWS if b in self.passes.views[source] else Space.PRIVATE

    def _rows(self, i: int) -> Rows:
        """LEAD, FIRST and SHRINK of the rows of a value that its readers need."""
        before, after = self.passes.shadow.reach[i]
        return 0, self.raster.before - before, self.raster.after - after

    def _apart(self, place: Slots) -> int:
        """Floats from one of its channels to the next."""
        return self.raster.block if place.private else self.raster.width
