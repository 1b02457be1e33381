"""Total variation and Dirichlet energy: functions whose values are known, differences on a fine grid, units."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import UnsupportedError
from netwarp.field.field import Field
from netwarp.measures.gradients import dirichlet_energy, total_variation
from netwarp.measures.measure import references_of
from netwarp.measures.registry import Absent, find
from netwarp.measures.specimen import Specimen
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from regions.made import plain

SQUARE = Raster(64, 64)


def drawn(text: str, **defaults: object) -> Field:
    return Network.draw(parse(text, **defaults), 0).calibrate(Raster(60, 40))


def both(field: Field, raster: Raster = SQUARE) -> tuple[float, float, object]:
    found = total_variation(Specimen(field, raster))
    return found.value, dirichlet_energy(Specimen(field, raster)).value, found.details["by"]


def test_a_ramp_is_the_floor() -> None:
    found = both(plain([([[1.0, 0.0]], [0.25])]))
    assert found[:2] == pytest.approx((12**0.5, 12), rel=1e-12)
    assert [references_of(find(name), SQUARE)[0] for name in ("total_variation", "dirichlet_energy")] == pytest.approx(
        found[:2], rel=1e-12
    )


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_a_triangle_wave_is_exact_whatever_the_raster(depth: int) -> None:
    """2^depth sides from 0 to 1: the ramp's values, times the slope. The pixels do not fit the teeth."""
    plane = Plane.between(0, 1, 0, 1)
    *found, by = both(Network.sawtooth(depth).calibrate(), Raster(390, 410, plane))
    assert by == "tessellation"
    assert found == pytest.approx([2**depth * 12**0.5, 4**depth * 12], rel=1e-9)


def test_a_sine_by_its_tangents() -> None:
    """sin 2 pi m x: mean |cos| is 2 / pi and the deviation 1 / sqrt 2."""
    field = plain([([[10 * np.pi, 0.0]], [0.0]), ([[1.0]], [0.0])], "sin")
    *found, by = both(field, Raster(500, 8))
    assert by == "tangents"
    assert found == pytest.approx([4 * 2**0.5 * 5, (10 * np.pi) ** 2], rel=1e-3)


def test_a_jump_counts_by_its_height_and_its_length() -> None:
    """1 on two fifths of the square: the deviation is sqrt(0.24), and the slope is all in the jump."""
    field = plain([([[1.0, 0.0]], [-0.1]), ([[3.0]], [5.0])], "step")
    found = total_variation(Specimen(field, SQUARE))
    assert (found.value, found.details["by"]) == (pytest.approx(0.24**-0.5, rel=1e-9), "tessellation")
    with pytest.raises(Absent, match="jumps"):
        dirichlet_energy(Specimen(field, SQUARE))


@pytest.mark.parametrize("act", ["tanh", "relu"])
def test_against_differences_on_a_fine_grid(act: str) -> None:
    field = drawn("conv(8) * 2", act=act)
    raster = Raster(800, 800)
    values = field.sample(raster, dtype="float64")
    down, across = np.gradient(values, *raster.pitch[::-1], axis=(1, 2))
    squares = across**2 + down**2
    deviation = values.std(axis=(1, 2))
    expected = [
        (np.sqrt(squares).mean(axis=(1, 2)) / deviation).mean(),
        (squares.mean(axis=(1, 2)) / deviation**2).mean(),
    ]
    *found, by = both(field, raster)
    assert by == {"tanh": "tangents", "relu": "tessellation"}[act]
    assert found == pytest.approx(expected, rel=0.02)


def test_tangents_and_tessellation_agree() -> None:
    """The same Field on few pixels, where tangents are the cheaper, and on many, where the regions are."""
    field = drawn("conv(60)", act="relu")
    few, many = both(field, Raster(48, 48)), both(field, Raster(400, 400))
    assert (few[2], many[2]) == ("tangents", "tessellation")
    assert few[:2] == pytest.approx(many[:2], rel=0.01)


def test_no_unit_of_the_output_and_the_unit_of_the_plane() -> None:
    weight, bias = np.array([[2.0, 1.0], [-1.0, 3.0], [1.0, 1.0]]), np.array([0.1, 0.2, -0.3])
    read = np.array([[1.0, -2.0, 0.5]])
    tall = plain([(weight, bias), (100 * read, [7.0])])
    wide = plain([(weight / 2, bias), (read, [0.0])])
    one = both(plain([(weight, bias), (read, [0.0])]))
    assert both(tall) == pytest.approx(one)
    halved = both(wide, Raster(64, 64, Plane(width=2.0, height=2.0)))
    assert halved[:2] == pytest.approx((one[0] / 2, one[1] / 4))


def test_noise_is_of_neighbouring_differences() -> None:
    """The difference of two independent Gaussians has variance 2; (dx, dy) share a pixel, the squares' mean does not
    mind."""
    raster = Raster(200, 300, Plane(width=2.0, height=1.0))
    plain, wild = references_of(find("dirichlet_energy"), raster)
    assert plain == pytest.approx(references_of(find("total_variation"), raster)[0] ** 2) == pytest.approx(12 / 2**2)
    assert wild == pytest.approx(2 * (100**2 + 300**2), rel=0.02)


def test_a_step_without_a_tessellation_is_refused_by_name() -> None:
    specimen = Specimen(drawn("conv(4, 3)", act="step"), Raster(16, 16))
    for measure in (total_variation, dirichlet_energy):
        with pytest.raises(UnsupportedError, match="step"):
            measure(specimen)


def test_a_constant_channel_is_left_out_and_a_constant_output_absent() -> None:
    weight = np.array([[1.0, 0.0], [0.0, 0.0]])
    assert both(plain([(weight, [0.0, 3.0])]))[0] == pytest.approx(12**0.5)
    with pytest.raises(Absent, match="constant"):
        both(plain([(0 * weight, [1.0, 3.0])]))


def test_a_view_deeper_than_float64_is_measured_by_its_differences() -> None:
    """Within one linear region: the slope there, over the deviation of an affine map on the raster's pixels."""
    field = drawn("conv(10) * 4")
    x, y = field.tangent(Raster(1, 1, Plane(0.1234567890123456, 0.2, 1e-6, 1e-6)))[:, :, 0, 0].T.astype(float)
    deviation = 1e-30 * np.sqrt((x**2 * (1 - 1 / 60**2) + y**2 * (1 - 1 / 40**2)) / 12)
    found = total_variation(Specimen(field, Raster(60, 40, Plane("0.12345678901234567890", 0.2, 1e-30, 1e-30))))
    assert found.value == pytest.approx((np.hypot(x, y) / deviation).mean(), rel=1e-5)
