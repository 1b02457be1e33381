"""Points worth a mark, as rings over a picture: the inputs that a slice passes through."""

# rows, columns of the picture; lines in pixels, (0, 0) the corner of the first pixel

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.overlay import BLACK, WHITE
from netwarp.picture.overlay_lines import Lines, Placement
from netwarp.picture.overlay_png import Pixels, Stroke, draw_strokes
from netwarp.plane import Plane

SIDES = 48  # of the polygon that stands for a ring
SMALLEST = 4.0  # pixels of a ring's radius
SHARE = 1 / 120  # of the picture's longer side


def draw_marks(pixels: Pixels, plane: Plane, marks: Sequence[tuple[float, float]], *, y: str = "down") -> Pixels:
    """A copy of `pixels`, (rows, columns, 3), which show `plane`, with a ring about every mark (x, y) in view.

    A ring is black with a white edge, and its radius is a 120th of the longer side, at least 4 pixels. `y` "up": the
    smallest y is at the bottom.
    """
    rows, columns, _ = pixels.shape
    radius = max(SMALLEST, SHARE * max(rows, columns))
    half = plane.width / 2, plane.height / 2
    bounds = (plane.x - half[0], plane.x + half[0], plane.y - half[1], plane.y + half[1])
    frame = Placement(bounds, float(columns), float(rows), up=y == "up")
    centres = frame.place(np.asarray(marks, dtype=np.float64).reshape(-1, 2))
    seen = (np.abs(centres - [columns / 2, rows / 2]) <= [columns / 2 + 2 * radius, rows / 2 + 2 * radius]).all(axis=1)
    centres = centres[seen]
    if not len(centres):
        return pixels
    rings, part = _rings(centres, radius), slice(0, len(centres))
    width = max(1.5, radius / 3)
    return draw_strokes(pixels, [Stroke(rings, part, WHITE, width + 2, 0.9), Stroke(rings, part, BLACK, width)])


def _rings(centres: NDArray[np.float64], radius: float) -> Lines:
    angles = np.arange(SIDES + 1) * (2 * pi / SIDES)
    ring = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = (centres[:, None] + ring).reshape(-1, 2)
    offsets = np.arange(len(centres) + 1, dtype=np.int64) * (SIDES + 1)
    return Lines(points, offsets, np.zeros(len(centres), np.int32))
