"""Outputs of any size, on planes of any width: no measure of the standardised output minds, from 2^-1000 to 2^900."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

import netwarp as nw
from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.measures.registry import find, names
from netwarp.measures.scale import brought
from netwarp.network.network import Network
from netwarp.network.program import Conv
from netwarp.plane import Plane, Raster
from regions.made import plain

WIDTHS = [10.0**-decade for decade in (*range(15), 20, 30, 60, 100, 200)]
# of every measure of the output; the others look at hidden layers, whose sizes are scaled below
OUTPUT = [name for name in names() if find(name).needs != "layers"]
HIDDEN = [name for name in names() if find(name).needs == "layers"]
REGIONS = [name for name in names() if find(name).needs == "tessellation"]


def scaled(field: Field, power: int) -> Field:
    """The same function times 2^power."""
    *before, last = field.program.operations
    assert isinstance(last, Conv)
    times = replace(
        last, weight=np.ldexp(last.weight.astype(np.float64), power), bias=np.ldexp(np.asarray(last.bias, float), power)
    )
    return Field(replace(field.program, operations=(*before, times), exact32=False), field.raster, field.network)


def values(field: Field, wanted: list[str], raster: Raster) -> dict[str, float | str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = nw.measure(field, raster=raster, references=False)
    return {name: found[name].reason if found[name].value is None else found[name].value for name in wanted}


def agree(found: dict[str, float | str], own: dict[str, float | str]) -> None:
    numbers = {name: one for name, one in own.items() if isinstance(one, float)}
    assert {name: one for name, one in found.items() if name not in numbers}.keys() == own.keys() - numbers.keys()
    assert {name: found[name] for name in numbers} == pytest.approx(numbers, rel=1e-9)


@pytest.mark.parametrize("act", ["relu", "tanh"])
@pytest.mark.parametrize("power", [-1000, -560, -512, -149, -30, 60, 127, 500, 520, 900])
def test_no_measure_minds_the_size_of_the_output(act: str, power: int) -> None:
    field = Network.draw(parse("conv(5) * 3", act=act), 3).calibrate(Raster(60, 40))
    raster = Raster(48, 40)
    own = values(scaled(field, 0), names(), raster)
    assert not {name for name, one in own.items() if isinstance(one, str)} - ({*REGIONS} if act == "tanh" else set())
    agree(values(scaled(field, power), names(), raster), own)


@pytest.mark.parametrize("power", [-400, -170, -40, 40, 170, 300])
def test_no_measure_of_growth_minds_the_size_of_the_layers(power: int) -> None:
    """Of layers without a shift every one is as many times larger as the first, and `range` and growth are the same."""
    rng = np.random.default_rng(1)
    layers = [(rng.standard_normal((6, one)) * one**-0.5, np.zeros(6)) for one in (2, 6, 6)]
    last = (rng.standard_normal((1, 6)), np.zeros(1))
    first = (np.ldexp(layers[0][0], power), layers[0][1])
    small, large = plain([*layers, last]), plain([first, *layers[1:], last])
    own = values(small, HIDDEN, Raster(40, 40))
    assert all(isinstance(one, float) for one in own.values())
    agree(values(large, HIDDEN, Raster(40, 40)), own)


def test_layers_that_swell_beyond_squares_are_measured() -> None:
    field = Network.draw(parse("conv(8) * 300", norm=None, init="he(gain=4)"), 1).calibrate(Raster(32, 32))
    found = values(field, names(), Raster(32, 32))
    assert found["range"] > 100
    assert 2 < found["trajectory_length"] < 4
    assert found["jacobian_growth"] == pytest.approx(1.0, abs=0.05)
    assert isinstance(found["total_variation"], float)


@pytest.mark.parametrize("act", ["relu", "sin"])
@pytest.mark.parametrize("offset", [0.0, 1.0, 1e8])
def test_slopes_are_known_at_every_width(act: str, offset: float) -> None:
    """x + 2 y + offset: relu of a positive number, or a sine where it is its own argument, of what is this small."""
    layers = [([[1.0, 2.0]], [0.0]), ([[1.0]], [offset])] if act == "sin" else [([[1.0, 2.0]], [offset])]
    field = plain(layers, act)
    columns, rows = 16, 12
    for width in WIDTHS if act == "relu" else [one for one in WIDTHS if one < 1e-4]:
        plane = Plane(0.0, 0.0, width, width)
        found = values(field, OUTPUT, Raster(columns, rows, plane))
        # of the plane, or of the pixels' centres
        deviations = np.sqrt([5 / 12, ((1 - 1 / columns**2) + 4 * (1 - 1 / rows**2)) / 12])
        slopes = 5**0.5 / deviations
        assert min(abs(found["total_variation"] * width / slopes - 1)) < 1e-6
        if width > 1e-150:
            assert min(abs(found["dirichlet_energy"] * width**2 / slopes**2 - 1)) < 1e-6
        else:
            assert "no finite number" in found["dirichlet_energy"]
        # the line x + 2 y = 0 crosses the square from side to side
        assert found["level_set_length"] * width == pytest.approx(5**0.5 / 2, rel=0.1)
        assert 0.7 < found["mean_frequency"] < 0.8
        assert found["components"] == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_a_network_is_constant_at_no_width(width: float) -> None:
    """Where its slopes are 54 and more: between 1e-6 and 1e-11 measures were absent, as of a constant."""
    field = Network.draw(parse("conv(10) * 4"), 0).calibrate()
    plane = Plane("0.12345678901234567890", 0.2, width, width)
    found = values(field, OUTPUT, Raster(24, 24, plane))
    beyond = {"dirichlet_energy"} if width < 1e-150 else set()  # over 1e300
    for name in {"total_variation", "dirichlet_energy", "level_set_length", "mean_frequency", "lz_complexity"} - beyond:
        assert isinstance(found[name], float), found[name]
    if width < 1e-5:  # within one linear region
        x, y = field.tangent(Raster(1, 1, plane), dtype="float64")[:, :, 0, 0].T
        slope = np.hypot(x, y) / np.sqrt((x**2 + y**2) * (1 - 24.0**-2) / 12)
        assert found["total_variation"] * width == pytest.approx(slope.mean(), rel=5e-3)


def test_what_is_constant_is_told_at_every_width() -> None:
    dead = plain([([[1.0, 0.0], [0.0, 1.0]], [-3.0, -3.0]), ([[1.0, 1.0]], [1e8])])
    for width in (1.0, 1e-3, 1e-7, 1e-9, 1e-14, 1e-60):
        found = nw.measure(dead, raster=Raster(16, 16, Plane(0.1, 0.1, width, width)), references=False)
        for name in ("total_variation", "mean_frequency", "holes"):
            assert found[name].reason == "the output is constant on this plane"


def test_the_calibration_of_a_constant_network_says_so() -> None:
    """Biases are dropped under a norm: of the function 0 there is nothing to measure, and no warning either."""
    field = calibrate(Network.draw(parse("conv(3)", norm=None, init="normal(0)"), 0), Raster(20, 20))
    assert "constant" in str(values(field, ["total_variation"], Raster(20, 20)))


@pytest.mark.parametrize("power", [-2100, -1074, -1023, -1000, -30, 0, 60, 1000, 1023, 2100])
def test_a_product_by_a_power_of_two_is_rounded_once(power: int) -> None:
    """As ldexp, into the subnormal numbers and out of them, over the largest, and of what is no number."""
    values = np.array([0.0, -0.0, 1 / 3, -7e-310, 5e-324, 1.7e308, -2.5e-150, np.inf, -np.inf, np.nan])
    with np.errstate(all="ignore"):
        for powers in (power, np.full(len(values), power)):
            np.testing.assert_array_equal(brought(values, powers), np.ldexp(values, power))
