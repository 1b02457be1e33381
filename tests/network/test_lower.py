"""Lowered programs mean what the architecture says: every construct written out by hand."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest
from numpy.typing import NDArray

import reference
from netwarp.architecture.inputs import embed
from netwarp.architecture.language import parse
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Conv, LayerNorm, Normalise, Pool
from netwarp.network.source import Weighted
from netwarp.plane import Raster

Array = NDArray[np.float64]
TAP = (0.01, 0.02)
POINTS = np.random.default_rng(3).uniform(-0.5, 0.5, (11, 2))


def drawn(text: str, norm: str | None = None, act: str = "tanh", inputs: str = "x y", out: int = 3) -> Network:
    init = "he(bias=normal(1))"
    return Network.draw(parse(text, norm=norm, act=act, init=init, inputs=inputs, out=out), 5)


def output(network: Network, points: Array = POINTS) -> Array:
    return reference.evaluate(lower(network), points, TAP)


class Hand:
    """A network's layers as plain functions of (n, channels), by the names its own state has."""

    def __init__(self, network: Network) -> None:
        self.state = network.state()

    def conv(self, path: str, z: Array) -> Array:
        return z @ self.state[f"{path}.weight"][:, :, 0, 0].T + self.state[f"{path}.bias"]

    def layer(self, path: str, z: Array) -> Array:
        return np.tanh(self.conv(path, z))


def test_a_sequence() -> None:
    network = drawn("conv(4) * 2")
    hand = Hand(network)
    wanted = hand.conv("readout", hand.layer("1", hand.layer("0", POINTS)))
    np.testing.assert_allclose(output(network), wanted, rtol=1e-12)


def test_residual_with_and_without_projection() -> None:
    network = drawn("residual(conv(4) * 2) >> residual(conv(4))")
    hand = Hand(network)
    z = hand.conv("0.shortcut", POINTS) + hand.layer("0.1", hand.layer("0.0", POINTS))
    z = z + hand.layer("1.0", z)
    np.testing.assert_allclose(output(network), hand.conv("readout", z), rtol=1e-12)


def test_dense() -> None:
    network = drawn("dense(conv(4) >> conv(3)) * 2")
    hand = Hand(network)
    z = POINTS
    for path in ("0", "1"):
        z = np.hstack([z, hand.layer(f"{path}.1", hand.layer(f"{path}.0", z))])
    np.testing.assert_allclose(output(network), hand.conv("readout", z), rtol=1e-12)


def test_parallel_and_pointwise_inception() -> None:
    network = drawn("parallel(conv(2), conv(3) >> conv(4)) >> inception(1, (2, 3), (4, 5), 6, kernels=(1, 1))")
    hand = Hand(network)
    z = np.hstack([hand.layer("0.0.0", POINTS), hand.layer("0.1.1", hand.layer("0.1.0", POINTS))])
    parts = [
        hand.layer("1.0.0", z),
        *(hand.layer(f"1.{b}.1", hand.layer(f"1.{b}.0", z)) for b in (1, 2)),
        hand.layer("1.3.0", z),
    ]
    np.testing.assert_allclose(output(network), hand.conv("readout", np.hstack(parts)), rtol=1e-12)


def test_gated() -> None:
    network = drawn("gated(conv(4) >> conv(3))")
    hand = Hand(network)
    gate = 1 / (1 + np.exp(-hand.conv("0.g.1", hand.layer("0.g.0", POINTS))))
    wanted = hand.conv("readout", hand.layer("0.f.1", hand.layer("0.f.0", POINTS)) * gate)
    np.testing.assert_allclose(output(network), wanted, rtol=1e-12)


def test_maxout_takes_neighbours() -> None:
    network = drawn("maxout(4, 3)")
    hand = Hand(network)
    wanted = hand.conv("readout", hand.conv("0", POINTS).reshape(-1, 4, 3).max(axis=2))
    np.testing.assert_allclose(output(network), wanted, rtol=1e-12)


def test_bare_act_norm_and_out_act() -> None:
    network = Network.draw(
        parse(
            'act("sin(3)") >> norm(layer(scale=normal(1), shift=normal(1))) >> conv(2)',
            act="abs",
            norm=None,
            out_act="sigmoid",
        ),
        5,
    )
    hand = Hand(network)
    z = np.sin(3 * POINTS)
    z = (z - z.mean(1, keepdims=True)) / np.sqrt(z.var(1, keepdims=True) + 1e-5)
    z = z * hand.state["1.scale"] + hand.state["1.shift"]
    wanted = 1 / (1 + np.exp(-hand.conv("readout", np.abs(hand.conv("2", z)))))
    np.testing.assert_allclose(output(network), wanted, rtol=1e-9)


def test_random_slopes_and_layer_norm_after_a_conv() -> None:
    network = Network.draw(parse("conv(4, norm=layer(shift=normal(1)), bias=True)", act="leaky(random)"), 5)
    operations = lower(network).operations
    hand = Hand(network)
    assert isinstance(operations[2], LayerNorm)
    z = hand.conv("0", POINTS)
    z = (z - z.mean(1, keepdims=True)) / np.sqrt(z.var(1, keepdims=True) + 1e-5) + hand.state["0.shift"]
    wanted = hand.conv("readout", np.where(z > 0, z, hand.state["0.slope"] * z))
    np.testing.assert_allclose(output(network), wanted, rtol=1e-9)


def test_inputs() -> None:
    network = Network.draw(
        parse('act("linear")', inputs="x y r bias z(2) fourier(3, 2) periodic(x) periodic(y)", out=1), 5
    )
    x, y = POINTS.T
    state = network.state()
    waves = 2 * pi * POINTS @ state["inputs.5.frequency"].T
    channels = [x, y, np.hypot(x, y), np.ones(11), *np.outer(state["inputs.4.z"], np.ones(11))]
    channels += [*np.cos(waves).T, *np.sin(waves).T]
    channels += [np.cos(2 * pi * x), np.sin(2 * pi * x), np.cos(2 * pi * y), np.sin(2 * pi * y)]
    wanted = np.stack(channels, axis=1) @ state["readout.weight"][:, :, 0, 0].T
    np.testing.assert_allclose(output(network), wanted, rtol=1e-9, atol=1e-12)


def test_a_slice_of_a_larger_space() -> None:
    network = Network.draw(parse("conv(3)", norm=None, inputs=embed((1, 2, 3), (1, 0, 2), (0, 5, -1))), 5)
    points = np.array([1.0, 2, 3]) + POINTS[:, :1] * [1, 0, 2] + POINTS[:, 1:] * [0, 5, -1]
    state = network.state()
    z = np.maximum(points @ state["0.weight"][:, :, 0, 0].T, 0)
    np.testing.assert_allclose(output(network), z @ state["readout.weight"][:, :, 0, 0].T, rtol=1e-12)


@pytest.mark.parametrize("kernel", [1, 2, 3, 4, 5])
def test_rows_run_along_y_and_columns_along_x(kernel: int) -> None:
    """Each tap alone shifts the plane by its offset: -((k - 1) // 2) ... k // 2, dilated after a stride of 3."""
    architecture = parse(f'pool("avg", 1, stride=3) >> conv(2, {kernel}, norm=None, act="linear", bias=False)', out=2)
    zeros = Network.draw(architecture, 5).state()
    zeros["readout.weight"][:] = np.eye(2)[:, :, None, None]
    zeros["readout.bias"][:] = 0
    for r in range(kernel):
        for c in range(kernel):
            zeros["1.weight"][:] = 0
            zeros["1.weight"][[0, 1], [0, 1], r, c] = 1
            found = output(Network(Weighted(architecture), zeros))
            shift = 3 * np.array([(c - (kernel - 1) // 2) * TAP[0], (r - (kernel - 1) // 2) * TAP[1]])
            np.testing.assert_allclose(found, POINTS + shift, atol=1e-15)


def test_strides_multiply() -> None:
    text = 'conv(2, 3) >> pool("max", 2) >> conv(2, 3) >> pool("avg", 3, stride=2) >> conv(2, 3)'
    program = lower(drawn(f'{text} >> pool("max", 1, stride=5) >> conv(2, 2)'))
    found = [
        (type(one), one.dilation)
        for one in program.operations
        if isinstance(one, (Conv, Pool)) and one.layer != "readout"
    ]
    assert found == [(Conv, 1), (Pool, 1), (Conv, 2), (Pool, 2), (Conv, 4), (Conv, 20)]
    assert program.reach[0] == (1 + 0 + 2 + 2 + 4 + 0, 1 + 1 + 2 + 2 + 4 + 20)


def test_strides_in_branches() -> None:
    program = lower(drawn('parallel(pool("max", 2), conv(2) >> pool("avg", 4, stride=2)) >> conv(2, 3)'))
    assert [one.dilation for one in program.operations if isinstance(one, (Conv, Pool))] == [1, 1, 1, 2, 2]


def test_layers_are_numbered_and_named() -> None:
    program = lower(drawn("residual(conv(4) * 2) >> maxout(2, 2) >> gated(depthwise(3))", norm="spatial(scale=3)"))
    names = [program.operations[value].layer for value in program.layers]
    assert names == ["0.0", "0.1", "1", "2.f.0", "2.g.0"]
    assert [type(program.operations[value]).__name__ for value in program.layers] == ["Activate"] * 2 + ["Maxout"] + [
        "Activate"
    ] * 2
    assert [one.layer for one in program.operations if isinstance(one, Normalise)] == [
        "0.0",
        "0.1",
        "0.shortcut",
        "1",
        "2.f.0",
        "2.g.0",
    ]
    assert not program.exact32
    linear = lower(drawn("conv(4)", act="linear"))
    assert linear.layers == (1,)


def test_the_note_itself() -> None:
    """Conv, normalisation over the picture, activation; ten times by hand over a raster, against fold and rounding."""
    network = Network.draw(parse("conv(5) * 4", act="sigmoid", out=2), 5)
    raster, state = Raster(12, 9), network.state()
    z = raster.slope()
    for n in range(4):
        z = np.einsum("oi,iyx->oyx", state[f"{n}.weight"][:, :, 0, 0], z)
        mean, variance = z.mean(axis=(1, 2), keepdims=True), z.var(axis=(1, 2), keepdims=True)
        z = (z - mean) / np.sqrt(variance + 1e-5)
        z = z * state[f"{n}.scale"][:, None, None] + state[f"{n}.shift"][:, None, None]
        z = 1 / (1 + np.exp(-z))
    wanted = np.einsum("oi,iyx->oyx", state["readout.weight"][:, :, 0, 0], z)
    program = reference.calibrate(lower(network), raster)
    np.testing.assert_allclose(reference.sample(program, raster, raster.pitch), wanted, atol=2e-5)
