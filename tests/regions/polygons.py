"""Convex polygons in whole numbers of any size: cut by lines, and cut again where others have corners.

A corner is (X, Y, W), meaning X / W, Y / W, with W > 0 and no common divisor; a row (a, b, c) is a x + b y + c.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

Point = tuple[Fraction, Fraction]
Corner = tuple[int, int, int]
Row = tuple[int, int, int]
Polygon = tuple[Corner, ...]


def corner_at(x: Fraction, y: Fraction) -> Corner:
    w = lcm(x.denominator, y.denominator)
    return x.numerator * (w // x.denominator), y.numerator * (w // y.denominator), w


def point_of(corner: Corner) -> Point:
    x, y, w = corner
    return Fraction(x, w), Fraction(y, w)


def split(polygon: Polygon, row: Row) -> tuple[Polygon | None, Polygon | None]:
    """The parts where row > 0 and where row < 0, None for an empty one; where it is 0 all over, it is not > 0."""
    a, b, c = row
    signs = [a * x + b * y + c * w for x, y, w in polygon]
    if max(signs) <= 0:
        return None, polygon
    if min(signs) >= 0:
        return polygon, None
    above: list[Corner] = []
    below: list[Corner] = []
    for p, q, u, v in zip(polygon, polygon[1:] + polygon[:1], signs, signs[1:] + signs[:1], strict=True):
        if u >= 0:
            above.append(p)
        if u <= 0:
            below.append(p)
        if (u < 0 < v) or (v < 0 < u):
            x, y, w = (abs(u) * n + abs(v) * m for m, n in zip(p, q, strict=True))
            common = gcd(x, y, w)
            cross = (x // common, y // common, w // common)
            above.append(cross)
            below.append(cross)
    return tuple(above), tuple(below)


def parts_of(polygon: Polygon, row: Row, kinks: list[int]) -> Iterator[tuple[int, Polygon]]:
    """The pieces of an activation: up to each of the kinks in turn, and above the last."""
    a, b, c = row
    rest: Polygon | None = polygon
    for number, kink in enumerate(kinks):
        if rest is not None:
            rest, below = split(rest, (a, b, c - kink))
            if below is not None:
                yield number, below
    if rest is not None:
        yield len(kinks), rest


def largest(polygon: Polygon, rows: list[Row]) -> Iterator[tuple[int, Polygon]]:
    """Where each row is the largest, the first of equal ones: not all pairwise comparisons, only with the winner."""
    for k, (a, b, c) in enumerate(rows):
        left: Polygon | None = polygon
        for j, (d, e, f) in enumerate(rows):
            if left is None or j == k:
                continue
            if j < k:
                left, _ = split(left, (a - d, b - e, c - f))
            else:
                _, left = split(left, (d - a, e - b, f - c))
        if left is not None:
            yield k, left


def refine(polygons: list[Polygon]) -> tuple[set[Corner], dict[tuple[Corner, Corner], tuple[int, ...]]]:
    """All corners, and all sides cut at the corners that lie on them: ends -> cells."""
    on_line: dict[Row, set[Corner]] = defaultdict(set)
    sides: list[tuple[Row, Corner, Corner, int]] = []
    for cell, polygon in enumerate(polygons):
        for p, q in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            line = line_of(p, q)
            sides.append((line, p, q, cell))
            on_line[line] |= {p, q}
    order = {line: sorted(found, key=point_of) for line, found in on_line.items()}
    place = {line: {corner: i for i, corner in enumerate(found)} for line, found in order.items()}
    edges: dict[tuple[Corner, Corner], tuple[int, ...]] = {}
    for line, p, q, cell in sides:
        first, last = sorted((place[line][p], place[line][q]))
        for edge in pairwise(order[line][first : last + 1]):
            edges[edge] = (*edges.get(edge, ()), cell)
    return {corner for polygon in polygons for corner in polygon}, edges


def line_of(p: Corner, q: Corner) -> Row:
    """The line through two corners, the same for every two of its corners."""
    row = (p[1] * q[2] - q[1] * p[2], q[0] * p[2] - p[0] * q[2], p[0] * q[1] - q[0] * p[1])
    scale = gcd(*row) * (1 if (row[0], row[1]) > (0, 0) else -1)
    return row[0] // scale, row[1] // scale, row[2] // scale
