"""What holds of every tessellation, checked."""

from __future__ import annotations

import numpy as np

from netwarp.regions.arrays import Bits, Floats, Long
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.integrals import areas
from netwarp.regions.descent.signs import ULP
from netwarp.regions.stages import Stage

# how far a vertex may be from where its lines cross, of the rectangle's larger side
PLACED = 2e-6


def check(cells: Cells, bits: Bits, errors: Floats, stages: tuple[Stage, ...]) -> None:
    """Nothing, where the cells fill the rectangle, hang together and differ. Errors: AssertionError that says what not.

    Euler's V - E + C = 1; every edge inside has two cells and every one on the border one; sides and edges agree; a
    cell is counter-clockwise and its area not negative beyond rounding; areas sum to the rectangle's (1e-9); no two
    cells have one pattern; the unit that drew an edge is on another piece on either side of it; the function is
    continuous where no layer jumps.
    """
    vertices, edges, count = len(cells.vertices), len(cells.edges), len(cells.offsets) - 1
    assert vertices - edges + count == 1, f"V - E + C = {vertices} - {edges} + {count} is not 1"
    x0, x1, y0, y1 = cells.bounds
    border = cells.edge_layers == 0
    left, right = cells.edge_cells.T
    assert (left >= 0).all(), "an edge without a cell on its left"
    assert ((right >= 0) == ~border).all(), "an edge inside with one cell, or one on the border with two"
    following = np.arange(1, len(cells.indices) + 1)
    following[cells.offsets[1:] - 1] = cells.offsets[:-1]
    ends = np.stack([cells.indices, cells.indices[following]], axis=1)
    of_cell = np.repeat(np.arange(count), np.diff(cells.offsets))
    drawn = cells.edges[cells.sides]
    along = (drawn == ends).all(axis=1) & (left[cells.sides] == of_cell)
    against = (drawn[:, ::-1] == ends).all(axis=1) & (right[cells.sides] == of_cell)
    assert (along ^ against).all(), "a side that is not its edge"
    assert len(cells.indices) == 2 * edges - border.sum(), "an edge that is not a side of its cells"
    x, y = cells.vertices.T
    size = max(x1 - x0, y1 - y0)
    # a border line is x = x0 and so on: vertices on it are there to rounding
    slack = 1e-9 * size
    inside = (x >= x0 - slack) & (x <= x1 + slack) & (y >= y0 - slack) & (y <= y1 + slack)
    assert inside.all(), "a vertex outside the rectangle"
    found = areas(cells)
    assert found.min() >= -1e-12 * size**2, f"a cell of area {found.min()}: clockwise"
    total = (x1 - x0) * (y1 - y0)
    assert abs(found.sum() - total) <= 1e-9 * total, f"areas sum to {found.sum()}, the rectangle has {total}"
    assert len(np.unique(bits, axis=0)) == count, "two cells of one pattern"
    assert errors.shape == (count, 3), "cells without a bound on the error of their maps"
    assert (errors >= 0).all(), "a bound below 0 on the error of a map"
    assert np.isfinite(cells.affine).all(), "a map that is no number"
    inner = np.flatnonzero(~border)
    _drawn(cells, bits, stages, inner)
    _continuous(cells, bits, errors, stages, inner, size)


def _drawn(cells: Cells, bits: Bits, stages: tuple[Stage, ...], inner: Long) -> None:
    layers, units = cells.edge_layers[inner], cells.edge_units[inner]
    turned = np.zeros(len(inner), dtype=bool)
    for stage in stages:
        own = np.flatnonzero(layers == stage.number)
        each = stage.lines // max(int(stage.unit.max(initial=0)) + 1, 1)
        own = own[(units[own] >= 0) & (units[own] * each + each <= stage.lines)]
        left, right = cells.edge_cells[inner[own]].T
        for n in range(each):
            line = units[own] * each + n
            word, place = stage.word + line // 64, (line % 64).astype(np.uint64)
            turned[own] |= ((bits[left, word] ^ bits[right, word]) >> place & np.uint64(1)).astype(bool)
    assert turned.all(), "an edge on both sides of which its unit is on one piece"


def _continuous(
    cells: Cells,
    bits: Bits,
    errors: Floats,
    stages: tuple[Stage, ...],
    inner: Long,
    size: float,
) -> None:
    left, right = cells.edge_cells[inner].T
    jumps = np.zeros(len(inner), dtype=bool)
    for stage in stages:
        if stage.jumps:
            words = slice(stage.word, stage.word + stage.words)
            jumps |= (bits[left, words] != bits[right, words]).any(axis=1)
    inner, left, right = inner[~jumps], left[~jumps], right[~jumps]
    apart = cells.affine[left] - cells.affine[right]
    both = np.abs(cells.affine[left]) + np.abs(cells.affine[right])
    unsure = (errors[left] + errors[right])[:, None]
    for end in (0, 1):
        x, y = cells.vertices[cells.edges[inner, end]].T
        point = np.stack([x, y, np.ones_like(x)], axis=1)[:, None]
        gap = np.abs((apart * point).sum(axis=2))
        allowed = ((unsure + 8 * ULP * both) * np.abs(point)).sum(axis=2)
        allowed += PLACED * size * np.abs(apart[..., :2]).sum(axis=2)
        assert (gap <= allowed + 1e-300).all(), "a function that jumps where no layer does"
