"""Where two lines cross, in floats, and how far at most the true crossing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netwarp.regions.descent.signs import ULP, exact_sign
from netwarp.regions.jit import inlined

if TYPE_CHECKING:
    from netwarp.regions.descent.arrangement import Work


@inlined
def crossing_point(w: Work, v: int, base: int, k: int, g: int) -> bool:
    """Puts vertex v where local lines k and g cross, near vertex `base`, with a bound on how far the true one is.

    False, and no bound, where that is more than the tolerance.
    """
    w.through[v, 0], w.through[v, 1] = k, g
    w.settled[v] = -1
    p0, p1, p2, p3, p4, p5 = w.line[k, 0], w.line[k, 1], w.line[k, 2], w.line[k, 3], w.line[k, 4], w.line[k, 5]
    q0, q1, q2, q3, q4, q5 = w.line[g, 0], w.line[g, 1], w.line[g, 2], w.line[g, 3], w.line[g, 4], w.line[g, 5]
    x0, y0 = w.vertex[base, 0], w.vertex[base, 1]
    determinant = p0 * q1 - p1 * q0
    at_p = p0 * x0 + p1 * y0 + p2
    at_q = q0 * x0 + q1 * y0 + q2
    inverse = 1.0 / determinant
    x = x0 - (at_p * q1 - at_q * p1) * inverse
    y = y0 - (at_q * p0 - at_p * q0) * inverse
    # what the lines leave at (x, y), errors included, over the smallest determinant there may be
    ax, ay = abs(x), abs(y)
    left_p = abs(p0 * x + p1 * y + p2) + p3 * ax + p4 * ay + p5
    left_q = abs(q0 * x + q1 * y + q2) + q3 * ax + q4 * ay + q5
    np0, np1, nq0, nq1 = abs(p0) + p3, abs(p1) + p4, abs(q0) + q3, abs(q1) + q4
    wrong = p3 * nq1 + np0 * q4 + p4 * nq0 + np1 * q3 + 4.0 * ULP * (np0 * nq1 + np1 * nq0)
    least = abs(determinant) - wrong
    far = np.inf
    if least > 0.0:
        far = (left_p * (nq0 + nq1) + left_q * (np0 + np1)) / least * 1.000001
        # a point that both lines pass exactly is where they cross
        if (
            w.pure[k]
            and w.pure[g]
            and far > 0.0
            and exact_sign(p0, p1, p2, x, y) == 0
            and exact_sign(q0, q1, q2, x, y) == 0
        ):
            far = 0.0
    known = far <= w.tolerance[0]
    if not known:
        far = np.inf
        if not (np.isfinite(x) and np.isfinite(y)):
            x, y = x0, y0
    w.vertex[v, 0], w.vertex[v, 1], w.vertex[v, 2] = x, y, far
    return known
