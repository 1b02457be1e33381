"""Integrals over cells that floats do not place well enough: narrow ones on which the function is steep."""

# C cells, K channels, H sides

from __future__ import annotations

from fractions import Fraction
from math import inf, sqrt
from typing import NamedTuple

import numpy as np

from netwarp.regions.arrays import Floats, Long
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.corners import corner_values, largest
from netwarp.regions.cells.proven import Proven
from netwarp.regions.descent.signs import ULP

FELT = 1e-13  # part of an integral that the rounding of one cell may come to: what may come to more is felt
THIN = 1e-9  # part of a cell's own area
MOST = 2_000  # cells that are integrated in whole numbers, the most felt: a few seconds


class Part(NamedTuple):
    """Integrals over one cell: its area, and of every channel f, |grad f|, |grad f|^2 and f^2."""

    area: Fraction
    values: tuple[Fraction, ...]
    slopes: tuple[float, ...]
    energies: tuple[Fraction, ...]
    squares: tuple[Fraction, ...]


def narrow(known: Proven, areas: Floats, lengths: Floats) -> tuple[Long, float]:
    """The cells whose rounding would be felt in some integral; and a bound on what that of all others comes to.

    Felt is what the spacing of floats alone does: to the corners of a cell, and to the terms a x, b y, c at them. The
    bound, a part of the integrals of |f|, |grad f| and |grad f|^2, is a proven one, and mostly far too high: it counts
    how well vertices and maps are known.
    """
    cells, begins = known.cells, known.cells.offsets[:-1]
    spacing = 4 * ULP * largest(cells, np.abs(cells.vertices).max(axis=1).take(cells.indices))
    away = largest(cells, known.reach.take(cells.indices)) + spacing
    around = np.add.reduceat(lengths.take(cells.sides), begins)
    felt, bound = np.zeros(len(areas)), np.zeros(len(areas))
    with np.errstate(all="ignore"):
        # a corner that is off in x and in y takes or gives no more than a strip along the cell's sides
        rough, unsure = (2 * far * (around + 4 * far) for far in (spacing, away))
        placed = rough <= 1e-3 * areas
        for k in range(cells.affine.shape[1]):
            slopes = np.hypot(cells.affine[:, k, 0], cells.affine[:, k, 1])
            blurred = np.hypot(known.errors[:, 0], known.errors[:, 1])
            values, sizes = corner_values(cells, k)
            bounds = known.bounds(k, sizes)
            np.abs(values, out=values)
            highest = largest(cells, values)
            height = values[values > 1e3 * bounds].max(initial=0.0)
            totals = (slopes * areas)[placed].sum(), (slopes**2 * areas)[placed].sum(), height * areas.sum()
            for strip, wrong, terms in (
                (rough, np.zeros(len(areas)), 8 * ULP * largest(cells, sizes)),
                (unsure, blurred, largest(cells, bounds)),
            ):
                off = (
                    slopes * strip + wrong * areas,
                    slopes**2 * strip + (2 * slopes + wrong) * wrong * areas,
                    (highest + terms) * strip + terms * (areas + strip),
                )
                parts = np.array([_part(one, total) for one, total in zip(off, totals, strict=True)])
                if strip is rough:
                    felt = np.maximum(felt, parts.max(axis=0))
                else:
                    bound = np.maximum(bound, parts.max(axis=0))
    apart = np.flatnonzero((felt > FELT) & ~(rough <= THIN * areas))
    apart = apart[np.argsort(-felt[apart], kind="stable")[:MOST]]
    left = np.ones(len(areas), dtype=bool)
    left[apart] = False
    return np.sort(apart), float(np.sum(bound[left]))


def _part(off: Floats, total: float) -> Floats:
    """off / total: 0 where off is 0, infinite where it is no number."""
    found = np.where(off > 0, off / total if total > 0 else inf, 0.0)
    return np.where(np.isnan(off), inf, found)


def integral(known: Proven, cell: int) -> Part:
    """The integrals over one cell in whole numbers."""
    cells: Cells = known.cells
    begin, end = cells.offsets[cell : cell + 2].tolist()
    corners = [known.corner(cell, side) for side in range(begin, end)]
    maps = [known.map(cell, k) for k in range(cells.affine.shape[1])]
    heights = [[a * x + b * y + c for x, y in corners] for a, b, c in maps]
    area = Fraction(0)
    values, squares = [Fraction(0)] * len(maps), [Fraction(0)] * len(maps)
    x, y = corners[0]
    for i in range(1, len(corners) - 1):
        (px, py), (qx, qy) = corners[i], corners[i + 1]
        part = ((px - x) * (qy - y) - (qx - x) * (py - y)) / 2
        area += part
        for k, of in enumerate(heights):
            f, g, h = of[0], of[i], of[i + 1]
            values[k] += part * (f + g + h) / 3
            squares[k] += part * (f * f + g * g + h * h + (f + g + h) ** 2) / 12
    energies = [a * a + b * b for a, b, _ in maps]
    slopes = [sqrt(_float(energy * area * area)) for energy in energies]
    return Part(area, tuple(values), tuple(slopes), tuple(energy * area for energy in energies), tuple(squares))


def _float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf
