"""The same work over many seeds, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import spread
from netwarp.progress import Progress

Found = TypeVar("Found")


def stream(seed: int) -> np.random.RandomState:
    """Random numbers that are the same everywhere: numpy has frozen these streams."""
    return np.random.RandomState(np.random.PCG64(seed))


def over(work: Callable[[int], Found], seeds: Sequence[int], progress: Progress) -> list[Found]:
    """`work(seed)` of every seed, in their order; one thread each."""
    found: dict[int, Found] = {}

    def job(_thread: int) -> Callable[[int], None]:
        def one(place: int) -> None:
            found[place] = work(seeds[place])

        return one

    # small matrices: one core a seed, not all cores a matrix
    with single_threaded():
        spread(range(len(seeds)), job, progress)
    return [found[place] for place in range(len(seeds))]
