"""ONNX files as Networks: what they give, and the regions that they have."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from models.onnx_files.made import DOUBLE, model, node, onnx, perceptron, saved
from netwarp.errors import InputError
from netwarp.models.onnx_files.network import from_file
from netwarp.network.source import Graph

HOME = nw.Plane(0.0, 0.0, 4.0, 4.0)


def reference(path: Path, rows: np.ndarray) -> np.ndarray:
    return np.asarray(onnx.reference.ReferenceEvaluator(str(path)).run(None, {"x": rows.astype(np.float32)})[0])


def plain(made: object, path: Path) -> nw.Network:
    """The same perceptron as an NPZ of plain weights."""
    arrays = {one.name: onnx.numpy_helper.to_array(one) for one in made.graph.initializer}  # type: ignore[attr-defined]
    np.savez(path, **arrays)
    return nw.Network.load(path, activation="relu")


def test_a_perceptron_has_the_regions_of_the_same_plain_network(tmp_path: Path) -> None:
    made = perceptron()
    network = from_file(saved(tmp_path / "net.onnx", made))
    same = plain(made, tmp_path / "net.npz")
    one, other = (nw.tessellate(found.calibrate(nw.Raster(plane=HOME)), HOME) for found in (network, same))
    assert len(one) == len(other) > 20
    one.check()
    at = np.random.default_rng(0).uniform(-2, 2, size=(50, 2))
    np.testing.assert_allclose(network.calibrate().at(at), same.calibrate().at(at), rtol=1e-14, atol=1e-14)


def test_the_agreement_says_on_how_many_points_it_rests(tmp_path: Path) -> None:
    source = from_file(saved(tmp_path / "net.onnx", perceptron())).source
    assert isinstance(source, Graph)
    assert source.agreement is not None
    assert source.agreement.points >= 16
    assert source.agreement.difference <= 1e-9


def test_a_field_of_a_file_is_exact_where_all_operations_are_known(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.onnx", perceptron())
    field = nw.field(str(path), plane=HOME)
    assert len(field.tessellate()) > 20
    at = np.random.default_rng(0).uniform(-2, 2, size=(50, 2))
    np.testing.assert_allclose(field.at(at), reference(path, at), rtol=0, atol=1e-5)


def test_a_field_of_a_file_with_another_operation_is_drawn_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = saved(tmp_path / "net.onnx", model([node("Exp", "x", "e"), node("Sub", "e x")]))
    with caplog.at_level(logging.WARNING, "netwarp"):
        field = nw.field(path, plane=HOME, size=(12, 8))
    assert "Exp (node 'e') is not an operation of ONNX" in caplog.text
    assert "slow" in caplog.text
    at = np.random.default_rng(0).uniform(-2, 2, size=(50, 2))
    np.testing.assert_array_equal(field.at(at), reference(path, at))
    assert field.sample().shape == (2, 8, 12)
    with pytest.raises(nw.errors.UnsupportedError, match="Exp"):
        from_file(path)
    with pytest.raises(nw.errors.UnsupportedError):
        field.tessellate()


def test_the_scores_before_a_softmax_are_looked_at_and_that_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = perceptron()
    made.graph.node.append(node("Softmax", "y", "p", axis=1))
    made.graph.output[0].name = "p"
    path = saved(tmp_path / "net.onnx", made)
    with caplog.at_level(logging.WARNING, "netwarp"):
        network = from_file(path)
    assert "the Softmax at its end is left out" in caplog.text
    at = np.random.default_rng(0).uniform(-2, 2, size=(50, 2))
    scores = np.exp(network.calibrate().at(at))
    np.testing.assert_allclose(scores / scores.sum(axis=1, keepdims=True), reference(path, at), rtol=0, atol=1e-6)
    with pytest.raises(nw.errors.UnsupportedError, match="Softmax"):
        from_file(path, output="p")


@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax"])
def test_a_softmax_over_the_inputs_is_no_choice_of_a_class(tmp_path: Path, kind: str) -> None:
    made = perceptron()
    made.graph.node.append(node(kind, "y", "p", axis=0))
    made.graph.output[0].name = "p"
    with pytest.raises(nw.errors.UnsupportedError, match="over axis 0, which counts the inputs"):
        from_file(saved(tmp_path / "net.onnx", made))


def test_scikit_learns_classifier_is_read_by_its_probabilities(tmp_path: Path) -> None:
    """As skl2onnx writes a binary perceptron: a scaler, labels beside the probabilities, and a map of them."""
    w, v = (np.random.default_rng(i).normal(size=shape) for i, shape in enumerate(((2, 6), (6, 1))))
    nodes = [
        onnx.helper.make_node("Scaler", ["x"], ["s"], domain="ai.onnx.ml", offset=[0.5, -1.0], scale=[2.0, 0.5]),
        node("MatMul", "s W", "a"),
        node("Relu", "a", "r"),
        node("MatMul", "r V", "z"),
        node("Sigmoid", "z", "p"),
        node("Sub", "one p", "q"),
        node("Concat", "q p", "y", axis=1),
        node("ArgMax", "y", "label", axis=1, keepdims=0),
    ]
    constants = {"W": w, "V": v, "one": np.array([1.0])}
    made = model(nodes, ("n", 2), constants, outputs=("label", "y"), ml=True, kinds={"label": onnx.TensorProto.INT64})
    network = from_file(saved(tmp_path / "net.onnx", made))
    at = np.random.default_rng(0).uniform(-2, 2, size=(50, 2))
    hidden = np.maximum(((at - [0.5, -1.0]) * [2.0, 0.5]) @ w.astype(np.float32), 0) @ v.astype(np.float32)
    p = 1 / (1 + np.exp(-hidden))
    np.testing.assert_allclose(network.calibrate().at(at), np.hstack([1 - p, p]), rtol=0, atol=1e-12)


def test_scikit_learns_perceptron_written_by_hand_has_its_values(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    from sklearn.datasets import make_moons
    from sklearn.neural_network import MLPClassifier

    X, y = make_moons(100, noise=0.2, random_state=0)
    theirs = MLPClassifier((8, 8), solver="lbfgs", max_iter=20, alpha=1.0, random_state=0)
    with pytest.warns(Warning, match="lbfgs"):
        theirs.fit(X, y)
    nodes, constants = [], {}
    for i, (weight, bias) in enumerate(zip(theirs.coefs_, theirs.intercepts_, strict=True)):
        constants |= {f"W{i}": weight, f"b{i}": bias}
        nodes += [node("MatMul", f"{'x' if i == 0 else f'r{i - 1}'} W{i}", f"m{i}"), node("Add", f"m{i} b{i}", f"z{i}")]
        nodes.append(node("Sigmoid" if i == 2 else "Relu", f"z{i}", "y" if i == 2 else f"r{i}"))
    network = from_file(saved(tmp_path / "net.onnx", model(nodes, ("n", 2), constants, kind=DOUBLE)))
    np.testing.assert_allclose(network.calibrate().at(X)[:, 0], theirs.predict_proba(X)[:, 1], rtol=0, atol=1e-12)


def test_a_convolution_on_a_slice_agrees(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    constants = {"W": rng.normal(size=(3, 1, 3, 3)), "b": rng.normal(size=3), "V": rng.normal(size=(12, 4))}
    nodes = [
        node("Conv", "x W b", "c", pads=[1, 1, 1, 1]),
        node("Relu", "c", "r"),
        node("MaxPool", "r", "p", kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", "p", "f"),
        node("MatMul", "f V"),
    ]
    path = saved(tmp_path / "net.onnx", model(nodes, ("n", 1, 4, 4), constants))
    plane = nw.Slice(*rng.normal(size=(3, 1, 4, 4)))
    field = nw.field(path, plane, plane=HOME)
    at = rng.uniform(-2, 2, size=(50, 2))
    rows = plane.points(at).reshape(-1, 1, 4, 4)
    np.testing.assert_allclose(field.at(at), reference(path, rows), rtol=0, atol=1e-5)
    with pytest.raises(nw.errors.InputError, match="takes 16 inputs; give a slice"):
        nw.field(path)
    with pytest.raises(nw.errors.InputError, match="takes 16 inputs, but the slice has 3"):
        nw.field(path, nw.Slice([0, 0, 0], [1, 0, 0], [0, 1, 0]))


def test_a_decision_of_a_file_is_exact(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.onnx", perceptron())
    found = nw.decision(str(path), plane=HOME)
    same = nw.decision(plain(perceptron(), tmp_path / "net.npz"), plane=HOME)
    assert found.note == ""
    np.testing.assert_allclose(found.areas, same.areas, rtol=1e-12)


@pytest.mark.parametrize(
    ("shape", "plane"),
    [
        ((2,), None),
        (("n", 2), None),
        (("n", "d"), None),
        ((4, 2), None),
        (("n", "d"), (2,)),
        (("n", 1, "h"), (1, 2)),
        (("n", "c", "h"), (1, 2)),
    ],
)
def test_lengths_that_are_left_open_are_found(
    shape: tuple[int | str, ...], plane: tuple[int, ...] | None, tmp_path: Path
) -> None:
    path = saved(tmp_path / "net.onnx", model([node("Relu", "x")], shape))
    at = None if plane is None else nw.Slice(*(np.reshape(row, plane) for row in ([0, 0], [1, 0], [0, 2])))
    found = nw.field(path, at, plane=HOME).at([[0.5, -1.0], [-0.5, 1.0]])
    np.testing.assert_array_equal(found, [[0.5, 0.0], [0.0, 1.0 if at is None else 2.0]])


def test_lengths_that_nothing_says_are_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.onnx", model([node("Relu", "x")], ("n", 3, "h", "w")))
    with pytest.raises(nw.errors.InputError, match=r"its input is 1x3x\?x\?; give a slice"):
        from_file(path)
    with pytest.raises(nw.errors.InputError, match=r"takes 4 inputs, but the slice has 2|takes 4 inputs; give a slice"):
        from_file(saved(tmp_path / "four.onnx", model([node("Relu", "x")], (1, 4))))


def test_a_model_that_takes_one_row_at_a_time_is_run_so(tmp_path: Path) -> None:
    """Its rows are reshaped to one, as exporters write a batch that was 1."""
    nodes = [node("Reshape", "x s", "r"), node("Exp", "r", "e"), node("MatMul", "e W")]
    weight = np.random.default_rng(0).normal(size=(2, 3))
    path = saved(tmp_path / "net.onnx", model(nodes, ("n", 2), {"s": np.array([1, 2]), "W": weight}))
    at = np.random.default_rng(1).uniform(-1, 1, size=(9, 2))
    np.testing.assert_allclose(nw.field(path, plane=HOME).at(at), np.exp(at) @ weight, rtol=0, atol=1e-5)


def test_a_field_that_the_evaluator_draws_goes_to_other_processes_and_is_cancelled(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.onnx", model([node("Exp", "x")]))
    field = nw.field(path, plane=HOME, size=(90, 60))
    again = pickle.loads(pickle.dumps(field))
    np.testing.assert_array_equal(again.at([[0.5, 1.0]]), field.at([[0.5, 1.0]]))
    calls = []

    def stop(done: int, total: int) -> None:
        calls.append((done, total))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        field.sample(progress=stop)
    assert len(calls) == 1


@pytest.mark.slow
def test_every_number_of_a_file_is_taken_in_float64(tmp_path: Path) -> None:
    """Casts to float32 and constants that are attributes too: the evaluator does not compute with unlike types."""
    nodes = [
        node("Cast", "x", "f", to=onnx.TensorProto.FLOAT),
        node("Constant", "", "c", value_floats=[0.1, 0.2]),
        node("Constant", "", "d", value_float=0.3),
        node("Greater", "f d", "m"),
        node("ConstantOfShape", "one", "zeros"),
        node("Max", "zeros d", "e"),
        node("Where", "m c e", "w"),
        node("ReduceSum", "w", "s"),
        node("Add", "s f"),
    ]
    network = from_file(saved(tmp_path / "net.onnx", model(nodes, constants={"one": np.array([1])})))
    c, d = np.array([0.1, 0.2], np.float32).astype(float), float(np.float32(0.3))
    at = np.random.default_rng(0).uniform(-1, 1, size=(20, 2))
    wanted = np.where(at > d, c, d).sum(axis=1, keepdims=True) + at
    # the sum is over the batch too, which is one row for a Network
    np.testing.assert_allclose(network.calibrate().at(at), wanted, rtol=0, atol=1e-14)


LATER = [node("Relu", "z", "r"), node("Gemm", "r w", "y")]
WRONG = [
    (node("Mul", "x k", "z"), "Mul in node 'z': holds NaN or infinite numbers; all must be finite"),
    (node("Mul", "x k", "z", name="scaling"), "Mul in node 'scaling': holds NaN or infinite numbers"),
    (node("Add", "x i", "z"), "Add in node 'z': holds NaN or infinite numbers"),
    (node("Gemm", "x n", "z"), "Gemm in node 'z': holds NaN or infinite numbers"),
    (node("MatMul", "x n", "z"), "MatMul in node 'z': holds NaN or infinite numbers"),
    (node("LeakyRelu", "x", "z", alpha=float("inf")), "LeakyRelu in node 'z': holds NaN or infinite numbers"),
]


@pytest.mark.parametrize(("first", "message"), WRONG)
@pytest.mark.parametrize("look", [nw.onnx.from_file, nw.field])
def test_numbers_that_are_not_finite_are_of_a_node(tmp_path: Path, first: Any, message: str, look: Any) -> None:
    k, i, n = np.array([1, np.nan]), np.array([np.inf, 1]), np.array([[1, 2], [np.nan, 1]])
    path = saved(tmp_path / "a.onnx", model([first, *LATER], ("n", 2), {"k": k, "i": i, "n": n, "w": np.ones((2, 3))}))
    with pytest.raises(InputError, match=message) as caught:
        look(path)
    assert "operation" not in str(caught.value)
    # at the end of the model, where nothing reads it
    alone = model(
        [type(first).FromString(first.SerializeToString()), node("Identity", "z", "y")],
        ("n", 2),
        {"k": k, "i": i, "n": n},
    )
    with pytest.raises(InputError, match=message):
        look(saved(tmp_path / "b.onnx", alone))


def test_weights_of_another_width_are_of_a_node(tmp_path: Path) -> None:
    wide = [node("Flatten", "x", "f"), node("Gemm", "f w", "y", name="last")]
    made = onnx.helper.make_model(
        onnx.helper.make_graph(
            wide,
            "made",
            [onnx.helper.make_tensor_value_info("x", 1, ("n", 2))],
            [onnx.helper.make_tensor_value_info("y", 1, ("n", 3))],
            [onnx.numpy_helper.from_array(np.ones((3, 4), np.float32), "w")],
        ),
        opset_imports=[onnx.helper.make_opsetid("", 17)],
        ir_version=8,
    )
    message = r"a\.onnx': Gemm in node 'last': its weight has 4x3 numbers, but it is given 2 at a time$"
    for look in (nw.onnx.from_file, nw.field):
        with pytest.raises(InputError, match=message):
            look(saved(tmp_path / "a.onnx", made))
