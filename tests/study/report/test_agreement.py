"""Rank agreement of measures against ranks counted by hand, and the networks chosen for a look."""

from pathlib import Path
from statistics import median

import numpy as np
import pytest

from made_stores import filled, number_of, study
from netwarp.study.report.agreement import rank_agreement
from netwarp.study.report.effects import main_effect, network_medians
from netwarp.study.report.extremes import chosen_points
from netwarp.study.report.gathering import Gathered, gather
from netwarp.study.runs import Run

MEASURES = ("mean_frequency", "total_variation", "lz_complexity")


def coarse(run: Run) -> dict[str, float | None]:
    """Three measures, the second with many ties, the third without a value."""
    return {
        "mean_frequency": number_of(run),
        "total_variation": round(3 * number_of(run, 1) + number_of(run)),
        "lz_complexity": None,
    }


def mean_ranks(values: list[float]) -> list[float]:
    return [sum(other < one for other in values) + (1 + values.count(one)) / 2 for one in values]


def test_the_correlation_is_that_of_mean_ranks(tmp_path: Path) -> None:
    with filled(tmp_path / "s", study(measures=MEASURES, seeds=3), coarse) as store:
        gathered = gather(store)
    found = rank_agreement(gathered)
    # what has no value anywhere is not compared
    assert found.names == MEASURES[:2]
    assert found.networks == 12
    assert found.counts.tolist() == [[12, 12], [12, 12]]
    first, second = (mean_ranks(network_medians(gathered, one).tolist()) for one in gathered.measures[:2])
    assert len(set(second)) < 12
    mean = 13 / 2
    above = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    below = sum((a - mean) ** 2 for a in first) * sum((b - mean) ** 2 for b in second)
    assert found.table[0, 1] == pytest.approx(above / below**0.5, rel=1e-12)
    assert found.table[0, 1] == found.table[1, 0]
    assert np.diag(found.table).tolist() == [1.0, 1.0]
    assert found.pairs() == [(found.table[0, 1], *MEASURES[:2])]


def test_the_networks_of_each_pair_are_counted(tmp_path: Path) -> None:
    def some(run: Run) -> dict[str, float | None]:
        value = number_of(run)
        return {"mean_frequency": value, "total_variation": value if "sigmoid" in run.source.text else None}

    with filled(tmp_path / "s", study(seeds=3), some) as store:
        found = rank_agreement(gather(store))
    assert found.counts.tolist() == [[12, 6], [6, 6]]
    assert found.table[0, 1] == 1.0


def test_of_five_networks_there_is_no_correlation(tmp_path: Path) -> None:
    few = study(measures=MEASURES, factors={"architecture": ["conv({n})"], "n": [2, 3, 4, 5, 6]}, seeds=3)
    with filled(tmp_path / "s", few, coarse) as store:
        found = rank_agreement(gather(store))
    assert not found.pairs()


def by_depth(run: Run) -> dict[str, float | None]:
    """Grows with depth, a little with width, and is larger of relu."""
    text = run.source.text
    width = next(w for w in (20, 10, 5) if f"conv({w})" in text)
    first = (10.0 if "* 2" in text else 1.0) + width / 10 + (0.5 if "sigmoid" not in text else 0.0)
    return {"mean_frequency": first + 0.01 * number_of(run), "total_variation": 1.0}


def chosen(gathered: Gathered, most: int):
    measure = gathered.measures[0]
    effects = [main_effect(gathered, measure, place, 10) for place in gathered.varied]
    return chosen_points(gathered, measure, effects, most)


def test_the_points_at_the_ends_are_chosen_with_their_lowest_median_and_highest_network(tmp_path: Path) -> None:
    of = study(seeds=7)
    with filled(tmp_path / "s", of, by_depth) as store:
        gathered = gather(store)
    found = chosen(gathered, 100)
    # width 10 is at no end
    assert [one.values[1:] for one in found] == [
        (5, 1, "sigmoid"),
        (5, 1, "relu"),
        (20, 1, "sigmoid"),
        (20, 1, "relu"),
        (5, 2, "sigmoid"),
        (5, 2, "relu"),
        (20, 2, "sigmoid"),
        (20, 2, "relu"),
    ]
    for one in found:
        source = next(point.source for point in of.points() if point.source.text == one.network.source)
        values = {seed: by_depth(Run(source, seed, of.frame))["mean_frequency"] or 0.0 for seed in of.seeds}
        assert [run.what for run in one.runs] == ["lowest", "median", "highest"]
        assert [run.value for run in one.runs] == [min(values.values()), median(values.values()), max(values.values())]
        assert all(values[run.seed or 0] == run.value for run in one.runs)
    assert [one.values for one in chosen(gathered, 3)] == [found[0].values, found[1].values, found[-1].values]


def test_where_no_point_is_at_all_ends_those_at_most_are_chosen(tmp_path: Path) -> None:
    # width 20 only of depth 1, width 5 only of depth 2
    of = study(seeds=7, where="width == 10 or (width == 20 and depth == 1)")
    with filled(tmp_path / "s", of, by_depth) as store:
        gathered = gather(store)
    found = chosen(gathered, 100)
    assert found
    assert all(one.values[2] in (1, 2) for one in found)


def test_one_run_is_the_only_one(tmp_path: Path) -> None:
    with filled(tmp_path / "s", study(seeds=1), by_depth) as store:
        gathered = gather(store)
    assert {tuple(run.what for run in one.runs) for one in chosen(gathered, 100)} == {("only",)}
