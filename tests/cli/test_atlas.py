"""`netwarp atlas`: tables, a CSV, a page; and one line for what cannot be mapped."""

import csv
import inspect
import json
from pathlib import Path

import pytest

from netwarp.cli import atlas as command
from netwarp.cli.groups import grouped
from netwarp.cli.main import status_of
from netwarp.study import atlas as library

SMALL = [
    "--act",
    "tanh",
    "--scale",
    "1,normal(1, 1)",
    "--shift",
    "0",
    "--depth",
    "none",
    "--seeds",
    "2",
    "--size",
    "12x12",
]
LZ = ["--measure", "lz_complexity"]


def refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert status_of(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1), said.err
    return said.err


def test_a_table_a_map_and_sentences(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert status_of(["atlas", "conv(4) * 2", *SMALL, *LZ, "--csv", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tanh: scale and shift"
    assert lines[1].split("\t")[:4] == ["scale", "shift", "lz_complexity", "interval"]
    assert [line.split("\t")[0] for line in lines[2:4]] == ["1", "normal(1, 1)"]
    assert lines[-1] == str(file)
    with file.open() as stream:
        assert [row["scale"] for row in csv.DictReader(stream)] == ["1", "normal(1, 1)"]


def test_json_and_a_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "page"
    assert status_of(["atlas", "conv(4) * 2", *SMALL, *LZ, "--json", "--out", str(out)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["cells"]) == 2
    assert Path(found["page"]).is_file()


def test_the_commands_defaults_are_the_librarys() -> None:
    shown = {name: one.default for name, one in inspect.signature(grouped(command.run)).parameters.items()}
    assert shown["arch"] == library.ARCHITECTURE
    assert shown["act"].split(",") == list(library.ACTIVATIONS)
    assert shown["scale"].split(",") == list(library.SCALES)
    assert shown["shift"].split(",") == list(library.SHIFTS)
    assert shown["depth"].split(",") == list(map(str, library.DEPTHS))
    assert shown["width"].split(",") == list(map(str, library.WIDTHS))
    assert shown["measure"] == library.MEASURE
    assert int(shown["seeds"]) == library.SEEDS
    assert shown["size"] == f"{library.SIDE}x{library.SIDE}"


@pytest.mark.parametrize(
    ("more", "needle"),
    [
        (["--act", "tanhh"], "tanhh"),
        (["--scale", "normal("], "needs a list"),
        (["--scale", "one"], "one"),
        (["--depth", "1,x"], "whole number"),
        (["--scale", "none"], "must be 1 to 2,000"),
        (["--measure", "lz"], "there is none of that name"),
        (["--csv", "a.txt"], ".csv"),
        (["--out", "no/such/folder"], "make it first"),
    ],
)
def test_bad_input_is_refused(capsys: pytest.CaptureFixture[str], more: list[str], needle: str) -> None:
    assert status_of(["atlas", "conv(4) * 2", *SMALL, *LZ, *more]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert needle in said.err
    assert needle in said.err.splitlines()[0]


def test_given_weights_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing to vary" in refused(capsys, ["atlas", "sawtooth(3)", *SMALL])
