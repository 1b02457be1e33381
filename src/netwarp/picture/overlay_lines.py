"""The boundaries of cells as polylines: edges of one unit joined where they meet, straight ones made one segment."""

# V vertices, E edges, P polylines, Q points of all polylines

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, atan2, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.cells.cells import Cells
from netwarp.regions.jit import kernel

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Placement:
    """Where the rectangle of the cells is drawn: x0 at 0, x1 at `width`, y0 at 0 (the top) and y1 at `height`.

    With `up` y0 is at `height`, and y1 at the top.
    """

    bounds: tuple[float, float, float, float]
    width: float
    height: float
    up: bool = False

    def place(self, points: Floats) -> Floats:
        """(n, 2) points of the plane -> (n, 2) of the drawing."""
        x0, x1, y0, y1 = self.bounds
        placed = np.empty((len(points), 2))
        # the corner is subtracted first: far from the origin a small plane still has all its digits
        placed[:, 0] = (points[:, 0] - x0) * (self.width / (x1 - x0))
        apart = y1 - points[:, 1] if self.up else points[:, 1] - y0
        placed[:, 1] = apart * (self.height / (y1 - y0))
        return placed


@dataclass(frozen=True, eq=False, slots=True)
class Lines:
    """Polylines of a drawing; a closed one repeats its first point. Sorted by layer."""

    points: Floats  # (Q, 2)
    offsets: NDArray[np.int64]  # (P + 1,) polyline -> its first point
    layers: NDArray[np.int32]  # (P,) polyline -> the layer that drew it

    def of_layer(self, layer: int) -> slice:
        """The polylines of one layer."""
        first, last = np.searchsorted(self.layers, [layer, layer + 1])
        return slice(int(first), int(last))


def boundaries(cells: Cells, frame: Placement, tolerance: float) -> Lines:
    """The boundaries between cells, those of the rectangle left out, as polylines in the coordinates of `frame`.

    Two edges that one unit drew and that end in one vertex are joined; points that lie within `tolerance` of the
    straight line that then passes them by are dropped, so that what is one line of the network is mostly one segment.
    """
    inner = np.flatnonzero(cells.edge_layers > 0)
    edges = np.ascontiguousarray(cells.edges[inner], np.int32)
    layers, units = cells.edge_layers[inner], cells.edge_units[inner]
    points, offsets, first = _joined(edges, _partners(edges, layers, units), frame.place(cells.vertices), tolerance)
    layer_of = layers[first]
    order = np.argsort(layer_of, kind="stable")
    return _sorted(points, offsets, layer_of, order)


def of_polylines(polylines: Sequence[Floats], frame: Placement) -> Lines:
    """Polylines of the plane, such as contours, as Lines of no layer."""
    offsets = np.cumsum([0, *(len(line) for line in polylines)], dtype=np.int64)
    points = frame.place(np.concatenate([np.empty((0, 2)), *polylines]))
    return Lines(points, offsets, np.zeros(len(polylines), np.int32))


def _partners(edges: NDArray[np.int32], layers: NDArray[np.int32], units: NDArray[np.int32]) -> NDArray[np.int32]:
    """(2E,) end of an edge, 2 e or 2 e + 1 -> the end it goes on from: the only other one of its unit there, or -1."""
    drawers = layers.astype(np.int64) * (int(units.max(initial=0)) + 1) + units
    keys = edges.reshape(-1).astype(np.int64) * (int(drawers.max(initial=0)) + 1) + np.repeat(drawers, 2)
    order = np.argsort(keys).astype(np.int32)
    same = np.zeros(len(keys) + 1, np.bool_)
    keys = keys[order]
    np.equal(keys[1:], keys[:-1], out=same[1:-1])
    # exactly two: the second of them is like the one before, unlike the one after, and the first is unlike its own
    second = same[:-1] & ~same[1:]
    second[1:] &= ~same[:-2]
    at = np.flatnonzero(second)
    partners = np.full(len(keys), -1, np.int32)
    partners[order[at]] = order[at - 1]
    partners[order[at - 1]] = order[at]
    return partners


def _sorted(points: Floats, offsets: NDArray[np.int64], layers: NDArray[np.int32], order: NDArray[np.int64]) -> Lines:
    sizes = np.diff(offsets)[order]
    new = np.concatenate([[0], np.cumsum(sizes)])
    taken = np.repeat(offsets[:-1][order] - new[:-1], sizes) + np.arange(new[-1])
    return Lines(points[taken], new, layers[order])


def _joined(
    edges: NDArray[np.int32], partners: NDArray[np.int32], places: Floats, tolerance: float
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int32]]:
    """(Q, 2) points, (P + 1,) offsets, (P,) an edge of every polyline."""
    count = len(edges)
    points, offsets = np.empty((2 * count, 2)), np.zeros(count + 1, np.int64)
    first, scratch = np.empty(count, np.int32), np.zeros((2, count + 1), np.int32)
    lines = _walk(edges, partners, places, tolerance, points, offsets, first, scratch)
    offsets = offsets[: lines + 1]
    return points[: offsets[-1]], offsets, first[:lines]


@kernel
def _walk(
    edges: NDArray[np.int32],
    partners: NDArray[np.int32],
    places: Floats,
    tolerance: float,
    points: Floats,
    offsets: NDArray[np.int64],
    first: NDArray[np.int32],
    scratch: NDArray[np.int32],  # (2, E + 1), zeros: the vertices of a polyline, and which edges are done
) -> int:
    """Writes the polylines; how many they are."""
    count = len(edges)
    used, lines = 0, 0
    # open ones from an end of theirs; what is left then is closed
    for closed in range(2):
        for start in range(2 * count):
            if scratch[1, start >> 1] or (closed == 0 and partners[start] >= 0):
                continue
            length = 1
            scratch[0, 0] = edges[start >> 1, start & 1]
            end = start
            while end >= 0 and not scratch[1, end >> 1]:
                scratch[1, end >> 1] = 1
                other = end ^ 1
                scratch[0, length] = edges[other >> 1, other & 1]
                length += 1
                end = partners[other]
            used = _simplified(scratch, length, places, tolerance, points, used)
            first[lines] = start >> 1
            lines += 1
            offsets[lines] = used
    return lines


@kernel
def _simplified(
    scratch: NDArray[np.int32], length: int, places: Floats, tolerance: float, points: Floats, used: int
) -> int:
    """Writes the polyline's points from `used` on, without those that a straight line passes closely; the new `used`.

    From the last point kept, each later one allows the directions that pass it within `tolerance`; the line goes on
    as long as its end lies in all of them, and no nearer than the one before. Source: Williams 1978,
    doi:10.1016/0146-664X(78)90060-5.
    """
    x, y = places[scratch[0, 0], 0], places[scratch[0, 0], 1]
    points[used, 0], points[used, 1] = x, y
    used += 1
    fresh = True
    axis, low, high, farthest = 0.0, 0.0, 0.0, 0.0
    i = 1
    while i < length:
        dx, dy = places[scratch[0, i], 0] - x, places[scratch[0, i], 1] - y
        distance = sqrt(dx * dx + dy * dy)
        direction = atan2(dy, dx)
        turn = direction - axis
        if turn > pi:
            turn -= 2 * pi
        elif turn < -pi:
            turn += 2 * pi
        if fresh:
            axis, turn, low, high = direction, 0.0, -pi, pi
        elif not (low <= turn <= high and distance >= farthest):
            # the one before is a corner: from there, this one is looked at again
            x, y = places[scratch[0, i - 1], 0], places[scratch[0, i - 1], 1]
            points[used, 0], points[used, 1] = x, y
            used += 1
            fresh = True
            continue
        fresh = False
        farthest = distance
        if distance > tolerance:
            slack = asin(tolerance / distance)
            low, high = max(low, turn - slack), min(high, turn + slack)
        i += 1
    points[used, 0], points[used, 1] = places[scratch[0, length - 1], 0], places[scratch[0, length - 1], 1]
    return used + 1


def mean_size(cells: Cells, frame: Placement) -> float:
    """The side of a square as large as the mean cell, in the units of the frame: what line widths are chosen by."""
    return sqrt(frame.width * frame.height / max(1, len(cells.offsets) - 1))
