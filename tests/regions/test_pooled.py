"""A max pool behind a ReLU compares zeros with zeros: few of its lines cut, and compiled code settles the others."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import netwarp as nw
from netwarp.network.program import LINEAR, Activate, Conv, Embed, Maxout, Program
from netwarp.network.source import Graph
from netwarp.regions.descent import descend
from regions.rational import regions

UNITS = 64  # in sixteen fours: 96 lines, more than a cell has room for that many cut


def pooled(act: str = "relu") -> nw.Field:
    rng = np.random.RandomState(3)
    operations = (
        Embed(np.full(2, LINEAR), np.eye(2, 3)),
        Conv((0,), rng.normal(size=(UNITS, 2, 1, 1)), rng.normal(size=UNITS) - 1, layer="lines"),
        Activate((1,), act, np.full(UNITS, 0.25 if act == "leaky" else 0.0), layer="lines"),
        Maxout((2,), UNITS // 4, 4, layer="pool"),
        Conv((3,), rng.normal(size=(2, UNITS // 4, 1, 1)), np.zeros(2), layer="out"),
    )
    return nw.Network(Graph(Program(operations, (2, 3)))).calibrate()


@pytest.mark.parametrize("act", ["relu", "leaky", "abs"])
def test_compiled_code_settles_the_ties_of_a_pool(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object, **more: object) -> None:
        raise AssertionError("a hundred times slower")

    monkeypatch.setattr(descend, "settle", refuse)
    found = pooled(act).tessellate(nw.Plane(0, 0, 1, 1))
    half = Fraction(1, 2)
    exact = regions(found.field.program, (-half, half, -half, half))
    assert len(found) == exact.activation_regions > 100
    assert len(found.merge()) == exact.linear_regions
    areas = sorted(float(cell.area) for cell in exact.cells)
    np.testing.assert_allclose(np.sort(found.areas), areas, rtol=1e-9, atol=1e-15)


def test_a_cell_that_very_many_lines_of_a_pool_cut_has_arrays_of_its_own() -> None:
    # one cell before the pool, and more of its lines through it than there is room for at first
    operations = pooled("linear").program.operations
    field = nw.Network(Graph(Program(operations, (2, 3)))).calibrate()
    found = field.tessellate(nw.Plane(0, 0, 9, 9))
    half = Fraction(9, 2)
    assert len(found) == regions(field.program, (-half, half, -half, half)).activation_regions
    found.check()
