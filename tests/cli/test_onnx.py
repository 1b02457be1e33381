"""Every command that takes a file of a model takes an ONNX file, and says in one line what is wrong with one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from netwarp.cli.main import status_of

made = pytest.importorskip("models.onnx_files.made")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, widths in (("two", (2, 8, 8, 3)), ("four", (4, 6, 3))):
        model = made.perceptron(widths)
        made.saved(Path(f"{name}.onnx"), model)
        np.savez(f"{name}.npz", **{one.name: made.nh.to_array(one) for one in model.graph.initializer})
    rng = np.random.default_rng(0)
    np.savez("rows.npz", X=rng.normal(size=(40, 4)), y=rng.integers(0, 3, 40))
    whole = Path("two.onnx").read_bytes()
    Path("short.onnx").write_bytes(whole[: len(whole) // 2])
    Path("text.onnx").write_text("W0,b0\n1,2\n")
    broken = made.perceptron((2, 4, 2))
    broken.graph.node[0].input[1] = "nothing"
    Path("broken.onnx").write_bytes(broken.SerializeToString())


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert status_of([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


PLANE = ("--plane", "-2,2,-2,2")


def test_regions_are_those_of_the_npz_with_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (told(capsys, "regions", f"two.{kind}", *PLANE) for kind in ("onnx", "npz"))
    assert one["regions"] == other["regions"] > 20
    assert one["linear_regions"] == other["linear_regions"]


def test_a_decision_is_that_of_the_npz_with_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (told(capsys, "decision", f"two.{kind}", *PLANE) for kind in ("onnx", "npz"))
    assert one["exact"]
    assert one["areas"] == pytest.approx(other["areas"], rel=1e-12)


def test_the_rows_of_a_data_set_are_placed_on_the_slice(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--slice", "pca()", "--data", "rows.npz")
    one, other = (told(capsys, "decision", f"four.{kind}", *words) for kind in ("onnx", "npz"))
    assert one["plane"] == pytest.approx(other["plane"], rel=1e-12)
    assert one["areas"] == pytest.approx(other["areas"], rel=1e-12)


def test_models_are_compared_and_measured_and_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["compare", "two.onnx", "two.onnx", "--size", "16x16", *PLANE]) == 0
    assert status_of(["measure", "two.onnx", "--size", "16x16"]) == 0
    assert status_of(["draw", "two.onnx", "--size", "16x16", "-o", "two.png"]) == 0
    assert status_of(["draw", "two.png", "--size", "16x16", "-o", "again.png"]) == 0
    assert capsys.readouterr().err == ""


def test_a_softmax_that_is_left_out_and_a_slow_file_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [made.node("MatMul", "x W", "z"), made.node("Softmax", "z", "y")]
    made.saved(Path("soft.onnx"), made.model(nodes, constants={"W": np.eye(2)}))
    assert status_of(["draw", "soft.onnx", "--size", "8x8", *PLANE]) == 0
    assert "file 'soft.onnx': the Softmax at its end is left out" in capsys.readouterr().err
    made.saved(Path("odd.onnx"), made.model([made.node("Exp", "x")]))
    assert status_of(["draw", "odd.onnx", "--size", "8x8"]) == 0
    slow, home = capsys.readouterr().err.splitlines()
    assert slow.startswith("file 'odd.onnx': Exp (node 'y') is not an operation of ONNX")
    assert "slow" in slow
    assert "only its values are known" in home


@pytest.mark.parametrize("command", ["draw", "regions", "measure", "compare", "decision", "explore"])
@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("short.onnx", "cut short"),
        ("text.onnx", "table of numbers"),
        ("broken.onnx", "is not valid"),
        ("none.onnx", "no such file"),
    ],
)
def test_a_wrong_file_is_one_line_and_status_2(
    command: str, file: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(command, file, said, capsys)


@pytest.mark.parametrize("command", ["draw", "regions", "measure", "compare", "decision"])
def test_more_than_two_inputs_need_a_slice(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """But for `explore`, which begins on one."""
    refused(command, "four.onnx", "takes 4 inputs; give a slice", capsys)


def refused(command: str, file: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = [command, file] + (["two.onnx"] if command == "compare" else [])
    assert status_of(words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert file in line
