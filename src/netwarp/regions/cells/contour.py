"""Exact level sets of a piecewise-affine function, as polylines."""

# E edges, C cells, H sides; a side's corner is the vertex it begins at; n points of a polyline

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from netwarp.errors import InputError
from netwarp.regions.arrays import Floats, Integers
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.corners import corner_values, edge_sides, jumps
from netwarp.regions.cells.levels import Outline, segments
from netwarp.regions.cells.polylines import join
from netwarp.regions.cells.proven import Proven
from netwarp.regions.descent.signs import ULP

# values this near the level are at it: this much of the terms they are the sum of, and of the channel's range, as a
# flat cell's one term may itself be what is left of larger ones
OF_TERMS, OF_RANGE = 16 * 2.0**-53, 1e-14


def contour(cells: Cells, channel: int, level: float, *, known: Proven | None = None) -> list[Floats]:
    """The level set of a channel as polylines, (n, 2) x, y each: no part of it twice, and the same for -f at -level.

    The level set is the closure of where the channel less the level changes its sign, or touches 0 along a line. So a
    crease that touches the level is there once, from whichever side it does; of a plateau at the level, a part of the
    plane where the channel equals it, the border inside the rectangle is there once, and nothing between two cells of
    it; an edge across which the function jumps past the level is there as far as it does. A point at which the function
    touches the level, alone, has no length, and is left out.

    Larger values are on the left, y upwards, wherever the two sides differ; beside a crease that touches the level they
    do not, and it runs either way. n >= 2, no point twice in a row. A closed polyline repeats its first point; one that
    ends, ends on the rectangle's border, where a crease leaves the level, or where the pieces that meet at a point
    cannot be walked in pairs, as at the two ends of a plateau between above and below. Those with ends come first.
    What is at the level is decided exactly with `known`; without it, at the level is what is within 16 roundings of
    the terms a x, b y, c and 1e-14 of the channel's range over the rectangle.
    Errors: InputError for a channel that is not there, or a level that is not finite.
    """
    channels = cells.affine.shape[1]
    if not 0 <= channel < channels:
        raise InputError(f"channel {channel}: must be from 0 to {channels - 1}")
    if not isfinite(level):
        raise InputError(f"level {level}: must be a finite number")
    level = float(level)
    values, sizes = corner_values(cells, channel)
    pairs = edge_sides(cells)
    following = np.arange(1, len(cells.indices) + 1, dtype=np.int32)
    following[cells.offsets[1:] - 1] = cells.offsets[:-1]
    if known is None:
        bounds = OF_TERMS * (sizes + abs(level)) + OF_RANGE * float(np.ptp(values))
        steps = jumps(cells, pairs, values, sizes)
        broken = (steps[:, 0] != 0) | (steps[:, 1] != 0)
    else:
        bounds = known.bounds(channel, sizes) + 2 * ULP * abs(level)
        broken = known.broken(pairs, following, values, bounds)
    heights = _heights(Corners(cells, pairs, broken, following), values - level, bounds, channel, level, known)
    return join(*segments(Outline(cells, pairs, broken, following, heights)))


class Corners(NamedTuple):
    """Cells, and how their corners hang together; see Outline."""

    cells: Cells
    pairs: Integers
    broken: NDArray[np.bool_]
    following: Integers


def _heights(
    corners: Corners, heights: Floats, bounds: Floats, channel: int, level: float, known: Proven | None
) -> Floats:
    """(H,) the heights above the level at corners; those at a vertex agree, as far round it as there is no jump.

    Rounding makes cells differ there, and a contour that one cell sees and its neighbour does not would be torn. The
    height of the cell that knows it best is taken, so that what is flat there counts and not what is steep. Where even
    that is within its bound of the level, whole numbers say what it is; without them, it is at the level.
    """
    cells, following = corners.cells, corners.following
    above, below = np.zeros(len(cells.vertices), dtype=bool), np.zeros(len(cells.vertices), dtype=bool)
    above[cells.indices[~(heights < -bounds)]] = True
    below[cells.indices[~(heights > bounds)]] = True
    # vertices that all their cells prove to be on one side of the level need no more
    vague = np.flatnonzero((above & below)[cells.indices])
    if not len(vague):
        return heights
    place = np.full(len(heights), -1, dtype=np.int32)
    place[vague] = np.arange(len(vague))
    left, right = corners.pairs[(corners.pairs >= 0).all(axis=1) & ~corners.broken].T
    # the cells go along an edge in opposite directions: where one's side begins the other's ends
    ones = place[np.concatenate([left, following[left]])]
    others = place[np.concatenate([following[right], right])]
    both = (ones >= 0) & (others >= 0)
    shape = len(vague), len(vague)
    links = coo_array((np.ones(both.sum(), dtype=np.int8), (ones[both], others[both])), shape=shape)
    count, group = connected_components(links, directed=False)
    best = np.lexsort((bounds[vague], group))
    best = best[np.searchsorted(group[best], np.arange(count))]
    agreed = heights[vague[best]]
    near = np.abs(agreed) <= bounds[vague[best]]
    if known is None:
        # of any cell: the bounds are no proof
        near |= np.bincount(group, np.abs(heights[vague]) <= bounds[vague], count) > 0
        agreed[near] = 0.0
    else:
        of = np.searchsorted(cells.offsets, vague[best], "right") - 1
        for n in np.flatnonzero(near).tolist():
            true = known.height(int(of[n]), int(vague[best[n]]), channel, level)
            agreed[n] = float(true) or (0.0 if true == 0 else np.copysign(5e-324, 1 if true > 0 else -1))
    heights[vague] = agreed[group]
    return heights
