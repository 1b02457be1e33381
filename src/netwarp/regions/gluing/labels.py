"""Which line an edge is of, once a maxout's bits say no more than which piece is the largest.

Where two pieces are equal, but a third is larger, an edge is drawn for nothing; a later line that lies there draws no
edge of its own. That edge is the later line's.
"""

# H sides, C cells, W words

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrays import Bits, Integers, Long
from netwarp.regions.descent.maxima import largest_pieces
from netwarp.regions.exact import signs
from netwarp.regions.stages import Stage, Stages


def true_labels(labels: Integers, pairs: Long, bits: Bits, true: NDArray[np.bool_], stages: Stages) -> Integers:
    """(H,) the labels, those put right of edges that a maxout drew between two cells on which its piece is the same.

    `pairs` (H, 2) are the cells of a side and of its twin, whose patterns `bits` (C, W) are meant; `true` (H,) says
    which sides are edges between cells of different patterns.
    """
    found = labels.copy()
    for stage in stages.stages:
        if stage.pieces <= 2:
            continue
        sides = np.flatnonzero(true & (labels >= stage.label) & (labels < stage.label + stage.lines))
        unit = stage.unit[labels[sides] - stage.label]
        one, other = (largest_pieces(stage, bits[pairs[sides, n]]) for n in (0, 1))
        each = np.arange(len(sides))
        for s in sides[one[each, unit] == other[each, unit]].tolist():
            found[s] = _between(stages, bits[pairs[s, 0]], bits[pairs[s, 1]])
    return found


def _between(stages: Stages, one: Bits, other: Bits) -> int:
    """The first line that two cells of different patterns are on different sides of."""
    for stage in stages.stages:
        apart = np.flatnonzero(_told(stage, one) != _told(stage, other))
        if not len(apart):
            continue
        if not stage.pieces:
            return stage.label + int(apart[0])
        pair = sorted(int(_told(stage, cell)[apart[0]]) for cell in (one, other))
        lines = np.flatnonzero((stage.second == pair[0]) & (stage.first == pair[1]))
        return stage.label + int(lines[0])
    raise AssertionError("two cells of one pattern")


def _told(stage: Stage, bits: Bits) -> NDArray[np.integer]:
    """What a cell's pattern says: the sign of every line, or of a maxout which piece of every unit is the largest."""
    return largest_pieces(stage, bits[None])[0] if stage.pieces else signs(stage, bits).astype(np.int64)
