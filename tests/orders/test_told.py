"""What commands say of a file is the file's: its name, its activation, its counts, and the recipe's way back to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError
from netwarp.network.bends import activation_of, output_activation_of
from netwarp.network.source import Graph
from netwarp.orders.filling import fill
from netwarp.orders.order import Outputs, order
from netwarp.orders.subject import OwnWeights, Subject, read_subject
from netwarp.orders.survey import survey
from netwarp.picture import recipe
from netwarp.picture.recipe import Weights
from netwarp.plane import Raster
from netwarp.study.measuring import measured

onnx = pytest.importorskip("onnx")


def plain(path: Path, *, width: int = 6, **more: Any) -> Path:
    random = np.random.RandomState(3)
    np.savez(path, W0=random.randn(width, 2), b0=random.randn(width), W1=random.randn(1, width), **more)
    return path


def relu_file(path: Path, width: int) -> Path:
    """An ONNX file x -> W1 relu(W0 x)."""
    random = np.random.RandomState(4)
    arrays = {"A": random.randn(2, width), "B": random.randn(width, width), "C": random.randn(width, 1)}
    nodes = [
        onnx.helper.make_node("MatMul", ["x", "A"], ["a"]),
        onnx.helper.make_node("Relu", ["a"], ["b"]),
        onnx.helper.make_node("MatMul", ["b", "B"], ["c"]),
        onnx.helper.make_node("Tanh", ["c"], ["d"]),
        onnx.helper.make_node("MatMul", ["d", "C"], ["y"]),
    ]
    graph = onnx.helper.make_graph(
        nodes,
        "graph",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 2])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["n", 1])],
        [onnx.numpy_helper.from_array(array.astype(np.float32), name) for name, array in arrays.items()],
    )
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)]), path)
    return path


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"activation": "tanh"}, ("tanh", "linear")),
        ({}, ("relu", "linear")),
        ({"activation": np.array(["sin"]), "output_activation": "sigmoid"}, ("sin", "sigmoid")),
    ],
)
def test_plain_weights_say_their_activations(tmp_path: Path, more: dict[str, Any], said: tuple[str, str]) -> None:
    network = nw.Network.load(plain(tmp_path / "a.npz", **more))
    assert (activation_of(network), output_activation_of(network)) == said


def test_layers_that_differ_are_named_in_order_and_one_layer_has_nothing_between(tmp_path: Path) -> None:
    eye = np.eye(2)
    np.savez(tmp_path / "two.npz", W0=eye, W1=eye, W2=eye, activation=np.array(["relu", "tanh"]))
    np.savez(tmp_path / "same.npz", W0=eye, W1=eye, W2=eye, activation=np.array(["abs", "abs"]))
    np.savez(tmp_path / "one.npz", W0=eye)
    found = [activation_of(nw.Network.load(tmp_path / f"{name}.npz")) for name in ("two", "same", "one")]
    assert found == ["relu, tanh", "abs", "none"]


def test_a_graph_names_what_bends_in_it(tmp_path: Path) -> None:
    network = nw.onnx.from_file(relu_file(tmp_path / "a.onnx", 5))
    assert isinstance(network.source, Graph)
    assert (activation_of(network), output_activation_of(network)) == ("relu, tanh", "linear")
    known = nw.field(lambda points: points**2).network
    assert (activation_of(known), output_activation_of(known)) == (None, None)


def test_what_commands_write_as_json_names_file_and_activation(tmp_path: Path) -> None:
    file = plain(tmp_path / "mine.npz", activation="abs")
    subject = read_subject(str(file))
    (drawn,) = fill(order(subject, raster=Raster(30, 20), files=Outputs(tmp_path / "a.png")))
    told = drawn.data()
    assert (told["weights"], told["activation"]) == ("mine.npz", "abs")
    assert told["parameters"] == 12 + 6 + 6 + 1, "a b1 of zero too"
    for found in (survey(subject).data(), measured(subject, "total_variation", size=(16, 16)).data()):
        assert (found["weights"], found["activation"]) == ("mine.npz", "abs")
    written = read_subject("conv(4) * 2")
    (drawn,) = fill(order(written, raster=Raster(30, 20), files=Outputs(tmp_path / "b.png")))
    assert (drawn.data()["weights"], drawn.data()["activation"]) == (None, "relu")


def test_of_a_function_nothing_is_counted(tmp_path: Path) -> None:
    network = nw.field(lambda points: points[:, :1] ** 2).network
    subject = Subject("square", OwnWeights(network, None))
    placed = order(subject, raster=Raster(30, 20), files=Outputs(tmp_path / "a.png"))
    placed = replace(placed, subject=replace(subject, source=OwnWeights(network, Weights.of("square.py", b"x"))))
    told = fill(placed)[0].data()
    assert (told["activation"], told["layers"], told["units"], told["parameters"]) == (None, None, None, None)


def test_a_picture_of_a_large_model_is_drawn_again_from_its_file_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "MAX_INLINE", 1000)
    file = relu_file(tmp_path / "large.onnx", 20)
    small = {"size": (30, 20), "calibration": Raster(30, 20, read_subject(str(file)).plane)}
    first = nw.draw(file, **small)
    weights = first.recipe.weights
    assert weights is not None
    assert (weights.file, weights.packed) == ("large.onnx", None)
    first.picture.save(tmp_path / "it.png")
    again = nw.draw(tmp_path / "it.png")
    assert np.array_equal(again.picture.pixels, first.picture.pixels)
    relu_file(file, 21)
    with pytest.raises(InputError, match=r"is not the one 'it\.png' was drawn from"):
        nw.draw(tmp_path / "it.png")
