"""A Program cut into passes, each of which ends in the statistics of one Normalise, and what they keep between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from netwarp.engine.layout import buffers, first_fit
from netwarp.engine.work import work_of
from netwarp.network.fold import folding
from netwarp.network.program import Concat, Conv, Normalise, Operation, Program, window


@dataclass
class Pass:
    """`operations` are computed, then the statistics taken that `normalise` needs.

    `raw` is the convolution that they are of, where nothing else reads it: it is computed for them alone. None: they
    are of a value that other operations read.
    """

    operations: list[int] = field(default_factory=list)
    normalise: int | None = None
    raw: int | None = None


@dataclass(frozen=True, eq=False)
class Passes:
    """A Program up to its last Normalise, in passes. What comes after the last statistics is not computed.

    `shadow` is the Program as it will be: every Normalise a convolution of what its own convolution reads. `views` are
    its values' buffers; `kept` tells of a buffer that outlives its pass where its first channel is among a row's
    `kept_channels`, which lie end to end.
    """

    program: Program
    shadow: Program
    passes: list[Pass]
    views: list[list[int]]
    kept: dict[int, int]
    kept_channels: int

    @classmethod
    def of(cls, program: Program) -> Passes:
        """The passes of a Program that has a Normalise."""
        normalises = [i for i, operation in enumerate(program.operations) if isinstance(operation, Normalise)]
        # before the cut: what comes after may read a convolution too, and then it is not the normalisation's own
        folded = {i: folding(program, i) for i in normalises}
        program = Program(program.operations[: normalises[-1] + 1])
        shadow = _shadow(program, folded)
        passes = _passes(program, folded)
        views, _ = buffers(shadow)
        return cls(program, shadow, passes, views, *_keep(shadow, passes, views))

    def work(self, one: Pass) -> int:
        """Multiplications that a pass takes for a point."""
        measured = [] if one.raw is None else [self.program.operations[one.raw]]
        return work_of([self.shadow.operations[i] for i in one.operations] + measured)


def _shadow(program: Program, folded: dict[int, int | None]) -> Program:
    operations: list[Operation] = list(program.operations)
    for i, at in folded.items():
        conv = program.operations[at] if at is not None else None
        if isinstance(conv, Conv):
            operations[i] = replace(conv, layer=program.operations[i].layer)
        else:
            channels, source = program.operations[i].channels, program.operations[i].sources[0]
            operations[i] = Conv((source,), np.ones((channels, 1, 1, 1)), np.zeros(channels), groups=channels)
    return Program(tuple(operations))


def _passes(program: Program, folded: dict[int, int | None]) -> list[Pass]:
    passes, raw = [Pass()], set(folded.values())
    for i, operation in enumerate(program.operations):
        if i in raw:
            continue
        at = folded.get(i)
        # an operation that reads other rows needs the whole of what it reads: the pass before ends with that
        runs = operation if at is None else program.operations[at]
        if window(runs) != (0, 0) and any(_computes(passes[-1], program, source) for source in runs.sources):
            passes.append(Pass())
        if isinstance(operation, Normalise):
            passes[-1].normalise, passes[-1].raw = i, at
            passes.append(Pass([i]))
        else:
            passes[-1].operations.append(i)
    return passes[:-1]


def _computes(one: Pass, program: Program, value: int) -> bool:
    """Whether this very pass computes the value, or a part of it."""
    operation = program.operations[value]
    parts = operation.sources if isinstance(operation, Concat) else ()
    return value in one.operations or any(_computes(one, program, part) for part in parts)


def _keep(shadow: Program, passes: list[Pass], views: list[list[int]]) -> tuple[dict[int, int], int]:
    """Where every buffer that outlives its pass is kept, and how many channels are kept at once at most."""
    last_pass: dict[int, int] = {}  # buffer -> the pass that reads it last
    beside: set[tuple[int, int]] = set()  # pass and buffer, where it reads other rows of it
    for n, b, other_rows in _reads(shadow, passes, views):
        last_pass[b] = n
        if other_rows:
            beside.add((n, b))
    kept: dict[int, int] = {}
    live: list[tuple[int, int, int]] = []  # first, end, buffer
    size = 0
    for n, one in enumerate(passes):
        for b in one.operations:
            if views[b] != [b] or last_pass.get(b, -1) <= n:
                continue
            # a picture that this pass reads last, row by row, may be overwritten row by row; other rows of it may not
            live = sorted(t for t in live if last_pass[t[2]] > n or (last_pass[t[2]] == n and (n, t[2]) in beside))
            need = shadow.operations[b].channels
            at = kept[b] = first_fit(live, need)
            live.append((at, at + need, b))
            size = max(size, at + need)
    return kept, size


def _reads(shadow: Program, passes: list[Pass], views: list[list[int]]) -> Iterator[tuple[int, int, bool]]:
    """Each pass and a buffer that it reads, and whether it reads other rows of it than it computes."""
    for n, one in enumerate(passes):
        for i in one.operations if one.normalise is None else [*one.operations, one.normalise]:
            operation = shadow.operations[i]
            for source in operation.sources:
                for b in views[source]:
                    yield n, b, window(operation) != (0, 0)
