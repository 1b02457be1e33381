"""Files exported for a batch of several inputs, whose operations need it: every input is a row of a full batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import netwarp as nw
from models.onnx_files.made import DOUBLE, model, node, saved
from netwarp.errors import UnsupportedError

RANDOM = np.random.default_rng(3)
A, B = RANDOM.normal(size=(2, 12)), RANDOM.normal(size=12)
POINTS = RANDOM.uniform(-1, 1, (37, 2))
SHAPES = {"into": np.array([4, 4, 3]), "back": np.array([4, 12])}
BAKED = [node("Gemm", "x a b", "z"), node("Reshape", "z into", "r"), node("Relu", "r", "m")]
CONSTANTS = {"a": A, "b": B, **SHAPES}
RIGHT = np.maximum(POINTS @ A + B, 0)


def test_a_reshape_to_the_batch_is_exact(tmp_path: Path) -> None:
    made = model([*BAKED, node("Reshape", "m back")], (4, 2), CONSTANTS, kind=DOUBLE)
    network = nw.onnx.from_file(saved(tmp_path / "a.onnx", made))
    assert np.allclose(network.calibrate().at(POINTS), RIGHT, rtol=1e-13, atol=1e-13)
    plane = nw.Plane.between(-1, 1, -1, 1)
    free = model([node("Gemm", "x a b", "z"), node("Relu", "z")], ("n", 2), {"a": A, "b": B}, kind=DOUBLE)
    cells = nw.onnx.from_file(saved(tmp_path / "b.onnx", free)).calibrate().tessellate(plane)
    assert len(network.calibrate().tessellate(plane)) == len(cells)
    assert nw.decision(tmp_path / "a.onnx", plane=plane, size=(30, 20)).exact


def test_a_softmax_at_its_end_is_left_out_too(tmp_path: Path) -> None:
    made = model([*BAKED, node("Reshape", "m back", "s"), node("Softmax", "s", axis=1)], (4, 2), CONSTANTS, kind=DOUBLE)
    network = nw.onnx.from_file(saved(tmp_path / "a.onnx", made))
    assert np.allclose(network.calibrate().at(POINTS), RIGHT, rtol=1e-13, atol=1e-13)


def test_what_has_no_exact_form_is_run_on_full_batches(tmp_path: Path) -> None:
    made = model([*BAKED, node("Reshape", "m back", "s"), node("Hardmax", "s", axis=1)], (4, 2), CONSTANTS, kind=DOUBLE)
    field = nw.field(saved(tmp_path / "a.onnx", made))
    right = RIGHT.max(axis=1, keepdims=True) == RIGHT
    found = field.at(POINTS)
    assert np.array_equal(found[RIGHT.max(axis=1) > 0], right[RIGHT.max(axis=1) > 0])
    # one alone, and numbers of points that no batch divides
    for count in (1, 2, 4, 5):
        assert np.array_equal(field.at(POINTS[:count]), found[:count])


def test_a_batch_that_no_operation_needs_is_followed_as_one_input(tmp_path: Path) -> None:
    nodes = [node("Gemm", "x a b", "z"), node("Relu", "z")]
    fixed = model(nodes, (64, 2), {"a": A, "b": B}, kind=DOUBLE)
    free = model(nodes, ("n", 2), {"a": A, "b": B}, kind=DOUBLE)
    networks = [nw.onnx.from_file(saved(tmp_path / f"{n}.onnx", made)) for n, made in enumerate((fixed, free))]
    sizes = [[one.channels for one in network.source.program.operations] for network in networks]  # type: ignore[union-attr]  # their source is a Graph
    assert sizes[0] == sizes[1]


def test_constants_of_the_batch_are_rows_of_it(tmp_path: Path) -> None:
    # (4, 12), the same in every row: with one input alone it would give four
    made = model(
        [node("Gemm", "x a b", "z"), node("Add", "z c")], (4, 2), {"a": A, "b": B, "c": np.ones((4, 12))}, kind=DOUBLE
    )
    network = nw.onnx.from_file(saved(tmp_path / "a.onnx", made))
    assert network.channels == 12
    assert np.allclose(network.calibrate().at(POINTS), POINTS @ A + B + 1, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("look", [nw.onnx.from_file, nw.field])
def test_an_output_without_a_row_for_each_says_what_to_export(tmp_path: Path, look: object) -> None:
    made = model([*BAKED, node("Reshape", "m flat")], (4, 2), {**CONSTANTS, "flat": np.array([48])}, kind=DOUBLE)
    path = saved(tmp_path / "a.onnx", made)
    with pytest.raises(
        UnsupportedError,
        match=r"a\.onnx': was exported for a batch of 4, and gives \[48\] for 4, not a row for each; export it with a "
        "batch of 1, or left open$",
    ):
        look(path)  # type: ignore[operator]  # the table holds functions of several kinds
