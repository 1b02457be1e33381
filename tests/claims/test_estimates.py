"""Estimates: intervals against scipy's own, their coverage, and what they say where there is too little to say."""

import numpy as np
import pytest
from scipy import stats

from netwarp.claims.estimates import (
    factor,
    jackknife_of,
    mean,
    median_of,
    ratio_of,
    resampled_of,
    share,
    variance_of,
)
from netwarp.claims.streams import stream
from netwarp.measures.intervals import Interval, median


def test_the_mean_has_students_interval() -> None:
    values = [1.0, 2.0, 4.0, 8.0]
    for level in (0.95, 0.995):
        found = mean(values, level)
        low, high = stats.t.interval(level, 3, loc=3.75, scale=stats.sem(values))
        assert (found.value, found.low, found.high) == pytest.approx((3.75, low, high))
    assert mean([5.0]) == Interval(5.0, None, None)


def test_factors_are_averaged_as_factors() -> None:
    found = factor([0.0, 0.6931471805599453])
    assert found.value == pytest.approx(2**0.5)
    assert found.low is not None
    assert found.high is not None
    assert found.low * found.high == pytest.approx(2)
    assert ratio_of([1.0, 2.0], [2.0, 8.0])(0.95).value == pytest.approx(8**0.5)


@pytest.mark.parametrize(("count", "of"), [(0, 10), (3, 10), (10, 10), (700, 1000)])
def test_a_share_has_the_exact_interval(count: int, of: int) -> None:
    found, exact = share(count, of, 0.99), stats.binomtest(count, of).proportion_ci(0.99, method="exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))


def test_the_median_is_that_of_the_measures() -> None:
    values = stream(8).standard_normal(30)
    assert median_of(values)(0.99) == median(values, level=0.99)


def test_too_few_values_say_nothing_of_their_median() -> None:
    found = median_of([1.0, 2.0, 3.0])(0.95)
    assert (found.value, found.low, found.high) == (2.0, -np.inf, np.inf)


def test_a_jackknifed_mean_is_the_mean() -> None:
    values = stream(1).standard_normal((20, 3))
    found = jackknife_of(lambda some: float(some.mean(axis=0)[0]), values)(0.98)
    plain = mean(values[:, 0], 0.98)
    assert (found.value, found.low, found.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_resampling_gives_the_normal_interval_of_a_mean() -> None:
    values = stream(2).standard_normal(400)
    found = resampled_of(lambda places: values[places].mean(axis=1), 400)(0.95)
    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_a_variance_is_covered() -> None:
    random, inside = stream(4), 0
    for _ in range(400):
        found = variance_of(random.standard_normal(300))(0.95)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 1 <= found.high
    assert 0.92 <= inside / 400 <= 0.98
    assert variance_of([1.0, 3.0])(0.95).value == pytest.approx(2)
