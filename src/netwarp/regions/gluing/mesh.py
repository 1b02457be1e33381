"""Mesh: the sides of all cells and which two of them are one edge; before vertices and edges have numbers."""

# H sides, C cells, W words

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Mesh(NamedTuple):
    offsets: NDArray[np.int64]  # (C + 1,) cell -> its first side
    corners: NDArray[np.float64]  # (H, 3) where a side begins: x, y, how far at most the true point is
    labels: NDArray[np.int32]  # (H,) line that drew the side; -1 to -4 the rectangle
    twin: NDArray[np.int32]  # (H,) the other side of its edge; -1 on the border
    bits: NDArray[np.uint64]  # (C, W)
