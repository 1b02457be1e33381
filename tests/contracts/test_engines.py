"""The two evaluators mean the same: every zoo entry, by the design's measure, and their statistics."""

from __future__ import annotations

import numpy as np
import pytest

import reference
from netwarp.architecture import zoo
from netwarp.architecture.language import parse
from netwarp.engine.native import Native
from netwarp.engine.protocol import Engine
from netwarp.fields.calibration import calibrate
from netwarp.fields.field import Field
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Conv
from netwarp.plane import Plane, Raster

torch = pytest.importorskip("torch")

# off the centre, where r has no tangent
CALIBRATION = Raster(24, 18, Plane(0.013, 0.007))
FIELDS: dict[str, Field] = {}


def field_of(name: str) -> Field:
    if name not in FIELDS:
        FIELDS[name] = calibrate(Network.draw(zoo.find(name).architecture, 7), CALIBRATION)
    return FIELDS[name]


def other() -> Engine:
    from netwarp.engine.torch import Torch

    return Torch()


def shares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Differences in standard deviations of b's channel."""
    spread = b.reshape(len(b), -1).std(axis=1).reshape(-1, *[1] * (b.ndim - 1))
    return np.abs(a.astype(np.float64) - b) / spread


def conditioning(field: Field, raster: Raster) -> float:
    """How much a last-bit change of the inputs moves the output, over 1e-9 of its standard deviation; at least 1."""
    tap = CALIBRATION.pitch
    exact = Native().run(field.program, raster, tap, "float64")
    plane = raster.plane
    moved = Raster(raster.columns, raster.rows, Plane(plane.x + 2e-15, plane.y - 2e-15, plane.width, plane.height))
    return max(1.0, 10 * float(shares(Native().run(field.program, moved, tap, "float64"), exact).max()) / 1e-9)


RASTERS = {
    "own": CALIBRATION,
    "zoomed": Raster(9, 7, Plane(0.1, -0.2, 9 * CALIBRATION.pitch[0] / 3, 7 * CALIBRATION.pitch[1] / 2)),
    "irrational": Raster(5, 4, Plane(-0.1, 0.2, 0.03, 0.31)),
}


@pytest.mark.parametrize("name", zoo.names())
def test_every_zoo_entry_alike_in_float64(name: str) -> None:
    field, tap = field_of(name), CALIBRATION.pitch
    for raster in RASTERS.values():
        one = Native().run(field.program, raster, tap, "float64", tangents=True)
        two = other().run(field.program, raster, tap, "float64", tangents=True)
        scale = np.abs(one).max(axis=(0, 2, 3))
        assert (np.abs(one - two).max(axis=(0, 2, 3)) <= 1e-9 * conditioning(field, raster) * scale).all()
        assert shares(two[:, 0], one[:, 0]).max() <= 1e-9 * conditioning(field, raster)


@pytest.mark.parametrize("name", zoo.names())
def test_every_zoo_entry_alike_in_float32(name: str) -> None:
    """Within three times what float32 costs the native evaluator itself."""
    field, tap = field_of(name), CALIBRATION.pitch
    exact = Native().run(field.program, CALIBRATION, tap, "float64")
    native = Native().run(field.program, CALIBRATION, tap, "float32")
    gap = float(shares(native, exact).max())
    assert 0 < gap < 0.05
    found = other().run(field.program, CALIBRATION, tap, "float32")
    assert float(shares(found, exact).max()) <= 3 * gap


@pytest.mark.parametrize("name", zoo.names())
def test_every_zoo_entry_is_the_reference(name: str) -> None:
    field, raster = field_of(name), Raster(4, 3, Plane(0.1, -0.2, 0.31, 0.17))
    wanted = reference.sample(field.program, raster, CALIBRATION.pitch)
    found = Native().run(field.program, raster, CALIBRATION.pitch, "float64")
    assert shares(found, wanted).max() <= 1e-9
    # of float32 it is asked what shows: the deviation is the whole picture's, for here a channel may hardly vary at all
    single = Native().run(field.program, raster, CALIBRATION.pitch, "float32")
    whole = Native().run(field.program, CALIBRATION, CALIBRATION.pitch, "float64").std(axis=(1, 2))
    assert (np.abs(single.astype(np.float64) - wanted).max(axis=(1, 2)) <= 0.01 * whole).all()


@pytest.mark.parametrize("name", zoo.names())
def test_the_statistics_are_alike(name: str) -> None:
    """The folded weights of the first layers are equal, or neighbours in float32 where a sum ended beside a tie."""
    network = Network.draw(zoo.find(name).architecture, 7)
    one, two = field_of(name).program, calibrate(network, CALIBRATION, engine="torch").program
    assert one.layers == two.layers
    exact = True
    for a, b in zip(one.operations, two.operations, strict=True):
        assert type(a) is type(b)
        if not isinstance(a, Conv) or not isinstance(b, Conv):
            continue
        for mine, its in ((a.weight, b.weight), (a.bias, b.bias)):
            # a bias is a difference: it is held to the size of what is subtracted
            apart = np.abs(mine - its) / np.spacing(
                np.maximum(np.abs(mine), np.abs(mine).max() / 64).astype(np.float32)
            )
            assert apart.max(initial=0) <= (1 if exact else 4000)
            exact = exact and not apart.any()


@pytest.mark.parametrize("text", ["conv(5) * 3", "conv(4, 3) >> conv(5)"])
def test_points_are_alike(text: str) -> None:
    program = calibrate(Network.draw(parse(text, act="gelu"), 1), CALIBRATION).program
    points = np.random.default_rng(2).uniform(-0.7, 0.7, (50, 2))
    for tangents in (False, True):
        one = Native().points(program, points, CALIBRATION.pitch, "float64", tangents=tangents)
        two = other().points(program, points, CALIBRATION.pitch, "float64", tangents=tangents)
        np.testing.assert_allclose(one, two, rtol=0, atol=1e-11 * np.abs(one).max())


def test_both_are_engines_of_the_same_name_as_asked_for() -> None:
    from netwarp.engine.choose import choose

    for name in ("native", "torch"):
        assert choose(name).name == name
    assert lower(Network.draw(parse("conv(2)"), 1)).channels == 3
