"""Boundaries in pixels: as wide as they should be, where the edges are, in the colours of their layers."""

import numpy as np
import pytest

from netwarp.picture.overlay import Fill, by_pattern, layer_colours
from netwarp.picture.overlay_lines import Placement, of_polylines
from netwarp.picture.overlay_png import Stroke, draw_boundaries, draw_strokes, fill_pixels, pale
from picture.pieces import UNIT, cut, weights

CELLS, BITS = cut(weights([8, 8], 3))


def stroke(points: list[tuple[float, float]], width: float, size: int = 40, alpha: float = 1.0) -> np.ndarray:
    """Black lines in plane units of a size x size plane on white: how dark each pixel is, 0 to 1."""
    lines = of_polylines([np.array(points, float)], Placement((0, size, 0, size), size, size))
    white = np.full((size, size, 3), 255, np.uint8)
    drawn = draw_strokes(white, [Stroke(lines, slice(0, 1), (0, 0, 0), width, alpha)])
    assert (white == 255).all()
    return 1 - drawn[..., 0] / 255


@pytest.mark.parametrize("width", [0.25, 0.5, 1.0, 1.7, 3.0])
@pytest.mark.parametrize("end", [(40.0, 20.0), (40.0, 33.0), (20.0, 40.0), (13.0, 40.0)])
def test_a_line_is_as_dark_as_its_width(width: float, end: tuple[float, float]) -> None:
    start = (0.0, 20.0) if end[0] == 40 else (20.0, 0.0)
    dark = stroke([start, end], width)
    length = np.hypot(end[0] - start[0], end[1] - start[1])
    # within what the ends and bytes make
    assert dark.sum() == pytest.approx(width * length, rel=0.08)
    ys, xs = np.nonzero(dark)
    across = np.abs((xs + 0.5 - start[0]) * (end[1] - start[1]) - (ys + 0.5 - start[1]) * (end[0] - start[0])) / length
    assert across.max() <= max(width, 1) / 2 + 0.5


def test_a_horizontal_line_along_pixels_is_exact() -> None:
    dark = stroke([(5.0, 10.5), (35.0, 10.5)], 1.0)
    assert (dark[10, 5:35] == 1).all()
    assert dark[[8, 9, 11, 12]].max() == 0
    between = stroke([(5.0, 11.0), (35.0, 11.0)], 1.0)
    np.testing.assert_allclose(between[10:12, 6:34], 0.5, atol=0.01)
    assert stroke([(5.0, 10.5), (35.0, 10.5)], 1.0, alpha=0.5)[10, 20] == pytest.approx(0.5, abs=0.01)


def test_points_outside_and_without_length_do_no_harm() -> None:
    assert stroke([(-50.0, -50.0), (-10.0, 90.0)], 2.0).sum() == 0
    assert stroke([(-1000.0, 20.5), (1000.0, 20.5)], 1.0)[20].min() == 1
    assert 0 < stroke([(20.0, 20.0), (20.0, 20.0)], 2.0).sum() < 8


def test_bands_meet_without_a_seam() -> None:
    dark = stroke([(3.0, 1.0), (140.0, 148.0)], 1.5, size=150)
    profile = dark.sum(axis=1)[8:140]
    assert np.ptp(profile) < 0.15 * profile.mean()


def test_every_boundary_is_drawn_in_its_layers_colour() -> None:
    rows = columns = 900
    drawn = draw_boundaries(np.full((rows, columns, 3), 255, np.uint8), CELLS).astype(int)
    colours = layer_colours(2).astype(int)
    for layer in (1, 2):
        ends = (CELLS.vertices[CELLS.edges[CELLS.edge_layers == layer]] + 0.5) * columns
        long = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1) > 75
        middles = ends[long].mean(axis=1)
        at = drawn[middles[:, 1].astype(int), middles[:, 0].astype(int)]
        own = np.abs(at - colours[layer - 1]).sum(axis=1)
        other = np.abs(at - colours[2 - layer]).sum(axis=1)
        assert np.mean(own < other) > 0.9
        assert (at.min(axis=1) < 200).all()
    assert (drawn == 255).all(axis=2).mean() > 0.8
    dark = draw_boundaries(np.full((rows, columns, 3), 255, np.uint8), CELLS, by_layer=False)
    assert (dark[..., 0] == dark[..., 2]).all()


def test_contours_lie_on_top() -> None:
    ring = np.array([[-0.3, -0.3], [0.3, -0.3], [0.3, 0.3], [-0.3, -0.3]])
    drawn = draw_boundaries(np.full((100, 100, 3), 255, np.uint8), CELLS, contours=[ring])
    assert (drawn[19:21, 26:74] < 60).all()


def test_cells_are_filled_with_their_colours() -> None:
    fill = by_pattern(BITS)
    pixels = fill_pixels(CELLS, fill, 90, 60)
    assert pixels.shape == (60, 90, 3)
    # a pixel well inside a cell has its colour
    for cell, colour in enumerate(fill.colours):
        corners = CELLS.vertices[CELLS.indices[CELLS.offsets[cell] : CELLS.offsets[cell + 1]]]
        centre = corners.mean(axis=0)
        if min(np.abs(np.linalg.det([b - a, centre - a])) / np.linalg.norm(b - a) for a, b in ring(corners)) > 0.03:
            assert (pixels[int((centre[1] + 0.5) * 60), int((centre[0] + 0.5) * 90)] == colour).all()
    halves, _ = cut([(np.array([[1.0, 0.0]]), np.array([0.1 / 3])), (np.eye(1), np.zeros(1))], UNIT)
    x = halves.vertices[halves.indices[halves.offsets[:-1]], 0]
    grey = Fill(np.where(x[:, None] < -0.1, 0, 200).astype(np.uint8).repeat(3, axis=1))
    # the line x = -1/30 passes between the two points that a pixel of 14 has across
    assert set(fill_pixels(halves, grey, 14, 3)[0, :, 0].tolist()) <= {0, 100, 200}


def test_a_large_fill_is_made_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    fill = by_pattern(BITS)
    whole = fill_pixels(CELLS, fill, 64, 64)
    monkeypatch.setattr("netwarp.picture.overlay_png.SUBPIXELS", 4 * 64 * 10)
    assert (fill_pixels(CELLS, fill, 64, 64) == whole).mean() > 0.999


def test_a_pale_picture_keeps_white_and_lifts_black() -> None:
    shown = pale(np.array([[[0, 128, 255]]], np.uint8))
    assert shown.tolist() == [[[128, 192, 255]]]


def ring(corners: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return list(zip(corners, np.roll(corners, -1, axis=0), strict=True))
