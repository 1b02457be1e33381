"""What normalisation makes a network indifferent to, and what it guarantees on the calibration raster."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwarp.architecture.language import parse
from netwarp.architecture.specs import Constant, Normal, Spatial
from netwarp.engine.native import Native
from netwarp.fields.calibration import calibrate
from netwarp.network.fold import fold
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Array, Conv, Normalise, Program
from netwarp.plane import Plane, Raster

RASTER = Raster(24, 15)


def standardised(samples: np.ndarray) -> np.ndarray:
    flat = samples.reshape(len(samples), -1).astype(np.float64)
    return (flat - flat.mean(axis=1, keepdims=True)) / flat.std(axis=1, keepdims=True)


def drawn(text: str, factor: float, seed: int) -> np.ndarray:
    norm = Spatial(Constant(3.0 * factor), Normal(0.0, 2.0 * factor), eps=0.0)
    network = Network.draw(parse(text, act="relu", norm=norm), seed)
    return standardised(calibrate(network, RASTER).sample(dtype="float64"))


@settings(max_examples=25)
@given(st.sampled_from(["conv(8) * 4", "conv(6, 3) * 3"]), st.integers(-20, 20), st.integers(0, 1000))
def test_scale_and_shift_by_one_power_of_two(text: str, power: int, seed: int) -> None:
    """Exact in every rounding: only the read-out's bias is added at another scale."""
    one, other = drawn(text, 1.0, seed), drawn(text, 2.0**power, seed)
    np.testing.assert_allclose(other, one, rtol=0, atol=1e-9)


@pytest.mark.parametrize("text", ["conv(8) * 4", "conv(6, 3) * 3", "conv(50)"])
@pytest.mark.parametrize("factor", [0.3, 2.7, 100.0])
def test_scale_and_shift_by_one_factor(text: str, factor: float) -> None:
    """Folded weights are float32, so that a few layers on 1e-7 has grown."""
    np.testing.assert_allclose(drawn(text, factor, 4), drawn(text, 1.0, 4), rtol=0, atol=3e-5)
    # by the scale alone it is another picture
    norm = Spatial(Constant(3.0 * factor), Normal(0.0, 2.0), eps=0.0)
    scaled = calibrate(Network.draw(parse(text, act="relu", norm=norm), 4), RASTER).sample(dtype="float64")
    assert np.abs(standardised(scaled) - drawn(text, 1.0, 4)).max() > 0.1


def settled(program: Program, raster: Raster = RASTER) -> dict[int, Conv]:
    """What the native evaluator's statistics make of every Normalise."""
    found: dict[int, Conv] = {}

    def settle(i: int, mean: Array, variance: Array) -> Conv:
        found[i] = fold(program, i, mean, variance)
        return found[i]

    Native().statistics(program, raster, settle)
    return found


@pytest.mark.parametrize("text", ["conv(8) * 4", "conv(6, 3) * 3", "residual(conv(5, 3)) >> conv(4)"])
def test_a_bias_before_a_normalisation_changes_nothing(text: str) -> None:
    program = lower(Network.draw(parse(text), 4))
    rng = np.random.default_rng(1)
    before = {o.sources[0] for o in program.operations if isinstance(o, Normalise)}
    biased = replace(
        program,
        operations=tuple(
            replace(o, bias=rng.normal(size=o.channels)) if i in before and isinstance(o, Conv) else o
            for i, o in enumerate(program.operations)
        ),
    )
    one, other = settled(program), settled(biased)
    assert one.keys() == other.keys() == {i for i, o in enumerate(program.operations) if isinstance(o, Normalise)}
    for i, conv in one.items():
        # a float32 may round the other way, and what follows feels that
        np.testing.assert_allclose(other[i].weight, conv.weight, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(other[i].bias, conv.bias, rtol=1e-5, atol=1e-5)


def permuted(network: Network, layer: int, order: np.ndarray) -> Network:
    """The channels of a layer in another order, and so the next one's inputs."""
    parameters = {name: np.array(values) for name, values in network.parameters.items()}
    for name in ("weight", "scale", "shift"):
        parameters[f"{layer}.{name}"] = parameters[f"{layer}.{name}"][order]
    following = f"{layer + 1}.weight" if f"{layer + 1}.weight" in parameters else "readout.weight"
    parameters[following] = parameters[following][:, order]
    return replace(network, parameters=parameters)


@settings(max_examples=25)
@given(st.sampled_from(["conv(8) * 3", "conv(6, 3) * 3"]), st.integers(0, 2), st.randoms(use_true_random=False))
def test_the_order_of_channels_changes_nothing(text: str, layer: int, random: object) -> None:
    network = Network.draw(parse(text, act="tanh"), 4)
    channels = len(network.parameters[f"{layer}.scale"])
    order = np.arange(channels)
    random.shuffle(order)  # type: ignore[attr-defined]
    one, other = calibrate(network, RASTER), calibrate(permuted(network, layer, order), RASTER)
    # the layer itself: each channel by the same sums in the same order
    np.testing.assert_array_equal(
        other.after(layer + 1).sample(dtype="float32"), one.after(layer + 1).sample(dtype="float32")[order]
    )
    # what follows adds up in another order; a weight may round to another float32
    wanted = one.sample(dtype="float64")
    np.testing.assert_allclose(other.sample(dtype="float64"), wanted, rtol=0, atol=2e-5 * np.abs(wanted).max())


@settings(max_examples=40)
@given(st.integers(1, 90), st.integers(1, 60), st.integers(1, 20), st.integers(0, 1000))
def test_without_shift_every_first_line_passes_through_the_centre(
    columns: int, rows: int, channels: int, seed: int
) -> None:
    """Exactly: the mean of x and of y, and so of every sum of them, is 0 to the last bit."""
    architecture = parse(f"conv({channels})", norm=Spatial(Constant(3.0), Constant(0.0)))
    for plane in (Plane(), Plane(0.0, 0.0, 1.5, 0.7)):
        field = calibrate(Network.draw(architecture, seed), Raster(columns, rows, plane))
        first = next(o for o in field.program.operations if isinstance(o, Conv))
        assert first.bias.tolist() == [0.0] * channels
        assert field.after(1).at([[0.0, 0.0]], dtype="float32").tolist() == [[0.0] * channels]


@pytest.mark.parametrize("text", ["conv(8) * 4", "conv(6, 3) * 3"])
@pytest.mark.parametrize("eps", [0.0, 0.5])
def test_normalised_layers_have_their_mean_and_standard_deviation(text: str, eps: float) -> None:
    norm = Spatial(Normal(3.0, 1.0), Normal(0.0, 2.0), eps=eps)
    network = Network.draw(parse(text, act="linear", norm=norm), 4)
    field = calibrate(network, RASTER)
    assert field.layers >= 3
    for layer in range(1, field.layers + 1):
        scale, shift = (network.parameters[f"{layer - 1}.{name}"] for name in ("scale", "shift"))
        z = field.after(layer).sample(dtype="float64").reshape(len(shift), -1)
        # weights and biases are float32: each of up to 54 products, and the bias, is off by 6e-8 of itself
        bound = 1e-6 * (np.abs(shift) + 10 * np.abs(scale))
        assert (np.abs(z.mean(axis=1) - shift) <= bound).all()
        if eps == 0:
            assert (np.abs(z.std(axis=1) - np.abs(scale)) <= bound).all()
        else:
            assert (z.std(axis=1) < np.abs(scale)).all()


@pytest.mark.parametrize("eps", [0.0, 1e-5])
def test_a_constant_channel_yields_its_shift_exactly(eps: float) -> None:
    norm = Spatial(Constant(3.0), Normal(0.0, 2.0), eps=eps)
    network = Network.draw(parse("conv(5) >> conv(4, 3)", act="linear", norm=norm, inputs="bias z(2)"), 1)
    field = calibrate(network, RASTER)
    for layer in (1, 2):
        shift = network.parameters[f"{layer - 1}.shift"].astype(np.float32)
        found = field.after(layer).sample(dtype="float32")
        np.testing.assert_array_equal(found, np.broadcast_to(shift[:, None, None], found.shape))
