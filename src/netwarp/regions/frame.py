"""Frame: the rectangle that is cut, and how its coordinates give a Program's inputs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError
from netwarp.network.program import Embed
from netwarp.plane import Plane
from netwarp.regions.arrays import Floats

# times as wide a plane is to be as the rounding of its centre
LEAST = 1_000_000


@dataclass(frozen=True, eq=False)
class FrameInputs:
    """A Program's inputs as affine functions of a frame's coordinates: values (N, 3), and what `low` adds to them."""

    values: Floats
    low: Floats
    wrong: Floats  # (3,) how wrong the columns of `values` are at most, in the Euclidean norm
    wrong_both: Floats  # (3,) the same of values + low


@dataclass(frozen=True, eq=False)
class Frame:
    """The rectangle x0 <= s <= x1, y0 <= t <= y1 of coordinates (s, t), which stand for the plane's points
    origin + s across + t down, exactly. The plain frame has the plane's own coordinates.
    """

    bounds: tuple[float, float, float, float]
    origin: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    across: tuple[Fraction, Fraction] = (Fraction(1), Fraction(0))
    down: tuple[Fraction, Fraction] = (Fraction(0), Fraction(1))

    @property
    def border(self) -> tuple[tuple[int, int, int], ...]:
        """The sides as lines, counter-clockwise from the smallest y, each times a positive number."""
        x0, x1, y0, y1 = (Fraction(value) for value in self.bounds)
        sides = (
            (Fraction(0), Fraction(1), -y0),
            (Fraction(-1), Fraction(0), x1),
            (Fraction(0), Fraction(-1), y1),
            (Fraction(1), Fraction(0), -x0),
        )
        found = []
        for a, b, c in sides:
            found.append((int(a * c.denominator), int(b * c.denominator), c.numerator))
        return tuple(found)

    def exact(self, embed: Embed) -> tuple[NDArray[np.object_], int]:
        """The inputs as affine functions of (s, t): numerators (N, 3) and their denominator."""
        rows: list[list[Fraction]] = []
        for a, b, c in embed.coefficients.tolist():
            a, b, c = Fraction(a), Fraction(b), Fraction(c)
            rows.append(
                [
                    a * self.across[0] + b * self.across[1],
                    a * self.down[0] + b * self.down[1],
                    a * self.origin[0] + b * self.origin[1] + c,
                ]
            )
        denominator = max((f.denominator for row in rows for f in row), default=1)
        whole = np.empty((len(rows), 3), dtype=object)
        for i, row in enumerate(rows):
            whole[i] = [int(f * denominator) for f in row]
        return whole, denominator

    def inputs(self, embed: Embed) -> FrameInputs:
        """The same in floats."""
        whole, denominator = self.exact(embed)
        values, low = np.zeros((len(whole), 3)), np.zeros((len(whole), 3))
        for u, row in enumerate(whole.tolist()):
            for d, n in enumerate(row):
                value = n / denominator
                top, bottom = value.as_integer_ratio()
                values[u, d], low[u, d] = value, (n * bottom - top * denominator) / (denominator * bottom)
        wrong = np.where(low.any(axis=0), 2.0**-52 * np.linalg.norm(values, axis=0), 0.0)
        return FrameInputs(values, low, wrong, 2.0**-52 * np.abs(low).sum(axis=0))


def bounds_of(plane: Plane) -> tuple[float, float, float, float]:
    """x0, x1, y0, y1. Errors: InputError where floats do not tell them apart."""
    x0, x1 = plane.x - plane.width / 2, plane.x + plane.width / 2
    y0, y1 = plane.y - plane.height / 2, plane.y + plane.height / 2
    # a decimal centre that floats would move is one that they do not tell from its neighbours either
    exact = plane.rational()
    lost = abs(exact[0] - Fraction(plane.x)) * LEAST, abs(exact[1] - Fraction(plane.y)) * LEAST
    if not (x0 < x1 and y0 < y1 and lost[0] < plane.width and lost[1] < plane.height):
        raise InputError(
            f"plane of {plane.width:g} x {plane.height:g} around {plane.x!r}, {plane.y!r}: "
            "too small for float64 coordinates; choose a larger one"
        )
    return x0, x1, y0, y1
