"""Mesh: the sides of all cells and which two of them are one edge; before vertices and edges have numbers."""

# H sides, C cells, W words

from __future__ import annotations

from typing import NamedTuple

from netwarp.regions.arrays import Bits, Floats, Integers, Long


class Mesh(NamedTuple):
    offsets: Long  # (C + 1,) cell -> its first side
    corners: Floats  # (H, 3) where a side begins: x, y, how far at most the true point is
    labels: Integers  # (H,) line that drew the side; -1 to -4 the rectangle
    twin: Integers  # (H,) the other side of its edge; -1 on the border
    bits: Bits  # (C, W)
