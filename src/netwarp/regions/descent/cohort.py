"""Cells on their way down, all at one stage, and those that have arrived."""

# B cells of a batch, S their sides, K channels of the output

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.descent.batch import Batch, Flips
from netwarp.regions.descent.maps import Parents
from netwarp.regions.descent.values import Known

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cohort:
    """A batch that is the output of stage `number` - 1, and what is needed to map it on."""

    number: int
    batch: Batch
    count: int
    flips: Flips | None
    parents: Parents | None  # of a chained stage
    before: Known | None  # else: the last stage's source on the parents
    live: dict[int, Known]  # and the other values that are still read, on the parents


@dataclass
class Finished:
    """Cells after the last stage: what the glue and the Tessellation are made of."""

    counts: list[NDArray[np.int64]] = field(default_factory=list)  # sides a cell
    vertices: list[Floats] = field(default_factory=list)  # (S, 3)
    sides: list[NDArray[np.int64]] = field(default_factory=list)
    labels: list[NDArray[np.int32]] = field(default_factory=list)
    bits: list[NDArray[np.uint64]] = field(default_factory=list)
    affine: list[Floats] = field(default_factory=list)  # (B, 3, K)
    errors: list[Floats] = field(default_factory=list)  # (B, 3) of the output
