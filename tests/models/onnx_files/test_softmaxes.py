"""A Softmax at the end of a file, over every axis: left out where no winner changes, else kept or refused.

The right values follow from ONNX's definition, written here again, and onnxruntime's are the same where it is there.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from models.onnx_files.made import model, node, saved
from netwarp.errors import UnsupportedError
from netwarp.models.onnx_files.network import from_file

PLANE = nw.Plane(0, 0, 4, 4)
WEIGHT = np.random.default_rng(3).normal(size=(2, 6))
POINTS = np.random.default_rng(4).uniform(-2, 2, (40, 2))
# the axes of an input's outputs; the first one of ranks 2 and 3 counts the inputs
SHAPES: dict[str, tuple[int, ...]] = {"C": (6,), "nC": (6,), "nAB": (2, 3), "nC11": (6, 1, 1)}
CASES = [
    (shape, axis, opset)
    for shape in SHAPES
    for opset in (11, 13, 21)
    for axis in (None, *range(-len(shape), len(shape)))
    # an axis past the last one is no axis of a single row, which onnxruntime runs and the reference does not
    if not (shape == "C" and opset < 13 and axis is None)
]


def made(kind: str, shape: str, axis: int | None, opset: int) -> Any:
    """A file whose scores before the softmax are x @ WEIGHT in this shape."""
    nodes, constants = [node("MatMul", "x W", "t")], {"W": WEIGHT}
    if len(shape) > 2:
        constants["S"] = np.array([0, *SHAPES[shape]])
        nodes.append(node("Reshape", "t S", "s"))
    given = {} if axis is None else {"axis": axis}
    nodes.append(node(kind, "s" if len(shape) > 2 else "t", "y", **given))
    return model(nodes, (2,) if shape == "C" else ("n", 2), constants, opset=opset)


def right(kind: str, shape: str, axis: int | None, opset: int, rows: np.ndarray) -> np.ndarray:
    """(n, 6) by the definition: over one axis since opset 13, before over all axes from that one on."""
    scores = rows @ WEIGHT
    if shape == "C":
        return np.concatenate([softmax(kind, one, axis, opset).reshape(1, 6) for one in scores])
    return softmax(kind, scores.reshape(-1, *SHAPES[shape]), axis, opset).reshape(-1, 6)


def softmax(kind: str, scores: np.ndarray, axis: int | None, opset: int) -> np.ndarray:
    if opset < 13:
        first = (1 if axis is None else axis) % scores.ndim
        flat = scores.reshape(int(np.prod(scores.shape[:first])), -1)
        powers = np.exp(flat - flat.max(axis=1, keepdims=True))
        found = (powers / powers.sum(axis=1, keepdims=True)).reshape(scores.shape)
    else:
        last = -1 if axis is None else axis
        powers = np.exp(scores - scores.max(axis=last, keepdims=True))
        found = powers / powers.sum(axis=last, keepdims=True)
    return np.asarray(found if kind == "Softmax" else np.log(found))


def over_inputs(shape: str, axis: int | None) -> bool:
    return shape != "C" and axis is not None and axis % len(shape) == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax"])
@pytest.mark.parametrize(("shape", "axis", "opset"), CASES)
def test_every_axis_of_every_rank(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str, shape: str, axis: int | None, opset: int
) -> None:
    path = saved(tmp_path / "net.onnx", made(kind, shape, axis, opset))
    wanted = right(kind, shape, axis, opset, POINTS)
    if over_inputs(shape, axis):
        with pytest.raises(UnsupportedError, match=f"is over axis {axis}, which counts the inputs"):
            nw.field(path, plane=PLANE)
        # the values of some rows alone are other ones
        assert np.abs(wanted[:3] - right(kind, shape, axis, opset, POINTS[:3])).max() > 0.01
        return
    with caplog.at_level(logging.WARNING, "netwarp"):
        found = nw.field(path, plane=PLANE).at(POINTS)
    if "is left out" in caplog.text:
        np.testing.assert_allclose(found, POINTS @ WEIGHT, rtol=0, atol=1e-6)
        assert (found.argmax(axis=1) == wanted.argmax(axis=1)).all()
        assert nw.decision(path, plane=PLANE, size=(40, 40)).exact
    else:
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6)
        # another output would win where it is over a part of them
        assert (wanted.argmax(axis=1) != (POINTS @ WEIGHT).argmax(axis=1)).any()


@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax"])
def test_the_definition_is_onnxruntimes(kind: str) -> None:
    runtime = pytest.importorskip("onnxruntime")
    for shape, axis, opset in CASES:
        session = runtime.InferenceSession(made(kind, shape, axis, opset).SerializeToString())
        given = POINTS.astype(np.float32)
        found = [session.run(None, {"x": one})[0].reshape(-1, 6) for one in (given if shape == "C" else [given])]
        wanted = right(kind, shape, axis, opset, POINTS)
        np.testing.assert_allclose(np.concatenate(found), wanted, rtol=0, atol=1e-5)


def test_an_axis_that_counts_the_inputs_may_be_the_last(tmp_path: Path) -> None:
    """Scores of (classes, inputs): the first axis is that of the classes."""
    for axis, refused in ((0, False), (1, True)):
        nodes = [node("MatMul", "x W", "t"), node("Transpose", "t", "s", perm=[1, 0]), node("Softmax", "s", axis=axis)]
        path = saved(tmp_path / "net.onnx", model(nodes, ("n", 2), {"W": WEIGHT}))
        if refused:
            with pytest.raises(UnsupportedError, match="is over axis 1, which counts the inputs"):
                from_file(path)
        else:
            np.testing.assert_allclose(from_file(path).calibrate().at(POINTS), POINTS @ WEIGHT, rtol=0, atol=1e-6)


def test_a_logarithm_of_what_has_become_zero_is_a_number(tmp_path: Path) -> None:
    nodes = [node("MatMul", "x W", "t"), node("Reshape", "t S", "s"), node("LogSoftmax", "s", axis=1)]
    constants = {"W": 1e4 * WEIGHT, "S": np.array([0, 2, 3])}
    path = saved(tmp_path / "net.onnx", model(nodes, ("n", 2), constants))
    scores = (1e4 * POINTS @ WEIGHT).reshape(-1, 2, 3)
    low = scores - scores.max(axis=1, keepdims=True)
    wanted = (low - np.log(np.exp(low).sum(axis=1, keepdims=True))).reshape(-1, 6)
    np.testing.assert_allclose(nw.field(path, plane=PLANE).at(POINTS), wanted, rtol=1e-4, atol=1e-2)


@pytest.mark.parametrize("kind", ["Softmax", "LogSoftmax"])
def test_a_softmax_between_others_is_run_by_its_opset(tmp_path: Path, kind: str) -> None:
    """Before opset 13 over all axes from one on."""
    nodes = [node("MatMul", "x W", "t"), node("Reshape", "t S", "s"), node(kind, "s", "p", axis=1), node("Exp", "p")]
    for opset in (11, 13):
        constants = {"W": WEIGHT, "S": np.array([0, 2, 3])}
        path = saved(tmp_path / "net.onnx", model(nodes, ("n", 2), constants, opset=opset))
        wanted = np.exp(right(kind, "nAB", 1, opset, POINTS))
        np.testing.assert_allclose(nw.field(path, plane=PLANE).at(POINTS), wanted, rtol=1e-5)
