"""Exact level sets of a piecewise-affine function, as polylines."""

# E edges, C cells, H sides; a side's corner is the vertex it begins at; n points of a polyline

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from netwarp.errors import InputError
from netwarp.regions.cells import Cells, Floats, Integers
from netwarp.regions.corners import corner_values, edge_sides, jumps
from netwarp.regions.levels import Outline, segments
from netwarp.regions.polylines import join

# values this near the level are at it: this much of the terms they are the sum of, and of the channel's range, as a
# flat cell's one term may itself be what is left of larger ones
OF_TERMS, OF_RANGE = 16 * 2.0**-53, 1e-14


def contour(cells: Cells, channel: int, level: float) -> list[Floats]:
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
    Equal to the level is what differs by no more than 16 roundings of the terms a x, b y, c and 1e-14 of the channel's
    range over the rectangle.
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
    steps = jumps(cells, pairs, values, sizes)
    broken = (steps[:, 0] != 0) | (steps[:, 1] != 0)
    heights = values - level
    heights[np.abs(heights) <= OF_TERMS * (sizes + abs(level)) + OF_RANGE * np.ptp(values)] = 0.0
    following = np.arange(1, len(cells.indices) + 1, dtype=np.int32)
    following[cells.offsets[1:] - 1] = cells.offsets[:-1]
    _agree(cells, pairs, broken, following, heights)
    return join(*segments(Outline(cells, pairs, broken, following, heights)))


def _agree(cells: Cells, pairs: Integers, broken: NDArray[np.bool_], following: Integers, heights: Floats) -> None:
    """Gives the corners at a vertex one height, in place, as far round it as the function does not jump.

    Rounding makes cells differ there, and a contour that one cell sees and its neighbour does not would be torn.
    If one of the corners is at the level, to within rounding, all are.
    """
    above, below = np.zeros(len(cells.vertices), dtype=bool), np.zeros(len(cells.vertices), dtype=bool)
    above[cells.indices[heights >= 0]] = True
    below[cells.indices[heights <= 0]] = True
    # vertices whose cells all see them on one side of the level need no more
    corners = np.flatnonzero((above & below)[cells.indices])
    if not len(corners):
        return
    place = np.full(len(heights), -1, dtype=np.int32)
    place[corners] = np.arange(len(corners))
    left, right = pairs[(pairs >= 0).all(axis=1) & ~broken].T
    # the cells go along an edge in opposite directions: where one's side begins the other's ends
    ones = place[np.concatenate([left, following[left]])]
    others = place[np.concatenate([following[right], right])]
    both = (ones >= 0) & (others >= 0)
    links = coo_array(
        (np.ones(both.sum(), dtype=np.int8), (ones[both], others[both])), shape=(len(corners), len(corners))
    )
    count, group = connected_components(links, directed=False)
    known = heights[corners]
    _, firsts = np.unique(group, return_index=True)
    agreed = known[firsts]
    at_level = np.zeros(count, dtype=bool)
    at_level[group[known == 0]] = True
    agreed[at_level] = 0.0
    heights[corners] = agreed[group]
