"""Networks as torch modules: the note's own definition, every construct, borders, and what a torch user expects."""

from __future__ import annotations

import copy
import io

import numpy as np
import pytest

import reference
from netwarp.architecture.language import parse
from netwarp.architecture.specs import ACTIVATIONS
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster

torch = pytest.importorskip("torch")
face = pytest.importorskip("netwarp.network.module")

RASTER = Raster(9, 7, Plane(0.01, 0.02, 1.0, 0.8))


def drawn(
    text: str, act: str = "tanh", inputs: str = "x y", norm: str = "spatial(scale=3, shift=normal(2))"
) -> Network:
    return Network.draw(parse(text, act=act, inputs=inputs, norm=norm, init="he(bias=normal(1))"), 5)


def fed(network: Network, dtype: object = None) -> np.ndarray:
    """(k, rows, columns): what the module makes of the slope image."""
    module = face.to_module(network, dtype=dtype)
    image = torch.tensor(face.slope(network, RASTER), dtype=dtype or torch.get_default_dtype())
    with torch.no_grad():
        return np.asarray(module(image[None])[0])


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference without the Field's rounding to float32: the definition itself."""
    monkeypatch.setattr(reference, "_round", lambda numbers: np.asarray(numbers, dtype=np.float64))


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize(
    "text",
    [
        "conv(10) * 4",
        "conv(4, 3) * 3",
        "conv(4, 2) >> conv(3, 4)",
        "residual(conv(5, 3) >> conv(4, 2)) * 2",
        "dense(conv(3, 3)) * 2",
        "inception(2, (2, 3), (1, 2), 3) * 2",
        'conv(4, 3) >> pool("max", 2) >> conv(3, 2) >> pool("avg", 3) >> conv(2, 3)',
        "gated(conv(4, 3)) >> maxout(3, 2, 3)",
        'depthwise(3) >> conv(4, 2, groups=2, norm=layer(shift=normal(1)), bias=True) >> act("leaky(random)")',
        "norm() >> conv(3, norm=None) >> conv(3, norm=None, bias=False) >> norm()",
    ],
)
@pytest.mark.parametrize("inputs", ["x y", "x y r bias z(1) fourier(1, 2) periodic(y)"])
def test_the_module_is_the_definition(text: str, inputs: str) -> None:
    if "groups=2" in text and inputs != "x y":
        inputs = "x y r z(1)"
    network = drawn(text, inputs=inputs)
    program = reference.calibrate(lower(network), RASTER)
    wanted = reference.sample(program, RASTER, RASTER.pitch)
    found = fed(network, torch.float64)
    assert found.shape == wanted.shape
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-10 * np.abs(wanted).max())
    np.testing.assert_allclose(fed(network), wanted, rtol=0, atol=1e-3 * np.abs(wanted).max())


@pytest.mark.parametrize("name", [*ACTIVATIONS, "leaky(random)", "sin(3)"])
@pytest.mark.usefixtures("exact")
def test_every_activation(name: str) -> None:
    network = drawn("conv(5)", act=name, norm="spatial(scale=20, shift=0.5)")
    wanted = reference.sample(reference.calibrate(lower(network), RASTER), RASTER, RASTER.pitch)
    np.testing.assert_allclose(fed(network, torch.float64), wanted, rtol=1e-11, atol=1e-11)


def test_the_slope_with_its_halo() -> None:
    network = drawn("conv(2, 4) >> conv(2, 3)")
    assert face.halo(network) == (2, 3)
    image = face.slope(network, RASTER)
    assert image.shape == (2, 7 + 5, 9 + 5)
    np.testing.assert_array_equal(image[:, 2:-3, 2:-3], RASTER.slope())
    np.testing.assert_allclose(np.diff(image[0], axis=1), RASTER.pitch[0], rtol=1e-12)
    np.testing.assert_allclose(np.diff(image[1], axis=0), RASTER.pitch[1], rtol=1e-12)
    np.testing.assert_array_equal(face.slope(drawn("conv(2)")), Raster().slope())


def test_a_sequence_is_a_sequential_with_the_same_weights() -> None:
    network = drawn("conv(4) >> conv(4, 3, norm=None)", act="relu")
    module = face.to_module(network, dtype=torch.float64)
    assert type(module) is torch.nn.Sequential
    assert [type(step).__name__ for step in module] == [
        *("Identity", "Conv2d", "SpatialNorm", "ReLU", "Conv2d", "ReLU", "Conv2d"),
    ]
    state = {
        name.replace("_conv.", ".").replace("_spatialnorm.", "."): one for name, one in module.state_dict().items()
    }
    assert state.keys() == network.parameters.keys()
    for name, array in network.parameters.items():
        np.testing.assert_array_equal(state[name].numpy(), array)
    assert face.to_module(network)[1].weight.dtype == torch.get_default_dtype()


def test_pictures_are_normalised_one_by_one() -> None:
    network = drawn("residual(conv(4, 3))")
    module = face.to_module(network, dtype=torch.float64)
    image = torch.from_numpy(face.slope(network, RASTER))
    both = module(torch.stack([image, 3 * image + 1]))
    torch.testing.assert_close(both[0], module(image[None])[0])
    torch.testing.assert_close(both[1], module(3 * image[None] + 1)[0])


def test_it_trains_copies_and_saves() -> None:
    network = drawn("gated(conv(4, 3)) >> maxout(2, 2)", inputs="x r")
    module = face.to_module(network)
    image = torch.tensor(face.slope(network, RASTER), dtype=torch.get_default_dtype())[None]
    before = module(image)
    before.square().mean().backward()
    gradients = {name: one.grad for name, one in module.named_parameters()}
    assert all(gradient is not None and torch.isfinite(gradient).all() for gradient in gradients.values())
    torch.testing.assert_close(copy.deepcopy(module).eval()(image), before)
    stream = io.BytesIO()
    torch.save(module, stream)
    stream.seek(0)
    torch.testing.assert_close(torch.load(stream, weights_only=False)(image), before)


def test_a_plain_network() -> None:
    arrays = {
        "W0": np.array([[1.0, 2], [3, -4]]),
        "b0": np.array([0.0, 1]),
        "W1": np.array([[1.0, -1]]),
        "b1": np.array([5.0]),
    }
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    stream.seek(0)
    network = Network.load(stream)
    x, y = RASTER.slope()
    wanted = np.maximum(x + 2 * y, 0) - np.maximum(3 * x - 4 * y + 1, 0) + 5
    np.testing.assert_allclose(fed(network, torch.float64)[0], wanted, atol=1e-13)
