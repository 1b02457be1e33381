"""Which piece of a maxout is the largest on many cells, from their pattern bits."""

# B cells, W words

from __future__ import annotations

import numpy as np

from netwarp.regions.arrays import Bits, Long
from netwarp.regions.jit import bare, inlined
from netwarp.regions.stages import Stage


@inlined
def is_set(bits: Bits, bit: int) -> bool:
    return bool(bits[bit >> 6] >> np.uint64(bit & 63) & np.uint64(1) != np.uint64(0))


@inlined
def winner_of(bits: Bits, bit: int, pieces: int, channel: int) -> int:
    """The channel of a maxout's source that is the largest; of equal ones the first. Its bits begin at `bit`."""
    best = 0
    first = bit + channel * (pieces * (pieces - 1) // 2)
    for b in range(1, pieces):
        # pairs are listed by their smaller piece first
        if is_set(bits, first + best * pieces - best * (best + 1) // 2 + b - best - 1):
            best = b
    return channel * pieces + best


def largest_pieces(stage: Stage, bits: Bits) -> Long:
    """(B, channels) of a maxout, from (B, W): the source channel that is the largest; of equal ones the first."""
    found = np.empty((len(bits), stage.width // stage.pieces), dtype=np.int64)
    _largest(np.ascontiguousarray(bits), stage.word, stage.pieces, found)
    return found


@bare
def _largest(bits: Bits, word: int, pieces: int, found: Long) -> None:
    for cell in range(found.shape[0]):
        for channel in range(found.shape[1]):
            found[cell, channel] = winner_of(bits[cell], 64 * word, pieces, channel)
