"""Cells of points: the one whose sides they are all on the left of."""

from __future__ import annotations

import numpy as np
import pytest

from netwarp.errors import InputError
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.locate import locate
from regions import naive


def depths(cells: Cells, points: np.ndarray) -> np.ndarray:
    """(n, C) how far inside a cell a point is: the least distance to its sides' lines, negative outside."""
    found = np.empty((len(points), len(cells.offsets) - 1))
    for cell in range(found.shape[1]):
        corners = cells.vertices[cells.indices[cells.offsets[cell] : cells.offsets[cell + 1]]]
        along = np.roll(corners, -1, axis=0) - corners
        along /= np.hypot(*along.T)[:, None]
        to = points[:, None] - corners
        found[:, cell] = (along[:, 0] * to[..., 1] - along[:, 1] * to[..., 0]).min(axis=1)
    return found


def check(cells: Cells, points: np.ndarray) -> None:
    """Every point is in its cell to 1e-13, and no other cell has it deeper than that unless it is its own."""
    ids, inside = locate(cells, points), depths(cells, points)
    assert ids.dtype == np.int32
    assert ids.min() >= 0
    assert inside[np.arange(len(points)), ids].min() > -1e-13
    clear = inside.max(axis=1) > 1e-13
    np.testing.assert_array_equal(ids[clear], inside.argmax(axis=1)[clear])


def test_halves() -> None:
    cells = naive.arrangement(naive.UNIT, [(1, 0, -0.5)])
    low = int(locate(cells, np.array([[0.25, 0.5]]))[0])
    points = [[0.1, 0.1], [0.9, 0.9], [0, 0], [1, 1], [0.5, 0.5], [1.0000001, 0.5], [0.5, -1], [np.nan, 0], [0, np.inf]]
    np.testing.assert_array_equal(
        locate(cells, np.array(points)), [low, 1 - low, low, 1 - low, 1 - low, -1, -1, -1, -1]
    )


@pytest.mark.parametrize("count", [1, 2, 3, 10, 2000])
def test_any_number_of_points(count: int) -> None:
    check(
        naive.arrangement(naive.UNIT, naive.random_lines(1, 15)), np.random.default_rng(count).uniform(0, 1, (count, 2))
    )


def test_no_points() -> None:
    assert locate(naive.arrangement(naive.UNIT, []), np.empty((0, 2))).shape == (0,)


def test_points_on_lines_in_clusters_and_on_the_border() -> None:
    cells = naive.network(naive.UNIT, naive.drawn_layers(2, 2, 7, 7, 1))
    r = np.random.default_rng(0)
    x = r.uniform(0, 1, (300, 1))
    at = np.full((300, 1), 0.437)
    for points in (
        np.hstack([x, at]),
        np.hstack([at, x]),
        np.hstack([x, np.repeat([[0.0], [1.0]], 150, axis=0)]),
        np.hstack([np.repeat([[0.0], [1.0]], 150, axis=0), x]),
        np.vstack([r.uniform(0, 1, (100, 2)), 0.6 + r.uniform(0, 1e-9, (500, 2))]),
        np.repeat([[0.3, 0.4]], 100, axis=0),
    ):
        check(cells, points)


def test_vertices_and_points_on_edges_have_one_of_their_cells() -> None:
    cells = naive.arrangement(naive.UNIT, naive.random_lines(9, 25))
    start, end = cells.vertices[cells.edges[:, 0]], cells.vertices[cells.edges[:, 1]]
    t = np.random.default_rng(1).uniform(0, 1, (len(start), 1))
    for points in (cells.vertices, start + t * (end - start)):
        inside = np.clip(points, 0, 1)
        assert np.abs(inside - points).max() < 1e-15
        check(cells, inside)


def test_long_thin_cells() -> None:
    """Parallel lines 1e-9 apart, aslant and along both axes."""
    gaps = 0.5 + 1e-9 * np.arange(40)
    for a, b in ((0.6, 0.8), (1.0, 0.0), (0.0, 1.0)):
        polygons = [naive.rectangle(naive.UNIT, np.zeros((1, 3)))]
        for unit, gap in enumerate(gaps):
            polygons = [part for one in polygons for part in naive.split(one, (a, b, -gap), (1, unit))]
        cells = naive.glue(naive.UNIT, polygons, 13)
        t = np.random.default_rng(2).uniform(-0.4, 0.4, 400)
        at = 0.5 + np.random.default_rng(3).uniform(0, 4e-8, 400)
        check(cells, np.stack([a * at - b * t + b * 0.45, b * at + a * t + a * 0.45], axis=1)[:, :] % 1)


def test_points_of_another_shape() -> None:
    with pytest.raises(InputError, match=r"\(3,\)"):
        locate(naive.arrangement(naive.UNIT, []), np.zeros(3))
