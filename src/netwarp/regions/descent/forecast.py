"""How many activation regions a descent will come to, told from samples of its cells long before it is there.

Of every stage's cells some are drawn at random, and only these are divided further: how many children they have, times
how many cells each of them stands for, is on average how many cells there are (Knuth 1975, doi:10.2307/2005469).
"""

# B cells of a batch

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from netwarp.regions.arrays import Long
from netwarp.regions.descent.cohort import Cohort
from netwarp.regions.descent.descend import Walker
from netwarp.regions.descent.plan import DescentPlan
from netwarp.regions.descent.values import Known

SAMPLE = 256  # cells that are divided at a stage
# A count that is right on average is FACTOR times too large once in FACTOR samples at most (Markov), and so is the
# largest count on the way down, since cells have children (Doob). REPEATS samples are all wrong once in a thousand.
FACTOR, REPEATS = 10, 3


@dataclass(frozen=True)
class Forecast:
    """So many cells are expected after stage number `stage`, counted from 0."""

    cells: float
    stage: int


def forecast(what: DescentPlan, cohort: Cohort, most: int) -> Forecast | None:
    """The lowest of REPEATS counts, where all are more than FACTOR times `most`; None where one is not.

    If there are in truth no more than `most` cells, it is not None with a probability of at most 1 / FACTOR^REPEATS.
    The same cohort has the same forecast. Errors: UnsupportedError as the descent's own.
    """
    found = []
    for repeat in range(REPEATS):
        passed = (one for one in sampled(what, cohort, repeat) if one.cells > FACTOR * most)
        one = next(passed, None)
        if one is None:
            return None
        found.append(one)
    return min(found, key=lambda one: one.cells)


def sampled(what: DescentPlan, cohort: Cohort, seed: int) -> Iterator[Forecast]:
    """How many cells one sample tells after every stage from the cohort's on; on average as many as there are."""
    walker = Walker(what, lambda more, number: None)
    random = np.random.RandomState(np.random.PCG64(seed))
    each = 1.0
    while cohort.number < what.depth:
        if cohort.count > SAMPLE:
            each *= cohort.count / SAMPLE
            cohort = _some(cohort, np.sort(random.permutation(cohort.count)[:SAMPLE]))
        walker.begin(4)
        with np.errstate(all="ignore"):
            below = walker.advance(cohort, 0, cohort.count)
        assert below is not None, "cells are finished after the last stage"
        cohort = below
        yield Forecast(each * cohort.count, cohort.number - 1)


def _some(cohort: Cohort, kept: Long) -> Cohort:
    """The cohort of these cells alone: none is a neighbour of another's, and each has its map from its parent."""
    batch = cohort.batch
    counts = (batch.offset[1:] - batch.offset[:-1])[kept]
    offset = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(counts, out=offset[1:])
    sides = np.arange(offset[-1]) + np.repeat(batch.offset[kept] - offset[:-1], counts)
    of_side = {name: getattr(batch, name)[sides] for name in ("vertex", "line", "side", "label")}
    of_cell = {name: getattr(batch, name)[kept] for name in ("bits", "parent", "flip", "turn")}
    some = batch._replace(offset=offset, via=np.full(len(kept), -1, dtype=np.int32), **of_side, **of_cell)
    before = cohort.before if cohort.parents is None else Known(cohort.parents.z, cohort.parents.norm)
    return Cohort(cohort.number, some, len(kept), before=before, live=cohort.live)
