"""Intervals over seeds: bootstrap of a median, of a ratio of paired values; and how large a difference is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.errors import InputError

# fewer values cannot carry a 95% interval of a median: all of n lie on one side of it with probability 2^(1 - n)
FEWEST = 6
RESAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95% bootstrap interval; `low` and `high` are None where there are too few values."""

    value: float
    low: float | None
    high: float | None

    @property
    def known(self) -> bool:
        return self.low is not None


def median(values: ArrayLike) -> Interval:
    """The median of (n,) values, n >= 1, with the percentile bootstrap interval (Efron 1979). Errors: InputError."""
    return _bootstrap((_checked(values),), lambda one, axis: np.median(one, axis=axis))


def ratio(first: ArrayLike, second: ArrayLike) -> Interval:
    """The median over pairs of second / first, positive (n,) values of the same seeds, resampled as pairs.

    Errors: InputError for values that do not pair or are not positive.
    """
    below, above = _checked(first), _checked(second)
    if below.shape != above.shape:
        raise InputError(f"ratio of {below.size} and {above.size} values: must be pairs")
    if (below <= 0).any() or (above <= 0).any():
        raise InputError("ratio: values must be positive")
    logs = np.log(above) - np.log(below)
    found = _bootstrap((logs,), lambda one, axis: np.median(one, axis=axis))
    low, high = (None if end is None else float(np.exp(end)) for end in (found.low, found.high))
    return Interval(float(np.exp(found.value)), low, high)


def effect(first: ArrayLike, second: ArrayLike) -> float:
    """Cliff's delta of second over first, -1 to 1: how much oftener a value of `second` is the larger than the smaller.

    (n,) and (m,) values. Source: Cliff 1993, doi:10.1037/0033-2909.114.3.494.
    """
    below, above = _checked(first), np.sort(_checked(second))
    smaller = np.searchsorted(above, below, side="left")
    larger = above.size - np.searchsorted(above, below, side="right")
    return float((larger - smaller).sum() / (below.size * above.size))


def _checked(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        raise InputError(f"values of shape {array.shape}: must be one or more finite numbers")
    return array


def _bootstrap(data: tuple[NDArray[np.float64], ...], statistic: Callable[..., Any]) -> Interval:
    value = float(statistic(*data, axis=0))
    if data[0].size < FEWEST:
        return Interval(value, None, None)
    from scipy.stats import bootstrap

    found = bootstrap(
        data,
        statistic,
        paired=True,
        n_resamples=RESAMPLES,
        confidence_level=LEVEL,
        method="percentile",
        rng=np.random.default_rng(0),
        vectorized=True,
    ).confidence_interval
    return Interval(value, float(found.low), float(found.high))
