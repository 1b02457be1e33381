"""Intervals of medians: ranks by whole numbers, coverage by quadrature, families by every flip of the signs."""

from fractions import Fraction
from itertools import product
from math import comb, gamma, inf

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from netwarp.errors import InputError
from netwarp.measures.intervals import CAUTION, agreement, effect, fewest, level_of, median, rank, ratio

DISTRIBUTIONS = {
    "normal": stats.norm(),
    "uniform": stats.uniform(),
    "cauchy": stats.cauchy(),
    "exponential": stats.expon(),
    "lognormal": stats.lognorm(1),
}
SETTINGS = [(count, family) for count in (16, 32, 64) for family in (1, 6, 11, 20)] + [
    (6, 1),
    (8, 1),
    (8, 4),
    (13, 30),
    (13, 165),
    (15, 90),
    (16, 165),
]


def missed(count: int, place: int) -> Fraction:
    """The probability that the median is outside of the order statistics `place` from either end, exactly."""
    return Fraction(2 * sum(comb(count, below) for below in range(place)), 2**count)


@pytest.mark.parametrize("family", [1, 2, 6, 11, 20, 165, 5000])
def test_the_rank_is_the_largest_that_misses_seldom_enough(family: int) -> None:
    allowed = Fraction(1, 20 * family)
    for count in range(1, 80):
        place = rank(count, level_of(family))
        assert place == 0 or missed(count, place) <= allowed
        assert place + 1 > count // 2 or missed(count, place + 1) > allowed
    least = fewest(level_of(family))
    assert missed(least, 1) <= allowed < missed(least - 1, 1)


def misses(drawn: stats.rv_continuous, count: int, level: float) -> float:
    """The probability that `median`'s interval of `count` values lies above the median of what they are drawn from.

    By quadrature over the outer order statistic of an end: U below the median in probability, and V above U, of density
    n! / ((k - 1)! (n - k - 1)!) u^(k - 1) (1 - v)^(n - k - 1).
    """
    place = rank(count, level)
    # the interval's own weights, read off values of which one alone is not 0
    inner = np.zeros(count)
    inner[place:] = 1.0
    found = median(inner, level=level)
    assert found.low is not None
    weight, middle = found.low, drawn.ppf(0.5)

    def density(u: float) -> float:
        needed = inf if weight == 0 else middle + (1 - weight) / weight * (middle - drawn.ppf(u))
        constant = gamma(count + 1) / gamma(place) / gamma(count - place + 1)
        return float(constant * u ** (place - 1) * drawn.sf(needed) ** (count - place))

    return stats.binom.cdf(place - 1, count, 0.5) + quad(density, 0, 0.5, limit=200, epsabs=1e-12)[0]


@pytest.mark.parametrize(("count", "family"), SETTINGS)
def test_the_interpolation_is_exact_for_a_double_exponential(count: int, family: int) -> None:
    level = level_of(family)
    outer = float(missed(count, rank(count, level)))
    wanted = max(outer, (1 - level) / CAUTION)
    assert 2 * misses(stats.laplace(), count, level) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(("count", "family"), SETTINGS)
def test_others_do_not_miss_too_often_either(count: int, family: int) -> None:
    level = level_of(family)
    for name, drawn in DISTRIBUTIONS.items():
        # the other end is that of the mirrored values
        mirrored = _Mirrored(drawn)
        found = misses(drawn, count, level) + misses(mirrored, count, level)
        assert 0.75 <= found / (1 - level) <= 1, name


class _Mirrored:
    """-X for X of a distribution."""

    def __init__(self, drawn: stats.rv_continuous) -> None:
        self.drawn = drawn

    def ppf(self, u: float) -> float:
        return -float(self.drawn.isf(u))

    def sf(self, x: float) -> float:
        return float(self.drawn.cdf(-x))


@pytest.mark.parametrize(("count", "misses"), [(8, 0.070), (16, 0.077)])
def test_lumps_with_a_gap_between_are_missed_oftener_than_they_may_as_docs_say(count: int, misses: float) -> None:
    place = rank(count)
    assert round(2 * float(stats.binom.cdf(place, count, 0.5)), 3) == misses
    # the median of 0 and 1, each as likely, lies just on that side of the gap's middle that an end has passed
    low = median([0.0] * place + [1.0] * (count - place)).low
    assert low is not None
    assert low > 0.5


def test_a_family_is_right_over_every_flip_of_the_signs_of_its_pairs() -> None:
    """Differences of two networks of one kind are as likely as their negatives: all 2^n flips are one experiment."""
    random = np.random.RandomState(np.random.PCG64(5))
    count, family = 11, 4
    shared = random.laplace(size=(count, 1))
    pairs = shared + random.laplace(size=(count, family))  # measures that depend on one another
    corrected = alone = 0
    for signs in product((1.0, -1.0), repeat=count - 1):  # the last sign is free: all flipped excludes 0 as well
        flipped = pairs * np.array([1.0, *signs])[:, None]
        corrected += any(_excludes_no_change(one, level_of(family)) for one in flipped.T)
        alone += any(_excludes_no_change(one, 0.95) for one in flipped.T)
    assert 0.01 < corrected / 2 ** (count - 1) <= 0.05
    assert alone / 2 ** (count - 1) > 0.09, "one interval's level does not do for a family"


def _excludes_no_change(values: np.ndarray, level: float) -> bool:
    found = median(values, level=level)
    assert found.low is not None
    assert found.high is not None
    return not found.low <= 0 <= found.high


def test_a_median_of_ratios_is_not_the_ratio_of_medians() -> None:
    first, second = [1.0, 2.0, 3.0], [3.0, 1.0, 6.0]
    assert ratio(first, second).value == pytest.approx(2)
    assert np.median(second) / np.median(first) == 1.5
    swapped = ratio(second, first)
    assert swapped.value == pytest.approx(0.5)


def test_ends_mirror_and_scale() -> None:
    values = np.random.RandomState(np.random.PCG64(1)).standard_normal(20)
    found, turned = median(values), median(-3 * values)
    assert found.low is not None
    assert found.high is not None
    assert (turned.low, turned.high) == pytest.approx((-3 * found.high, -3 * found.low))
    assert (median([2.0] * 6).low, median([2.0] * 6).high) == (2.0, 2.0)
    assert median([1.0, 2.0, 3.0, 4.0, 5.0]).low is None
    assert median(range(6), level=level_of(2)).low is None  # type: ignore[arg-type]


def test_wrong_values_are_refused() -> None:
    with pytest.raises(InputError, match="must be 1 or more"):
        level_of(0)
    with pytest.raises(InputError, match="must be pairs"):
        ratio([1.0], [1.0, 2.0])
    with pytest.raises(InputError, match="must be positive"):
        ratio([0.0], [1.0])
    for wrong in ([], [np.nan], [[1.0]]):
        with pytest.raises(InputError, match="one or more finite numbers"):
            median(wrong)


def test_cliffs_delta_counts_pairs() -> None:
    assert effect([1.0, 2.0], [2.0, 3.0]) == 0.75
    assert effect([2.0], [1.0]) == -1


def test_a_rank_correlation_needs_six_places() -> None:
    rising = np.arange(6.0)
    assert agreement(rising, rising**3) == 1
    assert agreement(rising, -rising) == -1
    assert agreement(rising[:5], rising[:5]) is None
    assert agreement(rising, np.zeros(6)) is None
    assert agreement(np.where(rising == 0, np.nan, rising), rising) is None
