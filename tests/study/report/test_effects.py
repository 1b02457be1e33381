"""Main effects and maps: medians and intervals against plain Python and scipy, and what is left out."""

from collections import defaultdict
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from scipy.stats import binom

import netwarp as nw
from made_stores import GRID, Found, filled, number_of, study
from netwarp.architecture.language import parse
from netwarp.errors import InputError
from netwarp.measures.intervals import level_of
from netwarp.study.report.effects import (
    by_seed,
    family_of,
    main_effect,
    mixed_factors,
    network_medians,
    pair_map,
    shown_levels,
)
from netwarp.study.report.gathering import gather
from netwarp.study.runs import Run
from netwarp.study.store.store import Store


def value(run: Run) -> Found:
    deep = str(parse(run.source.text).tree).count("* 2")
    first = (1 + 10 * deep) * (1 + number_of(run))
    return {"mean_frequency": first, "total_variation": None if "sigmoid" in run.source.text else 3 + number_of(run, 1)}


def test_a_main_effect_is_the_median_over_seeds_of_each_seeds_median(tmp_path: Path) -> None:
    of = study()
    with filled(tmp_path / "s", of, value) as store:
        gathered = gather(store)
    frame = of.frame
    family = family_of(gathered)
    # three, two and two values of the factors; the second measure has none with the sigmoid
    assert family == (3 + 2 + 2) + (3 + 2 + 1)
    for place, factor in enumerate(gathered.factors):
        if factor == "architecture":
            continue
        effect = main_effect(gathered, gathered.measures[0], place, family)
        assert [one.value for one in effect.levels] == list(GRID[factor])
        for one in effect.levels:
            by = defaultdict(list)
            for point in of.points():
                if point.values[factor] == one.value:
                    for seed in of.seeds:
                        by[seed].append(value(Run(point.source, seed, frame))["mean_frequency"])
            medians = sorted(median(each) for each in by.values())
            assert one.interval is not None
            assert one.interval.value == pytest.approx(median(medians), rel=1e-12)
            assert (one.seeds, one.runs) == (16, sum(map(len, by.values())))
            # the order statistics that surely hold the median hold the interval, and their neighbours do not
            level = level_of(family)
            rank = max(r for r in range(1, 9) if 2 * binom.cdf(r - 1, 16, 0.5) <= 1 - level)
            assert one.interval.low is not None
            assert one.interval.high is not None
            assert medians[rank - 1] <= one.interval.low < medians[rank]
            assert medians[-rank - 1] < one.interval.high <= medians[-rank]


def test_the_ends_of_a_strong_factor_part_and_those_of_none_do_not(tmp_path: Path) -> None:
    with filled(tmp_path / "s", study(), value) as store:
        gathered = gather(store)
    family = family_of(gathered)
    found = {
        effect.factor: effect
        for effect in (main_effect(gathered, gathered.measures[0], place, family) for place in gathered.varied)
    }
    assert found["depth"].parts
    assert [one.value for one in found["depth"].ends or ()] == [1, 2]
    assert not found["act"].parts
    assert found["depth"].numeric
    assert not found["act"].numeric


def test_what_is_absent_is_in_no_median_and_is_counted(tmp_path: Path) -> None:
    with filled(tmp_path / "s", study(), value) as store:
        gathered = gather(store)
    second = gathered.measures[1]
    assert second.absent == {"constant": 6 * 16}
    assert second.present == 6 * 16
    effect = main_effect(gathered, second, gathered.factors.index("act"), 1)
    assert [one.interval is None for one in effect.levels] == [False, True]
    assert effect.ends is None
    found = pair_map(gathered, second, gathered.factors.index("width"), gathered.factors.index("act"))
    assert np.isfinite(found.values).tolist() == [[True] * 3, [False] * 3]


def test_a_map_has_the_median_of_every_pair(tmp_path: Path) -> None:
    of = study()
    with filled(tmp_path / "s", of, value) as store:
        gathered = gather(store)
    found = pair_map(gathered, gathered.measures[0], gathered.factors.index("width"), gathered.factors.index("act"))
    assert (found.factors, found.columns, found.rows) == (("width", "act"), (5, 10, 20), ("relu", "sigmoid"))
    for i, act in enumerate(found.rows):
        for j, width in enumerate(found.columns):
            sources = [p.source for p in of.points() if (p.values["width"], p.values["act"]) == (width, act)]
            each = [median(value(Run(one, seed, of.frame))["mean_frequency"] for one in sources) for seed in of.seeds]
            assert found.values[i, j] == pytest.approx(median(each), rel=1e-12)


def test_of_one_seed_there_is_a_value_and_no_interval(tmp_path: Path) -> None:
    with filled(tmp_path / "s", study(seeds=1), value) as store:
        gathered = gather(store)
    effect = main_effect(gathered, gathered.measures[0], gathered.varied[0], 1)
    assert all(one.interval is not None and not one.interval.known for one in effect.levels)
    assert not effect.parts


def test_a_run_that_points_share_counts_once(tmp_path: Path) -> None:
    # a layer that has an activation of its own is the same under both of the shared one
    of = nw.Study(
        "shared",
        seeds=4,
        raster="12x8",
        measures=["mean_frequency"],
        factors={"architecture": ["conv(5)", "conv(5, norm=None)", "conv(5, act='tanh')"], "act": ["relu", "sigmoid"]},
    )
    sources = {point.source for point in of.points()}
    assert len(sources) < len(list(of.points()))
    with filled(tmp_path / "s", of, lambda run: {"mean_frequency": number_of(run)}) as store:
        gathered = gather(store)
    assert len(gathered.networks) == len(sources)
    assert len(gathered.seeds) == of.total
    architecture = gathered.factors.index("architecture")
    effect = main_effect(gathered, gathered.measures[0], architecture, 1)
    assert [one.runs for one in effect.levels] == [8, 8, 4]
    both = main_effect(gathered, gathered.measures[0], gathered.factors.index("act"), 1)
    assert [one.runs for one in both.levels] == [12, 12]


def test_a_part_of_the_runs_is_enough_and_none_is_refused(tmp_path: Path) -> None:
    of = study()
    some = list(of.runs())[: of.total // 2 + 3]
    with filled(tmp_path / "s", of, value, runs=some) as store:
        gathered = gather(store)
    assert len(gathered.seeds) == len(some)
    assert gathered.points == 12
    # values that no run is in of are there, without an interval
    effect = main_effect(gathered, gathered.measures[0], gathered.factors.index("width"), 1)
    assert [one.value for one in effect.levels] == [5, 10, 20]
    assert sum(one.runs for one in effect.levels) == len(some)
    with Store.create(tmp_path / "none", of), pytest.raises(InputError, match="no run of the study is evaluated yet"):
        gather(Store.open(tmp_path / "none"))


def test_many_values_are_thinned_evenly_with_both_ends() -> None:
    assert shown_levels([3, 1, 2], 5) == (1, 2, 3)
    assert shown_levels(["b", "a"], 5) == ("b", "a")
    shown = shown_levels(list(range(1000)), 40)
    assert len(shown) == 40
    assert (shown[0], shown[-1]) == (0, 999)
    assert set(np.diff(shown).tolist()) <= {25, 26}


def test_medians_of_seeds_and_of_networks(tmp_path: Path) -> None:
    values, seeds = np.array([4.0, 1.0, 3.0, 9.0, 2.0]), np.array([7, 3, 7, 3, 7])
    assert by_seed(values, seeds).tolist() == [5.0, 3.0]
    large = np.array([1e308, 1.2e308])
    assert by_seed(large, np.array([1, 1])).tolist() == [1.1e308]
    of = study()
    with filled(tmp_path / "s", of, value) as store:
        gathered = gather(store)
    medians = network_medians(gathered, gathered.measures[0])
    for one, found in zip(gathered.networks, medians, strict=True):
        source = next(point.source for point in of.points() if point.source.text == one.source)
        each = [value(Run(source, seed, of.frame))["mean_frequency"] for seed in of.seeds]
        assert found == pytest.approx(median(each), rel=1e-12)


def test_factors_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    with filled(tmp_path / "s", study(seeds=2), value) as store:
        assert list(mixed_factors(gather(store))) == []
    # of the six pairs of width and depth four are there; act goes with both
    some = study(seeds=2, where="width * depth <= 10")
    with filled(tmp_path / "t", some, value) as store:
        assert list(mixed_factors(gather(store))) == [("width", "depth", 3, 4)]


def test_reasons_are_told_apart_up_to_a_thousand(tmp_path: Path) -> None:
    with filled(tmp_path / "s", study(seeds=100), lambda run: f"overflow at {number_of(run)}") as store:
        gathered = gather(store)
        kinds = store.failure_kinds(3)
    assert family_of(gathered) == 0
    for one in gathered.measures:
        assert len(one.failed) == 1001
        assert sum(one.failed.values()) == 1200
        assert one.failed["other reasons"] == 200
    assert [count for count, _ in kinds] == [1, 1, 1]
    assert all(one.reason.startswith("overflow at ") for _, one in kinds)
