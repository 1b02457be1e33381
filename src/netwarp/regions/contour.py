"""Exact level sets of a piecewise-affine function, as polylines."""

# n points of a polyline, P polylines

from __future__ import annotations

from itertools import pairwise
from math import isfinite

from netwarp.errors import InputError
from netwarp.regions import polylines
from netwarp.regions.cells import Cells, Floats
from netwarp.regions.corners import corner_values, edge_sides, jumps


def contour(cells: Cells, channel: int, level: float) -> list[Floats]:
    """Polylines, (n, 2) x, y each, that bound where the channel is greater than the level: on the left, y upwards.

    n >= 2, no point twice in a row. A polyline that ends, ends on the rectangle's border, or on an edge across which
    the function jumps (`corners.jumps`); a closed one repeats its first point. Those with ends come first.
    Where the function equals the level at a corner, along an edge or on a whole cell, it is not greater there: so a
    flat cell at the level is surrounded on the sides where the function rises and not crossed; a crease that touches
    the level from above is walked both ways, and one that touches it from below not at all. Equal is what differs by
    no more than 16 roundings of the terms a x, b y, c and 1e-14 of the channel's range over the rectangle.
    Errors: InputError for a channel that is not there, or a level that is not finite.
    """
    channels = cells.affine.shape[1]
    if not 0 <= channel < channels:
        raise InputError(f"channel {channel}: must be from 0 to {channels - 1}")
    if not isfinite(level):
        raise InputError(f"level {level}: must be a finite number")
    level = float(level)
    values, sizes = corner_values(cells, channel)
    twins = edge_sides(cells)
    steps = jumps(cells, twins, values, sizes)
    broken = (steps[:, 0] != 0) | (steps[:, 1] != 0)
    edges = polylines.Edges(cells.vertices, cells.edges, cells.edge_cells, twins, broken, cells.offsets, cells.sides)
    polylines.agree(edges, values, sizes, level)
    segments = polylines.segments(cells.offsets, values, level)
    points, starts = polylines.join(edges, values, segments, level)
    return [points[start:end].copy() for start, end in pairwise(starts)]
