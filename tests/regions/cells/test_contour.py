"""Level sets: known ones, exact arithmetic with ties and jumps of all kinds, lines across them, and f against -f."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from netwarp.errors import InputError
from netwarp.network.program import Conv, Maxout, Program
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.contour import contour
from regions import level_sets, naive, rational
from regions.made import tessellation_of
from regions.piecewise import PLANE, act, conv

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


def check(polylines: list[np.ndarray], bounds: naive.Bounds, *, generic: bool = False) -> None:
    """No point twice in a row; those with ends come first, and these are on the border where nothing is degenerate."""
    x0, x1, y0, y1 = bounds
    for one in polylines:
        assert len(one) >= 2
        assert (np.diff(one, axis=0) != 0).any(axis=1).all()
        if generic and not closed(one):
            for x, y in one[[0, -1]].tolist():
                assert x in (x0, x1) or y in (y0, y1)
    shut = [closed(one) for one in polylines]
    assert shut == sorted(shut)


def negative(cells: Cells) -> Cells:
    return replace(cells, affine=-cells.affine)


def points(polylines: list[np.ndarray]) -> list[list[list[float]]]:
    """Every polyline as plain points, its first the smaller of its ends, in order."""
    return sorted(min(one.tolist(), one[::-1].tolist()) for one in polylines)


def test_one_cell() -> None:
    """x > 1/2 lies on the left of the way down."""
    cells = cells_of([], lambda x, y: (1, 0, 0), naive.UNIT)
    (found,) = contour(cells, 0, 0.5)
    np.testing.assert_array_equal(found, [[0.5, 1], [0.5, 0]])
    assert contour(cells, 0, -1) == contour(cells, 0, 2) == []
    # the level touched along the border of the rectangle: inside is above, and below
    np.testing.assert_array_equal(contour(cells, 0, 0), [[[0, 1], [0, 0]]])
    np.testing.assert_array_equal(contour(cells, 0, 1), [[[1, 1], [1, 0]]])


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
        check(found, naive.SQUARE, generic=level in levels)
        if level in levels:
            np.testing.assert_allclose(length(found), chords(cells, level), rtol=1e-11)
        for one in found:
            np.testing.assert_allclose(naive.evaluate(layers, one)[:, 0], level, rtol=0, atol=1e-14)
            along = np.diff(one, axis=0)
            middle, size = (one[1:] + one[:-1]) / 2, np.hypot(*along.T)
            aside = 1e-6 * np.stack([-along[:, 1], along[:, 0]], axis=1)
            left, right = (naive.evaluate(layers, middle + turn * aside)[:, 0] for turn in (1, -1))
            assert (left - right)[size > 1e-3].min(initial=0.0) >= -1e-12
        other = contour(negative(cells), 0, -float(level))
        assert len(other) == len(found)
        assert level_sets.same(level_sets.pieces(other), level_sets.pieces(found))


def test_a_crease_that_touches_the_level_is_there_once_from_above_and_from_below() -> None:
    """|x - y| at 0: the diagonal; the same of a network."""
    valley = cells_of([(1.0, -1, 0)], lambda x, y: (np.sign(x - y), -np.sign(x - y), 0))
    network = tessellation_of(_program([[1, -1], [-1, 1]], [0, 0], [[1, 1]], [0]))
    ridge = tessellation_of(_program([[1, -1], [-1, 1]], [0, 0], [[-1, -1]], [0]))
    for cells in (valley, negative(valley), network, ridge):
        assert points(contour(cells, 0, 0)) == [[[-1, -1], [1, 1]]]
    # and a step away from it, both sides of it or none
    assert len(contour(network, 0, 1e-3)) == len(contour(ridge, 0, -1e-3)) == 2
    assert contour(network, 0, -1e-3) == contour(ridge, 0, 1e-3) == []


def _program(*layers: object, activation: str = "relu") -> Program:
    """The program of weight, bias, weight, bias, ..."""
    operations: list[object] = [PLANE]
    for n in range(0, len(layers), 2):
        operations.append(conv(len(operations) - 1, layers[n], layers[n + 1]))  # type: ignore[arg-type]
        if n + 2 < len(layers):
            operations.append(act(len(operations) - 1, len(operations[-1].bias), activation))  # type: ignore[attr-defined]
    return Program(tuple(operations))  # type: ignore[arg-type]


def test_a_plateau_has_its_border_once() -> None:
    """Of a strip of it: between below and above, above on both sides, below on both; beside the rectangle's border."""
    strip = [(1.0, 0, 0.5), (0, 1.0, 0), (1.0, 0, -0.5)]  # x = -1/2, x = 1/2; and a line within it, which draws nothing
    lines = [[[-0.5, -1], [-0.5, 0], [-0.5, 1]], [[0.5, -1], [0.5, 0], [0.5, 1]]]
    for left, right in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        cells = cells_of(
            strip, lambda x, y, a=left, b=right: (a, 0, a / 2) if x < -0.5 else (b, 0, -b / 2) if x > 0.5 else (0, 0, 0)
        )
        found = contour(cells, 0, 0)
        assert points(found) == points(contour(negative(cells), 0, 0)) == lines
        # larger values on the left: of the way up x is smaller there
        for one in found:
            up = one[-1, 1] > one[0, 1]
            assert up == (left < 0 if one[0, 0] < 0 else right < 0)
    ramp = cells_of(strip, lambda x, y: (0, 0, -1) if x < -0.5 else (2, 0, 0) if x < 0.5 else (0, 0, 1))
    assert points(contour(ramp, 0, -1)) == lines[:1]
    assert points(contour(ramp, 0, 1)) == lines[1:]
    assert contour(cells_of(strip, lambda x, y: (0, 0, 0)), 0, 0) == []


def test_points_where_polylines_meet() -> None:
    """What is above stays together; an isolated point is left out; of three pieces at a point, one ends there."""
    cone = cells_of(
        [(1.0, 1, 0), (1.0, -1, 0)], lambda x, y: (np.sign(x), 0, 0) if abs(x) > abs(y) else (0, np.sign(y), 0)
    )
    assert contour(cone, 0, 0) == contour(negative(cone), 0, 0) == []
    saddle = cells_of(CROSS, lambda x, y: (np.sign(x), -np.sign(y), 0))
    found = sorted(one.tolist() for one in contour(saddle, 0, 0))
    assert found == [[[-1, -1], [0, 0], [-1, 1]], [[1, 1], [0, 0], [1, -1]]]
    hole = cells_of([(1.0, 0, 0.5), (1.0, 0, -0.5), (0, 1.0, 0.5), (0, 1.0, -0.5)], box)
    for cells in (hole, negative(hole)):
        (one,) = contour(cells, 0, 0)
        np.testing.assert_allclose(length([one]), 4)
        assert np.abs(one).max() == 0.5
    # min(|x|, |y|): two creases that cross, each one polyline
    creases = cells_of(
        [*CROSS, (1.0, 1, 0), (1.0, -1, 0)],
        lambda x, y: (np.sign(x), 0, 0) if abs(x) < abs(y) else (0, np.sign(y), 0),
    )
    for cells in (creases, negative(creases)):
        assert points(contour(cells, 0, 0)) == [[[-1, 0], [0, 0], [1, 0]], [[0, -1], [0, 0], [0, 1]]]
    # max(|x|, -y): a crease that leaves the level inside
    ended = cells_of(
        [*CROSS, (1.0, 1, 0), (1.0, -1, 0)],
        lambda x, y: (np.sign(x), 0, 0) if abs(x) > -y else (0, -1, 0),
    )
    for cells in (ended, negative(ended)):
        assert points(contour(cells, 0, 0)) == [[[0, 0], [0, 1]]]
    # relu(x) - relu(y): 0 on the third quadrant, from which the diagonal goes on
    corner = cells_of([*CROSS, (1.0, -1, 0)], lambda x, y: (float(x > 0), -float(y > 0), 0))
    found = contour(corner, 0, 0)
    assert sorted(len(one) for one in found) == [2, 3]
    np.testing.assert_allclose(length(found), 2 + 2**0.5)


def box(x: float, y: float) -> tuple[float, float, float]:
    """Rows of max(0, |x| - 1/2) + max(0, |y| - 1/2): flat in the middle."""
    a, b = np.sign(x) * (abs(x) > 0.5), np.sign(y) * (abs(y) > 0.5)
    return a, b, -(abs(a) + abs(b)) / 2


def whole_network(seed: int, activation: str) -> Program:
    """Weights and biases from -2 to 2: vertices, edges and whole cells at whole levels are common."""
    r = np.random.default_rng(seed)
    widths = (2, r.integers(2, 5), r.integers(2, 5), 1)
    layers: list[object] = []
    for columns, rows in pairwise(widths):
        layers += [r.integers(-2, 3, (rows, columns)), r.integers(-2, 3, rows) / 2]
    return _program(*layers, activation=activation)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from(["relu", "abs", "hardtanh", "leaky", "step", "maxout"]))
@example(899, "maxout")
def test_exact_arithmetic(seed: int, activation: str) -> None:
    """The same segments as in fractions, for f and for -f; larger values on the left."""
    program = whole_network(seed, "leaky" if activation == "maxout" else activation)
    if activation == "maxout":
        first, last = program.operations[1], program.operations[-1]
        assert isinstance(first, Conv) and isinstance(last, Conv)  # noqa: PT018
        last = conv(2, np.resize(last.weight[:, :, 0, 0], (1, 1)), last.bias)
        program = Program((PLANE, first, Maxout((1,), 1, len(first.bias)), last))
    cells, true = tessellation_of(program), rational.regions(program, naive.SQUARE)
    for level in (Fraction(0), Fraction(1, 2), true.cells[-1].affine[0][2], Fraction(11, 32)):
        wanted = level_sets.floats(level_sets.level_set(true, 0, level))
        # of bounds and whole numbers, and of tolerances alone
        ways = (
            cells.contour(0, float(level)),
            contour(cells, 0, float(level)),
            contour(negative(cells), 0, -float(level)),
        )
        for found in ways:
            check(found, naive.SQUARE)
            assert level_sets.same(level_sets.pieces(found), wanted)


def test_a_level_is_the_float_that_is_given() -> None:
    """max(y, 1 - 2 y) touches 1/3 along a line; the float nearest to it is below, and is not reached at all; the one
    above is reached on both sides, along lines nearer than floats tell apart."""
    values = np.array([[0.0, 1.0], [0.0, -2.0]]), np.array([0.0, 1.0])
    program = Program((PLANE, conv(0, *values), Maxout((1,), 1, 2)))
    cells, true = tessellation_of(program), rational.regions(program, naive.SQUARE)
    for level in (1 / 3, np.nextafter(1 / 3, 1.0)):
        wanted = level_sets.floats(level_sets.level_set(true, 0, Fraction(float(level))))
        assert len(wanted) == (0 if level == 1 / 3 else 2)
        assert level_sets.same(level_sets.pieces(cells.contour(0, float(level))), wanted)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from(["relu", "abs", "hardtanh", "step"]))
def test_lines_meet_it_where_the_function_changes_its_sign_or_touches_the_level(seed: int, activation: str) -> None:
    """Without any cells: the function in fractions along lines, none of which passes through a touching point."""
    program = whole_network(seed, activation)
    cells = tessellation_of(program)
    r = np.random.default_rng(seed)
    for level in (Fraction(0), Fraction(1, 2), Fraction(float(cells.affine[0, 0, 2]))):
        found = cells.contour(0, float(level))
        for x0, y0, x1, y1 in r.uniform(-1, 1, (4, 4)).tolist():
            p, q = (Fraction(x0), Fraction(y0)), (Fraction(x1), Fraction(y1))
            wanted = level_sets.met(level_sets.along(program, p, q), 0, level)
            assert level_sets.crossed(found, p, q) == wanted


def test_jumps_past_the_level_belong_to_it() -> None:
    """y on the left half, y + 1/4 on the right: the jump joins the two pieces; a step between its two values."""
    cells = cells_of([(1.0, 0, -0.5)], lambda x, y: (0, 1, 0.25 * (x > 0.5)), naive.UNIT)
    for either in (cells, negative(cells)):
        found = contour(either, 0, 0.5 if either is cells else -0.5)
        assert points(found) == [[[0, 0.5], [0.5, 0.5], [0.5, 0.25], [1, 0.25]]]
    stairs = cells_of([(1.0, 0, -0.5)], lambda x, y: (0, 0, float(x > 0.5)), naive.UNIT)
    for level in (0, 0.5, 1):
        np.testing.assert_array_equal(contour(stairs, 0, level), [[[0.5, 1], [0.5, 0]]])
    assert contour(stairs, 0, -0.1) == contour(stairs, 0, 1.1) == []


def test_a_jump_that_ends_inside() -> None:
    """y, and y + x where x > 0 > y: a jump along the positive half of y = 0, which fades at the origin."""
    cells = cells_of(CROSS, lambda x, y: (float(x > 0 > y), 1, 0))
    found = sorted(one.tolist() for one in contour(cells, 0, 0.25))
    assert found == [[[-1, 0.25], [0, 0.25], [1, 0.25]], [[1, 0], [0.25, 0], [1, -0.75]]]
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
