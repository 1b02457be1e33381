"""The rectangle of the plane that a model is looked at on, unless another one is asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.plane import Plane

MARGIN = 0.1  # of a side, added to it: half at each end


def around_points(xy: NDArray[np.float64]) -> Plane:
    """The rectangle of the points (n, 2), its sides a tenth longer about the same centre.

    A side without extent is as long as the other one, and 1 where there is but one point.
    """
    low, high = xy.min(axis=0), xy.max(axis=0)
    # halves first: the sum of two large coordinates may overflow
    centre = low / 2 + high / 2
    sides = (high - low) * (1 + MARGIN)
    # less than rounding of the coordinates is no extent
    flat = sides <= 1e-12 * np.abs(xy).max(axis=0)
    longest = float(sides.max(initial=0.0, where=~flat)) or 1.0
    width, height = (longest if none else float(side) for none, side in zip(flat, sides, strict=True))
    return Plane(float(centre[0]), float(centre[1]), width, height)
