"""What measure and measures show: rows and data are the ensemble's own numbers, and what is absent says why."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import InputError, UnsupportedError
from netwarp.measures.intervals import Interval, median
from netwarp.measures.measure import measure
from netwarp.measures.registry import names
from netwarp.network.network import Network
from netwarp.orders.subject import Subject, read_subject
from netwarp.plane import Plane, Raster
from netwarp.study.ensemble import Summary
from netwarp.study.measuring import catalogue, described, measured
from netwarp.study.words import between, count_of, resolved, table

SIZE = (16, 12)
NAMES = ("mean_frequency", "regions")


def take(text: str = "conv(6) * 2", wanted: Any = NAMES, **options: Any) -> Any:
    return measured(read_subject(text), wanted, size=SIZE, calibration=(24, 16), **options)


def test_the_median_and_its_interval_are_those_of_the_fields_themselves() -> None:
    found = take(seeds=range(8))
    values = []
    for seed in range(8):
        field = Network.draw(parse("conv(6) * 2"), seed).calibrate(Raster(24, 16))
        values.append(measure(field, "mean_frequency", raster=Raster(*SIZE))["mean_frequency"].value)
    wanted = median(values)  # type: ignore[arg-type]  # every seed has a value
    told = found.data()["measures"]["mean_frequency"]
    assert (told["value"], told["low"], told["high"]) == (wanted.value, wanted.low, wanted.high)
    assert told["values"] == values
    assert found.sentences() == [
        "conv(6) * 2, 8 seeds (0 to 7), on 16x12 points",
        "each 95% interval is for its measure alone: not corrected for how many measures there are",
    ]
    assert len(take(seeds=range(8), wanted=NAMES[:1]).sentences()) == 1
    assert (found.data()["family"], found.data()["level"]) == (1, 0.95)
    name, unit, value, interval, *_ = found.rows()[0]
    assert (name, unit) == ("mean_frequency", "cycles a picture")
    assert value == f"{wanted.value:.4g}"
    assert interval == f"{wanted.low:.4g} to {wanted.high:.4g}"


def test_data_is_json_and_the_csv_has_all_digits() -> None:
    found = take(seeds=range(6), wanted="all")
    told = json.loads(json.dumps(found.data(), allow_nan=False))
    assert list(told["measures"]) == list(names())
    rows = list(csv.DictReader(io.StringIO(found.csv())))
    assert [row["measure"] for row in rows] == list(names())
    for row in rows:
        value = told["measures"][row["measure"]]["value"]
        assert row["value"] == ("" if value is None else repr(value))


def test_weights_that_no_seed_gives_are_one_field_without_an_interval(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    Network.draw(parse("conv(5)"), 3).save(path)
    found = measured(read_subject(str(path)), NAMES, size=SIZE, seeds=range(50))
    assert found.seeds is None
    assert found.sentences()[1] == "its weights are given, so there is one Field: values without an interval"
    field = Network.load(path).calibrate(Raster())
    same = measure(field, NAMES, raster=Raster(*SIZE))
    for row, one in zip(found.rows(), same.values(), strict=True):
        assert row[2:4] == (f"{one.value:.4g}" if one.value != int(one.value) else f"{int(one.value):,}", "–")
    assert found.data()["seeds"] is None


def test_a_network_of_the_literature_is_seen_on_its_own_plane() -> None:
    found = measured(read_subject("folding(2, 4)"), ("regions",), size=SIZE)
    assert found.raster.plane == Plane(0.5, 0.5)
    assert found.rows()[0][2] == "16"  # two layers that fold each axis in two: 4 x 4


def test_too_few_seeds_have_no_interval_and_one_line_why() -> None:
    found = take(seeds=range(5))
    assert found.sentences()[1:] == ["5 seeds: no interval, which takes at least 6"]
    assert all(row[3] == "–" for row in found.rows())
    assert all(one["low"] is None for one in found.data()["measures"].values())


def test_what_is_absent_says_why_once() -> None:
    found = take('conv(6, act="tanh")', wanted="all", seeds=range(2))
    absent = [row[0] for row in found.rows() if row[2] == "absent"]
    assert {"regions", "linear_regions", "switches"} <= set(absent)
    (line,) = [note for note in found.notes() if "regions" in note]
    assert line.startswith("regions, linear_regions, boundary_length")
    assert "tanh" in line
    assert found.data()["measures"]["regions"]["value"] is None
    with pytest.raises(UnsupportedError, match="measure regions does not apply"):
        take('conv(6, act="tanh")', wanted=("regions",), seeds=range(2))


def test_constant_outputs_are_absent_never_zero() -> None:
    found = measured(
        read_subject('conv(4, act="relu", norm=spatial(scale=1, shift=-100))'), NAMES[:1], size=SIZE, seeds=range(2)
    )
    assert found.rows()[0][2] == "absent"
    assert found.notes() == ["mean_frequency: absent: the output is constant on this plane"]
    assert found.data()["measures"]["mean_frequency"]["values"] == [None, None]


def test_some_seeds_may_have_a_value_and_others_not() -> None:
    def one(value: float | None) -> Summary:
        return Summary("a", "u", None if value is None else Interval(value, None, None), 1, None, None, None, "")

    assert between(one(3.0).interval) == between(None) == "–"
    assert between(Interval(2.0, 1.0, 1234.5)) == "1 to 1,234"
    assert resolved(one(1.0)) == ""


@pytest.mark.parametrize(
    ("seeds", "text"),
    [((7,), "seed 7"), (range(32), "32 seeds (0 to 31)"), ((3, 4, 5), "3 seeds (3 to 5)"), ((1, 5), "2 seeds")],
)
def test_seeds_in_words(seeds: tuple[int, ...], text: str) -> None:
    assert count_of(seeds) == text


def test_the_catalogue_says_all_of_every_measure() -> None:
    for one in catalogue():
        told = described(one)
        assert all(told[key] for key in ("name", "definition", "formula", "source", "applies_to")), one.name
    assert [one.name for one in catalogue(("switches", "regions"))] == ["switches", "regions"]
    with pytest.raises(InputError, match='did you mean "switches"'):
        catalogue(("switchs",))


def test_a_csv_quotes_and_leaves_absent_cells_empty() -> None:
    assert table(("a", "b"), iter([["x, y", None], [1.5, "z"]])) == 'a,b\n"x, y",\n1.5,z\n'


def test_a_pictures_recipe_says_where_it_is_looked_at() -> None:
    subject = read_subject("conv(6)")
    assert isinstance(subject, Subject)
    assert measured(subject, NAMES[:1], seeds=(0,), size=SIZE).calibration == Raster()
    assert np.isfinite(measured(subject, NAMES[:1], seeds=(0,), size=SIZE).ensemble.values("mean_frequency")).all()


@pytest.mark.slow
def test_heavy_tails_bounds_and_mixed_ways_are_said() -> None:
    """conv(4) * 150 has too many cells, and its pixels lie on plateaus; of conv(4) * 30 seed 3 has too many, 2 not."""
    plateaus = measured(
        read_subject("conv(4) * 150"), "total_variation", seeds=(10,), size=(48, 32), calibration=(48, 32)
    )
    (said,) = plateaus.notes()
    assert said.startswith("total_variation: a lower bound")
    assert plateaus.data()["notes"] == [said]
    mixed = measured(read_subject("conv(4) * 30"), "dirichlet_energy", seeds=(2, 3), size=(32, 32))
    assert any("exact in 1 of 2 seeds" in note for note in mixed.notes())
    assert any("in 1 of 2 seeds heavy-tailed" in note for note in mixed.notes())
