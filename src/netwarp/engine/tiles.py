"""A lattice cut into tiles, so that what is computed of it at once fits in memory."""

from __future__ import annotations

from netwarp.engine.lattice import Axis


def tiles_of(across: Axis, down: Axis, positions: int) -> list[tuple[Axis, Axis]]:
    """Tiles of at most so many positions each, halo included, or of one pixel; rows of tiles one after another."""
    wide, high = _side(across, down, positions)
    return [(x, y) for y in _parts(down, high) for x in _parts(across, wide)]


def _side(across: Axis, down: Axis, positions: int) -> tuple[int, int]:
    """How many core columns and rows at a time keep a tile, halo included, within `positions`; at least one each."""
    counts, axes = [len(across.core), len(down.core)], (across, down)

    def length(k: int) -> float:
        return counts[k] * len(axes[k]) / len(axes[k].core) + axes[k].before + axes[k].after

    while length(0) * length(1) > positions and counts != [1, 1]:
        # the longer one first; a single row or column cannot be halved
        k = 0 if counts[1] == 1 or (counts[0] > 1 and length(0) > length(1)) else 1
        counts[k] = (counts[k] + 1) // 2
    return counts[0], counts[1]


def _parts(whole: Axis, size: int) -> list[Axis]:
    count = len(whole.core)
    return [whole.part(first, min(first + size, count)) for first in range(0, count, size)]
