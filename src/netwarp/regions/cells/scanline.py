"""Kernels of the raster and of locate: which cell a point is in, decided alike from both sides of every edge.

A side spans the heights from its lower end to its upper end, the upper end left out. At a height that it spans it has
one abscissa, computed from the lower end whichever of its two cells asks, and a point there is on its right where x is
not less. So the turns of all the cells' boundaries around a point of the rectangle sum to the border's one turn, as
every inner side is counted in both directions: some cell holds the point, whatever rounding did to the corners.
"""

# V vertices, C cells, H sides

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netwarp.regions.arrays import Floats, Integers, Long
from netwarp.regions.cells.cells import Cells
from netwarp.regions.jit import bare, kernel


class Outlines(NamedTuple):
    """The cells' outlines, as kernels take them. What is within rounding of the border counts as the border."""

    vertices: Floats  # (V, 2)
    heights: Floats  # (V,) y; -inf on the lower border, inf on the upper one
    offsets: Long  # (C + 1,)
    indices: Integers  # (H,)
    left: float  # a side's abscissa up to here is that of the left border, -inf,
    right: float  # and from here on that of the right border, inf


class Centres(NamedTuple):
    """Centres of pixels along an axis, ascending. Those from `first` to before `last` are in the rectangle."""

    centres: Floats
    first: int
    last: int
    scale: float  # centres a unit of length, for a first guess


def outlines(cells: Cells) -> Outlines:
    x0, x1, y0, y1 = cells.bounds
    # as far as rounding has put the ends of the border's edges off their line
    ends = cells.vertices[cells.edges[(cells.edge_cells < 0).any(axis=1)]]
    beside = np.abs(np.concatenate([ends - (x0, y0), ends - (x1, y1)], axis=2)).max(axis=1)
    off = beside.min(axis=1).max(initial=0.0)
    heights = cells.vertices[:, 1].copy()
    near = min(off, (y1 - y0) / 4)
    heights[heights <= y0 + near] = -np.inf
    heights[heights >= y1 - near] = np.inf
    near = min(off, (x1 - x0) / 4)
    return Outlines(cells.vertices, heights, cells.offsets, cells.indices, x0 + near, x1 - near)


def centres_within(centres: Floats, low: float, high: float) -> Centres:
    """The centres, and which of them lie in [low, high]."""
    first, last = int(np.searchsorted(centres, low, "left")), int(np.searchsorted(centres, high, "right"))
    length = float(centres[-1] - centres[0])
    return Centres(centres, first, last, (len(centres) - 1) / length if length > 0 else 0.0)


@bare
def first_at(value: float, line: Centres) -> int:
    """The first centre of the rectangle that is not less than the value; `line.last` where there is none."""
    centres, low, high = line.centres, line.first, line.last
    if low >= high or value <= centres[low]:
        return low
    if value > centres[high - 1]:
        return high
    found = min(max(low + 1 + int((value - centres[low]) * line.scale), low + 1), high - 1)
    if centres[found] < value:
        found += 1
    elif centres[found - 1] >= value:
        found -= 1
    if centres[found - 1] < value and value <= centres[found]:
        return found
    # centres closer together than floats are: the guess is of no use
    high -= 1
    while high - low > 1:
        middle = (low + high) // 2
        if centres[middle] < value:
            low = middle
        else:
            high = middle
    return high


@bare
def rows_of(heights: Floats, line: Centres, rows: Integers) -> None:
    """(V,) the first row at or above every vertex."""
    for v in range(len(heights)):
        rows[v] = first_at(heights[v], line)


@bare
def spans_of(shape: Outlines, rows: Integers, first: int, last: int, spans: Integers) -> None:
    """(C, 2) the first row that a cell spans and the row after its last one, for cells `first` to before `last`."""
    offsets, indices = shape.offsets, shape.indices
    for cell in range(first, last):
        low = high = rows[indices[offsets[cell]]]
        for h in range(offsets[cell] + 1, offsets[cell + 1]):
            row = rows[indices[h]]
            low, high = min(low, row), max(high, row)
        spans[cell, 0], spans[cell, 1] = low, high


def members(spans: Integers, height: int, rows: int) -> tuple[Long, Integers]:
    """For every band of `height` rows the cells that have rows there, ascending: (bands + 1,) starts, and the list."""
    starts = np.empty(-(-rows // height) + 1, np.int64)
    _count_members(spans, height, starts)
    listed = np.empty(starts[-1], np.int32)
    _list_members(spans, height, starts, listed)
    return starts, listed


@bare
def _count_members(spans: Integers, height: int, starts: Long) -> None:
    """(bands + 1,) where the cells of every band of `height` rows begin in the list of `_list_members`."""
    starts[:] = 0
    for cell in range(len(spans)):
        if spans[cell, 0] < spans[cell, 1]:
            for band in range(spans[cell, 0] // height, (spans[cell, 1] - 1) // height + 1):
                starts[band + 1] += 1
    for band in range(1, len(starts)):
        starts[band] += starts[band - 1]


@kernel
def _list_members(spans: Integers, height: int, starts: Long, members: Integers) -> None:
    """The cells that have rows in a band, ascending, band after band."""
    place = starts[:-1].copy()
    for cell in range(len(spans)):
        if spans[cell, 0] < spans[cell, 1]:
            for band in range(spans[cell, 0] // height, (spans[cell, 1] - 1) // height + 1):
                members[place[band]] = cell
                place[band] += 1


@bare
def abscissa(xa: float, ya: float, dx: float, dy: float, y: float) -> float:
    """Where the side from (xa, ya) to (xa + dx, ya + dy), dy > 0, is at the height y: monotone in y, in floats too."""
    return xa + min(max((y - ya) / dy, 0.0), 1.0) * dx


@bare
def _trace(
    shape: Outlines,
    rows: Integers,
    cell: int,
    down: Centres,
    across: Centres,
    first: int,
    last: int,
    runs: Long,
) -> None:
    """(2, rows) the columns from and to before which a cell has its pixels, in rows from `first` to before `last`."""
    vertices, indices = shape.vertices, shape.indices
    begin, end = shape.offsets[cell], shape.offsets[cell + 1]
    for r in range(last - first):
        runs[0, r] = across.last
        runs[1, r] = across.first
    b = indices[end - 1]
    for h in range(begin, end):
        a, b = b, indices[h]
        if rows[a] == rows[b]:
            continue
        low, high, side = (a, b, 1) if rows[a] < rows[b] else (b, a, 0)
        xa, ya = vertices[low, 0], vertices[low, 1]
        dx, dy = vertices[high, 0] - xa, vertices[high, 1] - ya
        for r in range(max(first, rows[low]), min(last, rows[high])):
            x = abscissa(xa, ya, dx, dy, down.centres[r])
            if x <= shape.left:
                column = across.first
            elif x >= shape.right:
                column = across.last
            else:
                column = first_at(x, across)
            # min and max: a corner that rounding dented makes more than two sides span a row
            if side:
                runs[1, r - first] = max(runs[1, r - first], column)
            else:
                runs[0, r - first] = min(runs[0, r - first], column)


@kernel
def fill_ids(
    shape: Outlines,
    rows: Integers,
    spans: Integers,
    members: Integers,
    down: Centres,
    across: Centres,
    band: tuple[int, int],
    out: Integers,
) -> None:
    """(rows, columns) the cell of every pixel, in the rows of a band; `members` are the cells that have some there."""
    runs = np.empty((2, band[1] - band[0]), np.int64)
    for n in range(len(members)):
        cell = members[n]
        first, last = max(band[0], spans[cell, 0]), min(band[1], spans[cell, 1])
        _trace(shape, rows, cell, down, across, first, last, runs)
        for r in range(last - first):
            if runs[0, r] < runs[1, r]:
                out[first + r, runs[0, r] : runs[1, r]] = cell


@kernel
def fill_values(
    shape: Outlines,
    rows: Integers,
    spans: Integers,
    members: Integers,
    axes: tuple[Centres, Centres],
    band: tuple[int, int],
    affine: Floats,
    out: Floats,
) -> None:
    """(K, rows, columns) a x + (b y + c) of every pixel's cell, in the rows of a band."""
    runs = np.empty((2, band[1] - band[0]), np.int64)
    down, across = axes
    for n in range(len(members)):
        cell = members[n]
        first, last = max(band[0], spans[cell, 0]), min(band[1], spans[cell, 1])
        _trace(shape, rows, cell, down, across, first, last, runs)
        for r in range(last - first):
            begin, end = runs[0, r], runs[1, r]
            if begin >= end:
                continue
            xs = across.centres[begin:end]
            for k in range(out.shape[0]):
                slope, height = affine[cell, k, 0], affine[cell, k, 1] * down.centres[first + r] + affine[cell, k, 2]
                line = out[k, first + r, begin:end]
                for i in range(len(xs)):
                    line[i] = slope * xs[i] + height


@bare
def _holds(shape: Outlines, cell: int, x: float, y: float) -> bool:
    """Whether the cell's boundary turns around the point, by the rule above."""
    vertices, heights, indices = shape.vertices, shape.heights, shape.indices
    begin, end = shape.offsets[cell], shape.offsets[cell + 1]
    turns = 0
    b = indices[end - 1]
    for h in range(begin, end):
        a, b = b, indices[h]
        low, high, turn = (a, b, -1) if heights[a] < heights[b] else (b, a, 1)
        if heights[low] <= y and y < heights[high]:
            xa, ya = vertices[low, 0], vertices[low, 1]
            at = abscissa(xa, ya, vertices[high, 0] - xa, vertices[high, 1] - ya, y)
            if at < shape.right and (at <= x or at <= shape.left):
                turns += turn
    return turns > 0


@bare
def _extent(shape: Outlines, cell: int, low: float, high: float) -> tuple[float, float]:
    """The least and the largest abscissa of the cell's sides at heights from `low` to `high`."""
    vertices, heights, indices = shape.vertices, shape.heights, shape.indices
    begin, end = shape.offsets[cell], shape.offsets[cell + 1]
    left, right = np.inf, -np.inf
    b = indices[end - 1]
    for h in range(begin, end):
        a, b = b, indices[h]
        under, over = (a, b) if heights[a] < heights[b] else (b, a)
        if heights[under] < heights[over] and heights[under] <= high and heights[over] > low:
            xa, ya = vertices[under, 0], vertices[under, 1]
            dx, dy = vertices[over, 0] - xa, vertices[over, 1] - ya
            # monotone in y, so the two ends bound all between them
            for y in (low, high):
                at = abscissa(xa, ya, dx, dy, y)
                left, right = min(left, at), max(right, at)
    return -np.inf if left <= shape.left else left, np.inf if right >= shape.right else right


@bare
def find(
    shape: Outlines,
    spans: Integers,
    members: Integers,
    slabs: Floats,
    points: Floats,
    band: tuple[int, int],
    starts: Long,
    out: Integers,
) -> None:
    """(n,) the cell of every point of the slabs of a band: those of a slab from starts[slab], ascending in x."""
    for n in range(len(members)):
        cell = members[n]
        for slab in range(max(band[0], spans[cell, 0]), min(band[1], spans[cell, 1])):
            left, right = _extent(shape, cell, slabs[slab, 0], slabs[slab, 1])
            low, high = starts[slab], starts[slab + 1]
            end = high
            while low < high:
                middle = (low + high) // 2
                if points[middle, 0] < left:
                    low = middle + 1
                else:
                    high = middle
            while low < end and points[low, 0] <= right:
                if _holds(shape, cell, points[low, 0], points[low, 1]):
                    out[low] = cell
                low += 1
