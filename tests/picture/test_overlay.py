"""Colours of layers and cells: distinct where cells are told apart, stable, those of the picture where it is one."""

import numpy as np
import pytest

from netwarp.picture.overlay import by_area, by_gradient, by_pattern, by_value, centroids, layer_colours
from netwarp.picture.paint import paint
from netwarp.picture.tone import Tone
from netwarp.regions.cells.cells import Cells
from picture.pieces import UNIT, cut, weights

CELLS, BITS = cut(weights([8, 8], 3))


def lightness(colours: np.ndarray) -> np.ndarray:
    light = np.asarray(colours, float) / 255
    return np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)


def square(k: int = 1) -> Cells:
    """One cell: the unit square, with the maps x, y, 0, ..."""
    maps = np.zeros((1, k, 3))
    maps[0, : min(k, 2)] = np.eye(2, 3)[:k]
    return Cells(
        bounds=(0.0, 1.0, 0.0, 1.0),
        vertices=np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]),
        edges=np.array([[0, 1], [1, 2], [2, 3], [3, 0]], np.int32),
        edge_cells=np.array([[0, -1]] * 4, np.int32),
        edge_layers=np.zeros(4, np.int32),
        edge_units=np.full(4, -1, np.int32),
        offsets=np.array([0, 4]),
        indices=np.arange(4, dtype=np.int32),
        sides=np.arange(4, dtype=np.int32),
        affine=maps,
    )


def areas(cells: Cells) -> np.ndarray:
    found = []
    for first, last in zip(cells.offsets, cells.offsets[1:], strict=False):
        x, y = cells.vertices[cells.indices[first:last]].T
        found.append((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)
    return np.array(found)


@pytest.mark.parametrize("layers", [1, 2, 3, 10, 50])
def test_layers_have_colours_of_their_own_that_white_paper_shows(layers: int) -> None:
    colours = layer_colours(layers)
    assert colours.shape == (layers, 3)
    assert len({tuple(colour) for colour in colours.tolist()}) == layers
    # 2:1 against white at the least, and later layers lighter
    assert (1.05 / (lightness(colours) + 0.05) > 2).all()
    assert (np.diff(lightness(colours)) > 0).all()
    assert layer_colours(0).shape == (0, 3)


def test_patterns_one_unit_apart_look_different_wherever_the_unit_is() -> None:
    random = np.random.RandomState(0)
    bits = random.randint(0, 2**63, (50, 5), dtype=np.int64).astype(np.uint64)
    for unit in (0, 7, 8, 63, 64, 200, 319):
        switched = bits.copy()
        switched[:, unit // 64] ^= np.uint64(1 << (unit % 64))
        apart = np.abs(by_pattern(bits).colours.astype(int) - by_pattern(switched).colours).max(axis=1)
        assert apart.min() > 20
    assert (lightness(by_pattern(bits).colours) > 0.4).all()
    # the colour depends on the units that are active, not on how many there are
    wider = np.concatenate([bits, np.zeros((50, 3), np.uint64)], axis=1)
    assert np.array_equal(by_pattern(wider).colours, by_pattern(bits).colours)


def test_neighbours_differ_and_the_colours_stay_what_they_are() -> None:
    colours = by_pattern(BITS).colours.astype(int)
    inner = CELLS.edge_cells[(CELLS.edge_cells >= 0).all(axis=1)]
    assert np.abs(colours[inner[:, 0]] - colours[inner[:, 1]]).max(axis=1).min() > 20
    assert by_pattern(np.array([[0], [1], [2]], np.uint64)).colours.tolist() == [
        [255, 214, 233],
        [128, 215, 222],
        [177, 195, 146],
    ]


def test_a_cells_value_is_that_of_its_centre_through_the_tone() -> None:
    np.testing.assert_allclose(centroids(square()), [[0.5, 0.5]])
    tone = Tone("gray", (0,), (0.0,), (1.0,))
    assert by_value(square(), tone).colours.tolist() == [[128, 128, 128]]
    # independent: the mean of random points of each cell, by the mean over its triangles
    for first, last, centre in zip(CELLS.offsets, CELLS.offsets[1:], centroids(CELLS), strict=False):
        corners = CELLS.vertices[CELLS.indices[first:last]]
        fans = [corners[[0, i, i + 1]] for i in range(1, len(corners) - 1)]
        sizes = [abs(np.linalg.det(np.stack([f[1] - f[0], f[2] - f[0]]))) for f in fans]
        np.testing.assert_allclose(centre, np.average([f.mean(axis=0) for f in fans], axis=0, weights=sizes), atol=1e-9)
    values = np.array([m[:, :2] @ c + m[:, 2] for m, c in zip(CELLS.affine, centroids(CELLS), strict=True)])
    tone = Tone.fit(np.ascontiguousarray(values.T)[:, None])
    wanted = paint(np.ascontiguousarray(values.T)[:, None], tone).pixels[0]
    assert np.array_equal(by_value(CELLS, tone).colours, wanted)


def test_centres_far_away_and_of_slivers_lie_in_their_cells() -> None:
    far, _ = cut(weights([4], 1), (1e6, 1e6 + 1e-3, 1e6, 1e6 + 1e-3))
    assert (np.abs(centroids(far) - 1e6 - 5e-4) <= 5e-4).all()
    flat = square()
    flat.vertices[2:, 1] = 0.0
    np.testing.assert_allclose(centroids(flat), [[0.5, 0.0]])


def test_numbers_are_coloured_by_their_logarithm() -> None:
    fill = by_area(np.array([1e-7, 1e-6, 1e-2]))
    assert fill.scale is not None
    # a sliver is beyond the span of the area and is clipped to its lowest colour
    assert fill.scale.low == pytest.approx(1e-2)
    even = by_area(np.array([1.0, 1, 1, 1, 10]))
    assert even.scale is not None
    assert (even.scale.low, even.scale.high) == pytest.approx((1, 10))
    cells = square(3)
    steep = by_gradient(cells, np.ones(1))
    assert steep.scale is not None
    assert steep.scale.low == pytest.approx(2**0.5)
    assert steep.scale.title == "steepness, all channels"
    cells.affine[:] = 0
    assert by_gradient(cells, np.ones(1)).scale is None
    real = by_gradient(CELLS, areas(CELLS))
    norms = np.linalg.norm(CELLS.affine[:, :, :2].reshape(len(CELLS.affine), -1), axis=1)
    order = np.argsort(norms)
    assert (np.diff(lightness(real.colours[order])) >= -0.02).all()
    assert areas(CELLS).sum() == pytest.approx((UNIT[1] - UNIT[0]) * (UNIT[3] - UNIT[2]))
