"""`netwarp measure` and `netwarp measures`: tables, JSON, CSV, and one line for what cannot be."""

import csv
import json
from pathlib import Path

import pytest

from netwarp.cli.main import status_of
from netwarp.cli.values import read_seed_set, read_wholes, read_words
from netwarp.errors import InputError, LimitError
from netwarp.measures.registry import names

SMALL = ["--size", "16x16", "--calibrate", "16x16"]
CONV = ["measure", "conv(4) * 2", *SMALL, "--measures", "mean_frequency,lz_complexity"]


def told(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert status_of(arguments) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert status_of(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1), said.err
    return said.err


def test_a_table_of_one_row_a_measure(capsys: pytest.CaptureFixture[str]) -> None:
    head, which, header, *rows = told(capsys, [*CONV, "--seeds", "6"]).splitlines()
    assert head == "conv(4) * 2, 6 seeds (0 to 5), on 16x16 points"
    assert which == "each 95% interval is for its measure alone: not corrected for how many measures there are"
    assert header.split("\t") == ["measure", "unit", "median", "95% interval", "ramp", "noise", "resolved"]
    assert [row.split("\t")[0] for row in rows] == ["mean_frequency", "lz_complexity"]


def test_json_holds_every_seeds_value_and_the_csv_beside_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    found = json.loads(told(capsys, [*CONV, "--seeds", "3,5..6", "--csv", str(file), "--json"]))
    assert found["seeds"] == [3, 5, 6]
    assert found["csv"] == str(file)
    assert all(len(one["values"]) == 3 and one["low"] is None for one in found["measures"].values())
    with file.open() as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["value"]) for row in rows] == [one["value"] for one in found["measures"].values()]


def test_the_options_of_draw_change_the_architecture(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(told(capsys, [*CONV, "--seeds", "1", "--act", "tanh", "--shift", "0", "--json"]))
    assert found["architecture"] == 'Architecture(conv(4) * 2, act="tanh", norm=spatial(scale=3))'


@pytest.mark.parametrize(
    ("more", "needle"),
    [
        (["--measures", "mean_frequenci"], 'did you mean "mean_frequency"'),
        (["--measures", "regions,,switches"], "needs a list with commas between"),
        (["--seeds", "0"], "at least one seed"),
        (["--seeds", "1x"], "--seeds '1x'"),
        (["--seeds", "1000000"], "at most 10,000"),
        (["--csv", "table.txt"], ".csv"),
        (["--csv", "no/such/table.csv"], "does not exist"),
        (["--plane", "1,0,0,1"], "X0 < X1"),
        (["--measures", "regions", "--act", "tanh"], "measure regions does not apply"),
    ],
)
def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], more: list[str], needle: str) -> None:
    assert needle in refused(capsys, ["measure", "conv(4)", *SMALL, "--seeds", "2", *more])


def test_a_failure_leaves_no_csv(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    refused(capsys, ["measure", "conv(4)", *SMALL, "--csv", str(file), "--measures", "regions", "--act", "tanh"])
    assert list(tmp_path.iterdir()) == []


def test_measures_lists_all_and_tells_all_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    rows = told(capsys, ["measures"]).splitlines()[1:]
    assert [row.split("\t")[0] for row in rows] == list(names())
    one = told(capsys, ["measures", "mean_frequency"])
    assert [line.split()[0] for line in one.splitlines()] == [
        "name",
        "definition",
        "formula",
        "unit",
        "source",
        "applies",
    ]
    listed = json.loads(told(capsys, ["measures", "--json"]))["measures"]
    assert [entry["name"] for entry in listed] == list(names())
    assert 'did you mean "switches"' in refused(capsys, ["measures", "switchs"])


def test_seeds_are_a_number_a_range_or_a_list() -> None:
    assert read_seed_set("3") == (0, 1, 2)
    assert read_seed_set("8..10") == (8, 9, 10)
    assert read_seed_set("5,3") == (5, 3)
    with pytest.raises(LimitError):
        read_seed_set("10001")


def test_lists_may_hold_distributions() -> None:
    assert read_words("1, normal(1, 2),3,1", "--scale", "1") == ("1", "normal(1, 2)", "3")
    assert read_wholes("4,2", "--depth") == (4, 2)
    assert read_wholes("none", "--depth") == ()
    for text in ("", "1,", "normal(1"):
        with pytest.raises(InputError, match="needs a list"):
            read_words(text, "--scale", "1,2")
    with pytest.raises(InputError, match="positive whole numbers"):
        read_wholes("1,0", "--depth")
