"""The values of one channel at every corner of every cell, and where two cells disagree on their edge: the jumps."""

# V vertices, E edges, C cells, H sides; a side's corner is the vertex it begins at

from __future__ import annotations

import numpy as np

from netwarp.regions.arrays import Floats, Integers, Long
from netwarp.regions.cells.cells import Cells
from netwarp.regions.descent.signs import ULP
from netwarp.regions.jit import bare

# rounding, not a jump: this much of the terms a x, b y, c that are added up there, and this much of the channel's range
OF_TERMS, OF_RANGE = 1e-12, 1e-10


def edge_sides(cells: Cells) -> Integers:
    """(E, 2) edge -> its side in the cell on its left, in the cell on its right; -1 outside the rectangle."""
    twins = np.full(cells.edges.shape, -1, np.int32)
    _edge_sides(cells.offsets, cells.sides, cells.edge_cells, twins)
    return twins


def corner_values(cells: Cells, channel: int) -> tuple[Floats, Floats]:
    """(H,) a x + b y + c at every corner, of its own cell; (H,) |a x| + |b y| + |c|, which rounding is a part of."""
    values, sizes = np.empty(len(cells.indices)), np.empty(len(cells.indices))
    _corner_values(cells.vertices, cells.offsets, cells.indices, cells.affine, channel, values, sizes)
    return values, sizes


def corner_bounds(cells: Cells, channel: int, sizes: Floats, errors: Floats, reach: Floats) -> Floats:
    """(H,) how far at most the values of `corner_values` are from the true ones; infinite where that is no number.

    (C, 3) `errors` is how wrong a, b, c may be, (V,) `reach` how wrong x and y, `sizes` what `corner_values` gives.
    """
    found = np.empty(len(sizes))
    _bounds(cells.vertices, reach, cells.offsets, cells.indices, cells.affine, errors, channel, sizes, found)
    return found


def largest(cells: Cells, values: Floats) -> Floats:
    """(C,) the largest of each cell's (H,) values; nan where one is."""
    found = np.empty(len(cells.offsets) - 1)
    _largest(cells.offsets, values, found)
    return found


def jumps(cells: Cells, pairs: Integers, values: Floats, sizes: Floats) -> Floats:
    """(E, 2) value on the left of an edge less that on its right, at its first and its second vertex.

    Exactly 0 at both where the two cells agree to within rounding (1e-12 of the terms they add up and 1e-10 of the
    channel's range), and on the border. `pairs` is `edge_sides(cells)`; the rest is `corner_values`.
    """
    found = np.zeros((len(pairs), 2))
    if len(values):
        _jumps(cells.offsets, cells.edge_cells, pairs, values, sizes, OF_RANGE * float(np.ptp(values)), found)
    return found


@bare
def _edge_sides(offsets: Long, sides: Integers, edge_cells: Integers, twins: Integers) -> None:
    for cell in range(len(offsets) - 1):
        for h in range(offsets[cell], offsets[cell + 1]):
            twins[sides[h], 0 if edge_cells[sides[h], 0] == cell else 1] = h


@bare
def _corner_values(
    vertices: Floats,
    offsets: Long,
    indices: Integers,
    affine: Floats,
    k: int,
    values: Floats,
    sizes: Floats,
) -> None:
    for cell in range(len(offsets) - 1):
        a, b, c = affine[cell, k, 0], affine[cell, k, 1], affine[cell, k, 2]
        for h in range(offsets[cell], offsets[cell + 1]):
            x, y = a * vertices[indices[h], 0], b * vertices[indices[h], 1]
            values[h], sizes[h] = x + (y + c), abs(x) + abs(y) + abs(c)


@bare
def _bounds(
    vertices: Floats,
    reach: Floats,
    offsets: Long,
    indices: Integers,
    affine: Floats,
    errors: Floats,
    k: int,
    sizes: Floats,
    found: Floats,
) -> None:
    for cell in range(len(offsets) - 1):
        steep = abs(affine[cell, k, 0]) + abs(affine[cell, k, 1])
        for h in range(offsets[cell], offsets[cell + 1]):
            away = reach[indices[h]]
            x, y = abs(vertices[indices[h], 0]), abs(vertices[indices[h], 1])
            bound = steep * away + errors[cell, 0] * (x + away) + errors[cell, 1] * (y + away)
            bound += errors[cell, 2] + 4 * ULP * sizes[h]
            found[h] = min(np.inf, bound)


@bare
def _largest(offsets: Long, values: Floats, found: Floats) -> None:
    for cell in range(len(offsets) - 1):
        most = values[offsets[cell]]
        for h in range(offsets[cell] + 1, offsets[cell + 1]):
            if values[h] > most or np.isnan(values[h]):
                most = values[h]
        found[cell] = most


@bare
def _jumps(
    offsets: Long,
    edge_cells: Integers,
    pairs: Integers,
    values: Floats,
    sizes: Floats,
    tolerance: float,
    found: Floats,
) -> None:
    for edge in range(len(pairs)):
        left, right = pairs[edge, 0], pairs[edge, 1]
        if left < 0 or right < 0:
            continue
        # the cells go along the edge in opposite directions: where one's side begins the other's ends
        after_left = left + 1 if left + 1 < offsets[edge_cells[edge, 0] + 1] else offsets[edge_cells[edge, 0]]
        after_right = right + 1 if right + 1 < offsets[edge_cells[edge, 1] + 1] else offsets[edge_cells[edge, 1]]
        start, end = values[left] - values[after_right], values[after_left] - values[right]
        if (
            abs(start) > OF_TERMS * (sizes[left] + sizes[after_right]) + tolerance
            or abs(end) > OF_TERMS * (sizes[after_left] + sizes[right]) + tolerance
        ):
            found[edge, 0], found[edge, 1] = start, end
