"""How a pool's window is put together from pairs: the largest or the sum of n neighbours in about log2 n steps.

A window of n x n is a window of n along rows, then one of n of those along columns; a window of n is two shorter ones,
which overlap where the largest is asked for, and do not where the sum is. Every evaluator takes these very steps, and
all counts and estimates count them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

SIZES: Final = 1_024  # the largest pool's side


@dataclass(frozen=True, slots=True)
class Pair:
    """One step along one axis: the value `sources[0]` at `offsets[0]`, joined with `sources[1]` at `offsets[1]`.

    Values are numbered from 0, what is pooled; step i makes value i + 1. Offsets are in taps, the smaller one first.
    """

    sources: tuple[int, int]
    offsets: tuple[int, int]


@lru_cache(maxsize=64)
def pairs(kind: str, size: int) -> tuple[Pair, ...]:
    """The steps of one axis of a "max" or an "avg" over `size` taps, at -((size - 1) // 2) to size // 2.

    None for size 1. Of equal values the first one's is kept where a Pair keeps its own first.
    """
    return _largest(size) if kind == "max" else _sum(size)


def passes(kind: str, size: int) -> int:
    """How often a channel is gone through for a pool of size x size: its comparisons, or additions and a division."""
    return 2 * len(pairs(kind, size)) + (kind == "avg")


def _before(width: int) -> int:
    """Of a window's taps, those before its own place."""
    return (width - 1) // 2


def _largest(size: int) -> tuple[Pair, ...]:
    steps: list[Pair] = []
    width = 1
    while width < size:
        span = min(width, size - width)
        first = _before(width) - _before(width + span)
        steps.append(Pair((len(steps), len(steps)), (first, first + span)))
        width += span
    return tuple(steps)


def _sum(size: int) -> tuple[Pair, ...]:
    steps: list[Pair] = []
    width = 1
    # the digits of the size after its first: each doubles the window, a one adds a tap between its halves
    for digit in format(size, "b")[1:]:
        half = len(steps)
        if digit == "0":
            first = _before(width) - _before(2 * width)
            steps.append(Pair((half, half), (first, first + width)))
        else:
            steps.append(Pair((half, 0), (_before(width) - width, 0)))
            steps.append(Pair((len(steps), half), (0, 1 + _before(width))))
        width = 2 * width + int(digit)
    return tuple(steps)
