"""Decision boundaries from cells: the edges between cells with other winners, joined to polylines; and outlines."""

# V vertices, E edges, C cells, L sets of winners, S segments

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.models.decisions.winners import Winners
from netwarp.regions.arrays import Floats
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.polylines import join

Pair = tuple[int, int]


def boundaries(cells: Cells, winners: Winners) -> dict[Pair, list[Floats]]:
    """The boundary between every two classes a < b that meet, as polylines (n, 2) with a on their left, y upwards.

    It is where both are among the winners on one side or the other, and at least one of them is not on both: an edge
    where the function jumps is part of it, and so is the border of an area where the two tie, but nothing inside it.
    Corners are vertices of the cells; closed polylines repeat their first point. See `join` for their order.
    """
    inner = np.flatnonzero((cells.edge_cells >= 0).all(axis=1))
    left, right = winners.of[cells.edge_cells[inner]].T
    apart = left != right
    inner, left, right = inner[apart], left[apart], right[apart]
    sides, which = np.unique(np.stack([left, right], axis=1), axis=0, return_inverse=True)
    segments: dict[Pair, list[NDArray[np.int64]]] = {}
    for n, (one, other) in enumerate(sides.tolist()):
        ends = cells.edges[inner[which.ravel() == n]].astype(np.int64)
        for a, b in _pairs(winners.sets[one], winners.sets[other]):
            # the edge has the winners `one` on its left
            pair, way = ((a, b), ends) if a < b else ((b, a), ends[:, ::-1])
            segments.setdefault(pair, []).append(way)
    return {pair: _joined(cells, segments[pair]) for pair in sorted(segments)}


def outlines(cells: Cells, winners: Winners) -> list[list[Floats]]:
    """(L) for every set of winners the closed outlines of where it wins, its area on their left, y upwards.

    Holes run the other way: filled by the even-odd or by the nonzero rule, they are the area.
    """
    found = []
    outside = np.append(winners.of, -1)
    left, right = outside[cells.edge_cells].T
    for n in range(len(winners.sets)):
        ours = [cells.edges[(left == n) & (right != n)], cells.edges[(right == n) & (left != n)][:, ::-1]]
        found.append(_joined(cells, [part.astype(np.int64) for part in ours]))
    return found


def _pairs(left: tuple[int, ...], right: tuple[int, ...]) -> list[Pair]:
    """The classes (a, b) of which a wins on the left and b on the right, and not both on both sides."""
    both = set(left) & set(right)
    return [(a, b) for a in left for b in right if a != b and not {a, b} <= both]


def _joined(cells: Cells, ways: list[NDArray[np.int64]]) -> list[Floats]:
    nodes = np.concatenate(ways)
    return join(cells.vertices, nodes, np.zeros(len(nodes), dtype=bool))
