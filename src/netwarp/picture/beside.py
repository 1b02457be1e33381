"""Where the name of a marked point stands: beside its ring, where it covers no other ring or name."""

# n marks; a box is left, top, right, bottom; pixels of a rectangle whose corner is (0, 0), y downwards

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# which way a name lies from its ring, from the best: to the right, left, below, above
WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1))
ANCHORS = {1: "start", -1: "end", 0: "middle"}


@dataclass(frozen=True, slots=True)
class NamePlace:
    """Where a name is written: `y` is its middle, and `anchor`, as of SVG, says what of it is at `x`."""

    x: float
    y: float
    anchor: str


def beside(
    centres: Floats, widths: Sequence[float], size: tuple[float, float], *, apart: float, letter: float
) -> list[NamePlace]:
    """The NamePlace of every name of a width, `apart` from the centre (n, 2) of its ring, in a picture of this size.

    Where no way is free a name lies towards the middle.
    """
    taken = np.concatenate([centres - apart, centres + apart], axis=1)
    found = []
    for n, ((x, y), width) in enumerate(zip(centres.tolist(), widths, strict=True)):
        others = np.delete(taken, n, axis=0)
        boxes = [(way, _box(x, y, way, apart, width, letter)) for way in WAYS]
        free = [way for way, box in boxes if _inside(box, size) and not _meets(box, others)]
        way = free[0] if free else (-1 if x > size[0] / 2 else 1, 0)
        taken = np.concatenate([taken, np.array([_box(x, y, way, apart, width, letter)])])
        across, down = way
        found.append(NamePlace(x + across * apart, y + down * (apart + letter / 2), ANCHORS[across]))
    return found


def _box(
    x: float, y: float, way: tuple[int, int], apart: float, width: float, letter: float
) -> tuple[float, float, float, float]:
    middle = x + way[0] * (apart + width / 2), y + way[1] * (apart + letter / 2)
    return middle[0] - width / 2, middle[1] - letter / 2, middle[0] + width / 2, middle[1] + letter / 2


def _inside(box: tuple[float, float, float, float], size: tuple[float, float]) -> bool:
    left, top, right, bottom = box
    return left >= 0 and top >= 0 and right <= size[0] and bottom <= size[1]


def _meets(box: tuple[float, float, float, float], others: Floats) -> bool:
    left, top, right, bottom = box
    across = (others[:, 0] < right) & (others[:, 2] > left)
    return bool((across & (others[:, 1] < bottom) & (others[:, 3] > top)).any())
