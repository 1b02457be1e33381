"""prelu: a slope a channel, which is a parameter like any other."""

from __future__ import annotations

import io

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import InputError, LanguageError
from netwarp.fields.calibration import calibrate
from netwarp.network.network import Network
from netwarp.network.source import Graph, Weighted
from netwarp.plane import Raster

RASTER = Raster(24, 16)


def learned(seed: int = 1) -> Network:
    """A network whose slopes are no longer those it was drawn with."""
    architecture = parse("conv(4) >> act() >> conv(5, norm=None)", act="prelu")
    drawn = Network.draw(architecture, seed)
    random = np.random.default_rng(seed)
    slopes = {
        name: random.uniform(-0.5, 1.5, array.shape) if name.endswith(".slope") else array
        for name, array in drawn.parameters.items()
    }
    return Network(Weighted(architecture), slopes)


def test_a_drawn_network_starts_at_a_quarter() -> None:
    parameters = Network.draw(parse("conv(4) >> act() >> conv(5)", act="prelu"), 3).parameters
    slopes = {name: array.tolist() for name, array in parameters.items() if name.endswith("slope")}
    assert slopes == {"0.slope": [0.25] * 4, "1.slope": [0.25] * 4, "2.slope": [0.25] * 5}


def test_it_draws_what_leaky_does() -> None:
    one, other = (calibrate(Network.draw(parse("conv(6) * 3", act=act), 2), RASTER) for act in ("prelu", "leaky(0.25)"))
    np.testing.assert_array_equal(one.sample(RASTER), other.sample(RASTER))
    np.testing.assert_array_equal(one.tessellate().vertices, other.tessellate().vertices)


def test_a_file_keeps_the_slopes() -> None:
    network, stream = learned(), io.BytesIO()
    network.save(stream)
    stream.seek(0)
    again = Network.load(stream)
    assert again.parameters.keys() == network.parameters.keys()
    for name, array in network.parameters.items():
        np.testing.assert_array_equal(again.parameters[name], array)


def test_cells_are_affine_with_slopes_of_their_own() -> None:
    field = calibrate(learned(), RASTER)
    exact = field.tessellate()
    exact.check()
    wanted = field.sample(RASTER, dtype="float64")
    found = field.sample(RASTER, dtype="float64", engine="exact")
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12 * np.abs(wanted).max())


def test_the_module_learns_them() -> None:
    torch = pytest.importorskip("torch")
    from netwarp.network.module import slope, to_module

    network = learned()
    module = to_module(network, dtype=torch.float64)
    layers = [one for one in module if isinstance(one, torch.nn.PReLU)]
    assert [one.weight.tolist() for one in layers] == [network.parameters[f"{n}.slope"].tolist() for n in range(3)]
    found = module(torch.from_numpy(slope(network, RASTER))[None])[0].detach().numpy()
    np.testing.assert_allclose(found, calibrate(network, RASTER).sample(RASTER, dtype="float64"), rtol=1e-4, atol=1e-4)
    module(torch.zeros(1, 2, 4, 4, dtype=torch.float64)).sum().backward()
    assert all(one.weight.grad is not None for one in layers)


def test_what_it_refuses() -> None:
    with pytest.raises(LanguageError, match='"prelu" takes no arguments'):
        parse("conv(3)", act="prelu(0.1)")
    with pytest.raises(InputError, match="activation prelu: a loaded network draws nothing"):
        Network.load(plain(), activation="prelu")


def test_a_graph_counts_them_too() -> None:
    network = learned()
    graph = Network(Graph(calibrate(network, RASTER).program))
    slopes = [array for name, array in graph.parameters.items() if name.endswith(".parameter")]
    learnt = [array.astype(np.float32) for name, array in network.parameters.items() if name.endswith(".slope")]
    assert len(slopes) == 3
    assert all(np.array_equal(one, other) for one, other in zip(slopes, learnt, strict=True))
    relu = Network(Graph(calibrate(Network.draw(parse("conv(4)", act="leaky(0.1)"), 1), RASTER).program))
    assert not any(name.endswith(".parameter") for name in relu.parameters)


def plain() -> io.BytesIO:
    stream = io.BytesIO()
    np.savez(stream, W0=np.eye(2), b0=np.zeros(2), W1=np.ones((1, 2)), b1=np.zeros(1))
    stream.seek(0)
    return stream
