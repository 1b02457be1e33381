"""Ever smaller pictures of a poster, made while it passes by: each level the 2 x 2 means of the one before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.posters.painting import Pixels

# (level, row of tiles, pixels of that row of tiles); level 0 is the poster itself
Emit = Callable[[int, int, Pixels], None]


class Levels:
    """Takes a poster's rows in order, and hands out every level's rows in bands of `tile`, the last as high as is left.

    `levels` says how many there are, level 0 included. A level has half as many columns and rows as the one before,
    rounded up: at an odd edge the last ones are repeated. Means are of the numbers as they are written.
    """

    def __init__(self, columns: int, rows: int, levels: int, tile: int, emit: Emit) -> None:
        self._tile, self._emit = tile, emit
        self.sizes = sizes(columns, rows, levels)
        self._waiting: list[list[Pixels]] = [[] for _ in self.sizes]
        self._given, self._seen = [0] * levels, [0] * levels
        self._odd: list[Pixels | None] = [None] * levels

    def feed(self, pixels: Pixels, level: int = 0) -> None:
        """The next rows of a level, (n, columns, 3)."""
        if not len(pixels):
            return
        rows = self.sizes[level][1]
        self._seen[level] += len(pixels)
        last = self._seen[level] == rows
        self._waiting[level].append(pixels)
        held = sum(map(len, self._waiting[level]))
        while held >= self._tile or (last and held):
            together = np.concatenate(self._waiting[level])
            self._emit(level, self._given[level], together[: self._tile])
            self._given[level] += 1
            rest = together[self._tile :]
            # a copy: a view would keep all of it
            self._waiting[level], held = [rest.copy()] if len(rest) else [], len(rest)
        if level + 1 < len(self.sizes):
            odd = self._odd[level]
            whole = pixels if odd is None else np.concatenate([odd, pixels])
            if last and len(whole) % 2:
                whole = np.concatenate([whole, whole[-1:]])
            even = len(whole) // 2 * 2
            self._odd[level] = whole[even:].copy() if even < len(whole) else None
            self.feed(halved(whole[:even]), level + 1)


def sizes(columns: int, rows: int, levels: int) -> list[tuple[int, int]]:
    """Columns and rows of every level."""
    return [(-(-columns >> n), -(-rows >> n)) for n in range(levels)]


def halved(pixels: Pixels) -> Pixels:
    """The 2 x 2 means, halves upwards, of an even number of rows; an odd last column is repeated."""
    if pixels.shape[1] % 2:
        pixels = np.concatenate([pixels, pixels[:, -1:]], axis=1)
    wide = np.uint16 if pixels.dtype == np.uint8 else np.uint32
    total: NDArray[Any] = pixels[0::2, 0::2].astype(wide)
    for down, across in ((0, 1), (1, 0), (1, 1)):
        total += pixels[down::2, across::2]
    total += wide(2)
    total >>= wide(2)
    means: Pixels = total.astype(pixels.dtype)
    return means
