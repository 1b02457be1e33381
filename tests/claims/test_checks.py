"""Checks: a statement holds, is refuted or is not clear by its whole interval; one that fails refutes the claim."""

from collections.abc import Callable

import numpy as np
import pytest

from netwarp.claims.checks import Statement, equal, exactly, judge, less, more, near, within
from netwarp.claims.estimates import Estimate, mean_of
from netwarp.claims.registry import Finding, Verdict
from netwarp.claims.streams import stream
from netwarp.claims.words import interval, points, said
from netwarp.measures.intervals import Interval


def known(low: float, high: float) -> Estimate:
    return lambda _level: Interval((low + high) / 2, low, high)


def judged(one: Statement) -> Verdict:
    return judge([one])[0].verdict


def test_tolerances_of_exact_numbers_have_their_ends_included() -> None:
    assert judged(within("x", 2, 0.0625, exactly(2.125))) == "holds"
    assert judged(within("x", 2, 0.0625, exactly(2.1251))) == "refuted"
    assert judged(within("x", -2, 0.0625, exactly(-1.875))) == "holds"
    assert judged(within("x", -2, 0.5, exactly(2))) == "refuted"
    assert judged(near("x", 0, 0.5, exactly(-0.5))) == "holds"
    assert [judged(equal("n", 7, k)) for k in (7, 8)] == ["holds", "refuted"]
    assert [judged(more("x", 3, exactly(at))) for at in (3, 3.01)] == ["refuted", "holds"]
    assert [judged(less("x", 3, exactly(at))) for at in (3, 2.99)] == ["refuted", "holds"]
    assert judge([more("x", 3, exactly(4))])[0].expected == "more than 3"


@pytest.mark.parametrize(
    ("make", "verdicts"),
    [
        (lambda found: more("x", 1, found), {(1.1, 1.5): "holds", (0.9, 1.5): "not clear", (0.5, 0.9): "refuted"}),
        (lambda found: less("x", 1, found), {(0.5, 0.9): "holds", (0.9, 1.1): "not clear", (1.1, 1.5): "refuted"}),
        (
            lambda found: within("x", 1, 0.1, found),
            {
                (0.92, 1.08): "holds",
                (0.92, 1.12): "not clear",
                (0.88, 1.08): "not clear",
                (0.5, 1.5): "not clear",
                (1.11, 1.2): "refuted",
                (0.7, 0.88): "refuted",
            },
        ),
    ],
)
def test_the_whole_interval_decides(
    make: Callable[[Estimate], Statement], verdicts: dict[tuple[float, float], Verdict]
) -> None:
    assert {ends: judged(make(known(*ends))) for ends in verdicts} == verdicts


def test_one_check_that_fails_refutes_and_one_that_is_open_leaves_open() -> None:
    good, bad, open_ = equal("n", 1, 1), equal("n", 1, 2), more("x", 1, known(0, 2))
    assert Finding("", judge([good, good])).verdict == "holds"
    assert Finding("", judge([good, open_, good])).verdict == "not clear"
    assert Finding("", judge([good, open_, bad])).verdict == "refuted"


def test_intervals_widen_with_the_claims_own_statements() -> None:
    values = stream(3).standard_normal(30)
    alone, *_ = judge([more("a", 0, mean_of(values))])
    # counts have no interval, and so no share in the error
    first, *_ = judge(
        [more("a", 0, mean_of(values)), *(more("b", 0, mean_of(values)) for _ in range(4)), equal("n", 1, 1)]
    )
    expected = mean_of(values)(1 - 0.05 / 5)
    assert (first.low, first.high) == (expected.low, expected.high)
    assert alone.low is not None
    assert first.low is not None
    assert first.low < alone.low < alone.measured == first.measured


@pytest.mark.slow
def test_a_claim_of_many_statements_is_wrongly_refuted_in_few_runs() -> None:
    """Twenty statements whose number is exactly the bound: one of them is taken for another side in 5% of runs."""
    random = stream(11)
    runs, wrong = 1000, 0
    for values in random.standard_normal((runs, 20, 16)):
        wrong += any(one.verdict != "not clear" for one in judge([more("x", 0, mean_of(some)) for some in values]))
    # 0.05 by Bonferroni and a little less, as the twenty are independent; three standard deviations of 1000 runs
    assert wrong / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert wrong > 0


def test_streams_are_what_they_were() -> None:
    # frozen: these numbers came out when the claims were recorded
    assert stream(7).standard_normal(2).tolist() == pytest.approx([0.8157230652573124, 0.2568975630239209], abs=1e-15)


def test_words() -> None:
    assert interval(Interval(1.46694, 1.4621, 1.4709)) == "1.467 (1.462 to 1.471)"
    assert interval(Interval(0.5, None, None), 2) == "0.5"
    assert said(judge([more("x", 1, known(1.25, 1.75))])[0], 3) == "1.5 (1.25 to 1.75)"
    found = points("p", [3, 1], [Interval(30.0, 29.0, 31.0), Interval(10.0, 9.0, 11.0)])
    assert (found.x, found.y, found.low, found.high) == ((1.0, 3.0), (10.0, 30.0), (9.0, 29.0), (11.0, 31.0))
    bare = points("p", [1, 2], [Interval(1.0, 0.0, 2.0), Interval(2.0, None, None)])
    assert (bare.low, bare.high) == (None, None)
