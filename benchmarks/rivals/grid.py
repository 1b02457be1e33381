"""What people fall back on: the distinct activation patterns on a grid of points, by float32 matrix products."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.region_rows import Layer

BLOCK = 1 << 14  # points at a time: their activations stay in the cache


def patterns(layers: Sequence[Layer], side: int) -> int:
    """How many activation patterns the centres of side x side pixels of [-1, 1]^2 show.

    Patterns are told apart by a 64-bit hash of their bits; among 10^6 of them two share one with a chance of 10^-7.
    """
    hidden = layers[:-1]
    words = -(-sum(bias.size for _, bias in hidden) // 64)
    factors = np.random.default_rng(1).integers(1, 2**63, size=words, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    centres = ((2 * np.arange(side) + 1 - side) / side).astype(np.float32)
    found = []
    for start in range(0, side * side, BLOCK):
        index = np.arange(start, min(start + BLOCK, side * side))
        x = np.stack([centres[index % side], centres[index // side]], axis=1)
        found.append(np.unique(_hashes(hidden, x, factors)))
    return len(np.unique(np.concatenate(found)))


def _hashes(hidden: Sequence[Layer], x: NDArray[np.float32], factors: NDArray[np.uint64]) -> NDArray[np.uint64]:
    active = []
    for weight, bias in hidden:
        x = x @ weight
        x += bias
        active.append(x > 0)
        np.maximum(x, 0, out=x)
    packed = np.packbits(np.concatenate(active, axis=1), axis=1)
    padded = np.zeros((len(packed), 8 * len(factors)), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    total = np.zeros(len(packed), dtype=np.uint64)
    for word, factor in zip(padded.view(np.uint64).T, factors, strict=True):
        # products alone would only mix upwards
        mixed = (word ^ (word >> np.uint64(29))) * factor
        total += mixed ^ (mixed >> np.uint64(32))
        total *= factor
    return total
