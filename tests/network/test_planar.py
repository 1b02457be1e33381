"""planar: a wide first layer on a slice is one affine map of the plane, and its values are those of the network."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from netwarp.engine import native
from netwarp.network.cut import cut
from netwarp.network.planar import planar
from netwarp.network.program import LINEAR, SINE, Activate, Add, Array, Conv, Embed, Program
from netwarp.plane import Plane, Raster

RNG = np.random.default_rng(3)
TAP = (1.0, 1.0)


def conv(outputs: int, inputs: int, source: int = 0, layer: str = "0") -> Conv:
    weight = RNG.normal(size=(outputs, inputs, 1, 1)) / np.sqrt(inputs)
    return Conv((source,), weight, RNG.normal(size=outputs), layer=layer)


def wide(inputs: int, kind: int = LINEAR) -> Program:
    """Two layers of 5 and 3 units, of many inputs on a slice."""
    embed = Embed(np.full(inputs, kind, dtype=np.int64), RNG.normal(size=(inputs, 3)))
    relu = Activate((1,), "relu", np.zeros(5), "0")
    return Program((embed, conv(5, inputs), relu, conv(3, 5, 2, "readout")), (2,))


def exact(program: Program, x: float, y: float) -> tuple[list[Fraction], list[Fraction]]:
    """The first layer's sums and the outputs, in rationals."""
    embed, first, _, last = program.operations
    assert isinstance(embed, Embed)
    assert isinstance(first, Conv)
    assert isinstance(last, Conv)
    at = [Fraction(x), Fraction(y), Fraction(1)]
    inputs = [sum(map(_times, row, at), Fraction(0)) for row in embed.coefficients.tolist()]
    sums = _layer(first, inputs)
    return sums, _layer(last, [max(one, Fraction(0)) for one in sums])


def _times(a: float, b: Fraction) -> Fraction:
    return Fraction(a) * b


def _layer(layer: Conv, inputs: list[Fraction]) -> list[Fraction]:
    rows, bias = layer.weight[:, :, 0, 0].tolist(), layer.bias.tolist()
    return [sum(map(_times, row, inputs), Fraction(b)) for row, b in zip(rows, bias, strict=True)]


@pytest.mark.parametrize("inputs", [65, 256, 257, 1000])
def test_values_are_those_of_rational_numbers(inputs: int) -> None:
    program = wide(inputs)
    points = RNG.normal(size=(6, 2))
    found = native.Native().points(program, points, TAP, "float64")
    hidden = native.Native().points(cut(program, 1), points, TAP, "float64")
    for (x, y), values, sums in zip(points.tolist(), found, hidden, strict=True):
        right_sums, right = exact(program, x, y)
        assert np.allclose(sums, [float(one) for one in right_sums], rtol=0, atol=1e-12)
        assert np.allclose(values, [float(one) for one in right], rtol=0, atol=1e-12)


def test_tangents_and_pictures_are_those_of_the_points() -> None:
    program = wide(300)
    raster = Raster(7, 5, Plane(0.3, -0.2, 2.0, 1.5))
    xs, ys = np.meshgrid(raster.xs(), raster.ys())
    points = np.column_stack([xs.ravel(), ys.ravel()])
    found = native.Native().run(program, raster, TAP, "float64", tangents=True)
    assert np.array_equal(
        found,
        native.Native().points(program, points, TAP, "float64", tangents=True).T.reshape(3, 3, 5, 7).swapaxes(0, 1),
    )
    embed, first, _, last = program.operations
    assert isinstance(embed, Embed)
    assert isinstance(first, Conv)
    assert isinstance(last, Conv)
    rows: Array = first.weight[:, :, 0, 0] @ embed.coefficients
    sums = points @ rows[:, :2].T + rows[:, 2] + first.bias
    slopes = (sums > 0)[:, None, :] * rows[:, :2].T @ last.weight[:, :, 0, 0].T
    assert np.allclose(found[:, 1:].reshape(3, 2, -1).T.swapaxes(1, 2), slopes.swapaxes(1, 2), rtol=0, atol=1e-12)


def test_the_evaluator_computes_a_point_from_x_and_y_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    channels: list[int] = []
    lay_out = native.lay_out

    def seen(program: Program, *rest: object, **more: object) -> object:
        channels.extend(operation.channels for operation in program.operations)
        return lay_out(program, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(native, "lay_out", seen)
    native.Native().run(wide(1000), Raster(4, 4), TAP, "float64")
    native.Native().points(wide(1000), np.zeros((4, 2)), TAP, "float64")
    assert max(channels) == 5


def test_layers_keep_their_numbers() -> None:
    program = wide(100)
    found = planar(program)
    assert [type(one) for one in found.operations] == [Embed, Activate, Conv]
    assert found.layers == (1,)
    assert found.channels == 3
    assert found.exact32 == program.exact32


@pytest.mark.parametrize("what", ["few", "sine", "two readers", "window", "no layer", "overflow"])
def test_what_is_no_affine_map_of_many_inputs_stays(what: str) -> None:
    program = wide(64 if what == "few" else 80, SINE if what == "sine" else LINEAR)
    embed, first, *rest = program.operations
    assert isinstance(embed, Embed)
    assert isinstance(first, Conv)
    match what:
        case "two readers":
            program = Program((embed, first, conv(5, 80), Add((1, 2), 5, "sum")))
        case "window":
            program = replace(program, operations=(embed, replace(first, weight=np.ones((5, 80, 3, 3))), *rest))
        case "no layer":
            program = cut(program, 0)
        case "overflow":
            program = replace(program, operations=(embed, replace(first, weight=first.weight * 1e308), *rest))
            program = replace(
                program, operations=(replace(embed, coefficients=embed.coefficients * 1e9), *program.operations[1:])
            )
    assert planar(program) is program
