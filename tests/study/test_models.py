"""Two models on one plane: their measures side by side, no seeds, no intervals, and it says so."""

import json
from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from netwarp.cli.main import status_of
from netwarp.orders.subject import read_subject
from netwarp.study.models import compare_models

MEASURES = ["total_variation", "regions"]


def saved(name: str, x: float) -> None:
    """One unit whose kinks are at x - 1, x and x + 1."""
    np.savez(name, W0=[[1.0, 0], [1, 0], [1, 0]], b0=[1 - x, -x, -1 - x], W1=[[1.0, -2, 1]], activation="relu")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    saved("a.npz", 0)
    saved("b.npz", 10)


def test_values_are_those_of_measure_on_the_one_plane() -> None:
    plane = nw.Plane(1, 0, 6, 6)
    found = compare_models([read_subject("a.npz"), read_subject("b.npz")], MEASURES, size=(32, 32), plane=plane)
    assert found.names == ("a", "b")
    fields = [nw.Network.load(name).calibrate(nw.Raster(plane=plane)) for name in ("a.npz", "b.npz")]
    right = [nw.measure(field, MEASURES, size=(32, 32), plane=plane) for field in fields]
    for name in MEASURES:
        assert [one.value for one in found.taken(name)] == [one[name].value for one in right]
    assert [one.value for one in found.taken("regions")] == [4, 1]
    assert found.ratios("regions") == (0.25,)
    assert found.ratios("total_variation") == (None,), "of nothing there is no ratio"
    assert "no seeds: values without intervals, and no verdict" in str(found)


def test_without_a_plane_it_is_about_both_homes() -> None:
    subjects = [read_subject(name) for name in ("a.npz", "b.npz")]
    found = compare_models(subjects, MEASURES, size=(16, 16))
    for subject in subjects:
        assert subject.plane is not None
        for middle, side, whole, length in (
            (subject.plane.x, subject.plane.width, found.raster.plane.x, found.raster.plane.width),
            (subject.plane.y, subject.plane.height, found.raster.plane.y, found.raster.plane.height),
        ):
            assert whole - length / 2 <= middle - side / 2 + 1e-9
            assert middle + side / 2 <= whole + length / 2 + 1e-9
    assert compare_models([subjects[0], subjects[0]], "regions").raster.plane == subjects[0].plane
    assert compare_models([subjects[0], subjects[0]], "regions").names == ("a 1", "a 2")


def test_the_command_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", "a.npz", "b.npz", "--measures", "regions", "--plane", "-2,2,-2,2", "--size", "16x16"]
    assert status_of(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "2 models on one plane, x from -2 to 2 and y from -2 to 2, on 16x16 points",
        "their weights are given, so there are no seeds: values without intervals, and no verdict",
    ]
    assert lines[3].split("\t") == ["measure", "unit", "a", "b", "b / a", "resolved"]
    assert lines[4].split("\t")[2:5] == ["4", "1", "× 0.25"]
    assert status_of([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["seeds"] is None
    assert told["models"] == ["a", "b"]
    assert told["measures"]["regions"]["values"] == [4, 1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["a.npz"], "needs two"),
        (["a.npz", "b.npz", "--out", "page"], "--out: is for architectures over seeds"),
        (["a.npz", "b.npz", "--match", "units"], "--match: is for architectures over seeds"),
        (["a.npz", "conv(3)"], "its weights are given"),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(["compare", *words]) == 2
    said = capsys.readouterr()
    assert message in said.err
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert not Path("page").exists()


def test_python_compares_files_as_the_command_does() -> None:
    right = compare_models([read_subject("a.npz"), read_subject("b.npz")], MEASURES, size=(16, 16))
    found = nw.compare("a.npz", "b.npz", measures=MEASURES, size=(16, 16))
    assert found.data() == right.data()
    seen = nw.Raster(16, 16, nw.Plane(1, 0, 6, 6))
    assert nw.compare(nw.Network.load("a.npz"), "b.npz", measures="regions", raster=seen).raster == seen
    assert nw.compare("a.npz", "a.npz", measures="regions", size=(8, 8)).ratios("regions") == (1,)
    with pytest.raises(nw.NetwarpError, match="compare matched='units': is for architectures over seeds"):
        nw.compare("a.npz", "b.npz", matched="units")
    with pytest.raises(nw.NetwarpError, match="family=9: is for architectures"):
        nw.compare("a.npz", "b.npz", family=9)
    with pytest.raises(nw.NetwarpError, match=r"a: its weights are given, so .* architectures only, or models only"):
        nw.compare("conv(3)", "a.npz")
    with pytest.raises(nw.NetwarpError, match="leave out size and plane"):
        nw.compare("a.npz", "b.npz", raster=seen, size=(8, 8))
