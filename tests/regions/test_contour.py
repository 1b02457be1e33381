"""Level sets: known ones, lengths against cells cut by the level, ties as the limit from above, and jumps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netwarp.errors import InputError
from netwarp.regions.cells import Cells
from netwarp.regions.contour import contour
from regions import naive

CROSS = [(1.0, 0, 0), (0, 1.0, 0)]  # the axes


def cells_of(lines: list[tuple[float, float, float]], function: object, bounds: naive.Bounds = naive.SQUARE) -> Cells:
    """The arrangement, with the affine rows that `function(x, y)` gives at every cell's middle."""
    cells = naive.arrangement(bounds, lines)
    rows = [
        function(*cells.vertices[cells.indices[a:b]].mean(axis=0))  # type: ignore[operator]
        for a, b in zip(cells.offsets[:-1], cells.offsets[1:], strict=True)
    ]
    return replace(cells, affine=np.array(rows, np.float64)[:, None])


def length(polylines: list[np.ndarray]) -> float:
    return sum(float(np.hypot(*np.diff(one, axis=0).T).sum()) for one in polylines)


def closed(one: np.ndarray) -> bool:
    return bool((one[0] == one[-1]).all())


def chords(cells: Cells, level: float) -> float:
    """The length of the level inside cells, each cut by it on its own."""
    total = 0.0
    for cell, row in enumerate(cells.affine[:, 0]):
        corners = cells.vertices[cells.indices[cells.offsets[cell] : cells.offsets[cell + 1]]]
        polygon = naive.Polygon([(float(x), float(y)) for x, y in corners], [naive.BORDER] * len(corners), row[None])
        parts = naive.split(polygon, (row[0], row[1], row[2] - level), (1, 0))
        if len(parts) == 2:
            i = parts[0].tags.index((1, 0))
            total += float(np.hypot(*np.subtract(parts[0].corners[i - len(parts[0].tags) + 1], parts[0].corners[i])))
    return total


def check(polylines: list[np.ndarray], bounds: naive.Bounds) -> None:
    """No point twice in a row; what is not closed ends on the border; those with ends come first."""
    x0, x1, y0, y1 = bounds
    for one in polylines:
        assert len(one) >= 2
        assert (np.diff(one, axis=0) != 0).any(axis=1).all()
        if not closed(one):
            for x, y in one[[0, -1]]:
                assert x in (x0, x1) or y in (y0, y1)
    shut = [closed(one) for one in polylines]
    assert shut == sorted(shut)


def test_one_cell() -> None:
    """x > 1/2 lies on the left of the way down."""
    cells = cells_of([], lambda x, y: (1, 0, 0), naive.UNIT)
    (found,) = contour(cells, 0, 0.5)
    np.testing.assert_array_equal(found, [[0.5, 1], [0.5, 0]])
    assert contour(cells, 0, 1) == contour(cells, 0, -1) == []
    # at 0 the border itself is not above, and the rest is
    np.testing.assert_array_equal(contour(cells, 0, 0), [[[0, 1], [0, 0]]])


def test_a_diamond_is_closed_and_has_what_is_above_on_its_left() -> None:
    cells = cells_of(CROSS, lambda x, y: (np.sign(x), np.sign(y), 0))
    (found,) = contour(cells, 0, 0.5)
    assert sorted(map(tuple, found[:-1])) == [(-0.5, 0), (0, -0.5), (0, 0.5), (0.5, 0)]
    assert closed(found)
    x, y = found.T
    assert np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) == -1  # clockwise: outside is above
    (inside,) = contour(replace(cells, affine=-cells.affine), 0, -0.5)
    x, y = inside.T
    assert np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) == 1


@pytest.mark.parametrize("seed", range(6))
def test_networks(seed: int) -> None:
    layers = naive.drawn_layers(seed, 2, 10, 10, 1)
    cells = naive.network(naive.SQUARE, layers)
    grid = np.random.default_rng(seed).uniform(-1, 1, (2000, 2))
    levels = np.quantile(naive.evaluate(layers, grid), [0.05, 0.3, 0.5, 0.8, 0.99])
    for level in [*levels, *cells.affine[::9, 0, 2]]:
        found = contour(cells, 0, float(level))
        check(found, naive.SQUARE)
        if level in levels:
            np.testing.assert_allclose(length(found), chords(cells, level), rtol=1e-11)
        for one in found:
            np.testing.assert_allclose(naive.evaluate(layers, one)[:, 0], level, rtol=0, atol=1e-14)
            along = np.diff(one, axis=0)
            middle, size = (one[1:] + one[:-1]) / 2, np.hypot(*along.T)
            aside = 1e-6 * np.stack([-along[:, 1], along[:, 0]], axis=1)
            above = naive.evaluate(layers, middle + aside)[:, 0] - level
            assert (above[size > 1e-3] >= -1e-12).all()
        other = contour(replace(cells, affine=-cells.affine), 0, -float(level))
        if level in levels:
            assert len(other) == len(found)
            np.testing.assert_allclose(length(other), length(found), rtol=1e-12)


def test_ties() -> None:
    """What bounds the part that is greater: a flat cell is walked around, a crease from above both ways."""
    steps = [(1.0, 0, 0.5), (1.0, 0, -0.5)]  # x = -1/2, x = 1/2
    ramp = cells_of(steps, lambda x, y: (0, 0, -1) if x < -0.5 else (2, 0, 0) if x < 0.5 else (0, 0, 1))
    np.testing.assert_array_equal(contour(ramp, 0, -1), [[[-0.5, 1], [-0.5, -1]]])
    assert contour(ramp, 0, 1) == []
    trough = cells_of([(1.0, 0, 0)], lambda x, y: (np.sign(x), 0, 0))
    ends = sorted(one.tolist() for one in contour(trough, 0, 0))
    assert ends == [[[0, -1], [0, 1]], [[0, 1], [0, -1]]]
    assert contour(replace(trough, affine=-trough.affine), 0, 0) == []
    cone = cells_of(
        [(1.0, 1, 0), (1.0, -1, 0)], lambda x, y: (np.sign(x), 0, 0) if abs(x) > abs(y) else (0, np.sign(y), 0)
    )
    assert contour(cone, 0, 0) == contour(replace(cone, affine=-cone.affine), 0, 0) == []
    saddle = cells_of(CROSS, lambda x, y: (np.sign(x), -np.sign(y), 0))
    found = sorted(one.tolist() for one in contour(saddle, 0, 0))
    assert found == [[[-1, -1], [0, 0], [-1, 1]], [[1, 1], [0, 0], [1, -1]]]
    hole = cells_of([(1.0, 0, 0.5), (1.0, 0, -0.5), (0, 1.0, 0.5), (0, 1.0, -0.5)], box)
    (one,) = contour(hole, 0, 0)
    np.testing.assert_allclose(length([one]), 4)
    assert np.abs(one).max() == 0.5


def box(x: float, y: float) -> tuple[float, float, float]:
    """Rows of max(0, |x| - 1/2) + max(0, |y| - 1/2): flat in the middle."""
    a, b = np.sign(x) * (abs(x) > 0.5), np.sign(y) * (abs(y) > 0.5)
    return a, b, -(abs(a) + abs(b)) / 2


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 1e-16]))
def test_ties_are_the_limit_from_above(seed: int, noise: float) -> None:
    """Networks of fifths, whose vertices and whole cells are at the level; rows wrong by roundings."""
    r = np.random.default_rng(seed)
    layers = [
        (r.integers(-2, 3, (rows, columns)) / 5, r.integers(-2, 3, rows) / 5)
        for columns, rows in ((2, 4), (4, 4), (4, 1))
    ]
    cells = naive.network(naive.SQUARE, layers)
    assume(len(cells.edges) + 1 == len(cells.vertices) + len(cells.offsets) - 1)
    cells = replace(cells, affine=cells.affine * (1 + noise * r.uniform(-1, 1, cells.affine.shape)))
    for level in {0.0, float(layers[-1][1][0]), round(float(cells.affine[-1, 0] @ [0.2, 0.2, 1]), 6)}:
        found, above = contour(cells, 0, level), contour(cells, 0, level + 1e-9)
        check(found, naive.SQUARE)
        np.testing.assert_allclose(length(found), length(above), rtol=0, atol=1e-5)


def test_jumps_end_it() -> None:
    """y on the left half, y + 1/4 on the right: two pieces that do not meet, and none along the jump."""
    cells = cells_of([(1.0, 0, -0.5)], lambda x, y: (0, 1, 0.25 * (x > 0.5)), naive.UNIT)
    found = sorted(one.tolist() for one in contour(cells, 0, 0.5))
    assert found == [[[0, 0.5], [0.5, 0.5]], [[0.5, 0.25], [1, 0.25]]]
    stairs = cells_of([(1.0, 0, -0.5)], lambda x, y: (0, 0, float(x > 0.5)), naive.UNIT)
    assert all(contour(stairs, 0, level) == [] for level in (0, 0.5, 1))


def test_a_jump_that_ends_inside() -> None:
    """y, and y + x where x > 0 > y: a jump along the positive half of y = 0, which fades at the origin."""
    cells = cells_of(CROSS, lambda x, y: (float(x > 0 > y), 1, 0))
    found = sorted(one.tolist() for one in contour(cells, 0, 0.25))
    assert found == [[[-1, 0.25], [0, 0.25], [1, 0.25]], [[0.25, 0], [1, -0.75]]]
    found = sorted(one.tolist() for one in contour(cells, 0, -0.25))
    assert found == [[[-1, -0.25], [0, -0.25], [0.75, -1]]]


@pytest.mark.parametrize("noise", [4e-16, 1e-13])
def test_rounding_between_neighbours_tears_nothing(noise: float) -> None:
    """Rows wrong in the last bits, or by more than what counts as the level, at the levels of their own vertices."""
    cells = naive.network(naive.SQUARE, naive.drawn_layers(7, 2, 12, 12, 1))
    r = np.random.default_rng(7)
    noisy = replace(cells, affine=cells.affine * (1 + noise * r.uniform(-1, 1, cells.affine.shape)))
    for cell in range(len(cells.offsets) - 1):
        x, y = cells.vertices[cells.indices[cells.offsets[cell]]]
        level = float(cells.affine[cell, 0] @ [x, y, 1])
        found = contour(noisy, 0, level)
        check(found, naive.SQUARE)
        np.testing.assert_allclose(length(found), length(contour(cells, 0, level + 1e-10)), rtol=0, atol=1e-7)


def test_arguments() -> None:
    cells = naive.arrangement(naive.UNIT, [])
    with pytest.raises(InputError, match="channel 1: must be from 0 to 0"):
        contour(cells, 1, 0)
    with pytest.raises(InputError, match="nan"):
        contour(cells, 0, np.nan)
