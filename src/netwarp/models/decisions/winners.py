"""Who wins on every cell, decided exactly: one class, or several that are equal all over it."""

# C cells, K classes, L sets of winners

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from netwarp.regions.arrays import Floats, Long
from netwarp.regions.descent.maxima import largest_pieces
from netwarp.regions.exact import Exact
from netwarp.regions.frame import Frame
from netwarp.regions.stages import Stage
from netwarp.regions.tessellation import Tessellation

Bools = NDArray[np.bool_]
CHUNK = 1 << 16  # cells whose maps are compared at a time
ULP = 2.0**-52


@dataclass(frozen=True, eq=False)
class Winners:
    """`sets` (L): the classes of each set, in ascending order; more than one are a tie. `of` (...): which set wins."""

    sets: tuple[tuple[int, ...], ...]
    of: Long

    def areas(self, each: Floats) -> list[float]:
        """(L,) the sum of `each`, the areas of what `of` is of, over every set."""
        order = np.argsort(self.of, axis=None, kind="stable")
        ends = np.searchsorted(self.of.ravel()[order], np.arange(len(self.sets) + 1))
        sorted_areas = each.ravel()[order]
        return [fsum(sorted_areas[a:b].tolist()) for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]


def collected(members: Bools) -> Winners:
    """The sets of winners of (..., K) members: single classes first, in their order."""
    shape, k = members.shape[:-1], members.shape[-1]
    rows = np.packbits(members.reshape(-1, k), axis=1)
    keys = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    sets = [tuple(np.flatnonzero(members.reshape(-1, k)[n]).tolist()) for n in first.tolist()]
    order = sorted(range(len(sets)), key=lambda n: (len(sets[n]), sets[n]))
    place = np.empty(len(sets), dtype=np.int64)
    place[order] = np.arange(len(sets))
    return Winners(tuple(sets[n] for n in order), place[of.ravel()].reshape(shape))


def one_against_rest(members: Bools, one: int) -> Bools:
    """(..., 2): whether the class `one` is among the winners, and whether another one is."""
    others = np.delete(members, one, axis=-1).any(axis=-1)
    return np.stack([members[..., one], others], axis=-1)


def members_of(cells: Tessellation, stage: Stage, channels: Sequence[int]) -> Bools:
    """(C, K): whether a class is among the largest all over a cell.

    `stage` is the maxout of the classes, whose values are these `channels` of the output. The pattern says who is the
    largest, and the first of equal ones; whether another one is equal, its map on the cell says, in whole numbers
    wherever floats are too close to tell.
    """
    exact = Exact(cells.stages, cells.frame or Frame(cells.bounds))
    channel = np.asarray(channels)
    found = np.zeros((len(cells), len(channel)), dtype=bool)
    for first in range(0, len(cells), CHUNK):
        part = slice(first, min(first + CHUNK, len(cells)))
        best = largest_pieces(stage, cells.bits[part])[:, 0]
        found[part][np.arange(len(best)), best] = True
        maps, errors = cells.affine[part][:, channel], cells.errors[part]
        won = np.take_along_axis(maps, best[:, None, None], axis=1)
        # coefficients are rounded too: the affine map is kept in floats
        allowed = 2 * errors[:, None] + 2 * ULP * (np.abs(maps) + np.abs(won))
        near = ~(np.abs(maps - won) > allowed).any(axis=2) & ~found[part]
        for cell, k in np.argwhere(near).tolist():
            rows = exact.output(cells.bits[first + cell]).numerators[channel]
            found[first + cell, k] = bool((rows[k] == rows[best[cell]]).all())
    return found
