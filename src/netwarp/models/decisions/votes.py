"""Votes: which classes win in each of several models, cell by cell or pixel by pixel, and the areas that follow."""

# M models, K classes, L sets of winners, C cells or pixels, T pixels that are split

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from netwarp.models.decisions.grounds import GridGround
from netwarp.models.decisions.winners import Bools, collected
from netwarp.regions.arrays import Floats


@dataclass(frozen=True, eq=False)
class Votes:
    """Cells and pixels whole, and T pixels that several classes split in some model.

    `winners` (M, C): the number of the set that wins in each model, and `each` (C,) the area; `parts` (M, T, L): which
    part of the area of such a pixel, `each` (T,), is a set's. `alone` (K): the number of each class, -1 for none.
    """

    winners: NDArray[np.int64]
    each: Floats
    alone: tuple[int, ...]
    parts: Floats
    each_split: Floats

    @property
    def whole(self) -> float:
        """The area of the plane."""
        return fsum(self.each.tolist()) + fsum(self.each_split.tolist())

    def same(self, models: Sequence[int]) -> float:
        """The area on which these models have the same set."""
        of = self.winners[list(models)]
        whole = fsum(self.each[(of == of[0]).all(axis=0)].tolist())
        return whole + float(self.each_split @ self.parts[list(models)].min(axis=0).sum(axis=-1))

    def won(self, models: Sequence[int], number: int, *, by_all: bool) -> float:
        """The area where a set wins in all of these models, or in one of them at the least."""
        if number < 0:
            return 0.0
        of, parts = self.winners[list(models)] == number, self.parts[list(models), :, number]
        where, part = (of.all(axis=0), parts.min(axis=0)) if by_all else (of.any(axis=0), parts.max(axis=0))
        return fsum(self.each[where].tolist()) + float(self.each_split @ part)


def with_parts(votes: Votes, grounds: Sequence[GridGround], split: Bools) -> Votes:
    """The votes of pixels that are split in some model, taken by parts."""
    where = split.ravel()
    # a class that wins nowhere by itself has a part of such pixels
    count = int(votes.winners.max()) + 1
    unseen = [n for n, number in enumerate(votes.alone) if number < 0]
    alone = np.array(votes.alone)
    alone[unseen] = count + np.arange(len(unseen))
    parts = (votes.winners[:, where, None] == np.arange(count + len(unseen))).astype(np.float64)
    for part, ground in zip(parts, grounds, strict=True):
        mine = ground.on_lines[split]
        part[mine] = 0.0
        part[np.ix_(mine, alone)] = ground.parts(ground.on_lines)
    return Votes(votes.winners[:, ~where], votes.each[~where], tuple(alone.tolist()), parts, votes.each[where])


def members_at(ground: GridGround, classes: int) -> Bools:
    """(pixels, K): whether a class is among a pixel's winners."""
    table = np.zeros((len(ground.winners.sets), classes), dtype=bool)
    for n, winners in enumerate(ground.winners.sets):
        table[n, list(winners)] = True
    return table[ground.winners.of.ravel()]


def voted(members: Bools, each: Floats) -> Votes:
    """Of members (M, C, K), all whole."""
    winners = collected(members)
    numbers = {winner: n for n, winner in enumerate(winners.sets)}
    alone = tuple(numbers.get((k,), -1) for k in range(members.shape[-1]))
    return Votes(winners.of, each, alone, np.zeros((len(members), 0, len(winners.sets))), np.zeros(0))
