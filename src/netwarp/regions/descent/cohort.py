"""Cells on their way down, all at one stage, and those that have arrived."""

# B cells of a batch, S their sides, K channels of the output

from __future__ import annotations

from dataclasses import dataclass, field

from netwarp.regions.arrays import Bits, Floats, Integers, Long
from netwarp.regions.descent.batch import Batch, Flips
from netwarp.regions.descent.buffers import new_batch
from netwarp.regions.descent.maps import Parents
from netwarp.regions.descent.signs import ULP
from netwarp.regions.descent.values import Known
from netwarp.regions.frame import Frame


@dataclass(frozen=True, eq=False)
class Cohort:
    """A batch that is the output of stage `number` - 1, and what is needed to map it on."""

    number: int
    batch: Batch
    count: int
    flips: Flips | None = None  # and
    parents: Parents | None = None  # of a chained stage
    before: Known | None = None  # else: the last stage's source on the parents
    live: dict[int, Known] = field(default_factory=dict)  # and the other values that are still read, on the parents


def rectangle(frame: Frame, words: int) -> Cohort:
    """The rectangle, one cell, sides 0 to 3."""
    x0, x1, y0, y1 = frame.bounds
    batch = new_batch(1, 4, words)
    batch.offset[1] = 4
    batch.vertex[:] = [(x0, y0, 0), (x1, y0, 0), (x1, y1, 0), (x0, y1, 0)]
    for i, (a, b, c) in enumerate(((0, 1, -y0), (-1, 0, x1), (0, -1, y1), (1, 0, -x0))):
        batch.line[i] = (a, b, c, 4 * ULP * abs(a), 4 * ULP * abs(b), 4 * ULP * abs(c))
    batch.side[:] = range(4)
    batch.label[:] = (-1, -2, -3, -4)
    batch.bits[:] = 0
    batch.parent[:] = 0
    batch.via[:] = -1
    return Cohort(0, batch, 1)


@dataclass
class Finished:
    """Cells after the last stage: what the glue and the Tessellation are made of."""

    counts: list[Long] = field(default_factory=list)  # sides a cell
    vertices: list[Floats] = field(default_factory=list)  # (S, 3)
    sides: list[Long] = field(default_factory=list)
    labels: list[Integers] = field(default_factory=list)
    bits: list[Bits] = field(default_factory=list)
    affine: list[Floats] = field(default_factory=list)  # (B, 3, K)
    errors: list[Floats] = field(default_factory=list)  # (B, 3) of the output
