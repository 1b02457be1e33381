"""The networks that fold the square: closed counts against exact arithmetic, values against the triangle wave."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from netwarp.errors import InputError, LimitError
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Program
from netwarp.theory.bounds import folding_regions, sawtooth_regions
from regions.rational import pattern_at, regions

UNIT = (0.0, 1.0, 0.0, 1.0)


def program(network: Network) -> Program:
    return lower(network)


def triangle(t: Fraction, sides: int) -> Fraction:
    """0 at 0, 1 at 1 / sides, 0 at 2 / sides, ..."""
    phase = t * sides % 2
    return min(phase, 2 - phase)


@pytest.mark.parametrize(
    ("depth", "width", "columns", "rows"),
    [
        (1, 2, 1, 1),
        (3, 3, 8, 1),
        (1, 4, 2, 2),
        (4, 4, 16, 16),
        (2, 5, 9, 4),
        (2, 6, 9, 9),
        (2, 8, 16, 16),
        (1, 12, 6, 6),
    ],
)
def test_a_grid_of_folds(depth: int, width: int, columns: int, rows: int) -> None:
    found = regions(program(Network.folding(depth, width)), UNIT)
    assert found.activation_regions == found.linear_regions == columns * rows == folding_regions(depth, width)
    corners = {(Fraction(i, columns), Fraction(j, rows)) for i in range(columns + 1) for j in range(rows + 1)}
    assert found.vertices == corners
    assert len(found.edges) == columns * (rows + 1) + rows * (columns + 1)


def test_the_tent_folded_four_times() -> None:
    assert folding_regions(4, 4) == 256


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_a_sawtooth(depth: int) -> None:
    found = regions(program(Network.sawtooth(depth)), UNIT)
    assert found.activation_regions == found.linear_regions == 2**depth == sawtooth_regions(depth)
    assert {cell.area for cell in found.cells} == {Fraction(1, 2**depth)}
    assert {abs(cell.affine[0][0]) for cell in found.cells} == {2**depth}


@pytest.mark.parametrize(("depth", "width"), [(1, 2), (3, 4), (2, 7), (5, 6)])
def test_values_are_triangle_waves(depth: int, width: int) -> None:
    one = program(Network.folding(depth, width))
    p, q = (width + 1) // 2, width // 2
    for x, y in ((Fraction(1, 7), Fraction(5, 11)), (Fraction(1), Fraction(0)), (Fraction(12, 13), Fraction(2, 3))):
        u, v = triangle(x, p**depth), triangle(y, q**depth)
        assert pattern_at(one, (x, y))[1] == (u, v, (u + v) / 2)
    x = Fraction(3, 10)
    assert pattern_at(program(Network.sawtooth(depth)), (x, 1))[1] == (triangle(x, 2**depth),)


def test_every_number_is_a_float32_and_no_zero_is_negative() -> None:
    for network in (Network.folding(3, 9), Network.sawtooth(4)):
        for name, array in network.parameters.items():
            assert (array.astype(np.float32) == array).all()
            assert not np.signbit(array[array == 0]).any(), name


def test_it_is_a_plain_network_that_can_be_used() -> None:
    network = Network.folding(2, 4)
    assert (network.architecture, network.seed, str(network.activation)) == (None, None, "relu")
    assert [network.parameters[f"W{n}"].shape for n in range(3)] == [(4, 2), (4, 4), (3, 4)]
    values = network.calibrate().at([(0.25, 0.0), (0.5, 0.25), (1.0, 0.625)])
    assert values.tolist() == [[1, 0, 0.5], [0, 1, 0.5], [0, 0.5, 0.25]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 4), "depth=0: must be at least 1"),
        ((4, 1), "width=1: must be at least 2, a unit for x and one for y"),
        ((2.0, 4), "depth=2.0: must be a whole number"),
        ((2, True), "width=True: must be a whole number"),
        ((2, "4"), "width='4': must be a whole number"),
    ],
)
def test_bad_sizes(arguments: tuple[Any, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Network.folding(*arguments)


def test_too_large() -> None:
    with pytest.raises(LimitError, match=r"folding.* 1,000,000,000 layers, at most 1,000"):
        Network.folding(10**9, 4)
    with pytest.raises(LimitError, match="weights, at most 4,194,304"):
        Network.folding(2, 2100)
    with pytest.raises(LimitError, match="6,000,000,000,000 weights"):
        Network.folding(1, 10**12)
    with pytest.raises(LimitError, match=r"sawtooth.* 1,001 layers"):
        Network.sawtooth(1001)
    with pytest.raises(InputError, match="sawtooth depth=0"):
        Network.sawtooth(0)
