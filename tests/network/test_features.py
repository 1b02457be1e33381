"""Inputs of a network's own: what they are, against numpy, and that nothing else is read."""

import io
from typing import Any

import numpy as np
import pytest

import netwarp as nw
from netwarp.network.features import DEGREE, read_features
from netwarp.network.source import Plain

RANDOM = np.random.RandomState(8)
POINTS = RANDOM.standard_normal((20, 2))


def load(**arrays: Any) -> nw.Network:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    stream.seek(0)
    return nw.Network.load(stream)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("x, y", lambda x, y: [x, y]),
        ("y", lambda x, y: [y]),
        ("x, y, x*x, y*y, x*y", lambda x, y: [x, y, x * x, y * y, x * y]),
        (
            "x, y, sin(x), cos(y), -2*sin(x)*cos(y)*x",
            lambda x, y: [x, y, np.sin(x), np.cos(y), -2 * x * np.sin(x) * np.cos(y)],
        ),
        ("1, 0.5*x, 3*x*x*x", lambda x, y: [1 + 0 * x, x / 2, 3 * x**3]),
        (["x", "x * y"], lambda x, y: [x, x * y]),
    ],
)
def test_the_first_layer_reads_them(text: Any, right: Any) -> None:
    features = np.stack(right(*POINTS.T), axis=1)
    weight, bias, last = RANDOM.standard_normal((6, features.shape[1])), RANDOM.standard_normal(6), np.eye(2, 6)
    network = load(W0=weight, b0=bias, W1=last, inputs=text, activation="tanh")
    found = network.calibrate(nw.Raster(4, 4)).at(POINTS)
    assert np.allclose(found, np.tanh(features @ weight.T + bias) @ last.T, atol=1e-13)
    stream = io.BytesIO()
    network.save(stream)
    stream.seek(0)
    again = nw.Network.load(stream)
    assert again.source == network.source
    assert np.array_equal(again.calibrate(nw.Raster(4, 4)).at(POINTS), found)


def test_they_have_tangents_pictures_and_a_torch_module() -> None:
    network = load(W0=np.ones((1, 1)), inputs="x*x*y")
    raster = nw.Raster(6, 5, nw.Plane(1, 2, 3, 3))
    field = network.calibrate(raster)
    x, y = np.meshgrid(raster.xs(), raster.ys())
    assert np.allclose(field.tangent(raster)[0], [2 * x * y, x * x], atol=1e-12)
    assert nw.draw(network, raster, dtype="float64").samples.shape == (1, 5, 6)
    assert np.allclose(field.sample(raster, dtype="float64")[0], x * x * y)


def test_the_torch_module_computes_the_same() -> None:
    torch = pytest.importorskip("torch")
    network = load(W0=RANDOM.standard_normal((3, 4)), inputs="x, y, x*y, sin(x)", output_activation="relu")
    raster = nw.Raster(6, 5, nw.Plane(1, 2, 3, 3))
    found = nw.to_torch(network, dtype=torch.float64)(torch.from_numpy(raster.slope())[None])
    assert np.allclose(found.detach().numpy()[0], network.calibrate(raster).sample(raster, dtype="float64"), atol=1e-12)


def test_linear_ones_keep_exact_regions() -> None:
    relu = {"W0": [[1.0, 0], [0, 1]], "W1": [[1.0, 1]], "inputs": "0.5*x, y", "activation": "relu"}
    assert len(load(**relu).calibrate().tessellate(nw.Plane(0, 0, 2, 2))) == 4
    with pytest.raises(nw.errors.UnsupportedError):
        load(**relu | {"inputs": "x*x, y"}).calibrate().tessellate(nw.Plane(0, 0, 2, 2))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x, z", "is no input; these are products of x, y"),
        ("x + y", "is no input"),
        ("x**2", "is no input"),
        ("sin(2*x)", "is no input"),
        ("x, __import__('os')", "is no input"),
        ("x, True", "is no input"),
        ("1e300*x", "is no input"),
        ("x, (y", "never closed"),
        ("*".join("x" * (DEGREE + 1)), "has more than 64 factors"),
        ("x,", "reads 2 numbers, but 'inputs' names 1"),
        ("x, y, x*y", "array 'W0' reads 2 numbers, but 'inputs' names 3"),
    ],
)
def test_what_is_no_input_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(nw.NetwarpError, match=message) as caught:
        load(W0=np.eye(2), inputs=text)
    assert "\n" not in str(caught.value)


def test_a_slice_and_inputs_of_its_own_are_one_too_many() -> None:
    with pytest.raises(nw.NetwarpError, match="array 'origin': a network of inputs of its own has no slice"):
        load(W0=np.eye(2), inputs="x, y", origin=[0, 0], u=[1, 0], v=[0, 1])
    with pytest.raises(nw.NetwarpError, match="Plain inputs=3: must be a text"):
        Plain((), inputs=3)  # type: ignore[arg-type]
    assert read_features("2*x")[0].times == 2
