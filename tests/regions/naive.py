"""Cells built the slow and obvious way, in floats: convex polygons cut by line after line, then glued by coordinates.

For generic lines and networks whose vertices are well apart (1e-9); nothing here comes from netwarp but Cells itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.cells.cells import Cells

Bounds = tuple[float, float, float, float]  # x0, x1, y0, y1
Point = tuple[float, float]
Tag = tuple[int, int]  # layer and unit that drew a side
UNIT = (0.0, 1.0, 0.0, 1.0)
SQUARE = (-1.0, 1.0, -1.0, 1.0)
BORDER = (0, -1)


@dataclass(frozen=True)
class Polygon:
    """A counter-clockwise convex polygon; side i goes from corner i to the next. `rows` is what is affine on it."""

    corners: list[Point]
    tags: list[Tag]
    rows: NDArray[np.float64]  # (channels, 3) a, b, c


def rectangle(bounds: Bounds, rows: NDArray[np.float64]) -> Polygon:
    x0, x1, y0, y1 = bounds
    return Polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], [BORDER] * 4, rows)


def split(polygon: Polygon, line: Sequence[float], tag: Tag) -> list[Polygon]:
    """The parts of a polygon where a x + b y + c is negative, and where it is positive."""
    a, b, c = (float(value) for value in line)
    heights = [a * x + b * y + c for x, y in polygon.corners]
    tolerance = 1e-13 * (abs(a) + abs(b) + abs(c))
    if max(heights) <= tolerance or min(heights) >= -tolerance:
        return [polygon]
    parts = []
    for sign in (-1, 1):
        corners: list[Point] = []
        tags: list[Tag] = []
        for i, (p, side) in enumerate(zip(polygon.corners, polygon.tags, strict=True)):
            j = (i + 1) % len(heights)
            q, here, there = polygon.corners[j], sign * heights[i], sign * heights[j]
            if here >= -tolerance:
                leaving = here <= tolerance and there < -tolerance
                corners.append(p)
                tags.append(tag if leaving else side)
            if (here > tolerance and there < -tolerance) or (here < -tolerance and there > tolerance):
                t = here / (here - there)
                corners.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
                tags.append(tag if here > 0 else side)
        parts.append(replace(polygon, corners=corners, tags=tags))
    return parts


def glue(bounds: Bounds, polygons: Sequence[Polygon], digits: int = 9) -> Cells:
    """Cells of polygons that share their corners: those whose coordinates round alike are one vertex."""
    vertices: dict[Point, int] = {}
    edges: dict[tuple[int, int], int] = {}
    coordinates: list[Point] = []
    ends: list[tuple[int, int]] = []
    cells: list[list[int]] = []
    drawn: list[Tag] = []
    offsets, indices, sides = [0], [], []
    for number, polygon in enumerate(polygons):
        ring = []
        for x, y in polygon.corners:
            key = (round(x, digits) + 0.0, round(y, digits) + 0.0)
            if key not in vertices:
                vertices[key] = len(coordinates)
                coordinates.append((x, y))
            ring.append(vertices[key])
        for i, a in enumerate(ring):
            b = ring[(i + 1) % len(ring)]
            if (b, a) in edges:
                edge = edges[b, a]
                cells[edge][1] = number
            else:
                edge = edges[a, b] = len(ends)
                ends.append((a, b))
                cells.append([number, -1])
                drawn.append(polygon.tags[i])
            indices.append(a)
            sides.append(edge)
        offsets.append(len(indices))
    layers, units = zip(*drawn, strict=True)
    return Cells(
        bounds=bounds,
        vertices=np.array(coordinates, np.float64),
        edges=np.array(ends, np.int32),
        edge_cells=np.array(cells, np.int32),
        edge_layers=np.array(layers, np.int32),
        edge_units=np.array(units, np.int32),
        offsets=np.array(offsets, np.int64),
        indices=np.array(indices, np.int32),
        sides=np.array(sides, np.int32),
        affine=np.array([polygon.rows for polygon in polygons], np.float64),
    )


def arrangement(bounds: Bounds, lines: Iterable[Sequence[float]], rows: NDArray[np.float64] | None = None) -> Cells:
    """The rectangle cut by lines a x + b y + c = 0; every cell has the same affine rows, (0, 0, 0) by default."""
    polygons = [rectangle(bounds, np.zeros((1, 3)) if rows is None else rows)]
    for unit, line in enumerate(lines):
        polygons = [part for polygon in polygons for part in split(polygon, line, (1, unit))]
    return glue(bounds, polygons)


Layer = tuple[NDArray[np.float64], NDArray[np.float64]]  # weights (out, in), biases (out,)


def network(bounds: Bounds, layers: Sequence[Layer]) -> Cells:
    """The activation regions of W x + b, ReLU after every layer but the last, and the affine map of each."""
    polygons = [rectangle(bounds, np.eye(2, 3))]
    for number, (weights, biases) in enumerate(layers, 1):
        shift = np.pad(biases[:, None], ((0, 0), (2, 0)))
        polygons = [replace(polygon, rows=weights @ polygon.rows + shift) for polygon in polygons]
        if number == len(layers):
            break
        for unit in range(len(biases)):
            polygons = [part for polygon in polygons for part in split(polygon, polygon.rows[unit], (number, unit))]
        polygons = [_rectified(polygon) for polygon in polygons]
    return glue(bounds, polygons)


def _rectified(polygon: Polygon) -> Polygon:
    middle = np.append(np.mean(polygon.corners, axis=0), 1.0)
    return replace(polygon, rows=np.where((polygon.rows @ middle > 0)[:, None], polygon.rows, 0.0))


def drawn_layers(seed: int, *widths: int) -> list[Layer]:
    """Generic weights: normal, of variance 2 / inputs, and biases of deviation 0.3."""
    r = np.random.default_rng(seed)
    return [
        (r.standard_normal((rows, columns)) * np.sqrt(2 / columns), r.standard_normal(rows) * 0.3)
        for columns, rows in pairwise(widths)
    ]


def evaluate(layers: Sequence[Layer], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, K) the same network at points (n, 2)."""
    values = points
    for number, (weights, biases) in enumerate(layers, 1):
        values = values @ weights.T + biases
        if number < len(layers):
            values = np.maximum(values, 0)
    return values


def random_lines(seed: int, count: int, bounds: Bounds = UNIT) -> NDArray[np.float64]:
    """(count, 3) lines in all directions through a disc around the rectangle, as a Poisson process has them."""
    r = np.random.default_rng(seed)
    x0, x1, y0, y1 = bounds
    angle = r.uniform(0, np.pi, count)
    offset = r.uniform(-0.5, 0.5, count) * np.hypot(x1 - x0, y1 - y0)
    a, b = np.cos(angle), np.sin(angle)
    return np.stack([a, b, -(a * (x0 + x1) + b * (y0 + y1)) / 2 - offset], axis=1)
