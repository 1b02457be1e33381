"""The exact reference: what it must count is worked out by hand here, or counted by others."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from netwarp.network.program import Concat, Maxout, Operation, Program
from regions.piecewise import PLANE, act, conv, piecewise
from regions.rational import Regions, pattern_at, regions

SQUARE = (-1.0, 1.0, -1.0, 1.0)


def lines(rows: ArrayLike, name: str = "relu", parameter: float = 0.0) -> Program:
    """One layer of units a x + b y + c."""
    table = np.asarray(rows, dtype=float)
    return Program((PLANE, conv(0, table[:, :2], table[:, 2]), act(1, len(table), name, parameter)))


def counts(found: Regions) -> tuple[int, int, int, int]:
    return found.activation_regions, found.linear_regions, len(found.edges), len(found.vertices)


def areas(found: Regions) -> list[Fraction]:
    return sorted(cell.area for cell in found.cells)


@pytest.mark.parametrize("n", range(1, 8))
def test_generic_lines(n: int) -> None:
    """Tangents of a parabola: every two cross, no three in one point."""
    found = regions(lines([(k, -1, -k * k / 4) for k in range(1, n + 1)]), (-50.0, 51.0, -90.0, 95.0))
    assert found.activation_regions == found.linear_regions == 1 + n + n * (n - 1) // 2
    assert len(found.vertices) == 4 + 2 * n + n * (n - 1) // 2


@pytest.mark.parametrize("n", range(1, 8))
@pytest.mark.parametrize("name", ["relu", "leaky", "abs", "step"])
def test_lines_through_one_point(n: int, name: str) -> None:
    """2n sectors round a point that is no dyadic number: (1/3, 1/5) of a square that is larger."""
    turns = [(15 * (k + 1), 15 * (2 * k - 7), -5.0 * (k + 1) - 3.0 * (2 * k - 7)) for k in range(n)]
    found = regions(lines(turns, name, 0.25), SQUARE)
    # one line has no crossing to be a vertex
    assert counts(found) == ((2 * n, 2 * n, 4 + 4 * n, 5 + 2 * n) if n > 1 else (2, 2, 7, 6))
    assert n == 1 or (Fraction(1, 3), Fraction(1, 5)) in found.vertices


def test_copies_and_dead_units_draw_nothing() -> None:
    one, other = (3.0, -1.0, 0.25), (1.0, 2.0, -0.5)
    plain = counts(regions(lines([one, other]), SQUARE))
    assert plain[0] == 4
    more = [one, other, one, tuple(-3 * v for v in one), tuple(v * 2.0**-40 for v in other), (0, 0, 0), (0, 0, 1)]
    found = regions(lines([*more, (0, 0, -1), (1, 0, 1), (0, 1, -5)]), SQUARE)
    assert counts(found) == plain
    # constant 0 is not active, nor is a constant below it; the border's own line cuts nothing
    assert {cell.pattern[5:] for cell in found.cells} == {(0, 1, 0, 1, 0)}


def test_lines_along_the_border_and_through_corners() -> None:
    assert regions(lines([(1, 0, -1), (0, 1, 1)]), SQUARE).activation_regions == 1
    assert counts(regions(lines([(1, -1, 0), (1, 1, 0)]), SQUARE)) == (4, 4, 8, 5)
    assert areas(regions(lines([(1, 0, 0), (1, 0, 2.0**-60)]), SQUARE))[0] == Fraction(2, 2**60)


def test_numbers_are_not_rounded() -> None:
    """0.1, 0.2 and 0.3 are the floats: their lines do not meet in one point, as those of the decimals would."""
    meet = [(1, 0, -0.1), (0, 1, -0.2), (1, 1, -0.3)]
    assert regions(lines(meet), SQUARE).activation_regions == 7
    assert regions(lines([(1, 0, -0.125), (0, 1, -0.25), (1, 1, -0.375)]), SQUARE).activation_regions == 6


DIAMOND = (
    PLANE,
    conv(0, [(1, 0), (-1, 0), (0, 1), (0, -1)]),
    act(1, 4),
    conv(2, [(-1, -1, -1, -1)], [1]),
    act(3, 1),
)


def test_two_layers_by_hand() -> None:
    """1 - |x| - |y|, above 0 in a diamond: the four outer parts are one linear region, 0."""
    found = regions(Program(DIAMOND), (-2.0, 2.0, -2.0, 2.0))
    # corners, ends of the axes, tips of the diamond, the origin; the border's 8, the axes' 8, the diamond's 4
    assert counts(found) == (8, 5, 20, 13)
    assert areas(found) == [Fraction(1, 2)] * 4 + [Fraction(7, 2)] * 4
    assert found.of_pattern[1, 0, 0, 1, 1].affine == ((-1, 1, 1),)
    assert found.of_pattern[1, 0, 0, 1, 0].affine == ((0, 0, 0),)
    # the same function without the units that draw the axes outside
    assert regions(Program(DIAMOND[:4]), (-2.0, 2.0, -2.0, 2.0)).activation_regions == 4


def test_a_second_layer_bends_at_the_first() -> None:
    """relu(x) - y + 1/4: flat left of x = 0, rising to the right; the corner of the bend belongs to all four cells."""
    found = regions(
        Program((PLANE, conv(0, [(1, 0)]), act(1, 1), Concat((2, 0), 3), conv(3, [(1, 0, -1)], [0.25]))), SQUARE
    )
    assert counts(found) == (2, 2, 7, 6)
    bent = Program((PLANE, conv(0, [(1, 0)]), act(1, 1), Concat((2, 0), 3), conv(3, [(1, 0, -1)], [0.25]), act(4, 1)))
    found = regions(bent, SQUARE)
    assert counts(found) == (4, 3, 12, 9)
    assert (Fraction(0), Fraction(1, 4)) in found.vertices


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_abs_folds_the_square(depth: int) -> None:
    """2 |t| - 1 of both coordinates, again and again: 2^depth pieces along each."""
    operations: list[Operation] = [PLANE]
    for layer in range(depth):
        operations.append(conv(2 * layer, np.eye(2) * (2 if layer else 1), np.full(2, -1.0 if layer else 0.0)))
        operations.append(act(2 * layer + 1, 2, "abs"))
    found = regions(Program(tuple(operations)), SQUARE)
    side = 2**depth
    assert counts(found) == (side**2, side**2, 2 * side * (side + 1), (side + 1) ** 2)
    assert set(areas(found)) == {Fraction(4, side**2)}


@pytest.mark.parametrize(("name", "most"), [("hardtanh", 1), ("hardsigmoid", 3)])
def test_two_parallel_lines_a_unit(name: str, most: int) -> None:
    found = regions(lines([(4, 0, 0), (0, 4, 0)], name), SQUARE)
    assert counts(found) == (9, 9, 24, 16)
    edge, middle = Fraction(4 - most, 4), Fraction(most, 2)
    assert found.of_pattern[0, 1].area == edge * middle
    assert found.of_pattern[2, 2].area == edge**2
    steep, at_zero = (4, 0) if name == "hardtanh" else (Fraction(4, 6), Fraction(1, 2))
    low = -1 if name == "hardtanh" else 0
    assert found.of_pattern[1, 0].affine == ((steep, 0, at_zero), (0, 0, low))
    assert found.of_pattern[1, 2].affine[1] == (0, 0, 1)
    # a constant on the border between two pieces has not passed it
    flat = regions(lines([(0, 0, most), (0, 0, -most)], name), SQUARE)
    assert [cell.pattern for cell in flat.cells] == [(1, 0)]


def test_maxout_is_a_fan_of_the_winners() -> None:
    """Three pieces make three cells round a point, where all comparisons would make six."""
    three = [(2, 0), (-1, 2), (-1, -2)]
    found = regions(Program((PLANE, conv(0, three), Maxout((1,), 1, 3))), SQUARE)
    assert counts(found) == (3, 3, 10, 8)
    # a fourth that wins nowhere, and a copy that is never the first
    loser = regions(Program((PLANE, conv(0, [*three, (0, 0)]), Maxout((1,), 1, 4))), SQUARE)
    assert counts(loser) == counts(found)
    copy = regions(Program((PLANE, conv(0, [three[0], *three]), Maxout((1,), 1, 4))), SQUARE)
    assert {cell.pattern for cell in copy.cells} == {(0,), (2,), (3,)}
    two = regions(Program((PLANE, conv(0, [*three, (0, 0), (1, 1), (0, 0)], [0] * 6), Maxout((1,), 2, 3))), SQUARE)
    # the second unit's 0, x + y, 0 cuts two of the three sectors
    assert two.activation_regions == 5
    assert {cell.pattern[1] for cell in two.cells} == {0, 1}


def test_a_step_cuts_the_two_sides_of_an_edge_differently() -> None:
    """relu(y - step(x) / 2): the edge at x = 0 is three edges, and 0 below is one linear region."""
    body = (PLANE, conv(0, [(1, 0)]), act(1, 1, "step"), Concat((2, 0), 3), conv(3, [(-0.5, 0, 1)]), act(4, 1))
    found = regions(Program(body), SQUARE)
    assert counts(found) == (4, 3, 13, 10)
    zero, half, one = Fraction(0), Fraction(1, 2), Fraction(1)
    assert {edge for edge in found.edges if edge[0][0] == edge[1][0] == 0} == {
        ((zero, -one), (zero, zero)),
        ((zero, zero), (zero, half)),
        ((zero, half), (zero, one)),
    }
    assert all(len(cell.corners) == 4 for cell in found.cells)


def test_equal_maps_that_meet_in_a_point_are_two_linear_regions() -> None:
    """step(x) + step(y): 1 in two opposite quadrants."""
    body = (*lines([(1, 0, 0), (0, 1, 0)], "step").operations, conv(2, [(1, 1)]))
    found = regions(Program(body), SQUARE)
    assert sorted(cell.affine[0][2] for cell in found.cells) == [0, 1, 1, 2]
    assert counts(found)[:2] == (4, 4)


def test_groups_keep_to_their_own() -> None:
    weight = [(1.0,), (2.0,), (3.0,), (4.0,)]
    whole = Program((PLANE, conv(0, [(1, 0), (2, 0), (0, 3), (0, 4)], [1, 2, 3, 4])))
    parts = Program((PLANE, conv(0, weight, [1, 2, 3, 4], groups=2)))
    assert regions(parts, SQUARE).cells[0].affine == regions(whole, SQUARE).cells[0].affine
    assert pattern_at(parts, (0.5, 0.25)) == pattern_at(whole, (0.5, 0.25)) == ((), (1.5, 3, 3.75, 5))


@pytest.mark.slow
def test_a_network_that_others_counted() -> None:
    """Ten layers of ten: 789 regions, as regioncam finds in float32; this one has no ties."""
    r = np.random.default_rng(0)
    operations: list[Operation] = [PLANE]
    inputs = 2
    for _ in range(10):
        weight = (r.standard_normal((inputs, 10)) * np.sqrt(2 / inputs)).astype(np.float32)
        operations.append(conv(len(operations) - 1, weight.T, (r.standard_normal(10) * 0.3).astype(np.float32)))
        operations.append(act(len(operations) - 1, 10))
        inputs = 10
    assert regions(Program(tuple(operations)), SQUARE).activation_regions == 789


def check(program: Program, bounds: Sequence[float]) -> Regions:
    """The reference's own promises; its polygons and the operations' definitions agree inside every cell."""
    found = regions(program, bounds)
    x0, x1, y0, y1 = map(Fraction, bounds)
    assert sum(cell.area for cell in found.cells) == (x1 - x0) * (y1 - y0)
    assert min(cell.area for cell in found.cells) > 0
    assert len(found.vertices) - len(found.edges) + len(found.cells) == 1
    assert 1 <= found.linear_regions <= len(found.of_pattern)
    for (p, q), cells in found.edges.items():
        border = (p[0] == q[0] and p[0] in (x0, x1)) or (p[1] == q[1] and p[1] in (y0, y1))
        assert len(set(cells)) == len(cells) == (1 if border else 2)
    for cell in found.cells:
        x, y = cell.centre
        assert pattern_at(program, (x, y)) == (cell.pattern, tuple(a * x + b * y + c for a, b, c in cell.affine))
        turns = zip(cell.corners, cell.corners[1:] + cell.corners[:1], cell.corners[2:] + cell.corners[:2], strict=True)
        assert all((q[0] - p[0]) * (r[1] - q[1]) > (q[1] - p[1]) * (r[0] - q[0]) for p, q, r in turns)
    return found


@given(piecewise())
def test_cells_hold_the_points_of_their_pattern(program: Program) -> None:
    check(program, (-1.0, 0.7, -0.5, 1.25))


@given(piecewise(), st.tuples(st.fractions(-1, 1), st.fractions(-1, 1)))
def test_any_point_lies_in_the_closed_cell_of_its_pattern(program: Program, point: tuple[Fraction, Fraction]) -> None:
    """Unless it lies on an edge, where its pattern may be no cell's."""
    found = regions(program, (-2.0, 2.0, -2.0, 2.0))
    x, y = point
    inside = [
        cell
        for cell in found.cells
        if all(
            (q[0] - p[0]) * (y - p[1]) > (q[1] - p[1]) * (x - p[0])
            for p, q in zip(cell.corners, cell.corners[1:] + cell.corners[:1], strict=True)
        )
    ]
    assert len(inside) <= 1
    for cell in inside:
        assert pattern_at(program, point)[0] == cell.pattern
