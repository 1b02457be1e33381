"""Files that are no good ONNX files: one line says what is wrong, and nothing else happens."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import netwarp as nw
from models.onnx_files.made import DOUBLE, FLOAT, h, model, nh, node, onnx, perceptron, saved
from netwarp.models.onnx_files.network import from_file
from netwarp.models.onnx_files.reading import read_model

WHOLE = perceptron((2, 4, 2)).SerializeToString()


def refused(path: Path, match: str, plane: nw.Slice | None = None) -> str:
    """What is said of a file, one line that names it."""
    with pytest.raises(nw.NetwarpError, match=match) as raised:
        from_file(path, plane)
    text = str(raised.value)
    assert path.name in text
    assert "\n" not in text
    return text


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n" + bytes(90), b"W0,b0\n1,2\n", b"\x80\x04K\x01.", b"\x08"])
def test_what_is_no_onnx_file_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(data)
    refused(path, "is no ONNX file, or cut short|has no graph, so it is no ONNX file")


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    refused(tmp_path / "none.onnx", "no such file")
    refused(tmp_path, "cannot be read")


def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    for length in range(0, len(WHOLE), 7):
        path.write_bytes(WHOLE[:length])
        refused(path, "cut short|not valid|inputs|no output")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(117, 0, 253, 29)  # a type of numbers that there is not
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, at: int, byte: int, place: int, other: int) -> None:
    data = bytearray(WHOLE)
    data[at], data[place] = byte, other
    path = tmp_path / "net.onnx"
    path.write_bytes(bytes(data))
    with suppress(nw.NetwarpError):
        assert from_file(path).channels >= 1


def test_a_model_that_onnx_finds_invalid_is_refused(tmp_path: Path) -> None:
    made = perceptron()
    made.graph.node[0].input[1] = "nothing"
    onnx.save(made, tmp_path / "net.onnx")
    refused(tmp_path / "net.onnx", "is not valid .*nothing")


def test_without_the_package_the_line_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "net.onnx", perceptron())
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(nw.errors.UnsupportedError, match=r"pip install 'netwarp\[onnx\]'"):
        from_file(path)


def test_a_loop_is_refused_wherever_it_is(tmp_path: Path) -> None:
    body = h.make_graph(
        [node("Identity", "c", "d"), node("Identity", "a", "b")],
        "body",
        [h.make_tensor_value_info(name, kind, []) for name, kind in (("i", 7), ("c", 9), ("a", 1))],
        [h.make_tensor_value_info(name, kind, []) for name, kind in (("d", 9), ("b", 1))],
    )
    loop = h.make_node("Loop", ["", "yes", "x"], ["y"], body=body)
    path = saved(tmp_path / "net.onnx", model([loop], (1, 2), {"yes": np.array(True)}))
    refused(path, "has a Loop, which may never end")
    with pytest.raises(nw.errors.UnsupportedError, match="Loop"):
        nw.field(path)


def test_random_numbers_are_no_function(tmp_path: Path) -> None:
    nodes = [node("RandomNormalLike", "x", "r"), node("Add", "r x")]
    refused(saved(tmp_path / "net.onnx", model(nodes)), "has a RandomNormalLike: it draws at random")


def test_an_operation_that_the_reference_does_not_know_either_is_named(tmp_path: Path) -> None:
    graph = h.make_graph(
        [h.make_node("FusedGemm", ["x", "x"], ["y"], domain="com.microsoft")],
        "made",
        [h.make_tensor_value_info("x", FLOAT, ("n", 2))],
        [h.make_tensor_value_info("y", FLOAT, ("n", 2))],
    )
    opsets = [h.make_opsetid("", 21), h.make_opsetid("com.microsoft", 1)]
    path = saved(tmp_path / "net.onnx", h.make_model(graph, opset_imports=opsets, ir_version=9))
    refused(path, "com.microsoft.FusedGemm")
    with pytest.raises(nw.errors.UnsupportedError, match=r"evaluator cannot run it .*FusedGemm"):
        nw.field(path)


HUGE = 2**31
PLANE = nw.Slice(*np.random.default_rng(0).normal(size=(3, 1, 2, 4, 4)))
ENORMOUS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "a constant": (
        [node("ConstantOfShape", "s", "c"), node("ReduceSum", "c", "t", keepdims=0), node("Add", "x t")],
        {"s": np.array([HUGE, HUGE])},
    ),
    "a range": (
        [node("Range", "a b c", "r"), node("ReduceSum", "r", "t", keepdims=0), node("Add", "x t")],
        {"a": np.array(0.0), "b": np.array(1e15), "c": np.array(1.0)},
    ),
    "constants repeated": (
        [node("Tile", "c s", "t"), node("ReduceSum", "t", "u", keepdims=0), node("Add", "x u")],
        {"c": np.ones(4), "s": np.array([HUGE])},
    ),
    "an expansion": ([node("Expand", "x s")], {"s": np.array([HUGE, 2, 4, 4])}),
    "repeats": ([node("Tile", "x s")], {"s": np.array([HUGE, 1, 1, 1])}),
    "a padding": ([node("Pad", "x s")], {"s": np.array([0, 0, HUGE, 0, 0, 0, 0, HUGE])}),
    "the padding of a convolution": (
        [node("Conv", "x w", pads=[HUGE] * 4)],
        {"w": np.ones((1, 2, 1, 1))},
    ),
    "the windows of a pool": ([node("MaxPool", "x", kernel_shape=[HUGE, HUGE], pads=[HUGE - 1] * 4)], {}),
    "a doubling": (
        [
            node("Concat", f"{'x' if i == 0 else f'd{i}'} {'x' if i == 0 else f'd{i}'}", f"d{i + 1}", axis=0)
            for i in range(40)
        ]
        + [node("Identity", "d40")],
        {},
    ),
    "a doubling of constants": (
        [node("Concat", f"c{i} c{i}", f"c{i + 1}", axis=0) for i in range(40)]
        + [node("ReduceSum", "c40", "t", keepdims=0), node("Add", "x t")],
        {"c0": np.ones(4)},
    ),
}


def enormous(name: str, more: list[Any]) -> Any:
    nodes, constants = ENORMOUS[name]
    graph = h.make_graph(
        [*nodes, *more],
        "made",
        [h.make_tensor_value_info("x", DOUBLE, (1, 2, 4, 4))],
        [h.make_tensor_value_info("z" if more else "y", DOUBLE, ("k",))],
        [nh.from_array(given, name) for name, given in constants.items()],
    )
    return h.make_model(graph, opset_imports=[h.make_opsetid("", 21)], ir_version=9)


@pytest.mark.parametrize("name", ENORMOUS)
def test_what_would_take_enormous_memory_is_refused_first(name: str, tmp_path: Path) -> None:
    refused(saved(tmp_path / "net.onnx", enormous(name, [])), "at most|cannot", PLANE)


@pytest.mark.parametrize("name", ENORMOUS)
def test_and_so_it_is_where_another_operation_has_no_exact_form(name: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "net.onnx", enormous(name, [node("Exp", "y", "z")]))
    with pytest.raises(nw.errors.LimitError, match=r"its value .* at most 100,000,000 are run"):
        nw.field(path, PLANE)


def beside(tmp_path: Path, location: str = "net.bin", **said: str) -> Path:
    """A perceptron whose first weights are in a file beside it."""
    made = perceptron((2, 4, 2))
    first = made.graph.initializer[0]
    (tmp_path / "net.bin").write_bytes(bytes(16) + first.raw_data + bytes(8))
    entries = {"location": location, "offset": "16", "length": str(len(first.raw_data))} | said
    first.ClearField("raw_data")
    first.data_location = onnx.TensorProto.EXTERNAL
    for key, value in entries.items():
        first.external_data.add(key=key, value=value)
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    return tmp_path / "net.onnx"


def test_numbers_in_a_file_beside_it_are_read(tmp_path: Path) -> None:
    found = read_model(beside(tmp_path))
    np.testing.assert_array_equal(
        nh.to_array(found.graph.initializer[0]), nh.to_array(perceptron((2, 4, 2)).graph.initializer[0])
    )
    assert from_file(tmp_path / "net.onnx").channels == 2


@pytest.mark.parametrize("location", ["../net.bin", "/etc/passwd", "..", "", "a/b", "C:net.bin", "a\\b"])
def test_numbers_in_a_file_elsewhere_are_not_read(location: str, tmp_path: Path) -> None:
    refused(beside(tmp_path, location), "only a file in its own folder")


@pytest.mark.parametrize("said", [{"offset": "-1"}, {"offset": "99999"}, {"length": "99999"}, {"length": "ten"}])
def test_numbers_beyond_the_end_of_their_file_are_refused(said: dict[str, str], tmp_path: Path) -> None:
    refused(beside(tmp_path, **said), "does not hold all of them")


def test_a_link_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    refused(beside(tmp_path, "other.bin"), "no such file beside it")
    (tmp_path / "other.bin").symlink_to(tmp_path / "net.bin")
    refused(tmp_path / "net.onnx", "no such file beside it")


def test_functions_of_a_models_own_are_read(tmp_path: Path) -> None:
    own = h.make_function(
        "mine", "Twice", ["a"], ["b"], [node("Add", "a a", "s"), node("Relu", "s", "b")], [h.make_opsetid("", 21)]
    )
    graph = h.make_graph(
        [h.make_node("Twice", ["x"], ["y"], domain="mine")],
        "made",
        [h.make_tensor_value_info("x", FLOAT, ("n", 2))],
        [h.make_tensor_value_info("y", FLOAT, ("n", 2))],
    )
    opsets = [h.make_opsetid("", 21), h.make_opsetid("mine", 1)]
    made = h.make_model(graph, functions=[own], opset_imports=opsets, ir_version=9)
    network = from_file(saved(tmp_path / "net.onnx", made))
    np.testing.assert_array_equal(network.calibrate().at([[0.25, -1.0]]), [[0.5, 0.0]])


@pytest.mark.parametrize("kind", [onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16])
def test_numbers_of_16_bits_are_read_exactly(kind: int, tmp_path: Path) -> None:
    weight = np.random.default_rng(0).normal(size=(2, 3))
    made = model([node("MatMul", "x W", "z"), node("Relu", "z")], ("n", 2), {"W": weight}, kind=kind)
    field = nw.field(saved(tmp_path / "net.onnx", made))
    rounded = weight.astype(h.tensor_dtype_to_np_dtype(kind)).astype(np.float64)
    at = np.random.default_rng(1).normal(size=(9, 2))
    np.testing.assert_allclose(field.at(at), np.maximum(at @ rounded, 0), rtol=1e-14, atol=1e-15)


def test_what_is_wrong_with_inputs_and_outputs_is_named(tmp_path: Path) -> None:
    two = model([node("Relu", "x", "y")])
    two.graph.input.append(h.make_tensor_value_info("mask", FLOAT, (1, 2)))
    refused(saved(tmp_path / "two.onnx", two), r"has 2 inputs \('x', 'mask'\)")
    whole = model([node("Identity", "x", "y")], kind=onnx.TensorProto.INT64)
    refused(saved(tmp_path / "whole.onnx", whole), "is of INT64; it must be of floating numbers")
    labels = model([node("ArgMax", "x", "y", axis=1)], outputs=("y",), kinds={"y": onnx.TensorProto.INT64})
    refused(saved(tmp_path / "labels.onnx", labels), "no output of floating numbers")
    with pytest.raises(nw.errors.InputError, match=r"output='z'.*outputs are 'y'"):
        from_file(saved(tmp_path / "one.onnx", perceptron()), output="z")
    with pytest.raises(nw.errors.InputError, match="from_file path=7"):
        from_file(7)  # type: ignore[arg-type]


def test_a_value_inside_is_looked_at_by_its_name(tmp_path: Path) -> None:
    path = saved(tmp_path / "net.onnx", perceptron((2, 5, 3)))
    assert from_file(path, output="z0").channels == 5


def test_several_operations_without_an_exact_form_are_all_named(tmp_path: Path) -> None:
    nodes = [node("Exp", "x", "e"), node("Floor", "e", "f"), node("Log", "f", "y")]
    said = refused(saved(tmp_path / "net.onnx", model(nodes)), "are not operations of ONNX")
    assert all(name in said for name in ("Exp (node 'e')", "Floor (node 'f')", "Log (node 'y')"))
