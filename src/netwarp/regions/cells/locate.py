"""The cells that points are in: the points sorted into slabs, then every cell asks for those near it."""

# n points, S slabs, C cells

from __future__ import annotations

from itertools import pairwise
from math import isqrt

import numpy as np

from netwarp.engine.threads import spread
from netwarp.errors import InputError
from netwarp.regions.arrays import Floats, Integers
from netwarp.regions.cells import scanline
from netwarp.regions.cells.cells import Cells

SLABS_A_JOB = 16


def locate(cells: Cells, points: Floats) -> Integers:
    """(n,) int32: the cell of every point of (n, 2) x, y; -1 outside the rectangle, whose border is inside.

    A point on an edge gets one of its cells, the same as in `cell_ids`. Not-a-number is outside. Errors: InputError
    for another shape.
    """
    points = np.asarray(points, np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise InputError(f"points of shape {points.shape}: must be (n, 2), x and y of every point")
    x0, x1, y0, y1 = cells.bounds
    x, y = points.T
    inside = np.flatnonzero((x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1))
    out = np.full(len(points), -1, np.int32)
    if len(inside) == 0:
        return out
    order = inside[np.argsort(y[inside])]
    # as many slabs as points in each: cells are then about as many across a slab as along it
    size = isqrt(len(order) - 1) + 1
    starts = np.minimum(np.arange(0, len(order) + size, size), len(order))
    slabs = np.stack([y[order[starts[:-1]]], y[order[starts[1:] - 1]]], axis=1)
    for first, last in pairwise(starts):
        order[first:last] = order[first:last][np.argsort(x[order[first:last]])]
    shape, sorted_points, found = scanline.outlines(cells), points[order], np.full(len(order), -1, np.int32)
    spans = _slab_spans(shape, slabs)
    members_of, members = scanline.members(spans, SLABS_A_JOB, len(slabs))

    def work(n: int) -> None:
        band = (n * SLABS_A_JOB, min(len(slabs), (n + 1) * SLABS_A_JOB))
        mine = members[members_of[n] : members_of[n + 1]]
        scanline.find(shape, spans, mine, slabs, sorted_points, band, starts, found)

    spread(range(len(members_of) - 1), lambda thread: work)
    out[order] = found
    return out


def _slab_spans(shape: scanline.Outlines, slabs: Floats) -> Integers:
    """(C, 2) the first slab that a cell may have points in, and the slab after its last one."""
    heights = shape.heights[shape.indices]
    lowest = np.minimum.reduceat(heights, shape.offsets[:-1])
    highest = np.maximum.reduceat(heights, shape.offsets[:-1])
    spans = np.empty((len(lowest), 2), np.int32)
    spans[:, 0] = np.searchsorted(slabs[:, 1], lowest, "left")
    spans[:, 1] = np.searchsorted(slabs[:, 0], highest, "right")
    return spans
