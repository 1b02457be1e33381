"""Contours at the median: circles, exact contours of a tessellation, Gaussian fields; curves of known dimension."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from netwarp.architecture.language import parse
from netwarp.fields.field import Field
from netwarp.measures.gradients import total_variation
from netwarp.measures.level_sets import (
    _density,
    _exact,
    box_dimension,
    contour_length,
    gaussian_length,
    level_set_length,
    threshold,
    thresholds,
)
from netwarp.measures.measure import references_of, take
from netwarp.measures.regions import random_chords
from netwarp.measures.registry import Absent, find
from netwarp.measures.specimen import Specimen
from netwarp.network.network import Network
from netwarp.plane import Plane, Raster
from netwarp.regions.cells.line import along
from regions.made import plain


def drawn(text: str, seed: int = 0, **defaults: object) -> Field:
    return Network.draw(parse(text, **defaults), seed).calibrate(Raster(60, 40))


def test_thresholds_part_the_pixels_and_lie_on_none() -> None:
    assert thresholds(np.arange(8.0).reshape(2, 4), (0.25, 0.5, 0.75)) == [1.5, 3.5, 5.5]
    assert threshold(np.array([[0.0, 1.0, 5.0]])) == pytest.approx(np.median([1.0, 0.0, 5.0]) + 2)
    # ties: all the zeros are below; where the largest are the most, all of these above
    assert threshold(np.array([[0.0, 0.0, 0.0, 4.0]])) == 2.0
    assert threshold(np.array([[0.0, 4.0, 4.0, 4.0]])) == 2.0
    # neighbouring floats, between which there is no other: rounding goes to either one
    for below in (1.0, np.nextafter(1.0, 2.0)):
        close = np.array([[below, np.nextafter(below, 2.0)]])
        assert (close > threshold(close)).tolist() == [[False, True]]


def test_a_circle() -> None:
    raster = Raster(200, 100)
    x, y = raster.slope()
    assert contour_length(np.hypot(x, y), 0.4, raster.pitch) == pytest.approx(2 * np.pi * 0.4, rel=1e-3)
    assert contour_length(np.hypot(x, y), 4.0, raster.pitch) == 0.0


def test_a_ramp_has_one_line_across() -> None:
    raster = Raster(50, 40, Plane(width=2.0, height=3.0))
    found = level_set_length(Specimen(plain([([[1.0, 0.0]], [0.25])]), raster))
    assert (found.value, found.details["by"]) == (pytest.approx(1 / 2, rel=1e-12), "tessellation")
    assert references_of(find("level_set_length"), raster)[0] == pytest.approx(found.value)
    # from the first to the last of the pixel centres, in the area between the outermost
    pixels = level_set_length(Specimen(plain([([[1e-3, 0.0]], [0.0]), ([[1.0]], [0.0])], "tanh"), raster))
    assert (pixels.value, pixels.details["by"]) == (pytest.approx(1 / 2 * 50 / 49), "pixels")


@pytest.mark.parametrize("read", [1.0, -1.0])
def test_the_exact_level_set_is_the_fields_own_at_the_pixels_median(read: float) -> None:
    """|x - y|, and its negative: two lines beside the diagonal, d to either side, of length sqrt(2) (2 - d) each."""
    layers = [([[1.0, -1.0], [-1.0, 1.0]], [0.0, 0.0]), ([[read, read]], [3.0])]
    raster = Raster(40, 40, Plane(0.0, 0.0, 2.0, 2.0))
    specimen = Specimen(plain(layers), raster)
    found = level_set_length(specimen)
    _, level = specimen.original(0, found.details["level"])
    away = abs(level - 3)
    assert 0.5 < away < 0.7
    assert found.value == pytest.approx(2 * 2**0.5 * (2 - away) / 4, rel=1e-9)
    assert _exact(specimen.cells, 0, 3.0) == pytest.approx(8**0.5, rel=1e-9)  # touched there, once
    # marching squares do not see that it is touched
    x, y = raster.slope()
    assert contour_length(np.abs(x - y), 0.0, raster.pitch) == 0.0


@pytest.mark.slow
def test_narrow_ridges_count_where_pixels_see_none() -> None:
    """conv(4) * 30, against how often random lines cross the level, by their exact pieces and Crofton's formula."""
    field = Network.draw(parse("conv(4) * 30"), 2).calibrate()
    specimen = Specimen(field, Raster(64, 64))
    found = take(find("level_set_length"), specimen)
    ends = random_chords(specimen.raster.plane, 150, seed=5)
    levels = [specimen.original(k, threshold(image)) for k, image in enumerate(specimen.samples)]
    crossings = []
    for begin, end in ends:
        pieces = along(field, begin, end).pieces
        ends_of = np.stack([pieces.t[:-1], pieces.t[1:]])
        counted = []
        for channel, level in levels:
            slope, start = pieces.affine[:, channel].T
            above = ends_of * slope + start > level
            counted.append(np.count_nonzero(above[0] != above[1]))
        crossings.append(np.mean(counted))
    # a random line crosses 2 L / P of it, P the perimeter
    expected, doubt = np.mean(crossings) * 2, 2 * np.std(crossings) / np.sqrt(len(ends))
    assert found.value == pytest.approx(expected, abs=3 * doubt)
    assert found.value > 5 * _density(specimen.samples[0], threshold(specimen.samples[0]), specimen.raster)


def test_against_the_exact_contour_of_a_tessellation() -> None:
    field = drawn("conv(12) * 2", act="relu")
    raster = Raster(300, 300)
    values = field.sample(raster, dtype="float64")
    cells = field.tessellate(raster.plane)
    expected = []
    for channel, image in enumerate(values):
        lines = cells.contour(channel, threshold(image))
        expected.append(sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in lines))
    assert level_set_length(Specimen(field, raster)).value == pytest.approx(np.mean(expected), rel=0.02)


def test_gaussian_fields_have_the_length_of_the_formula() -> None:
    """Isotropic waves of one wavelength: the derivative in any direction has variance k^2 / 2."""
    raster = Raster(256, 256)
    slope = raster.slope().reshape(2, -1)
    rng = np.random.RandomState(np.random.PCG64(0))
    found = {0.0: [], 1.0: []}
    for _ in range(6):
        angle, phase = rng.uniform(0, 2 * np.pi, (2, 60))
        waves = 60 * np.stack([np.cos(angle), np.sin(angle)], axis=1) @ slope + phase[:, None]
        image = (np.cos(waves).sum(axis=0) * np.sqrt(2 / 60)).reshape(256, 256)
        for level, lengths in found.items():
            lengths.append(contour_length(image, level, raster.pitch) / (255 / 256) ** 2)
    for level, lengths in found.items():
        assert np.mean(lengths) == pytest.approx(gaussian_length(level, 60**2 / 2), rel=0.05)
    assert gaussian_length(0.0, 2.0) == pytest.approx(2**0.5 / 2)


def test_the_gaussian_value_is_among_the_details_where_there_are_derivatives() -> None:
    raster = Raster(64, 64)
    specimen = Specimen(plain([([[1.0, 0.0]], [0.0])]), raster)
    # mean |grad f|^2 = 12, half of it in either direction; the level is the mean
    assert level_set_length(specimen).details["gaussian"] == pytest.approx(6**0.5 / 2, rel=1e-3)
    stepped = Specimen(drawn("conv(6)", act="step"), raster)
    found = level_set_length(stepped)
    assert found.value > 0
    assert "gaussian" not in found.details


def test_the_unit_of_the_plane_and_turning_upside_down() -> None:
    weight, bias, read = np.array([[2.0, 1.0], [-1.0, 3.0]]), np.array([0.1, 0.2]), np.array([[1.0, -2.0]])
    one = level_set_length(Specimen(plain([(weight, bias), (read, [0.0])], "tanh"), Raster(64, 64))).value
    turned = level_set_length(Specimen(plain([(weight, bias), (-read, [9.0])], "tanh"), Raster(64, 64))).value
    wide = Raster(64, 64, Plane(width=2.0, height=2.0))
    halved = level_set_length(Specimen(plain([(weight / 2, bias), (read, [0.0])], "tanh"), wide)).value
    assert turned == pytest.approx(one)
    assert halved == pytest.approx(one / 2)


def test_one_row_has_no_contours() -> None:
    with pytest.raises(Absent, match="two rows"):
        level_set_length(Specimen(plain([([[1.0, 0.0]], [0.0]), ([[1.0]], [0.0])], "tanh"), Raster(64, 1)))
    assert references_of(find("level_set_length"), Raster(64, 1)) == (None, None)


@pytest.mark.parametrize("angle", [0.0, 0.3, 1.0])
def test_a_straight_line_has_dimension_1(angle: float) -> None:
    x, y = Raster(512, 512).slope()
    found = box_dimension(np.cos(angle) * x + np.sin(angle) * y)
    assert found.value == pytest.approx(1, abs=0.04)
    assert (found.details["smallest"], found.details["largest"]) == (1, 64)


def test_a_chequerboard_fills_the_plane() -> None:
    found = box_dimension(np.indices((129, 129)).sum(axis=0) % 2 * 1.0)
    assert found.value == pytest.approx(2, abs=1e-12)
    assert found.details["residual"] == pytest.approx(0, abs=1e-12)


def test_the_snowflake_of_koch() -> None:
    """log 4 / log 3 = 1.2619."""
    points = np.exp(2j * np.pi * np.arange(4) / 3)
    for _ in range(6):
        start, step = points[:-1], np.diff(points) / 3
        corner = start + step * (1 + np.exp(1j * np.pi / 3))
        points = np.append(np.stack([start, start + step, corner, start + 2 * step], axis=1).ravel(), points[-1])
    side = 1024
    picture = Image.new("1", (side, side))
    corners = np.stack([points.real, points.imag], axis=1) * side * 0.48 + side / 2
    ImageDraw.Draw(picture).polygon([tuple(corner) for corner in corners.tolist()], fill=1)
    found = box_dimension(np.asarray(picture, dtype=np.float64))
    assert found.value == pytest.approx(np.log(4) / np.log(3), abs=0.03)
    assert found.details["residual"] < 0.2


def test_dense_but_smooth_shows_in_the_slopes() -> None:
    x, _ = Raster(512, 512).slope()
    slopes = box_dimension(np.sin(2 * np.pi * 30 * x)).details["slopes"]
    # lines 8.5 pixels apart: single ones in small boxes, in every box from 16 on
    assert (slopes[0], slopes[-1]) == (pytest.approx(1, abs=0.05), pytest.approx(2, abs=0.05))


def test_too_few_pixels_for_a_dimension() -> None:
    assert box_dimension(np.indices((32, 40)).sum(axis=0) * 1.0).value > 0
    with pytest.raises(Absent, match="40x31 pixels"):
        box_dimension(np.indices((31, 40)).sum(axis=0) * 1.0)


def test_an_atlas_is_of_pixels_throughout() -> None:
    """relu has cells and tanh none; where both are in one map they are taken in one way."""
    raster = Raster(40, 40)
    for act in ("relu", "tanh", "step"):
        field = drawn("conv(6) * 2", act=act)
        found = level_set_length(Specimen(field, raster, exact=False))
        assert found.details["by"] == "pixels"
        lengths = [_density(image, threshold(image), raster) for image in Specimen(field, raster).samples]
        assert found.value == pytest.approx(np.mean(lengths), rel=1e-12)
    assert level_set_length(Specimen(drawn("conv(6) * 2", act="relu"), raster)).details["by"] == "tessellation"
    # jumps have no slope at pixels: they count by their cells, or not at all
    assert total_variation(Specimen(drawn("conv(6)", act="step"), raster, exact=False)).details["by"] == "tessellation"


def test_without_details_the_value_is_the_same() -> None:
    field = Network.draw(parse("conv(6) * 3"), 2).calibrate()
    for exact in (True, False):
        whole, bare = (Specimen(field, Raster(32, 32), exact=exact, details=wanted) for wanted in (True, False))
        assert level_set_length(bare).value == level_set_length(whole).value
        assert "gaussian" in level_set_length(whole).details
        assert "gaussian" not in level_set_length(bare).details
