"""Intervals over seeds of a median and of the median of ratios, at any level; how large a difference is.

One 95% interval misses the truth in 5% of runs; of twenty at once, one or more miss far oftener. Where intervals are
read together, each is therefore taken at the level `level_of(family)`, of so many in all: the whole family then
contains the truth in at least 95% of runs, however the intervals depend on one another (Bonferroni's inequality).
What such an interval excludes is a verdict that is corrected for the family, and no second method is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.errors import InputError

LEVEL = 0.95
METHOD = "interpolated order statistics, each at 1 - 0.05 / family: all of a family hold together with 95%"
# by this factor interpolated ends are made to miss more seldom, for distributions that they miss more often
CAUTION = 1.25
# a rank correlation of fewer is near 1 or -1 too easily
FEWEST_RANKS = 6


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its interval; `low` and `high` are None where there are too few values."""

    value: float
    low: float | None
    high: float | None

    @property
    def known(self) -> bool:
        return self.low is not None


def ends(found: Interval | None) -> tuple[float | None, float | None, float | None]:
    """Its value, low and high end, for tables and JSON; three times None where there is no interval's value."""
    return (None, None, None) if found is None else (found.value, found.low, found.high)


def level_of(family: int) -> float:
    """The level at which each of `family` intervals is taken, so that all hold together with 95%.

    Errors: InputError for fewer than one.
    """
    if family < 1:
        raise InputError(f"family of {family} comparisons: must be 1 or more")
    return 1 - (1 - LEVEL) / family


def median(values: ArrayLike, *, level: float = LEVEL) -> Interval:
    """The median of (n,) values, n >= 1, with an interval between order statistics; none for n under `fewest(level)`.

    The order statistics `rank(n, level)` from either end miss as seldom as they should, whatever the distribution, and
    often much more seldom: where they do, each end moves towards the next order statistic inwards. How far is exact for
    values whose density is a double exponential, which then miss 1 / CAUTION times as often as they may. Normal,
    uniform, Cauchy, exponential and lognormal values, of 6 to 100 seeds, miss up to 1.24 times as often as these, and
    so never too often. Values in two lumps, with the median in the gap between, miss as often as the next order
    statistic inwards where the end is past the gap's middle: at 95%, 7.7% of 16 seeds. Errors: InputError.
    Source: Hettmansperger and Sheather 1986, doi:10.1016/0167-7152(86)90021-0.
    """
    array = np.sort(_checked(values))
    value, place = float(np.median(array)), rank(array.size, level)
    if place == 0:
        return Interval(value, None, None)
    share = _inwards(array.size, place, level)
    low, high = (float(one[place - 1] + share * (one[place] - one[place - 1])) for one in (array, array[::-1]))
    return Interval(value, low, high)


def ratio(first: ArrayLike, second: ArrayLike, *, level: float = LEVEL) -> Interval:
    """The median of the ratios second / first, one a seed, of positive (n,) values of the same seeds.

    It is not the ratio of the two medians. Its interval is that of the logarithms' `median`.
    Errors: InputError for values that do not pair or are not positive.
    """
    below, above = _checked(first), _checked(second)
    if below.shape != above.shape:
        raise InputError(f"ratio of {below.size} and {above.size} values: must be pairs")
    if (below <= 0).any() or (above <= 0).any():
        raise InputError("ratio: values must be positive")
    found = median(np.log(above) - np.log(below), level=level)
    low, high = (None if end is None else float(np.exp(end)) for end in (found.low, found.high))
    return Interval(float(np.exp(found.value)), low, high)


def rank(count: int, level: float = LEVEL) -> int:
    """The largest r for which the r-th smallest and the r-th largest of `count` values hold their median between them
    with probability `level` or more, whatever the values' distribution; 0 where not even the two ends do.

    They miss it with probability 2 P(B < r), where B is binomial of `count` and 1/2.
    Source: David and Nagaraja 2003, Order Statistics, section 7.1, doi:10.1002/0471722162.
    """
    return int(np.count_nonzero(_misses(np.arange(1, count // 2 + 1), count) <= 1 - level))


def fewest(level: float = LEVEL) -> int:
    """How many values an interval takes: all of n lie on one side of the median with probability 2^(1 - n)."""
    count = 2
    while not rank(count, level):
        count += 1
    return count


def effect(first: ArrayLike, second: ArrayLike) -> float:
    """Cliff's delta of second over first, -1 to 1: how much oftener a value of `second` is the larger than the smaller.

    (n,) and (m,) values. Source: Cliff 1993, doi:10.1037/0033-2909.114.3.494.
    """
    below, above = _checked(first), np.sort(_checked(second))
    smaller = np.searchsorted(above, below, side="left")
    larger = above.size - np.searchsorted(above, below, side="right")
    return float((larger - smaller).sum() / (below.size * above.size))


def agreement(first: ArrayLike, second: ArrayLike) -> float | None:
    """Spearman's rank correlation over the places where both have a value; None for fewer than six, or ties."""
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < FEWEST_RANKS or len(np.unique(one[both])) < 3 or len(np.unique(other[both])) < 3:
        return None
    from scipy.stats import spearmanr

    return float(spearmanr(one[both], other[both]).statistic)


def _misses(ranks: ArrayLike, count: int) -> NDArray[np.float64]:
    """The probability that the median does not lie between the order statistics of these ranks from either end."""
    from scipy.special import bdtr

    return np.asarray(2 * bdtr(np.asarray(ranks, dtype=np.float64) - 1, count, 0.5))


def _inwards(count: int, place: int, level: float) -> float:
    """How far from the order statistic `place` to the next an end lies, as a share of the way; 0 at the first."""
    outer, inner = _misses([place, place + 1], count)
    part = max(0.0, (1 - level) / CAUTION - outer) / (inner - outer)
    return float((count - place) * part / (place + (count - 2 * place) * part))


def _checked(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        raise InputError(f"values of shape {array.shape}: must be one or more finite numbers")
    return array
