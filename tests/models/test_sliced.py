"""A network on another slice of its inputs: its values are those at the slice's points, whatever it was made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import InputError, LimitError
from netwarp.models.sliced import first_slice, on_slice, own_slice
from netwarp.network.lower import lower
from netwarp.network.plain import FEW
from netwarp.network.source import Graph

RANDOM = np.random.RandomState(4)
W0, B0, W1 = RANDOM.randn(6, 4), RANDOM.randn(6), RANDOM.randn(2, 6)
ARRAYS = {"W0": W0, "b0": B0, "W1": W1, "origin": np.zeros(4), "u": np.eye(4)[0], "v": np.eye(4)[1]}
PLANE = nw.Slice([0.5, -1, 2, 0], [0, 1, 1, 0], [3, 0, 0, -1])
XY = RANDOM.randn(20, 2)


def right(rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(rows @ W0.T + B0, 0) @ W1.T)


def plain() -> nw.Network:
    return nw.Network.of_arrays(ARRAYS)


def graph() -> nw.Network:
    return nw.Network(Graph(lower(plain())))


def function() -> nw.Network:
    return nw.field(right, nw.Slice(np.zeros(4), *np.eye(4)[:2])).network


@pytest.mark.parametrize("make", [plain, graph, function])
def test_the_values_are_those_at_the_slices_points(make: object) -> None:
    network = make()  # type: ignore[operator]
    moved = on_slice(network, PLANE)
    assert type(moved.source) is type(network.source), "a plain network stays one"
    assert np.allclose(moved.calibrate().at(XY), right(PLANE.points(XY)), rtol=1e-12, atol=1e-12)
    assert np.array_equal(on_slice(moved, own_slice(network)).calibrate().at(XY), network.calibrate().at(XY))  # type: ignore[arg-type]


def test_the_slice_a_network_is_on_is_found() -> None:
    found = own_slice(on_slice(graph(), PLANE))
    assert found is not None
    for name in ("origin", "u", "v"):
        assert np.array_equal(getattr(found, name), getattr(PLANE, name))
    assert own_slice(nw.Network.folding(2, 2)) is None, "it reads x and y themselves"
    assert own_slice(nw.Network.draw(nw.parse("conv(4)", inputs="x y r bias"))) is None


def test_the_slice_of_two_inputs_is_found_where_it_is_another_plane_than_theirs() -> None:
    two = {"W0": W0[:, :2], "b0": B0, "W1": W1}
    turned = nw.Slice([1, 2], [0, 3], [1, 0])
    for whole in (nw.Network.of_arrays(two), nw.Network(Graph(lower(nw.Network.of_arrays(two))))):
        assert own_slice(whole) is None
        found = own_slice(on_slice(whole, turned))
        assert found is not None
        assert np.array_equal(found.coefficients, turned.coefficients)


def test_a_file_whose_inputs_lie_along_a_line_is_on_no_slice() -> None:
    program = lower(graph())
    flat = replace(program.operations[0], coefficients=np.ones((4, 3)))
    assert own_slice(nw.Network(Graph(replace(program, operations=(flat, *program.operations[1:]))))) is None


def test_another_number_of_inputs_is_refused() -> None:
    with pytest.raises(InputError, match="slice: has 3 inputs, but the network reads 4"):
        on_slice(plain(), nw.Slice([0, 0, 1], [1, 0, 0], [0, 1, 0]))
    squares = nw.Network.of_arrays({"W0": np.ones((2, 4)), "inputs": np.array("x, y, x*x, x*y")})
    with pytest.raises(InputError, match="slice: has 4 inputs"):
        on_slice(squares, PLANE)


def test_a_slice_to_begin_with() -> None:
    few = first_slice((3,))
    assert few.text == "features(0, 1, at=(0, 0, 0))"
    assert (few.u.tolist(), few.v.tolist()) == ([1, 0, 0], [0, 1, 0])
    many = first_slice((1, 7, 7))
    assert many.text.startswith("around((0, 0, ")
    assert (many.inputs, many.home.width) == (49, 8.0)  # type: ignore[union-attr]
    rows = nw.Data(RANDOM.randn(30, 3) + 5)
    assert first_slice((3,), rows).text == "features(0, 1)"
    assert np.allclose(first_slice((3,), rows).origin, [0, 0, np.median(rows.X[:, 2])])
    wide = nw.Data(RANDOM.randn(30, FEW + 1))
    assert first_slice((FEW + 1,), wide).text == "pca()"
    # data of other inputs say nothing
    assert first_slice((4,), rows).text == "features(0, 1, at=(0, 0, 0, 0))"
    with pytest.raises(LimitError, match="12,288 inputs are too many"):
        first_slice((3, 64, 64))
