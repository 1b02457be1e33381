"""The number that the sentence under a picture is made of: cells where there are any, else the slope in ramps."""

import numpy as np
import pytest

import netwarp as nw
from netwarp.explorer import limits
from netwarp.explorer.complexity import beside, complexity
from netwarp.explorer.opening import open_pane
from netwarp.explorer.protocol import ComplexityReply
from netwarp.explorer.reading import Files
from netwarp.explorer.state import Pane
from netwarp.explorer.work import Cancellation
from netwarp.plane import Plane

FRAME = Plane(0, 0, 1.5, 1)


def taken(pane: Pane, plane: Plane = FRAME) -> ComplexityReply:
    cancel = Cancellation("later", 1e6)
    return complexity(open_pane(pane, Files(), cancel), plane, cancel)


def test_cells_are_counted_exactly() -> None:
    found = taken(Pane(arch="conv(6) * 3", seed=5))
    field = nw.Network.draw(nw.parse("conv(6) * 3"), 5).calibrate()
    assert found["pieces"] == len(field.tessellate(FRAME)) > 20
    assert not found["more"]
    assert found["slope"] is None


@pytest.mark.parametrize(
    ("arch", "act", "same"),
    [
        # the third of its ten layers is off everywhere: 37 regions of one colour
        ("conv(2) * 10", "relu", True),
        # steps are level on every region, and differ
        ("conv(10) * 3", "step", False),
        ("conv(3) * 6", "relu", False),
    ],
)
def test_an_output_that_is_the_same_everywhere_is_told_from_one_that_is_not(arch: str, act: str, same: bool) -> None:
    found = taken(Pane(arch=arch, seed=0, act=act))
    values = nw.Network.draw(nw.parse(arch, act=act), 0).calibrate().sample(nw.Raster(60, 40, FRAME))
    assert (np.ptp(values, axis=(1, 2)).max() == 0) == same
    assert (found["pieces"] or 0) > 20
    assert found["constant"] == same


def test_where_they_are_too_many_it_says_how_many_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS", 25)
    found = taken(Pane(arch="conv(10) * 3", seed=5))
    assert (found["pieces"], found["more"]) == (25, True)


def test_a_smooth_network_has_the_slope_that_the_measure_has() -> None:
    found = taken(Pane(arch="conv(6) * 2", seed=5, act="tanh"))
    field = nw.Network.draw(nw.parse("conv(6) * 2", act="tanh"), 5).calibrate()
    value = nw.measure(field, "total_variation", raster=nw.Raster(128, 128, FRAME))["total_variation"].value
    assert value is not None
    assert found["slope"] == pytest.approx(value / (12**0.5 / 1.5), rel=1e-9)
    assert found["resolved"]
    assert found["pieces"] is None


def test_what_has_no_slope_has_none() -> None:
    # an output that is the same everywhere
    found = taken(Pane(arch="conv(2)", act="tanh", norm="none", inputs="bias"))
    assert (found["pieces"], found["slope"], found["resolved"]) == (None, None, False)


def test_beside_it_stands_the_same_but_for_its_layers() -> None:
    pane = Pane(arch="conv(6) * 2", seed=5, act="abs", bred="9 0_1")
    other = beside(pane, "conv(12)")
    assert (other.arch, other.act, other.seed, other.bred) == ("conv(12)", "abs", 5, "")
    assert type(other) is Pane
