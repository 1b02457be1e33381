"""The floor of a tessellation that knows the activations at every vertex: its float64 matrix products, by numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.region_rows import PLANE, RegionRow
from netwarp.fields.field import Field

BLOCK = 8192  # rows at a time, always the same memory: what a product takes where nothing is touched first


def vertices(field: Field) -> list[int]:
    """How many vertices there are before every hidden layer but the first; the rectangle's corners are four."""
    return [len(field.after(layer).tessellate(PLANE).vertices) for layer in range(1, field.layers - 1)]


def products(row: RegionRow, before: Sequence[int]) -> Callable[[], None]:
    """The products alone: vertices before each hidden layer x width x width."""
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((row.width, row.width))
    activations = rng.standard_normal((BLOCK, row.width))
    out = np.empty_like(activations)

    def run() -> None:
        for count in before:
            for start in range(0, count, BLOCK):
                size = min(BLOCK, count - start)
                np.matmul(activations[:size], matrix, out=out[:size])

    return run
