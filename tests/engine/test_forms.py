"""Forms: the plan of one network's form, filled with another's numbers, is the other's own plan to the bit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.architecture.specs import LayerNorm, Spatial
from netwarp.engine import layout, pass_writer
from netwarp.engine.forms import Form
from netwarp.engine.pools import separated
from netwarp.engine.protocol import Dtype
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Program
from netwarp.plane import Raster

RASTER = Raster(24, 20)
TEXTS = (
    "conv(10) * 3",
    "residual(conv(8, 3) * 2) * 2",
    "inception(8, (4, 8), (4, 8), 8)",
    "depthwise(3) >> conv(20) >> conv(5, norm=None)",
    "conv(4) >> norm(spatial()) >> maxout(5, 3)",
)


@pytest.fixture(autouse=True)
def unseen() -> Iterator[None]:
    """No form was seen before, nor is one of these after."""
    forget()
    yield
    forget()


def forget() -> None:
    for known in (layout.lay_out, layout._mould, pass_writer._moulds):
        known.cache_clear()


def calibrated(text: str, seed: int) -> Program:
    return separated(Network.draw(parse(text, act="relu"), seed).calibrate(RASTER).program).program


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("tangents", [False, True])
def test_a_plan_that_was_filled_is_the_one_made_for_it(text: str, dtype: Dtype, tangents: bool) -> None:
    own = calibrated(text, 1)
    forget()
    # as the writer makes it, before anything is filled
    alone = layout._mould(Form.of(own), dtype, 64, tangents).plan
    forget()
    layout.lay_out(calibrated(text, 0), dtype, 64, tangents)
    before = layout._mould.cache_info().misses
    filled = layout.lay_out(own, dtype, 64, tangents)
    assert layout._mould.cache_info().misses == before
    for name in ("table", "weights", "kinds", "coefficients"):
        np.testing.assert_array_equal(getattr(filled, name), getattr(alone, name))
    assert (filled.memory, filled.loops, filled.warm_up) == (alone.memory, alone.loops, alone.warm_up)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("norm", [Spatial(), LayerNorm()])
def test_calibration_does_not_depend_on_what_was_calibrated_before(text: str, norm: Spatial | LayerNorm) -> None:
    networks = [Network.draw(parse(text, act="relu", norm=norm), seed) for seed in (0, 1)]
    alone = networks[1].calibrate(RASTER).sample(RASTER)
    forget()
    for network in (*networks, networks[0]):
        network.calibrate(RASTER).sample(RASTER)
    np.testing.assert_array_equal(networks[1].calibrate(RASTER).sample(RASTER), alone)


def test_what_a_plan_says_beside_weights_is_part_of_the_form() -> None:
    first = Form.of(lower(Network.draw(parse("conv(5) * 2", act="relu"), 0)))
    assert first == Form.of(lower(Network.draw(parse("conv(5) * 2", act="relu"), 1)))
    for text, act in (
        ("conv(5) * 3", "relu"),
        ("conv(6) * 2", "relu"),
        ("conv(5, 3) * 2", "relu"),
        ("conv(5) * 2", "tanh"),
    ):
        assert first != Form.of(lower(Network.draw(parse(text, act=act), 0)))
    # slopes that are drawn decide how an activation runs
    drawn = [Form.of(lower(Network.draw(parse("conv(5) * 2", act="leaky(random)"), seed))) for seed in (0, 1)]
    assert drawn[0] != drawn[1]
