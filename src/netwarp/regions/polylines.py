"""Kernels of contour: a level set is one segment a cell; a segment leaves by the side where the next one enters."""

# V vertices, E edges, C cells, H sides; a side's corner is the vertex it begins at

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.cells import Floats, Integers
from netwarp.regions.jit import bare, kernel

# values this near the level are at it: this much of the terms they are the sum of, and of the channel's range, as a
# flat cell's one term may itself be what is left of larger ones
OF_TERMS, OF_RANGE = 16 * 2.0**-53, 1e-14


class Edges(NamedTuple):
    """What joins the cells, as kernels take it."""

    vertices: Floats  # (V, 2)
    ends: Integers  # (E, 2) edge -> its vertices
    cells: Integers  # (E, 2) edge -> cell on its left, on its right
    twins: Integers  # (E, 2) edge -> its side there; -1 outside
    broken: NDArray[np.bool_]  # (E,) whether the function jumps across the edge
    offsets: NDArray[np.int64]  # (C + 1,) cell -> its first side
    sides: Integers  # (H,) side -> its edge


@bare
def _following(edges: Edges, edge: int, right: int) -> int:
    """The side after an edge's side in the cell on its left, or on its right."""
    side, cell = edges.twins[edge, right], edges.cells[edge, right]
    return int(side + 1 if side + 1 < edges.offsets[cell + 1] else edges.offsets[cell])


@bare
def _root(parents: Integers, corner: int) -> int:
    while parents[corner] != corner:
        parents[corner] = parents[parents[corner]]
        corner = parents[corner]
    return corner


@bare
def _unite(parents: Integers, one: int, other: int) -> None:
    one, other = _root(parents, one), _root(parents, other)
    parents[max(one, other)] = min(one, other)


@kernel
def agree(edges: Edges, values: Floats, sizes: Floats, level: float) -> None:
    """Gives the corners at a vertex one value, in place, as far round it as the function does not jump.

    Rounding makes cells differ there, and a contour that one cell sees and its neighbour does not would be torn.
    If one of the corners is at the level, to within rounding, all are.
    """
    corners = len(values)
    slack = OF_RANGE * (values.max() - values.min())
    near = np.empty(corners, np.bool_)
    above, below = np.zeros(len(edges.vertices), np.bool_), np.zeros(len(edges.vertices), np.bool_)
    parents = np.arange(corners).astype(np.int32)
    for h in range(corners):
        near[h] = abs(values[h] - level) <= OF_TERMS * (sizes[h] + abs(level)) + slack
    # vertices whose cells all see them on one side of the level need no more
    for edge in range(len(edges.ends)):
        for right in range(2):
            h = edges.twins[edge, right]
            if h >= 0:
                vertex = edges.ends[edge, right]
                above[vertex] |= near[h] or values[h] > level
                below[vertex] |= near[h] or values[h] <= level
    for edge in range(len(edges.ends)):
        left, right = edges.twins[edge, 0], edges.twins[edge, 1]
        if left >= 0 and right >= 0 and not edges.broken[edge]:
            start, end = edges.ends[edge, 0], edges.ends[edge, 1]
            if above[start] and below[start]:
                _unite(parents, left, _following(edges, edge, 1))
            if above[end] and below[end]:
                _unite(parents, _following(edges, edge, 0), right)
    for h in range(corners):
        if near[h]:
            near[_root(parents, h)] = True
    for h in range(corners):
        # a root comes before all that it is the root of
        root = _root(parents, h)
        values[h] = level if near[root] else values[root]


@kernel
def segments(offsets: NDArray[np.int64], values: Floats, level: float) -> Integers:
    """(H,) side that a segment begins on -> side it ends on, -1 for the others.

    Counter-clockwise, a side where the function falls to the level is followed by one where it rises from it, and then
    the function is above: the segment from the one where it falls back to the latter has that part on its left.
    """
    after = np.full(len(values), -1, np.int32)
    for cell in range(len(offsets) - 1):
        begin, end = offsets[cell], offsets[cell + 1]
        rises = -1
        h = end - 1
        while h >= begin and not (values[h] <= level and values[h + 1 if h + 1 < end else begin] > level):
            h -= 1
        if h < begin:
            continue
        for _ in range(end - begin):
            following = h + 1 if h + 1 < end else begin
            if values[h] <= level and values[following] > level:
                rises = h
            elif values[h] > level and values[following] <= level:
                after[h] = rises
            h = following
    return after


@bare
def _across(edges: Edges, side: int) -> int:
    """The side of the next cell, -1 where there is none or the function jumps."""
    edge = edges.sides[side]
    if edges.broken[edge]:
        return -1
    return int(edges.twins[edge, 0] if edges.twins[edge, 1] == side else edges.twins[edge, 1])


@bare
def _crossing(edges: Edges, values: Floats, level: float, side: int) -> tuple[float, float]:
    """Where the function is at the level on a side: the same point from both of its cells."""
    edge = edges.sides[side]
    # by the values of the cell on the left, whichever asks: the two agree on their signs, not to the last bit
    right = 1 if edges.twins[edge, 1] == side and (edges.broken[edge] or edges.twins[edge, 0] < 0) else 0
    start, end = values[edges.twins[edge, right]], values[_following(edges, edge, right)]
    if right:
        start, end = end, start
    p, q = edges.ends[edge, 0], edges.ends[edge, 1]
    t = (level - start) / (end - start)
    if t > 0.5:
        # from the nearer end: exactly at the vertex where the value there is the level
        p, q, t = q, p, (level - end) / (start - end)
    x, y = edges.vertices[p, 0], edges.vertices[p, 1]
    return x + t * (edges.vertices[q, 0] - x), y + t * (edges.vertices[q, 1] - y)


@kernel
def join(edges: Edges, values: Floats, after: Integers, level: float) -> tuple[Floats, NDArray[np.int64]]:
    """The polylines one after another, (n, 2), and where each begins, (P + 1,). Uses `after` up."""
    count = 0
    for h in range(len(after)):
        count += after[h] >= 0
    points, starts = np.empty((2 * count, 2)), np.zeros(count + 1, np.int64)
    size, done = 0, 0
    for closed in range(2):
        for first in range(len(after)):
            if after[first] < 0 or (not closed and _across(edges, first) >= 0):
                continue
            h, begin = first, size
            while h >= 0:
                last = after[h]
                after[h] = -1
                x, y = _crossing(edges, values, level, h)
                if size == begin or x != points[size - 1, 0] or y != points[size - 1, 1]:
                    points[size, 0], points[size, 1] = x, y
                    size += 1
                h = _across(edges, last)
                if h < 0 or after[h] < 0:
                    x, y = _crossing(edges, values, level, last)
                    if x != points[size - 1, 0] or y != points[size - 1, 1]:
                        points[size, 0], points[size, 1] = x, y
                        size += 1
                    h = -1
            # what shrank to a point is nothing
            if size - begin > 1:
                done += 1
                starts[done] = size
            else:
                size = begin
    return points[:size], starts[: done + 1]
