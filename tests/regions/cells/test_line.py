"""Sections: known ones, and the function in fractions along the line, with units that are not heard and that cancel."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netwarp.architecture.language import parse
from netwarp.network.network import Network
from netwarp.network.program import Operation, Program
from netwarp.regions.cells.line import along
from regions import level_sets
from regions.made import field_of, generic, plain
from regions.piecewise import PLANE, act, conv


def test_a_unit_that_nothing_hears_changes_the_pattern_and_bends_nothing() -> None:
    """relu(x), and relu(x - 1/2) with a weight of 0."""
    field = plain([([[1.0, 0.0], [1.0, 0.0]], [0.0, -0.5]), ([[1.0, 0.0]], [0.0])])
    section = along(field, (-1.0, 0.3), (1.0, 0.3))
    assert (len(section.pieces), len(section.kinks), len(section.switches), len(section)) == (2, 1, 2, 2)
    assert (section.kinks.t.tolist(), section.t.tolist()) == ([0.5], [0.5, 0.75])
    assert (section.kinks.points.tolist(), section.units.tolist()) == ([[0.0, 0.3]], [0, 1])
    assert (section.pieces.t.tolist(), section.pieces.affine.tolist()) == ([0.0, 0.5, 1.0], [[[0, 0]], [[2, -1]]])
    assert repr(section) == "<Section: 2 switches, 1 kinks>"


def test_units_that_cancel_bend_nothing() -> None:
    """relu(x) - relu(-x) is x; a line of one piece, and one along which nothing changes."""
    field = plain([([[1.0, 0.0], [-1.0, 0.0]], [0.0, 0.0]), ([[1.0, -1.0]], [0.0])])
    section = along(field, (-1.0, 0.0), (1.0, 0.0))
    assert (len(section), len(section.kinks), len(section.pieces)) == (1, 0, 1)
    still = along(field, (0.5, -1.0), (0.5, 1.0))
    assert (len(still), len(still.kinks), still.pieces.affine.tolist()) == (0, 0, [[[0, 0.5]]])


def test_a_step_jumps_where_its_slope_does_not_change() -> None:
    field = plain([([[1.0, 0.0]], [0.0]), ([[3.0]], [1.0])], "step")
    section = along(field, (-1.0, 0.0), (1.0, 0.0))
    assert (section.kinks.t.tolist(), section.pieces.affine.tolist()) == ([0.5], [[[0, 1]], [[0, 4]]])


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from(["relu", "abs", "hardtanh", "step"]))
def test_exact_arithmetic(seed: int, activation: str) -> None:
    """Small whole weights, many of them 0: the breakpoints at which slope or value change, and the maps between."""
    r = np.random.default_rng(seed)
    widths = (2, r.integers(1, 5), r.integers(1, 5), 2)
    operations: list[Operation] = [PLANE]
    for n, (columns, rows) in enumerate(pairwise(widths)):
        if n:
            operations.append(act(len(operations) - 1, int(columns), activation))
        operations.append(conv(len(operations) - 1, r.integers(-1, 2, (rows, columns)), r.integers(-2, 3, rows) / 2))
    program = Program(tuple(operations))
    begin, end = r.integers(-8, 9, (2, 2)) / 4 + [[0, 0], [1 / 8, 0]]
    p, q = (tuple(Fraction(v) for v in point.tolist()) for point in (begin, end))
    true = level_sets.along(program, p, q)  # type: ignore[arg-type]
    section = along(field_of(program), begin.tolist(), end.tolist())
    bends = [one.end for one, other in pairwise(true) if _map(one) != _map(other)]
    np.testing.assert_allclose(section.kinks.t, np.array(bends, dtype=float), rtol=0, atol=1e-14)
    assert len(section.pieces) == len(bends) + 1
    assert set(section.kinks.t.tolist()) <= set(section.t.tolist())
    # no pattern changes but at breakpoints of units, of which those that nothing hears are some
    starts = [
        one for one, at in zip(true, (Fraction(0), *(one.end for one in true)), strict=False) if at in (0, *bends)
    ]
    for piece, affine in zip(starts, section.pieces.affine, strict=True):
        np.testing.assert_allclose(affine, np.array(_map(piece), dtype=float), rtol=0, atol=1e-13)


def _map(piece: level_sets.Piece) -> list[tuple[Fraction, Fraction]]:
    """Slope and constant of every channel, as a function of t."""
    slopes = [(b - a) / (piece.end - piece.begin) for a, b in zip(piece.first, piece.last, strict=True)]
    return [(slope, value - slope * piece.begin) for slope, value in zip(slopes, piece.first, strict=True)]


def test_the_diagonal_has_the_switches_that_the_cells_have() -> None:
    found = Network.draw(parse("conv(10) * 4"), 1).calibrate().tessellate()
    section = found.along((-0.5, -0.5), (0.5, 0.5))
    assert (np.diff(section.t) > 0).all()
    ends = np.concatenate([[0.0], section.t, [1.0]])
    middle = (ends[:-1] + ends[1:]) / 2 - 0.5
    cells = found.locate(np.column_stack([middle, middle]))
    assert (np.diff(cells) != 0).all()
    # at the switches, one of the layers' units is zero
    for point, layer, unit in zip(section.points, section.layers, section.units, strict=True):
        near = found.field.after(int(layer)).at([point])[0]
        assert near[unit] < 1e-9


def test_kinks_of_a_sawtooth() -> None:
    """2^n teeth of equal width: the kinks are at the multiples of 2^-n, exactly."""
    section = along(Network.sawtooth(6).calibrate(), (0.0, 0.5), (1.0, 0.5))
    assert [Fraction(t) for t in section.t.tolist()] == [Fraction(n, 64) for n in range(1, 64)]
    assert len(section.kinks) == len(section.switches) == 63
    np.testing.assert_array_equal(section.pieces.affine[:, 0, 0], np.resize([64.0, -64.0], 64))


@pytest.mark.slow
def test_switches_of_a_network_too_large_for_the_plane() -> None:
    field = generic(6, 200)
    section = along(field, (-1.0, -1.0), (1.0, 0.7))
    t = np.linspace(0, 1, 200_001)
    points = np.array([-1.0, -1.0]) + t[:, None] * np.array([2.0, 1.7])
    changes = sum(
        int((np.diff(field.after(layer).at(points) > 0, axis=0) != 0).sum()) for layer in range(1, field.layers + 1)
    )
    # a fine grid sees almost all of them, and none that is not there
    assert changes <= len(section) <= changes + 6
