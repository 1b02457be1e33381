"""A plane a little wider, where k x k kernels would cost a lattice a pixel."""

import pytest

from netwarp.architecture.language import parse
from netwarp.fields.calibration import calibrate
from netwarp.fields.limits import positions
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.posters.widening import widened

FIELD = calibrate(Network.draw(parse("conv(4, 3) * 2"), 9), Raster(60, 60))


@pytest.mark.parametrize("columns", [997, 1009, 1403, 2011])
def test_it_costs_a_few_hundredths_and_saves_most_of_the_work(columns: int) -> None:
    raster = Raster(columns, columns // 2, Plane(0, 0, 1, (columns // 2) / columns))
    wide = widened(FIELD.program, raster, FIELD.raster.pitch)
    assert 0 < wide.share <= 0.03
    assert (wide.raster.columns, wide.raster.rows) == (raster.columns, raster.rows)
    assert wide.raster.pitch[0] == pytest.approx(wide.raster.pitch[1], rel=1e-12)
    before, after = (positions(FIELD.program, one, FIELD.raster.pitch) for one in (raster, wide.raster))
    assert 2 * after < before
    assert f"the plane is {100 * wide.share:.2g}% wider and higher" in wide.sentence()


def test_what_shares_its_work_already_is_let_alone() -> None:
    raster = Raster(600, 600)
    assert widened(FIELD.program, raster, FIELD.raster.pitch).raster == raster


def test_a_pointwise_network_is_let_alone() -> None:
    field = calibrate(Network.draw(parse("conv(4) * 2"), 9), Raster(60, 60))
    found = widened(field.program, Raster(997, 601), field.raster.pitch)
    assert (found.share, found.sentence()) == (0, "")
