"""Linear regions: neighbouring cells on which the function is one affine map, which it is decided exactly."""

# C cells, E edges, K channels, R linear regions

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwarp.network.program import Conv
from netwarp.regions.alike import dense
from netwarp.regions.arrays import Bits, Floats, Integers
from netwarp.regions.cells.cells import Cells
from netwarp.regions.exact import Exact, signs
from netwarp.regions.jit import kernel
from netwarp.regions.stages import Stages


@dataclass(frozen=True, eq=False)
class LinearRegions:
    """Maximal connected unions of cells with one affine map: not activation regions, and not convex in general.

    `region_of` (C,): cell -> its linear region, numbered by their first cells. `boundary` (E,): whether an edge lies
    between two of them. `exact` is how many edges floats could not decide, and integers did.
    """

    count: int
    region_of: Integers
    boundary: NDArray[np.bool_]
    exact: int

    def __len__(self) -> int:
        return self.count

    def __repr__(self) -> str:
        return f"<LinearRegions: {self.count:,} linear regions of {len(self.region_of):,} cells>"


def merge(cells: Cells, bits: Bits, errors: Floats, exact: Exact) -> LinearRegions:
    """The linear regions of cells whose pattern is `bits` and whose maps are wrong by at most `errors` (C, 3)."""
    inner = np.flatnonzero(cells.edge_cells[:, 1] >= 0)
    left, right = cells.edge_cells[inner, 0], cells.edge_cells[inner, 1]
    # coefficients are rounded too: the affine map is kept in floats
    doubt = _undecided(cells.affine, errors, left, right)
    same = np.zeros(len(inner), dtype=bool)
    hidden = np.zeros(len(inner), dtype=bool)
    hidden[doubt] = _unheard(exact.stages, bits, left[doubt], right[doubt])
    same |= hidden
    rest = doubt & ~hidden
    for e in np.flatnonzero(rest).tolist():
        one, other = exact.output(bits[left[e]]), exact.output(bits[right[e]])
        same[e] = bool((one.numerators * other.denominator == other.numerators * one.denominator).all())
    region_of, count = _united(len(cells.offsets) - 1, left[same], right[same])
    boundary = np.zeros(len(cells.edges), dtype=bool)
    boundary[inner] = region_of[left] != region_of[right]
    return LinearRegions(int(count), region_of, boundary, int(rest.sum()))


@kernel
def _undecided(affine: Floats, errors: Floats, left: Integers, right: Integers) -> NDArray[np.bool_]:
    """Where the maps of two cells are as close as their errors."""
    found = np.empty(len(left), dtype=np.bool_)
    for e in range(len(left)):
        a, b = left[e], right[e]
        near = True
        for k in range(affine.shape[1]):
            for d in range(3):
                p, q = affine[a, k, d], affine[b, k, d]
                near &= not abs(p - q) > errors[a, d] + errors[b, d] + 4.5e-16 * (abs(p) + abs(q))
        found[e] = near
    return found


def _unheard(stages: Stages, bits: Bits, left: Integers, right: Integers) -> NDArray[np.bool_]:
    """Where what differs between two cells' patterns reaches the output over weights of zero and dead units only.

    Only for chains of stages; elsewhere False, and integers decide.
    """
    silent = np.zeros(len(left), dtype=bool)
    if not len(left) or not all(stage.chained for stage in stages.stages):
        return silent
    operations = stages.program.operations
    heard: NDArray[np.bool_] | None = None
    for stage in stages.stages:
        one, other = signs(stage, bits[left]), signs(stage, bits[right])
        reached = np.zeros((len(left), stage.width), dtype=bool)
        slopes = []
        for plus in (one, other):
            slope = np.tile(stage.slope, (len(left), 1))
            rows, lines = np.nonzero(plus)
            np.add.at(slope, (rows, stage.first[lines]), stage.slope_gain[lines])
            slopes.append(slope)
        if heard is not None:
            reached = heard & ((slopes[0] != 0) | (slopes[1] != 0))
        rows, lines = np.nonzero(one != other)
        reached[rows, stage.first[lines]] = True
        conv = operations[stage.value + 1]
        assert isinstance(conv, Conv)
        heard = (reached.astype(np.float32) @ (dense(conv).T != 0).astype(np.float32)) > 0
    assert heard is not None
    return ~np.asarray(heard.any(axis=1))


@kernel
def _united(count: int, left: Integers, right: Integers) -> tuple[Integers, int]:
    """Union-find: (C,) number of every cell's union, in the order of their first cells; and how many there are."""
    head = np.arange(count).astype(np.int32)
    for e in range(len(left)):
        a, b = left[e], right[e]
        while head[a] != a:
            head[a] = head[head[a]]
            a = head[a]
        while head[b] != b:
            head[b] = head[head[b]]
            b = head[b]
        if a < b:
            head[b] = a
        else:
            head[a] = b
    number = np.empty(count, dtype=np.int32)
    found = 0
    for c in range(count):
        a = np.int32(c)
        while head[a] != a:
            a = head[a]
        if a == c:
            number[c] = found
            found += 1
        else:
            number[c] = number[a]
    return number, found
