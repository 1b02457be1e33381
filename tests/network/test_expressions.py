"""Written inputs as operations: their values against numpy's, in every evaluator, and where they have regions."""

import numpy as np
import pytest

import netwarp as nw
from netwarp.errors import UnsupportedError
from netwarp.plane import Plane, Raster

POINTS = np.random.RandomState(5).uniform(-1, 1, (200, 2))
X, Y = POINTS.T
R = np.hypot(X, Y)
CASES = {
    "x*x x*y": [X * X, X * Y],
    "x x*y -x*y*2 sin(x)": [X, X * Y, -2 * X * Y, np.sin(X)],
    "cos(3*y+x-1) gauss(r) abs(x)": [np.cos(3 * Y + X - 1), np.exp(-R * R / 2), abs(X)],
    "r*r*x+2*x-0.5 bias z((3,))": [R * R * X + 2 * X - 0.5, 1 + 0 * X, 3 + 0 * X],
    "tanh(x*y+sin(r))": [np.tanh(X * Y + np.sin(R))],
    "sin(x+y)*(x-2*(y+1)) scale(8)": [np.sin(16 * X + 16 * Y) * (16 * X - 2 * (16 * Y + 1))],
    "r r*x x cos(r) scale(2)": [4 * R, 16 * R * X, 4 * X, np.cos(4 * R)],
    "sin(2*x)*sin(2*x) x-x+y relu(-y)": [np.sin(2 * X) ** 2, Y, np.maximum(-Y, 0)],
    "square(sin(abs(x)+abs(y)))": [np.sin(abs(X) + abs(Y)) ** 2],
    "periodic(x) x*y": [np.cos(2 * np.pi * X), np.sin(2 * np.pi * X), X * Y],
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_the_values(text: str) -> None:
    network = nw.Network.draw(nw.parse("act('linear')", inputs=text, norm=None), 1)
    weight, bias = (network.parameters[f"readout.{name}"].astype(np.float32) for name in ("weight", "bias"))
    wanted = np.stack(CASES[text], axis=1) @ weight[:, :, 0, 0].T.astype(np.float64) + bias
    found = network.calibrate(Raster(8, 8)).at(POINTS)
    assert np.abs(found - wanted).max() < 1e-12


@pytest.mark.parametrize("text", CASES)
def test_the_evaluators_agree_and_they_have_tangents(text: str) -> None:
    field = nw.Network.draw(nw.parse("conv(6) * 2", inputs=text, act="tanh"), 2).calibrate(Raster(30, 20))
    raster = Raster(13, 9, Plane(0.1, 0.2, 0.9, 0.8))
    for one, other in (
        (field.sample(raster, dtype="float64"), field.sample(raster, dtype="float64", engine="torch")),
        (field.tangent(raster, dtype="float64"), field.tangent(raster, dtype="float64", engine="torch")),
    ):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-9 * np.abs(one).max())


def test_a_seed_draws_the_latents_beside_them() -> None:
    architecture = nw.parse("conv(4)", inputs="x*y z(3) sin(r)")
    one, other = (nw.Network.draw(architecture, seed) for seed in (1, 2))
    assert set(one.parameters) >= {"inputs.1.z"}
    made = nw.Network.draw(architecture, 1)
    assert np.array_equal(one.parameters["inputs.1.z"], made.parameters["inputs.1.z"])
    assert not np.array_equal(one.parameters["inputs.1.z"], other.parameters["inputs.1.z"])


def test_regions_are_exact_where_they_are_piecewise_linear() -> None:
    """abs(x) makes a mirror image with straight edges."""
    field = nw.Network.draw(nw.parse("conv(6) * 2", inputs="abs(x) y x-abs(y)"), 3).calibrate(Raster(30, 20))
    cells = field.tessellate(Plane())
    raster = Raster(64, 64)
    exact = field.sample(raster, engine="exact", dtype="float64")
    np.testing.assert_allclose(exact, field.sample(raster, dtype="float64"), atol=1e-9)
    assert len(cells) > 4


@pytest.mark.parametrize("text", ["x*y", "sin(x)", "gauss(x)", "r*x"])
def test_curved_ones_have_no_regions(text: str) -> None:
    field = nw.Network.draw(nw.parse("conv(6)", inputs=text), 3).calibrate(Raster(30, 20))
    with pytest.raises(UnsupportedError, match="no flat regions"):
        field.tessellate(Plane())


def test_they_are_drawn_far_below_the_digits_of_a_float() -> None:
    architecture = nw.parse("conv(6) * 2", inputs="x*x x*y sin(3*x) gauss(r)", act="tanh")
    deep = Raster(30, 30, Plane("0.31234567890123456789", "0.2", 1e-20, 1e-20))
    pixels = nw.draw(architecture, deep).picture.pixels.reshape(-1, 3)
    assert len(np.unique(pixels, axis=0)) > 300
