"""`netwarp compare`: tables, verdicts, a page; and nothing half written."""

import json
from pathlib import Path

import pytest

from netwarp.cli.main import status_of

SMALL = ["--size", "16x16", "--calibrate", "16x16", "--measures", "mean_frequency,lz_complexity"]
PAIR = ["compare", "conv(8)", "conv(2) * 4", *SMALL]


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert status_of(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1), said.err
    return said.err


def test_a_table_and_a_verdict_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of([*PAIR, "--seeds", "8"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "8 seeds (0 to 7), the same for all, on 16x16 points"
    assert lines[1].startswith("same seeds: rank correlation of conv(2) * 4 with conv(8): median ")
    assert lines[2] == "corrected for 2 comparisons: all their intervals hold together with 95%"
    assert lines[4] == "conv(2) * 4 against conv(8)"
    header = ["measure", "unit", "first", "second", "median change", "interval", "delta", "verdict", "to note"]
    assert lines[5].split("\t") == header
    assert [line.split("\t")[0] for line in lines[6:8]] == ["mean_frequency", "lz_complexity"]
    assert lines[-1].startswith("conv(2) * 4 against conv(8): more complex on ")
    assert lines[-1].endswith("; corrected for 2 comparisons")


def test_matching_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["compare", "conv(8)", "conv(5) * 4", *SMALL, "--seeds", "2", "--match", "units"]) == 0
    out = capsys.readouterr().out
    assert "conv(5) * 4: widest layer from 5 to 2: 8 units where the first has 8 (the same)" in out
    assert (
        "2 seeds: no interval that holds for 2 comparisons together, which takes at least 7; and without one no verdict"
        in out
    )
    assert out.splitlines()[-1] == "conv(2) * 4 against conv(8): no verdict"


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of([*PAIR, "--seeds", "6", "--match", "parameters", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["matches"][0] is None
    assert found["matches"][1]["budget"] == "parameters"
    assert set(found["contrasts"][0]["measures"]) == {"mean_frequency", "lz_complexity"}
    assert (found["family"], found["level"]) == (2, 0.975)
    for one in found["contrasts"][0]["measures"].values():
        assert one["median_ratio"]["low"] is None  # six seeds are one too few
        assert "low" not in one["first"], "an interval that is not corrected invites a comparison that is not"
        assert [len(values) for values in one["values"]] == [6, 6]


def test_a_comparison_that_is_one_of_several_is_corrected_for_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of([*PAIR, "--seeds", "12", "--family", "21", "--json"]) == 0
    wide = json.loads(capsys.readouterr().out)
    assert status_of([*PAIR, "--seeds", "12", "--json"]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert (wide["family"], alone["family"]) == (21, 2)
    for name, one in alone["contrasts"][0]["measures"].items():
        other = wide["contrasts"][0]["measures"][name]["median_ratio"]
        assert other["value"] == one["median_ratio"]["value"]
        assert other["low"] < one["median_ratio"]["low"]
        assert other["high"] > one["median_ratio"]["high"]


def test_a_page_is_named_last(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "page"
    assert status_of([*PAIR, "--seeds", "6", "--out", str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(out / "index.html")
    assert (out / "compare.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "needle"),
    [
        (["compare", "conv(8)", *SMALL], "needs two architectures or more"),
        (["compare", "conv(8)", "sawtooth(3)", *SMALL], "its weights are given"),
        ([*PAIR, "--family", "1"], "family 1: must be 2 or more"),
        ([*PAIR, "--match", "unitz"], 'did you mean "units"'),
        (["compare", "conv(8)", "vggg", *SMALL], 'did you mean "vgg"'),
        ([*PAIR, "--out", "no/such/folder"], "make it first"),
    ],
)
def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], needle: str) -> None:
    assert needle in refused(capsys, arguments)
