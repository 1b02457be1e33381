"""Which piece of a maxout is the largest on many cells, from their pattern bits."""

# B cells, W words

from __future__ import annotations

import numpy as np

from netwarp.regions.arrays import Bits, Long
from netwarp.regions.jit import bare
from netwarp.regions.stages import Stage


def largest_pieces(stage: Stage, bits: Bits) -> Long:
    """(B, channels) of a maxout, from (B, W): the source channel that is the largest; of equal ones the first.

    What `exact.winners` says of `exact.signs`, without spreading out the signs.
    """
    found = np.empty((len(bits), stage.width // stage.pieces), dtype=np.int64)
    _largest(np.ascontiguousarray(bits), stage.word, stage.pieces, found)
    return found


@bare
def _largest(bits: Bits, word: int, pieces: int, found: Long) -> None:
    compared = pieces * (pieces - 1) // 2  # lines of a channel
    for cell in range(found.shape[0]):
        for channel in range(found.shape[1]):
            best = 0
            for b in range(1, pieces):
                # pieces are compared two by two: 0 and 1, 0 and 2, .., 1 and 2, ..
                line = channel * compared + best * (2 * pieces - best - 1) // 2 + b - best - 1
                if (bits[cell, word + line // 64] >> np.uint64(line % 64)) & np.uint64(1):
                    best = b
            found[cell, channel] = channel * pieces + best
