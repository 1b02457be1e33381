"""How much chroma sRGB has room for at a lightness and a hue of Oklab: one smooth surface, from one stored table.

The surface is a biquadratic B-spline, periodic in hue, below the gamut's true limit: continuous with its first
derivatives, while the gamut itself has edges. tools/fit_gamut.py fits it. Only + - * / are used, each rounded by itself
and in the order that web/src/gpu/lab.ts has too, so that the same values give the same bits on every machine.

Shapes: any; float32 or float64 in, the same out.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.gamut_table import TABLE

Floats = TypeVar("Floats", NDArray[np.float32], NDArray[np.float64])

# the lightnesses the table covers, and its cells: by lightness, and by hue around the circle
LIGHTNESS = (0.35, 0.97)
CELLS = (24, 48)
# of the table's whole numbers; a power of 2, so that scaling is exact
UNIT = 2.0**-17
# what is divided by where there is no chroma: then the hue is 0, and matters to nobody
LEAST = 1e-30


def chroma_limit(lightness: Floats, a: Floats, b: Floats) -> Floats:
    """The largest chroma to be used at `lightness`, within LIGHTNESS, and at the hue of (a, b); below what sRGB has."""
    rows, columns = CELLS
    u = (lightness - LIGHTNESS[0]) * (rows / (LIGHTNESS[1] - LIGHTNESS[0]))
    v = hue_octants(a, b)
    v *= columns / 8
    row, column = np.minimum(np.floor(u), rows - 1), np.floor(v)
    u -= row
    v -= column
    # a hue just below a whole turn may be rounded up to it: the first column stands again behind the last
    row *= columns + 1
    row += column
    cell = row.astype(np.intp)
    parts = _polynomials().astype(a.dtype, copy=False)
    # c0 + u (c1 + u c2), where each c is such a polynomial of v
    found = np.zeros_like(u)
    for power in (2, 1, 0):
        along = np.take(parts[power, 2], cell)
        for lower in (1, 0):
            along *= v
            along += np.take(parts[power, lower], cell)
        found *= u
        found += along
    return found


def hue_octants(a: Floats, b: Floats) -> Floats:
    """The hue of (a, b) as a number from 0 to 8, an octant each 1, increasing with the angle; 0 for (0, 0).

    Within an octant it is r (9 - r^2) / 8 of the tangent r from the nearer axis: an angle that is not quite even, but
    twice continuously differentiable all around, and takes no function beyond arithmetic.
    """
    across, up = np.abs(a), np.abs(b)
    r = np.minimum(across, up)
    r /= np.maximum(np.maximum(across, up), LEAST)
    turn = r * r
    np.subtract(9, turn, out=turn)
    turn *= r
    turn *= 0.125
    # the angle of the first quadrant, of the half, of the whole turn: 2 - turn and so on, faster than with `where`
    for way, whole in ((across - up, 2), (a, 4), (b, 8)):
        np.copysign(turn, way, out=turn)
        turn += np.signbit(way) * a.dtype.type(whole)
    return turn


@cache
def _polynomials() -> NDArray[np.float64]:
    """(3, 3, cells): of every cell the coefficient of u^i v^j, u and v from 0 to 1 within it; exact, in float32 too."""
    rows, columns = CELLS
    controls = np.frombuffer(base64.b64decode(TABLE), "<u2").reshape(rows + 2, columns).astype(np.float64)
    around = np.concatenate([controls, controls[:, :3]], axis=1)
    parts = np.empty((3, 3, rows, columns + 1))
    for i, along in enumerate(_powers(around, 0)):
        for j, both in enumerate(_powers(along, 1)):
            parts[i, j] = both * (UNIT / 4)
    return parts.reshape(3, 3, -1)


@cache
def single_polynomials() -> NDArray[np.float32]:
    """(cells, 9): of every cell the coefficients of 1, v, v^2, u, u v, ... u^2 v^2."""
    return np.ascontiguousarray(_polynomials().reshape(9, -1).T, np.float32)


def _powers(values: NDArray[np.float64], axis: int) -> tuple[NDArray[np.float64], ...]:
    """Twice the coefficients of 1, t and t^2 of the quadratic B-spline of three controls in a row."""
    first, second, third = (np.take(values, np.arange(n, values.shape[axis] - 2 + n), axis) for n in range(3))
    return first + second, 2 * (second - first), first - 2 * second + third
