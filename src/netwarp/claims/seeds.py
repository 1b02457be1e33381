"""The same work over many seeds, on all cores, and the mean of what it gives with its interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.claims.registry import Progress
from netwarp.engine.blas import single_threaded
from netwarp.engine.threads import spread
from netwarp.measures.intervals import LEVEL, Interval

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


def mean(values: ArrayLike) -> Interval:
    """The mean of (n,) values of independent seeds with Student's 95% interval; no interval for one value."""
    array: NDArray[np.float64] = np.asarray(values, dtype=np.float64)
    value = float(array.mean())
    if array.size < 2:
        return Interval(value, None, None)
    from scipy.special import stdtrit

    half = float(stdtrit(array.size - 1, (1 + LEVEL) / 2) * array.std(ddof=1) / np.sqrt(array.size))
    return Interval(value, value - half, value + half)


def factor(logarithms: ArrayLike) -> Interval:
    """The geometric mean of factors whose natural logarithms these are, one a seed, with its interval."""
    found = mean(logarithms)
    low, high = (None if end is None else float(np.exp(end)) for end in (found.low, found.high))
    return Interval(float(np.exp(found.value)), low, high)
