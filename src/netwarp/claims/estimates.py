"""Estimates: numbers over seeds whose interval is taken at the level that a claim's statements need together."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.measures.intervals import LEVEL, Interval, median

Array = NDArray[np.float64]
# the interval of a number at a level of confidence between 0 and 1
Estimate = Callable[[float], Interval]

# resamples of a bootstrap: its ends are quantiles, the outermost of which must still have some beyond them
RESAMPLES = 2000


def mean(values: ArrayLike, level: float = LEVEL) -> Interval:
    """The mean of (n,) values of independent seeds with Student's interval; no interval for one value."""
    array: Array = np.asarray(values, dtype=np.float64)
    value = float(array.mean())
    if array.size < 2:
        return Interval(value, None, None)
    from scipy.special import stdtrit

    half = float(stdtrit(array.size - 1, (1 + level) / 2) * array.std(ddof=1) / np.sqrt(array.size))
    return Interval(value, value - half, value + half)


def factor(logarithms: ArrayLike, level: float = LEVEL) -> Interval:
    """The geometric mean of factors whose natural logarithms these are, one a seed, with its interval."""
    found = mean(logarithms, level)
    low, high = (None if end is None else exp(end) for end in (found.low, found.high))
    return Interval(exp(found.value), low, high)


def share(count: int, of: int, level: float = LEVEL) -> Interval:
    """The probability of what came `count` times `of` so many, with the interval of Clopper and Pearson (1934)."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(count, of - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return Interval(count / of, low, high)


def mean_of(values: ArrayLike) -> Estimate:
    """`mean` at any level."""
    return lambda level: mean(values, level)


def factor_of(logarithms: ArrayLike) -> Estimate:
    """`factor` at any level."""
    return lambda level: factor(logarithms, level)


def share_of(count: int, of: int) -> Estimate:
    """`share` at any level."""
    return lambda level: share(count, of, level)


def ratio_of(first: ArrayLike, second: ArrayLike) -> Estimate:
    """The geometric mean of second / first, positive (n,) values of the same seeds."""
    return factor_of(np.log(np.asarray(second)) - np.log(np.asarray(first)))


def variance_of(values: ArrayLike) -> Estimate:
    """The variance of (n,) values, with an interval that allows for their kurtosis: that of the mean of squares."""
    array: Array = np.asarray(values, dtype=np.float64)
    return mean_of((array - array.mean()) ** 2 * array.size / (array.size - 1))


def median_of(values: ArrayLike) -> Estimate:
    """The median of (n,) values, as `netwarp.measures.intervals` has it; unbounded where n is too small for a level."""

    def at(level: float) -> Interval:
        found = median(values, level=level)
        return found if found.known else Interval(found.value, -np.inf, np.inf)

    return at


def jackknife_of(statistic: Callable[[Array], float], samples: Array) -> Estimate:
    """`statistic` of (n, ..) samples, one a seed, with Student's interval of its pseudo-values (Tukey 1958)."""
    n = len(samples)
    value = statistic(samples)
    pseudo = np.array([n * value - (n - 1) * statistic(np.delete(samples, place, axis=0)) for place in range(n)])

    def at(level: float) -> Interval:
        spread = mean(pseudo, level)
        assert spread.low is not None
        half = spread.value - spread.low
        return Interval(value, value - half, value + half)

    return at


def resampled_of(statistic: Callable[[NDArray[np.intp]], Array], size: int) -> Estimate:
    """`statistic` of data, with the percentile interval over resampled places among them.

    `statistic(places)` gives (R,) numbers for (R, size) places.
    """
    value = float(statistic(np.arange(size)[None])[0])
    drawn = statistic(np.random.default_rng(0).integers(0, size, (RESAMPLES, size)))

    def at(level: float) -> Interval:
        low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
        return Interval(value, float(low), float(high))

    return at


def distance_of(values: ArrayLike, distribution: Callable[[Array], Array]) -> Estimate:
    """Kolmogorov's distance of (n,) independent values from a distribution function.

    Its interval is the distance and what Massart (1990) bounds the empirical distribution's own error by.
    """
    array: Array = np.sort(np.asarray(values, dtype=np.float64))
    at = distribution(array)
    n = array.size
    steps = np.arange(n + 1) / n
    value = float(max((steps[1:] - at).max(), (at - steps[:-1]).max()))

    def interval(level: float) -> Interval:
        error = sqrt(log(2 / (1 - level)) / (2 * n))
        return Interval(value, max(value - error, 0.0), value + error)

    return interval
