"""The segments of a level set: across cells, along edges at the level, and along edges where it is jumped over."""

# V vertices, E edges, C cells, H sides, S segments, N nodes, where segments begin and end

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrays import Floats, Integers, Long, Signs
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.corners import largest

Segments = tuple[Floats, Long, NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class Outline:
    """Cells, and the heights of a function above the level at their corners, which agree where it does not jump."""

    cells: Cells
    pairs: Integers  # (E, 2) edge -> its side in the cell on its left, in the cell on its right; -1 outside
    broken: NDArray[np.bool_]  # (E,) whether the function jumps across the edge
    following: Integers  # (H,) side -> the next one of its cell
    heights: Floats  # (H,) 0: at the level

    @cached_property
    def signs(self) -> Signs:
        """(H,)"""
        return np.sign(self.heights).astype(np.int8)

    @cached_property
    def cell_of(self) -> Long:
        """(H,)"""
        return np.repeat(np.arange(len(self.cells.offsets) - 1), np.diff(self.cells.offsets))

    def crossings(self, sides: Integers) -> Long:
        """The nodes where the function crosses the level on these sides: one for both sides of an edge."""
        edges = self.cells.sides[sides]
        apart = self.broken[edges] | (self.pairs[edges, 1] < 0)
        return np.where(apart, sides, self.pairs[edges, 0]).astype(np.int64)

    def corners(self, sides: Integers) -> Long:
        """The nodes at the corners where these sides begin."""
        return len(self.heights) + self.cells.indices[sides].astype(np.int64)


def segments(outline: Outline) -> Segments:
    """(N, 2) places of nodes, (S, 2) the nodes of every segment, (S,) whether it may run either way.

    Others run so that larger values are on their left, y upwards.
    """
    parts = [_across(outline), _along(outline), _jumped(outline)]
    nodes = np.concatenate([ends for ends, _ in parts])
    free = np.concatenate([either for _, either in parts])
    kept = nodes[:, 0] != nodes[:, 1]
    used, numbers = np.unique(nodes[kept], return_inverse=True)
    return _places(outline, used), numbers.reshape(-1, 2), free[kept]


def _across(outline: Outline) -> tuple[Long, NDArray[np.bool_]]:
    """One segment in every cell that has corners above and below the level.

    Counter-clockwise, the side where the function falls to the level is followed by the one where it rises from it:
    the segment from the former to the latter has what is above on its left.
    """
    signs, following = outline.signs, outline.following
    mixed = (largest(outline.cells, outline.heights) > 0) & (largest(outline.cells, -outline.heights) > 0)
    positive = signs > 0
    inside = mixed[outline.cell_of]
    falls = np.flatnonzero(inside & positive & ~positive[following]).astype(np.int32)
    rises = np.flatnonzero(inside & ~positive & positive[following]).astype(np.int32)
    # a cell that rounding shows as more than one part above has several of each, in turn
    cells = outline.cell_of[falls]
    first = np.searchsorted(cells, cells, "left")
    count = np.searchsorted(cells, cells, "right") - first
    turned = rises[first] < falls[first]
    rises = rises[first + (np.arange(len(falls)) - first + turned) % np.maximum(count, 1)]
    ends = np.empty((len(falls), 2), dtype=np.int64)
    after = following[falls]
    ends[:, 0] = np.where(signs[after] == 0, outline.corners(after), outline.crossings(falls))
    ends[:, 1] = np.where(signs[rises] == 0, outline.corners(rises), outline.crossings(rises))
    return ends, np.zeros(len(ends), dtype=bool)


def _along(outline: Outline) -> tuple[Long, NDArray[np.bool_]]:
    """Edges at the level that are not inside a plateau, nor where a plateau meets the rectangle's border."""
    signs, following = outline.signs, outline.following
    left = outline.pairs[:, 0]
    level = ~outline.broken & (signs[left] == 0) & (signs[following[left]] == 0)
    edges = np.flatnonzero(level)
    if not len(edges):
        return np.empty((0, 2), dtype=np.int64), np.zeros(0, dtype=bool)
    left, right = outline.pairs[edges].T
    highest, lowest = largest(outline.cells, outline.heights), -largest(outline.cells, -outline.heights)
    cell_signs = np.sign(np.where(highest >= -lowest, highest, lowest)).astype(np.int8)
    one = cell_signs[outline.cell_of[left]]
    # beyond the border, which belongs to no cell, a function that is not flat goes on
    other = np.where(right < 0, -one, cell_signs[outline.cell_of[right]])
    ends = np.stack([outline.corners(left), outline.corners(following[left])], axis=1)
    ends = np.where((one < other)[:, None], ends[:, ::-1], ends)
    drawn = (one != 0) | (other != 0)
    return ends[drawn], (one == other)[drawn]


def _jumped(outline: Outline) -> tuple[Long, NDArray[np.bool_]]:
    """The parts of edges with a jump on whose two sides the function is not on one side of the level."""
    found: list[tuple[int, int]] = []
    heights, following = outline.heights, outline.following
    for left, right in outline.pairs[outline.broken].tolist():
        sides = np.array([left, right], dtype=np.int32)
        begin, end = outline.corners(np.array([left, following[left]], dtype=np.int32)).tolist()
        ones = heights[left], heights[following[left]]
        others = heights[following[right]], heights[right]
        stops = [(0.0, begin), (1.0, end)]
        for (a, b), node in zip((ones, others), outline.crossings(sides).tolist(), strict=True):
            if a * b < 0:
                stops.append((float(a / (a - b)), node))
        stops.sort()
        for (t, here), (u, there) in pairwise(stops):
            middle = (t + u) / 2
            one, other = (np.sign(a + middle * (b - a)) for a, b in (ones, others))
            if one > other:
                found.append((here, there))
            elif one < other:
                found.append((there, here))
            elif t == u:
                # the function crosses the level on both sides at one place
                found.append((here, there))
    return np.array(found, dtype=np.int64).reshape(-1, 2), np.zeros(len(found), dtype=bool)


def _places(outline: Outline, nodes: Long) -> Floats:
    """(N, 2) where nodes are."""
    cells, heights, following = outline.cells, outline.heights, outline.following
    count = len(heights)
    places = np.empty((len(nodes), 2))
    corner = nodes >= count
    places[corner] = cells.vertices[nodes[corner] - count]
    sides = nodes[~corner]
    after = following[sides]
    start, end = heights[sides], heights[after]
    p, q = cells.vertices[cells.indices[sides]], cells.vertices[cells.indices[after]]
    # from the end that is nearer to the level
    turned = np.abs(end) < np.abs(start)
    t = np.where(turned, end, start) / np.where(turned, end - start, start - end)
    near, far = np.where(turned[:, None], q, p), np.where(turned[:, None], p, q)
    places[~corner] = near + t[:, None] * (far - near)
    return places
