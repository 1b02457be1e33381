"""Costs and durations: what the times of a few runs make of all, and in which words."""

import pytest

import netwarp as nw
from netwarp.architecture.counts import operations
from netwarp.study.grid.estimate import Costs, TimeEstimate, duration
from netwarp.study.grid.study import Study


def study(**given: object) -> Study:
    usual = {"seeds": 10, "raster": "32x32", "measures": ["mean_frequency"]}
    return Study("s", **{**usual, "factors": {"architecture": "conv({w}) * 2", "w": range(1, 31)}, **given})


@pytest.mark.parametrize("sample", [5, 30, 300])
def test_time_goes_by_operations(sample: int) -> None:
    """Runs that take exactly as long as their networks have operations a pixel: the mean is theirs."""
    costs = Costs(study())
    timed = {cost: 1e-4 * cost for cost, *_ in costs.some(sample)}
    exact = [1e-4 * 1024 * operations(nw.parse(point.source.text)) for point in costs.study.points()]
    assert costs.mean(timed) == pytest.approx(sum(exact) / len(exact), rel=0.05)


def test_no_run_is_taken_to_last_longer_than_any_may() -> None:
    costs = Costs(study())
    (least, *_), *_, (largest, *_) = costs.listed
    assert least < largest
    assert costs.mean({least: 1.0}, 0.5) == 0.5
    assert costs.mean({}, 0.5) is None


def test_what_is_not_known_is_said() -> None:
    assert str(TimeEstimate(300, None, 1)) == "300 runs on 1 worker; how long they take could not be estimated"
    assert str(TimeEstimate(1, 120.0, 2)) == "1 run, about 1 minute on 2 workers"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (40, "40 seconds"),
        (60, "1 minute"),
        (240, "4 minutes"),
        (5400, "1.5 hours"),
        (3e6, "35 days"),
    ],
)
def test_durations_are_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words
