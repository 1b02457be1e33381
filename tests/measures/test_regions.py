"""Regions, boundaries and switches: closed counts, the signs of single units, Crofton's formula, bounds, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.architecture.language import parse
from netwarp.errors import UnsupportedError
from netwarp.fields.field import Field
from netwarp.measures import affordable, regions
from netwarp.measures.measure import measure
from netwarp.measures.regions import boundary_length, bounds, linear_regions, random_chords, switches
from netwarp.measures.registry import Absent
from netwarp.measures.specimen import Specimen
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.theory.bounds import folding_regions
from regions.made import plain

UNIT = Raster(16, 16, Plane.between(0, 1, 0, 1))
RASTER = Raster(16, 16)


def drawn(text: str, seed: int = 0, **defaults: object) -> Field:
    return Network.draw(parse(text, **defaults), seed).calibrate(Raster(60, 40))


@pytest.mark.parametrize(("depth", "width"), [(1, 4), (2, 5), (3, 4)])
def test_networks_that_fold_have_the_regions_of_the_formula(depth: int, width: int) -> None:
    specimen = Specimen(Network.folding(depth, width).calibrate(), UNIT)
    assert regions.regions(specimen).value == linear_regions(specimen).value == folding_regions(depth, width)


def test_a_ramp() -> None:
    specimen = Specimen(plain([([[1.0, 0.0]], [0.25])]), RASTER)
    found = regions.regions(specimen).value, linear_regions(specimen).value, boundary_length(specimen)
    assert (*found, switches(specimen).value) == (1, 1, 0, 0)


def test_activation_regions_that_share_a_map_are_one_linear_region() -> None:
    """relu(x) - relu(-x) is x; so is its map on either side of 0, which is a boundary all the same."""
    field = plain([([[1.0, 0.0], [-1.0, 0.0]], [0.0, 0.0]), ([[1.0, -1.0]], [0.0])])
    specimen = Specimen(field, Raster(16, 16, Plane(width=2.0, height=3.0)))
    assert (regions.regions(specimen).value, linear_regions(specimen).value) == (2, 1)
    # a line as high as the plane, in an area of 6
    assert boundary_length(specimen) == pytest.approx(3 / 6)


def test_switches_are_the_units_whose_sign_differs_at_the_ends() -> None:
    """Of one layer: a line crosses another at most once."""
    field = drawn("conv(50)", act="relu")
    ends = random_chords(RASTER.plane, regions.CHORDS)
    active = field.after(1).at(ends.reshape(-1, 2)).reshape(-1, 2, 50) > 0
    expected = (active[:, 0] != active[:, 1]).sum(axis=1)
    found = switches(Specimen(field, RASTER))
    assert found.value == expected.mean()
    assert found.details["spread"] == pytest.approx(expected.std())
    assert found.details["units"] == 50


def test_switches_of_the_tessellation_are_those_of_the_lines() -> None:
    for text, act in (("conv(12) * 3", "relu"), ("conv(8) * 2", "hardtanh"), ("residual(conv(6) * 2) * 2", "leaky")):
        specimen = Specimen(drawn(text, act=act), RASTER)
        ends = random_chords(RASTER.plane, 8)
        crossed = regions._crossed(specimen.tessellation, ends)
        np.testing.assert_array_equal(crossed, regions._along(specimen.field, ends, 100_000))
        assert crossed.max() > 3


def test_the_former_name_warns() -> None:
    with pytest.warns(DeprecationWarning, match="measure kinks is now called switches"):
        found = measure(drawn("conv(8)", act="relu"), ["kinks"], raster=RASTER)
    assert list(found) == ["switches"]


def test_chords_are_those_of_crofton() -> None:
    """Their mean length is pi A / P, and a segment of length l is crossed by 2 l / P of them."""
    plane = Plane.between(1.0, 4.0, -1.0, 0.0)
    ends = random_chords(plane, 6_000)
    assert np.hypot(*(ends[:, 1] - ends[:, 0]).T).mean() == pytest.approx(np.pi * 3 / 8, rel=0.03)
    begin, end = np.array([1.5, -0.2]), np.array([3.0, -0.9])
    across = ends[:, 1] - ends[:, 0]
    sides = [np.sign(np.linalg.det(np.stack([across, point - ends[:, 0]], axis=1))) for point in (begin, end)]
    assert (sides[0] != sides[1]).mean() == pytest.approx(2 * np.hypot(1.5, 0.7) / 8, rel=0.04)
    # both ends lie on the border
    on = (
        np.isclose(ends[..., 0], 1)
        | np.isclose(ends[..., 0], 4)
        | np.isclose(ends[..., 1], -1)
        | np.isclose(ends[..., 1], 0)
    )
    assert on.all()
    np.testing.assert_array_equal(random_chords(plane, 5), ends[:5])


def test_switches_come_to_boundary_length_over_many_chords() -> None:
    specimen = Specimen(drawn("conv(20) * 2", act="relu"), RASTER)
    counts = regions._crossed(specimen.tessellation, random_chords(RASTER.plane, 4000))
    assert counts.mean() == pytest.approx(boundary_length(specimen) / 2, rel=0.03)


def test_bounds_stand_beside_the_counts() -> None:
    found = regions.regions(Specimen(drawn("conv(9)", act="relu"), RASTER))
    assert found.details == {"arrangement": 46, "montufar_2014_lower": 46, "serra_2018_upper": 46}
    assert found.value <= 46
    deep = bounds(drawn("conv(4) * 2", act="relu").program)
    # two folds of each axis, then four lines; and by hand: of 11 regions one each for 0 and 4, 6, 4 units off
    assert (deep["montufar_2014_lower"], deep["serra_2018_upper"]) == (4 * 11, 11 + 4 * 11 + 6 * 11)
    assert set(bounds(drawn("conv(4) * 2", act="abs").program)) == {"maxout_upper"}
    assert bounds(drawn("residual(conv(4))", act="relu").program) == {}
    assert bounds(drawn("conv(4)", act="step").program) == {}
    # more than a float holds
    assert regions._written(2 * 10**400) == "10^400.3"


def test_too_many_regions_are_refused_at_once_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    specimen = Specimen(drawn("conv(100) * 10", act="relu"), RASTER)
    for one in (regions.regions, linear_regions, boundary_length):
        with pytest.raises(Absent, match=r"some 501,001 activation regions are expected.*netwarp regions"):
            one(specimen)
    # more than expected: counted as they are found
    monkeypatch.setattr(affordable, "BUDGET", 3e7)
    monkeypatch.setattr(affordable, "SLACK", 100)
    surprising = Specimen(drawn("conv(10) * 5", act="relu"), RASTER)
    with pytest.raises(Absent, match="by layer"):
        regions.regions(surprising)
    begun: list[Field] = []
    monkeypatch.setattr(affordable, "tessellate", lambda field, *_, **__: begun.append(field))
    with pytest.raises(Absent, match="by layer"):
        boundary_length(surprising)
    assert not begun


def test_switches_without_the_tessellation_and_where_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    field = drawn("conv(400)", act="relu")
    monkeypatch.setattr(affordable, "LIMIT", 32_000)
    specimen = Specimen(field, RASTER)
    with pytest.raises(Absent):
        regions.regions(specimen)
    assert 50 < switches(specimen).value < 400
    monkeypatch.setattr(affordable, "LIMIT", 2_000)
    with pytest.raises(Absent, match="at most 500 breakpoints"):
        switches(Specimen(field, RASTER))
    monkeypatch.setattr(regions, "SLACK", 1000)
    with pytest.raises(Absent, match="at most 500 breakpoints"):
        switches(Specimen(field, RASTER))


def test_other_fields_name_the_layer_in_the_way() -> None:
    for text, act in (("conv(4, 3)", "relu"), ("conv(4)", "tanh")):
        with pytest.raises(UnsupportedError):
            switches(Specimen(drawn(text, act=act), RASTER))
        found = measure(drawn(text, act=act), raster=Raster(8, 8))["regions"]
        assert found.value is None
        assert "layer" in found.reason
