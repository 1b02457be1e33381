"""`netwarp regions` from the command line to the files, and its exit statuses."""

import json
import shlex
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from netwarp.cli import regions
from netwarp.cli.main import status_of


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Standard output of a command line that must succeed."""
    status = status_of(["regions", *arguments])
    said = capsys.readouterr()
    assert status == 0, said.err
    return said.out


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_one_json_object_with_everything(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(run(capsys, "folding(4, 4)", "--json"))
    assert (told["regions"], told["linear_regions"], told["exact"]) == (256, 256, True)
    for name in (
        "edges",
        "vertices",
        "area",
        "mean_area",
        "boundary_length",
        "doubtful",
        "seconds",
        "kinks",
        "switches",
    ):
        assert isinstance(told[name], int | float), name
    assert told["regions"] == told["edges"] - told["vertices"] + 1  # Euler
    more = json.loads(run(capsys, "conv(6)", "--seed", "3", "--contour", "0.5", "--plane", "-1,1,-1,1", "--json"))
    assert (more["architecture"], more["seed"], more["plane"]) == ("conv(6)", 3, [0, 0, 2, 2])
    assert more["area"] == pytest.approx(4, rel=1e-9)
    assert more["contour_length"] >= 0


def test_a_pipe_gets_a_table_and_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "conv(6)", "--svg", "a.svg", "--png", "a.png", "--size", "30x20").splitlines()
    assert lines[0] == "conv(6), seed 9, on x from -0.75 to 0.75, y from -0.5 to 0.5"
    assert lines[1] == "what\tvalue\tknown bounds"
    assert lines[2].startswith("activation regions\t")
    assert lines[2].endswith("\tat most 22 (an arrangement of 6 lines)")
    assert lines[3].startswith("linear regions\t")
    assert lines[-2:] == ["a.svg", "a.png"]
    assert files() == ["a.png", "a.svg"]


def test_shared_options_change_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(run(capsys, "conv(9)", "--shift", "0", "--json"))
    # all lines pass through the centre
    assert told["regions"] == 18
    assert (told["kinks"], told["switches"]) == (1, 1)


def test_the_limit_has_a_status_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["regions", "conv(30)", "--limit", "20", "--svg", "a.svg", "--json"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "layer 1" in said.err
    assert files() == []


@pytest.mark.parametrize(
    ("arguments", "needle"),
    [
        (["conv(4)", "--act", "tanh"], "tanh"),
        (["conv(4, 3)"], "kernel"),
        (["conv(4)", "--plane", "1,0,0,1"], "X0 < X1"),
        (["conv(4)", "--line", "0,0,0"], "--line '0,0,0': needs 4 finite numbers"),
        (["conv(4)", "--line", "1,1,1,1"], "one point"),
        (["conv(4)", "--contour", "nan"], "--contour"),
        (["conv(4)", "--limit", "-1"], "--limit -1"),
        (["conv(4)", "--layer", "7"], "layer=7"),
        (["conv(4)", "--seed", "0..3"], "one whole number"),
        (["conv(4)", "--colour-by", "area"], "--svg FILE"),
        (["conv(4)", "--svg", "a.txt"], ".svg"),
        (["conv(4)", "--u", "1,2"], "--u: only for the file of a model"),
        (["w.npz", "--u", "1,x"], "--u '1,x': needs finite numbers"),
        (["w.npz", "--activation", "tanh"], "tanh"),
        (["w.npz", "--act", "abs"], "weights are given"),
        (["w.npz", "--seed", "3"], "leave out --seed"),
        (["nan.npz"], "1 of 2 numbers are NaN"),
        (["wrong.npz"], "reads 3 numbers"),
    ],
)
def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], needle: str) -> None:
    good = {"W0": np.eye(2), "b0": np.zeros(2), "W1": np.ones((1, 2)), "b1": np.zeros(1)}
    np.savez("w.npz", **good)
    np.savez("nan.npz", **good | {"b0": np.array([np.nan, 0])})
    np.savez("wrong.npz", **good | {"W1": np.ones((1, 3))})
    before = files()
    assert status_of(["regions", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("netwarp: ")
    assert len(said.err.splitlines()) == 1, said.err
    assert needle in said.err
    assert files() == before


def test_more_inputs_need_a_slice(capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("w.npz", W0=np.eye(3), b0=np.zeros(3), W1=np.ones((1, 3)), b1=np.zeros(1))
    assert status_of(["regions", "w.npz"]) == 2
    assert "origin" in capsys.readouterr().err
    plane = ["--origin", "0,0,-0.1", "--u", "1,0,1", "--v", "0,1,1", "--plane", "-0.5,0.5,-0.5,0.5"]
    told = json.loads(run(capsys, "w.npz", *plane, "--json"))
    # the lines x = 0, y = 0, x + y = 0.1, in general position
    assert told["regions"] == 7


@pytest.mark.parametrize("moment", ["calibrating", "cutting the plane", "counting", "drawing"])
def test_ctrl_c_leaves_nothing(
    moment: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting:
        def __init__(self, engine: str) -> None:
            assert engine == "exact"

        def __enter__(self) -> object:
            def report(stage: str, done: int, total: int) -> None:
                if stage == moment:
                    raise KeyboardInterrupt

            return report

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(import_module("netwarp.cli.regions"), "progress", Interrupting)
    assert status_of(["regions", "conv(6)", "--svg", "a.svg", "--png", "a.png", "--size", "30x20"]) == 130
    assert "interrupted" in capsys.readouterr().err
    assert files() == []


def test_the_examples_of_the_help_run(capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.RandomState(0)
    np.savez("weights.npz", W0=random.randn(5, 2), b0=random.randn(5), W1=random.randn(1, 5), b1=random.randn(1))
    lines = [line for line in regions.EXAMPLES.splitlines() if line.startswith("netwarp regions")]
    assert len(lines) >= 5
    for line in lines:
        words = shlex.split(line.split("   ")[0])
        small = ["--size", "30x20"] if "--png" in words else []
        run(capsys, *words[2:], *small)
    assert files() == ["cells.png", "cells.svg", "weights.npz"]
