"""diff: what would run into a real store, by counting it by hand."""

from pathlib import Path

import pytest

from netwarp.study.grid.difference import Reason, Version, diff
from netwarp.study.grid.study import Study
from netwarp.study.runs import Run, RunOutcome, Taken
from netwarp.study.store.store import Store

FACTORS = {"architecture": "conv({width})", "width": [5, 10]}


def study(**given: object) -> Study:
    usual = {"seeds": 4, "raster": "32x32", "measures": ["mean_frequency", "holes"], "factors": FACTORS}
    return Study("s", **{**usual, **given})


def outcome(run: Run, wanted: tuple[tuple[str, int], ...]) -> RunOutcome:
    return RunOutcome(run, tuple(Taken(name, version, "1", 0.5) for name, version in wanted), None, 0.1, 0.0, 1, "here")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Of two points of four seeds, all done but the last run."""
    one = study()
    with Store.create(tmp_path / "out", one) as made:
        made.commit(outcome(run, one.measures_wanted) for run in list(one.runs())[:-1])
        yield made


def test_the_same_study_has_what_is_left(store: Store) -> None:
    found = diff(store, study())
    assert (found.total, found.there, found.partly, found.to_do) == (8, 7, 0, 1)
    assert found.reasons == (Reason("left", 1, "not done yet"),)
    assert found.versions == found.dropped == ()
    assert found.sentences() == ["8 runs: 7 are there, 1 would run", "1 run: not done yet"]


def test_each_change_is_a_reason(store: Store) -> None:
    factors = {**FACTORS, "width": [5, 10, 20]}
    found = diff(store, study(factors=factors, seeds=6, measures=["mean_frequency", "holes", "components"]))
    assert found.reasons == (
        Reason("point", 6, "1 new point: architecture='conv({width})', width=20"),
        Reason("seed", 4, "new seeds: 4..5"),
        Reason("measure", 7, "new measures: components"),
        Reason("left", 1, "not done yet"),
    )
    # the seven that are done lack one measure of three
    assert (found.total, found.there, found.partly) == (18, 0, 7)
    assert found.sentences()[0] == "18 runs: 0 are there, 18 would run, 7 of them only for measures that they lack"
    assert found.data()["partly"] == 7
    assert found.data()["to_do"] == sum(one.runs for one in found.reasons) == 18


def test_another_raster_is_other_runs(store: Store) -> None:
    found = diff(store, study(raster="64x32"))
    what = "the raster is 64x32 on [-0.5, 0.5, -0.5, 0.5], and was 32x32 on [-0.5, 0.5, -0.5, 0.5]"
    assert found.reasons == (Reason("raster", 8, what),)
    assert found.dropped == ("values on the raster 32x32 on [-0.5, 0.5, -0.5, 0.5]",)


def test_what_is_not_asked_for_any_more_is_said(store: Store) -> None:
    found = diff(store, study(factors={**FACTORS, "width": [5]}, seeds=[1, 2], measures="holes"))
    assert (found.total, found.there, found.reasons) == (2, 2, ())
    assert found.dropped == ("1 architecture or model", "seeds 0, 3", "measures mean_frequency")


def test_a_changed_measure_is_told_with_its_versions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from netwarp.measures import registry

    changed = replace(registry.find("holes"), version=registry.find("holes").version + 1)
    monkeypatch.setitem(registry._known, "holes", changed)
    found = diff(store, study())
    assert found.versions == (Version("holes", changed.version - 1, changed.version),)
    assert found.reasons == (
        Reason("version", 7, "only measures whose meaning changed"),
        Reason("left", 1, "not done yet"),
    )
    assert "only with --accept-versions" in found.sentences()[-1]


def test_what_stands_from_an_earlier_file_is_not_done_again(store: Store) -> None:
    """A point that was dropped and comes back."""
    store.plan(study(factors={**FACTORS, "width": [10]}))
    found = diff(store, study())
    assert (found.there, found.to_do) == (7, 1)


def test_a_part_is_looked_at_alone(store: Store) -> None:
    one = study()
    found = diff(store, one, runs=list(one.runs())[::2])
    assert (found.total, found.there) == (4, 4)
