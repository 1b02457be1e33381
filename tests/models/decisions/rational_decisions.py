"""Decision regions in exact arithmetic, the slow and obvious way: what a decision is held to.

Every exact cell of the model is cut by every comparison of two classes, in fractions. Nothing here comes from the
package's own decisions or regions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import hypot, lcm

from netwarp.network.program import Program
from regions.polygons import Polygon, Row, corner_at, largest, point_of, refine
from regions.rational import regions

Winners = tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """The parts of the plane: their polygon and the classes that are the largest all over it."""

    parts: tuple[tuple[Polygon, Winners], ...]

    def areas(self) -> dict[Winners, Fraction]:
        found: dict[Winners, Fraction] = defaultdict(Fraction)
        for polygon, winners in self.parts:
            found[winners] += _area(polygon)
        return dict(found)

    def lengths(self) -> dict[tuple[int, int], float]:
        """The length of the boundary between two classes, a < b."""
        _, edges = refine([polygon for polygon, _ in self.parts])
        found: dict[tuple[int, int], float] = defaultdict(float)
        for (p, q), beside in edges.items():
            if len(beside) < 2:
                continue
            one, other = (self.parts[n][1] for n in beside)
            (x, y), (u, v) = point_of(p), point_of(q)
            met = {tuple(sorted((a, b))) for a in one for b in other if a != b}
            for pair in met:
                if not set(pair) <= set(one) & set(other):
                    found[pair] += hypot(float(u - x), float(v - y))
        return dict(found)


def verdict(program: Program, bounds: Sequence[float], threshold: float | None = None) -> Verdict:
    """Of the program's outputs; of one output against the threshold, which is class 0."""
    parts = []
    for cell in regions(program, bounds).cells:
        rows = list(cell.affine)
        if threshold is not None:
            rows.insert(0, (Fraction(0), Fraction(0), Fraction(threshold)))
        scale = lcm(*(number.denominator for row in rows for number in row))
        whole: list[Row] = [tuple(int(number * scale) for number in row) for row in rows]  # type: ignore[misc]
        polygon = tuple(corner_at(x, y) for x, y in cell.corners)
        for k, part in largest(polygon, whole):
            parts.append((part, tuple(n for n, row in enumerate(whole) if row == whole[k])))
    return Verdict(tuple(parts))


def _area(polygon: Polygon) -> Fraction:
    points = [point_of(corner) for corner in polygon]
    return (
        sum((p[0] * q[1] - q[0] * p[1] for p, q in zip(points, points[1:] + points[:1], strict=True)), Fraction()) / 2
    )
