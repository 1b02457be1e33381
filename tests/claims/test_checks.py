"""Checks: tolerances are shares of what is expected, their ends included; one that fails refutes."""

import pytest
from scipy import stats

from netwarp.claims.checks import equal, less, more, verdict, within
from netwarp.claims.seeds import factor, mean, over, stream
from netwarp.claims.words import interval, points
from netwarp.measures.intervals import Interval


def test_tolerances() -> None:
    assert within("x", 2, 2.125, 0.0625).holds
    assert not within("x", 2, 2.1251, 0.0625).holds
    assert within("x", -2, -1.875, 0.0625).holds
    assert not within("x", -2, 2, 0.5).holds
    assert (equal("n", 7, 7).holds, equal("n", 7, 8).holds) == (True, False)
    assert (more("x", 3, 3).holds, more("x", 3, 3.01).holds) == (False, True)
    assert (less("x", 3, 3).holds, less("x", 3, 2.99).holds) == (False, True)
    assert more("x", 3, 4).expected == "more than 3"


def test_a_bound_within_the_interval_is_not_clear() -> None:
    assert [more("x", 1, 1.2, low, 1.5).clear for low in (1.1, 0.9)] == [True, False]
    assert [less("x", 1, 0.8, 0.5, high).clear for high in (0.9, 1.1)] == [True, False]
    assert not more("x", 1, 0.9, 0.8, 1.1).clear
    assert more("x", 1, 2).clear


def test_one_check_that_fails_refutes() -> None:
    good, bad = equal("n", 1, 1), equal("n", 1, 2)
    assert verdict([good, good]) == "holds"
    assert verdict([good, bad, good]) == "refuted"


def test_the_mean_has_students_interval() -> None:
    values = [1.0, 2.0, 4.0, 8.0]
    found = mean(values)
    low, high = stats.t.interval(0.95, 3, loc=3.75, scale=stats.sem(values))
    assert (found.value, found.low, found.high) == pytest.approx((3.75, low, high))
    assert mean([5.0]) == Interval(5.0, None, None)


def test_factors_are_averaged_as_factors() -> None:
    found = factor([0.0, 0.6931471805599453])
    assert found.value == pytest.approx(2**0.5)
    assert found.low is not None
    assert found.high is not None
    assert found.low * found.high == pytest.approx(2)


def test_work_over_seeds_keeps_their_order() -> None:
    told: list[tuple[int, int]] = []
    assert over(lambda seed: seed * seed, [3, 1, 2], lambda done, total: told.append((done, total))) == [9, 1, 4]
    assert told[-1] == (3, 3)


def test_streams_are_what_they_were() -> None:
    # frozen: these numbers came out when the claims were recorded
    assert stream(7).standard_normal(2).tolist() == pytest.approx([0.8157230652573124, 0.2568975630239209], abs=1e-15)


def test_words() -> None:
    assert interval(Interval(1.46694, 1.4621, 1.4709)) == "1.467 (1.462 to 1.471)"
    assert interval(Interval(0.5, None, None), 2) == "0.5"
    found = points("p", [3, 1], [Interval(30.0, 29.0, 31.0), Interval(10.0, 9.0, 11.0)])
    assert (found.x, found.y, found.low, found.high) == ((1.0, 3.0), (10.0, 30.0), (9.0, 29.0), (11.0, 31.0))
    bare = points("p", [1, 2], [Interval(1.0, 0.0, 2.0), Interval(2.0, None, None)])
    assert (bare.low, bare.high) == (None, None)
