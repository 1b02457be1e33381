"""Files of models on the command line: ONNX exactly, or as a function; and what is told of the others."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.cli.main import status_of

onnx = pytest.importorskip("onnx")
RANDOM = np.random.RandomState(4)
W0, B0, W1 = RANDOM.standard_normal((7, 3)), RANDOM.standard_normal(7), RANDOM.standard_normal((2, 7))


def written(path: Path, activation: str, inputs: int) -> None:
    """Two layers as an ONNX file, its batch of any length."""
    helper, double = onnx.helper, onnx.TensorProto.DOUBLE
    arrays = {"w0": W0[:, :inputs].T, "b0": B0, "w1": W1.T}
    tensors = [onnx.numpy_helper.from_array(np.ascontiguousarray(array), name) for name, array in arrays.items()]
    nodes: list[Any] = [
        helper.make_node("Gemm", ["x", "w0", "b0"], ["z"]),
        helper.make_node(activation, ["z"], ["h"]),
        helper.make_node("MatMul", ["h", "w1"], ["y"]),
    ]
    given = helper.make_tensor_value_info("x", double, ["n", inputs])
    made = helper.make_tensor_value_info("y", double, ["n", 2])
    graph = helper.make_graph(nodes, "g", [given], [made], tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "two.onnx", "Relu", 2)
    written(tmp_path / "three.onnx", "Relu", 3)


def test_an_onnx_file_has_the_regions_of_its_npz(capsys: pytest.CaptureFixture[str]) -> None:
    np.savez("two.npz", W0=W0[:, :2], b0=B0, W1=W1, activation="relu")
    counts = []
    for name in ("two.onnx", "two.npz"):
        assert status_of(["regions", name, "--plane", "-3,3,-3,3", "--json"]) == 0
        counts.append(json.loads(capsys.readouterr().out)["regions"])
    assert counts[0] == counts[1] > 7


def test_more_inputs_take_a_slice_as_other_files_do(capsys: pytest.CaptureFixture[str]) -> None:
    plane = ["--slice", "through((0, 0, 0), (3, 4, 0), (0, 0, 2))"]
    assert status_of(["draw", "three.onnx", *plane, "--size", "24x16", "-o", "a.png", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["recipe"]["marks"] == [[0, 0], [5, 0], [0, 2]]
    across, up = "x (1 = a distance of 1 in 3 inputs)", "y (1 = 1 of input 2)"
    assert told["axes"] == told["recipe"]["axes"] == [across, up]
    assert status_of(["regions", "three.onnx", *plane, "--svg", "a.svg"]) == 0
    assert f"Across: {across}. Up: {up}." in Path("a.svg").read_text()
    assert status_of(["decision", "three.onnx", *plane, "--size", "900x700", "-o", "d.svg"]) == 0
    assert across in Path("d.svg").read_text()
    assert up in Path("d.svg").read_text()
    capsys.readouterr()
    assert status_of(["draw", "a.png", "-o", "b.png"]) == 0
    assert Path("a.png").read_bytes() == Path("b.png").read_bytes()
    assert status_of(["draw", "three.onnx", "--origin", "0,0,1", "--u", "1,0,0", "--size", "8x8"]) == 2
    assert "--origin, --u: a plane is origin + x u + y v; give --v too" in capsys.readouterr().err


def test_what_has_no_exact_form_is_drawn_as_a_function(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    written(Path("odd.onnx"), "Asinh", 2)
    drawn = nw.draw("odd.onnx", size=(6, 4), plane=nw.Plane(0, 0, 3, 2))
    x, y = drawn.picture.recipe.raster.xs()[2], drawn.picture.recipe.raster.ys()[1]
    right = np.arcsinh(W0[:, :2] @ [x, y] + B0) @ W1.T
    assert np.allclose(drawn.samples[:, 1, 2], right, atol=1e-6)
    drawn.picture.save("odd.png")
    assert status_of(["draw", "odd.png"]) == 2
    assert "was drawn from 'odd.onnx', a function that no recipe says" in capsys.readouterr().err
    assert status_of(["regions", "odd.onnx"]) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["two.onnx", "--activation", "relu"], "an ONNX file says its activations itself"),
        (["three.onnx"], "3"),
        (["m.pt2"], "holds no model"),
    ],
)
def test_what_does_not_fit_is_told(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    import zipfile

    with zipfile.ZipFile("m.pt2", "w") as archive:
        archive.writestr("m/archive_format", "pt2")
    assert status_of(["draw", *words]) == 2
    assert message in capsys.readouterr().err
