"""Cells on rasters: every pixel centre has one cell, the right one, and its affine value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwarp.errors import InputError
from netwarp.plane import Plane, Raster
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.locate import locate
from netwarp.regions.cells.raster import cell_ids, rasterise
from regions import naive

UNIT = Plane.between(0, 1, 0, 1)


def centres(raster: Raster) -> np.ndarray:
    return raster.slope().reshape(2, -1).T


def outside(cells: Cells, ids: np.ndarray, points: np.ndarray) -> float:
    """How far at most a point is from its cell: from the nearest of the sides whose wrong side it is on, else 0."""
    worst = 0.0
    for cell in np.unique(ids):
        corners = cells.vertices[cells.indices[cells.offsets[cell] : cells.offsets[cell + 1]]]
        along = np.roll(corners, -1, axis=0) - corners
        length = np.maximum(np.hypot(*along.T), 1e-300)  # sides may have no length
        along /= length[:, None]
        to = points[ids == cell][:, None] - corners
        wrong = (along[:, 1] * to[..., 0] - along[:, 0] * to[..., 1]).max(axis=1)
        ahead = (to * along).sum(axis=2)
        near = np.hypot(*(to - np.clip(ahead, 0, length)[..., None] * along).transpose(2, 0, 1)).min(axis=1)
        worst = max(worst, float(np.minimum(wrong, near).max()))
    return worst


def test_quarters() -> None:
    """On an edge the pixel is the right-hand, upper cell's; row 0 is the smallest y."""
    cells = naive.arrangement(naive.UNIT, [(1, 0, -0.5), (0, 1, -0.5)])
    middles = np.array([cells.vertices[cells.indices[4 * n : 4 * n + 4]].mean(axis=0) for n in range(4)])
    cell = {tuple(middle): n for n, middle in enumerate(middles)}
    low, high = 0.25, 0.75
    wanted = [[cell[x, y] for x in (low, high, high)] for y in (low, high, high)]
    np.testing.assert_array_equal(cell_ids(cells, Raster(3, 3, UNIT)), wanted)
    np.testing.assert_array_equal(locate(cells, centres(Raster(3, 3, UNIT))), np.ravel(wanted))
    np.testing.assert_array_equal(cell_ids(cells, Raster(2, 3, UNIT)), np.delete(wanted, 1, axis=1))


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 1), (130, 67), (600, 400)])
def test_one_cell_that_covers_everything(size: tuple[int, int]) -> None:
    cells = naive.arrangement(naive.UNIT, [], np.array([[1.0, 0, 0], [0, 1, 0], [3, -2, 0.5]]))
    raster = Raster(*size, UNIT)
    assert not cell_ids(cells, raster).any()
    x, y = raster.slope()
    np.testing.assert_array_equal(rasterise(cells, raster, "float64"), [x, y, 3 * x + (-2 * y + 0.5)])
    found = rasterise(cells, raster)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.float32([x, y, 3 * x + (-2 * y + 0.5)]))


def test_the_border_belongs_to_the_rectangle_and_nothing_beyond_it() -> None:
    """Pixel centres exactly on all four borders and corners, and a ring of them outside."""
    cells = naive.arrangement(naive.UNIT, naive.random_lines(5, 8), np.array([[0.0, 0, 7]]))
    raster = Raster(7, 7, Plane.between(-0.375, 1.375, -0.375, 1.375))  # centres are quarters
    inside = np.abs(raster.slope() - 0.5).max(axis=0) <= 0.5
    ids = cell_ids(cells, raster)
    assert inside.sum() == 25
    np.testing.assert_array_equal(ids >= 0, inside)
    assert outside(cells, ids[inside], centres(raster)[inside.ravel()]) < 1e-15
    np.testing.assert_array_equal(rasterise(cells, raster), np.where(inside, np.float32(7), np.nan)[None])
    beside = Raster(5, 5, Plane(9, 9))
    assert (cell_ids(cells, beside) == -1).all()
    assert np.isnan(rasterise(cells, beside)).all()


@pytest.mark.parametrize("plane", [UNIT, Plane(0.41, 0.37, 0.05, 0.02), Plane(0.9, 0.2, 0.7, 3)])
def test_lines_that_cross_anywhere(plane: Plane) -> None:
    cells = naive.arrangement(naive.UNIT, naive.random_lines(2, 40))
    raster = Raster(211, 97, plane)
    ids, points = cell_ids(cells, raster).ravel(), centres(raster)
    inside = ((points >= 0) & (points <= 1)).all(axis=1)
    np.testing.assert_array_equal(ids >= 0, inside)
    assert outside(cells, ids[inside], points[inside]) < 1e-13
    np.testing.assert_array_equal(ids, locate(cells, points))


def test_a_network_drawn_by_its_cells_is_the_network_evaluated() -> None:
    layers = naive.drawn_layers(4, 2, 9, 9, 9, 3)
    cells = naive.network(naive.SQUARE, layers)
    raster = Raster(150, 170, Plane(0, 0, 2, 2))
    wanted = naive.evaluate(layers, centres(raster)).T.reshape(3, 170, 150)
    np.testing.assert_allclose(rasterise(cells, raster, "float64"), wanted, rtol=0, atol=1e-13)
    np.testing.assert_array_equal(rasterise(cells, raster), rasterise(cells, raster, "float64").astype(np.float32))


def scaled(cells: Cells, size: float, x: float, y: float) -> Cells:
    """Cells made smaller and moved, in floats."""
    x0, x1, y0, y1 = cells.bounds
    bounds = (x + size * x0, x + size * x1, y + size * y0, y + size * y1)
    return replace(cells, vertices=np.array([x, y]) + size * cells.vertices, bounds=bounds)


@pytest.mark.parametrize("size", [1e-6, 1e-12, 1e-14, 1e-15])
def test_cells_as_small_as_rounding_leave_no_pixel_out(size: float) -> None:
    """Coordinates near 0.3 are 5e-17 apart: at 1e-15 cells are folded over, flat and turned inside out."""
    cells = scaled(naive.arrangement(naive.UNIT, naive.random_lines(8, 30)), size, 0.3, 0.7)
    x0, x1, y0, y1 = cells.bounds
    raster = Raster(93, 71, Plane.between(x0, x1, y0, y1))
    points = centres(raster)
    inside = (points[:, 0] >= x0) & (points[:, 0] <= x1) & (points[:, 1] >= y0) & (points[:, 1] <= y1)
    ids = cell_ids(cells, raster)
    np.testing.assert_array_equal(ids.ravel() >= 0, inside)
    assert outside(cells, ids.ravel()[inside], points[inside]) < 1e-15  # nine roundings
    assert not np.isnan(rasterise(cells, raster).ravel()[inside]).any()


def test_cells_far_smaller_than_a_pixel_beside_ordinary_ones() -> None:
    """Lines that all pass a pixel's centre within a thousandth of a pixel."""
    lines = naive.random_lines(3, 25, (-1, 1, -1, 1))
    cells = scaled(naive.arrangement((-1e4, 1e4, -1e4, 1e4), lines), 1e-12, 0.25, 0.25)
    for width, columns in ((2e-8, 15), (2e-8, 16), (8e-12, 64)):
        raster = Raster(columns, columns, Plane(0.25, 0.25, width, width))
        ids = cell_ids(cells, raster)
        assert ids.min() >= 0
        assert outside(cells, ids.ravel(), centres(raster)) < 1e-16
    assert len(np.unique(ids)) > 100


@pytest.mark.parametrize("size", [(64, 64), (63, 65)])
def test_wedges_about_a_pixel_centre(size: tuple[int, int]) -> None:
    """n lines through one point, which is a pixel's centre where sizes are odd, along rows, columns and diagonals."""
    angles = np.arange(16) * np.pi / 16
    cells = naive.arrangement(naive.SQUARE, np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1))
    assert len(cells.offsets) - 1 == 32
    raster = Raster(*size, Plane(0, 0, 2, 2))
    ids = cell_ids(cells, raster)
    assert ids.min() >= 0
    assert len(np.unique(ids)) == 32
    assert outside(cells, ids.ravel(), centres(raster)) < 1e-12


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 1e-16, 1e-15]), st.integers(1, 40), st.integers(1, 40))
def test_rounding_leaves_no_pixel_out(seed: int, noise: float, columns: int, rows: int) -> None:
    """Lines through pixel centres, so that centres lie on edges and vertices; corners wrong by roundings."""
    r = np.random.default_rng(seed)
    raster = Raster(columns, rows, Plane(0, 0, 2, 2))
    x, y = r.choice(raster.xs(), 7), r.choice(raster.ys(), 7)
    a, b = r.integers(-3, 4, 7) / 2, r.integers(-3, 4, 7) / 2
    cells = naive.arrangement(naive.SQUARE, np.stack([a, b, -(a * x + b * y)], axis=1))
    shaken = replace(cells, vertices=cells.vertices + r.uniform(-noise, noise, cells.vertices.shape))
    ids = cell_ids(shaken, raster)
    assert ids.min() >= 0
    assert outside(shaken, ids.ravel(), centres(raster)) < 1e-11
    np.testing.assert_array_equal(locate(shaken, centres(raster)), ids.ravel())
    assert (locate(shaken, np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0.3, 1], [1, 0.3]])) >= 0).all()


def test_three_corners_on_a_line() -> None:
    """A step cut differently on its two sides: the left cell has five corners."""
    rows = np.zeros((1, 3))
    polygons = [
        naive.Polygon([(0, 0), (0.5, 0), (0.5, 0.3), (0.5, 1), (0, 1)], [naive.BORDER] * 5, rows),
        naive.Polygon([(0.5, 0), (1, 0), (1, 0.3), (0.5, 0.3)], [naive.BORDER] * 4, rows),
        naive.Polygon([(0.5, 0.3), (1, 0.3), (1, 1), (0.5, 1)], [naive.BORDER] * 4, rows),
    ]
    ids = cell_ids(naive.glue(naive.UNIT, polygons), Raster(5, 10, UNIT))
    np.testing.assert_array_equal(ids, [[0, 0, 1, 1, 1]] * 3 + [[0, 0, 2, 2, 2]] * 7)


def test_closer_together_than_floats_are() -> None:
    """A plane of 1e-15 about 0.3: many centres are one number."""
    cells = naive.arrangement(naive.UNIT, [(1, 0.2, -0.36), (1, -0.2, -0.24), (1, 1, -0.6), (1, -1, 0)])
    raster = Raster(700, 500, Plane(0.3, 0.3, 1e-15, 1e-15))
    ids = cell_ids(cells, raster)
    np.testing.assert_array_equal(ids.ravel(), locate(cells, centres(raster)))
    assert ids.min() >= 0


def test_threads_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = naive.network(naive.SQUARE, naive.drawn_layers(6, 2, 8, 8, 2))
    raster = Raster(301, 500, Plane(0, 0, 2.5, 2.5))
    monkeypatch.setenv("NETWARP_THREADS", "1")
    ids, values = cell_ids(cells, raster), rasterise(cells, raster)
    monkeypatch.setenv("NETWARP_THREADS", "3")
    done: list[tuple[int, int]] = []
    np.testing.assert_array_equal(cell_ids(cells, raster, progress=lambda *now: done.append(now)), ids)
    np.testing.assert_array_equal(rasterise(cells, raster), values)
    assert done
    assert done[-1][0] == done[-1][1]


def test_a_dtype_that_is_none() -> None:
    with pytest.raises(InputError, match="float16"):
        rasterise(naive.arrangement(naive.UNIT, []), Raster(2, 2), "float16")  # type: ignore[arg-type]
