"""Networks of units that are steep in a strip and flat beside it: of hardtanh units, in every decade of slopes."""

from __future__ import annotations

import numpy as np

from netwarp.fields.field import Field
from regions.made import plain

DECADES = (0, 1, 2, 3, 5, 7, 9, 11, 13, 14, 15, 16, 17, 18, 20, 25, 30, 40, 60, 80, 100, 120, 140, 160, 200, 250, 300)
LINES = np.array([[1.0, 0.25], [-0.5, 1.0], [0.25, -0.875]])
SHIFTS = np.array([0.125, 0.25, -0.3125])
# the sum of three units; a channel of another size, of two of them; one that hears a unit that is not steep
MIXES = np.array([[1.0, 1.0, 1.0, 0.0], [0.0, 3e14, -1e14, 0.0], [0.5, -1.0, 0.25, 1.0]])
GENTLE = np.array([[0.5, 0.25]])


def steep(decade: int) -> Field:
    """Three units of slope 10^decade and one of about 1, mixed to three channels."""
    slope = 10.0**decade
    first = np.concatenate([LINES * slope, GENTLE])
    return plain([(first, np.append(SHIFTS * slope, 0.0)), (MIXES, np.array([0.25, 0.0, 0.0]))], "hardtanh")


def steep_then(decade: int) -> Field:
    """The same, and a second layer of hardtanh that makes steps of its own of what is between -1 and 1."""
    slope = 10.0**decade
    second = np.array([[0.5, 0.75, -0.625], [-0.25, 0.5, 1.0]])
    layers = [(LINES * slope, SHIFTS * slope), (second, np.array([0.125, 0.0])), (np.array([[1.0, -1.0]]), np.zeros(1))]
    return plain(layers, "hardtanh")
