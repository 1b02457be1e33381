"""Lays a calibrated Program out in memory: blocks of pixels for a pointwise one, rings of rows for k x k kernels.

A buffer is memory for one operation's channels; several values may view one buffer (a concatenation views all its
parts, an activation overwrites its source where nothing else reads it).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.forms import Form, Mould
from netwarp.engine.lanes import Kind
from netwarp.engine.plan import Opcode, Plan
from netwarp.engine.protocol import Dtype
from netwarp.engine.writer import SCRATCH, Slots, Writer, spaced, write
from netwarp.network.program import Activate, Concat, Conv, Merge, Operation, Program, window

Ints = NDArray[np.int64]


def buffers(program: Program) -> tuple[list[list[int]], list[int]]:
    """For each value the buffers it views, in order, and for each buffer the operation that reads it last.

    A buffer has the number of the operation that first fills it.
    """
    views: list[list[int]] = []
    expiry = list(program.last_use)
    read: set[int] = set()  # buffers that are read and not overwritten; rings may run ahead of such a reader's rows
    for i, operation in enumerate(program.operations):
        last = program.last_use[i]
        if isinstance(operation, Concat):
            own = [b for source in operation.sources for b in views[source]]
        elif (
            isinstance(operation, Activate)
            and len(views[operation.sources[0]]) == 1
            and expiry[views[operation.sources[0]][0]] <= i
            and views[operation.sources[0]][0] not in read
        ):
            own = views[operation.sources[0]]
        else:
            own = [i]
        if not isinstance(operation, Concat):
            read.update(b for source in operation.sources for b in views[source] if b not in own)
        for b in own:
            expiry[b] = max(expiry[b], last)
        views.append(own)
    return views, expiry


def fused(program: Program, i: int, views: list[list[int]]) -> bool:
    """Whether the next operation is a relu that clips convolution i in place."""
    operations = program.operations
    if not isinstance(operations[i], Conv) or i + 1 >= len(operations):
        return False
    after = operations[i + 1]
    return isinstance(after, Activate) and after.name == "relu" and after.sources == (i,) and views[i + 1] == views[i]


@lru_cache(maxsize=16)
def lay_out(program: Program, dtype: Dtype, width: int, tangents: bool) -> Plan:
    """The plan for rows of `width` pixels, a whole number of vectors. A pointwise program's values share memory."""
    return _mould(Form.of(program), dtype, width, tangents).filled(program.operations)


@lru_cache(maxsize=8)
def _mould(form: Form, dtype: Dtype, width: int, tangents: bool) -> Mould:
    program = form.program
    kind = Kind(8 * np.dtype(dtype).itemsize)
    operations, reach = program.operations, program.reach
    views, expiry = buffers(program)
    depth = max(before + after for before, after in reach)
    before, after = reach[0]
    # every value is computed on all columns; taps of the outermost ones read past their row, into a margin at the ends
    margin = -(-max(_sideways(o) for o in operations) // kind.lanes) * kind.lanes
    writer = Writer(dtype, width, width)
    heights = _ring_heights(program, views)
    offsets, size = _place(program, heights, width, kind) if depth else _share(program, views, expiry, width)
    scratch = size
    size += max(SCRATCH.get(type(o), 0) for o in operations) * width
    slots: list[Slots] = []
    spacing = {b: _spacing(heights[b], width, kind) if depth else width for b in heights}
    for i, operation in enumerate(operations):
        parts = [spaced(margin + offsets[b], operations[b].channels, spacing[b], mask=heights[b] - 1) for b in views[i]]
        if views[i] == [i] or isinstance(operation, Concat):
            slots.append(writer.value(np.concatenate(parts)))
        else:
            slots.append(slots[views[i][0]])
        sources = [slots[s] for s in operation.sources]
        if count := SCRATCH.get(type(operation)):
            sources.append(writer.value(spaced(margin + scratch, count, width)))
        if i and fused(program, i - 1, views):
            continue
        rows_of = (reach[i][1], before - reach[i][0], after - reach[i][1])
        clip = fused(program, i, views)
        if tangents and isinstance(operation, Activate) and slots[i] is not sources[0]:
            writer.step(Opcode.COPY, rows_of, slots[i].first, operation.channels, sources[0].first)
            sources = [slots[i]]
        write(writer, operation, rows_of, slots[i], sources, spacing=spacing.get(views[i][0], 0), clip=clip)
    outputs = slots[-1].first + np.arange(program.channels, dtype=np.int64)
    # a row's taps reach past the last one's end
    memory = margin + size + margin + kind.lanes
    plan = writer.finish(memory, outputs, tangents=tangents, warm_up=after)
    return Mould.of(plan, writer, {id(one): i for i, one in enumerate(operations)}, tangents=tangents)


def _sideways(operation: Operation) -> int:
    """How far an operation reads along a row, at most."""
    return max(map(abs, operation.offsets)) if isinstance(operation, Merge) else max(window(operation))


def _ring_heights(program: Program, views: list[list[int]]) -> dict[int, int]:
    """Rows that each buffer must keep, rounded up to a power of two."""
    reach, operations = program.reach, program.operations
    need = {b: 1 for own in views for b in own}
    for i, operation in enumerate(operations):
        if isinstance(operation, Concat):
            continue
        oldest = reach[i][1] - window(operation)[0]
        for source in operation.sources:
            for b in views[source]:
                need[b] = max(need[b], reach[b][1] - oldest + 1)
    for b in views[-1]:
        need[b] = max(need[b], reach[b][1] + 1)
    return {b: 1 << (rows - 1).bit_length() for b, rows in need.items()}


def _spacing(height: int, width: int, kind: Kind) -> int:
    """Floats from a channel to the next: an odd number of cache lines, to spread channels over the cache's sets."""
    line = 64 // kind.size
    lines = -(-height * width // line)
    return (lines | 1) * line


def _place(program: Program, heights: dict[int, int], width: int, kind: Kind) -> tuple[dict[int, int], int]:
    """Rings side by side: all rows advance together, so every buffer lives throughout."""
    offsets, size = {}, 0
    for b, height in heights.items():
        offsets[b] = size
        size += program.operations[b].channels * _spacing(height, width, kind)
    return offsets, size


def _share(program: Program, views: list[list[int]], expiry: list[int], width: int) -> tuple[dict[int, int], int]:
    """Blocks: a buffer's memory is free again after its last use. First fit: a sequence goes to and fro in cache."""
    offsets: dict[int, int] = {}
    taken: list[tuple[int, int, int]] = []  # first, end, buffer
    size = 0
    for i in range(len(program.operations)):
        if views[i] != [i]:
            continue
        taken = sorted(t for t in taken if expiry[t[2]] >= i)
        need = program.operations[i].channels * width
        at = first_fit(taken, need)
        offsets[i] = at
        taken.append((at, at + need, i))
        size = max(size, at + need)
    return offsets, size


def first_fit(taken: list[tuple[int, int, int]], need: int) -> int:
    """Where the first gap of at least `need` begins among what is taken from ... to ..., in order."""
    at = 0
    for first, end, _ in taken:
        if first - at >= need:
            break
        at = max(at, end)
    return at
