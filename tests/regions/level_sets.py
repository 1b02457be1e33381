"""Level sets in exact arithmetic, from the cells of `rational` and, without any cells, along single lines."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from netwarp.network.program import Activate, Conv, Embed, Program
from regions.rational import Cell, Point, Regions

Number = Fraction | int
Segment = tuple[Point, Point]


def value(cell: Cell, point: Point, channel: int, level: Number) -> Fraction:
    a, b, c = cell.affine[channel]
    return a * point[0] + b * point[1] + c - level


def level_set(regions: Regions, channel: int, level: Number) -> list[Segment]:
    """The closure of where the channel less the level changes its sign or touches 0 along a line, each part once."""
    found = []
    for cell in regions.cells:
        heights = [value(cell, corner, channel, level) for corner in cell.corners]
        if min(heights) < 0 < max(heights):
            found.append(_chord(cell.corners, heights))
    for (p, q), owners in regions.edges.items():
        cells = [regions.cells[owner] for owner in owners]
        limits = [(value(cell, p, channel, level), value(cell, q, channel, level)) for cell in cells]
        if len(cells) == 1:
            if limits[0] == (0, 0) and not _flat(cells[0], channel, level):
                found.append((p, q))
        elif limits[0] == limits[1]:
            if limits[0] == (0, 0) and not all(_flat(cell, channel, level) for cell in cells):
                found.append((p, q))
        else:
            found += _jumped(p, q, limits)
    return found


def _flat(cell: Cell, channel: int, level: Number) -> bool:
    return cell.affine[channel] == (0, 0, level)


def _chord(corners: Sequence[Point], heights: list[Fraction]) -> Segment:
    points = []
    for i, (p, h) in enumerate(zip(corners, heights, strict=True)):
        j = (i + 1) % len(corners)
        if h == 0:
            points.append(p)
        elif h * heights[j] < 0:
            points.append(_between(p, corners[j], h / (h - heights[j])))
    one, other = points
    return one, other


def _between(p: Point, q: Point, t: Fraction) -> Point:
    return p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])


def _jumped(p: Point, q: Point, limits: list[tuple[Fraction, Fraction]]) -> list[Segment]:
    stops = {Fraction(0), Fraction(1)} | {a / (a - b) for a, b in limits if a * b < 0}
    found = []
    for t, u in pairwise(sorted(stops)):
        one, other = (a + (t + u) / 2 * (b - a) for a, b in limits)
        if (one > 0) - (one < 0) != (other > 0) - (other < 0):
            found.append((_between(p, q, t), _between(p, q, u)))
    return found


def floats(segments: list[Segment]) -> np.ndarray:
    """(n, 4) x, y of both ends."""
    return np.array([[float(v) for point in ends for v in point] for ends in segments]).reshape(-1, 4)


def pieces(polylines: list[np.ndarray]) -> np.ndarray:
    """(n, 4) the segments of polylines, x, y of both ends."""
    return np.concatenate([np.zeros((0, 4)), *(np.hstack([one[:-1], one[1:]]) for one in polylines)])


def sizes(segments: np.ndarray) -> np.ndarray:
    return np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])


def same(one: np.ndarray, other: np.ndarray, tolerance: float = 1e-9) -> bool:
    """Whether two lists of segments are one set, each segment longer than the tolerance once, whichever way it runs."""
    one, other = (part[sizes(part) > 3 * tolerance] for part in (one, other))
    if len(one) != len(other):
        return False
    if not len(one):
        return True
    # segments that lie on one another, to the tolerance, are as many on both hands
    trees = [cKDTree(np.concatenate([part, part[:, [2, 3, 0, 1]]])) for part in (one, other)]
    counts = [tree.query_ball_point(one, tolerance, return_length=True) for tree in trees]
    return bool((counts[0] == counts[1]).all())


class Piece(NamedTuple):
    """An interval of a line, and the values at its two ends, of every channel, as seen from inside it."""

    begin: Fraction
    end: Fraction
    first: list[Fraction]
    last: list[Fraction]


def along(program: Program, p: Point, q: Point) -> list[Piece]:
    """A chain of inputs x, y, 1x1 convolutions and relu, abs, step or hardtanh along a line: its linear pieces."""
    found: list[Piece] = []
    for operation in program.operations:
        if isinstance(operation, Embed):
            found = [Piece(Fraction(0), Fraction(1), list(p), list(q))]
        elif isinstance(operation, Conv):
            weight = [[Fraction(w) for w in row] for row in operation.weight[:, :, 0, 0].tolist()]
            bias = [Fraction(b) for b in operation.bias.tolist()]
            found = [
                piece._replace(first=_applied(weight, bias, piece.first), last=_applied(weight, bias, piece.last))
                for piece in found
            ]
        else:
            assert isinstance(operation, Activate)
            found = [part for piece in found for part in _activated(operation.name, piece)]
    return found


def _applied(weight: list[list[Fraction]], bias: list[Fraction], values: list[Fraction]) -> list[Fraction]:
    return [sum((w * v for w, v in zip(row, values, strict=True)), b) for row, b in zip(weight, bias, strict=True)]


def _activated(name: str, piece: Piece) -> list[Piece]:
    thresholds = [Fraction(-1), Fraction(1)] if name == "hardtanh" else [Fraction(0)]
    cuts = {Fraction(0), Fraction(1)}
    for a, b in zip(piece.first, piece.last, strict=True):
        cuts |= {(t - a) / (b - a) for t in thresholds if (a - t) * (b - t) < 0}
    found = []
    for t, u in pairwise(sorted(cuts)):
        ends: list[list[Fraction]] = [[], []]
        for a, b in zip(piece.first, piece.last, strict=True):
            middle = a + (t + u) / 2 * (b - a)
            for end, v in zip(ends, (a + t * (b - a), a + u * (b - a)), strict=True):
                end.append(_bent(name, middle, v))
        span = piece.end - piece.begin
        found.append(Piece(piece.begin + t * span, piece.begin + u * span, *ends))
    return found


def _bent(name: str, middle: Fraction, v: Fraction) -> Fraction:
    """An activation at v, on the piece that the value in the middle is on."""
    if name == "relu":
        return v if middle > 0 else Fraction(0)
    if name == "abs":
        return v if middle > 0 else -v
    if name == "step":
        return Fraction(int(middle > 0))
    return Fraction(-1) if middle <= -1 else Fraction(1) if middle > 1 else v


def met(found: list[Piece], channel: int, level: Number) -> int:
    """How often the function less the level changes its sign along a line, touches 0, or begins or ends to be 0."""
    count = 0
    ends = [(piece.first[channel] - level, piece.last[channel] - level) for piece in found]
    count += sum(a * b < 0 for a, b in ends)
    for (a, b), (c, d) in pairwise(ends):
        one, other = (b > 0) - (b < 0), (c > 0) - (c < 0)
        flat = a == b == c == d == 0
        count += (one != other) or (one == other == 0 and not flat)
    return count


def crossed(polylines: list[np.ndarray], p: Point, q: Point) -> int:
    """How many segments of polylines a line crosses."""
    px, py, qx, qy = (float(v) for v in (*p, *q))
    segments = pieces(polylines)
    x0, y0, x1, y1 = segments.T

    def turn(ax: object, ay: object, bx: object, by: object, cx: object, cy: object) -> np.ndarray:
        return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)  # type: ignore[operator, no-any-return]

    apart = turn(px, py, qx, qy, x0, y0) * turn(px, py, qx, qy, x1, y1) < 0
    return int((apart & (turn(x0, y0, x1, y1, px, py) * turn(x0, y0, x1, y1, qx, qy) < 0)).sum())
