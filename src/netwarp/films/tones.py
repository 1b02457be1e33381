"""The colours of a film: one Tone fitted to frames over all of it, or several along a zoom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp, log

from netwarp.picture.tone import Tone


class Tones:
    """Tones that are evenly spread over a way; between two, each range is between theirs."""

    def __init__(self, tones: Sequence[Tone]) -> None:
        self.tones = tuple(tones)

    def at(self, share: float) -> Tone:
        """That of a share 0..1 of the way."""
        if len(self.tones) == 1:
            return self.tones[0]
        place = share * (len(self.tones) - 1)
        part = min(int(place), len(self.tones) - 2)
        return between(self.tones[part], self.tones[part + 1], place - part)


def between(first: Tone, second: Tone, share: float) -> Tone:
    """The tone whose ranges have sides between theirs, by equal factors, and middles as far from 0 in such sides."""
    if share == 0 or first == second:
        return first
    if share == 1:
        return second
    ends = [
        _range(one, other, share)
        for one, other in zip(
            zip(first.low, first.high, strict=True), zip(second.low, second.high, strict=True), strict=True
        )
    ]
    return replace(first, low=tuple(low for low, _ in ends), high=tuple(high for _, high in ends), compressed=None)


def _range(first: tuple[float, float], second: tuple[float, float], share: float) -> tuple[float, float]:
    sides = first[1] - first[0], second[1] - second[0]
    middles = (first[0] + first[1]) / 2, (second[0] + second[1]) / 2
    if not sides[0] or not sides[1]:
        # a channel that is constant at one of them
        low, high = (a + share * (b - a) for a, b in zip(first, second, strict=True))
        return low, high
    side = exp((1 - share) * log(sides[0]) + share * log(sides[1]))
    middle = ((1 - share) * middles[0] / sides[0] + share * middles[1] / sides[1]) * side
    return middle - side / 2, middle + side / 2
