"""Waves summed over a group of motions: the rows of an Embed, and the 1x1 convolutions that sum them.

A sum is taken in pairs, then of pairs, so that a motion that maps a picture's pixels to one another changes not even
the last bit: it only exchanges the two terms of some of these sums. Turns by other angles are summed at the end.
"""

# G motions of the group, but for its lattice's

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import log2, pi, sqrt
from typing import Final

import numpy as np

from netwarp.architecture.symmetry import GROUPS, Motion, Rosette, Wallpaper, motions
from netwarp.network.program import LINEAR, SINE, Array, Conv

Row = tuple[float, float, float, float]  # kind, a, b, c, as Embed has them

TURN, QUARTER = 2 * pi, pi / 2  # the cosine is the sine a quarter of a turn ahead
REACH: Final = 24  # periods a cell side, of the shortest waves of a lattice


def order_of(part: Rosette | Wallpaper) -> tuple[int, int]:
    """(pairs, rest): a channel is the sum of 2 ** pairs * rest waves."""
    if isinstance(part, Wallpaper):
        group = GROUPS[part.group]
        return len(group.doubling), 3 if group.thirds else 1
    pairs, rest = int(part.mirrored), part.fold
    while rest % 2 == 0:
        pairs, rest = pairs + 1, rest // 2
    return pairs, rest


def rosette_rows(part: Rosette, vectors: Array) -> list[Row]:
    """The G waves of each channel; `vectors` (n, 2) are in periods a unit."""
    _, rest = order_of(part)
    turns = [0]
    times = part.fold // rest
    step = 2
    while step <= times:
        # 0; 0 1/2; 0 1/2 1/4 3/4; ...
        turns += [turn + part.fold // step for turn in turns]
        step *= 2
    rows: list[Row] = []
    for channel, (a, b) in enumerate(TURN * vectors):
        # where half a turn is none of them, sums of cosines alone would have it
        phase = QUARTER if channel % 2 == 0 else 0.0
        for other in range(rest):
            for sign in (1.0, -1.0)[: 1 + part.mirrored]:
                for turn in turns:
                    cosine, sine = turned(turn + other, part.fold)
                    rows.append((SINE, sign * (cosine * a + sine * b), cosine * b - sine * a, phase))
    return rows


def turned(part: int, fold: int) -> tuple[float, float]:
    """Cosine and sine of part / fold turns, exact for quarters, the same for the same angle and its mirror images.

    By Taylor's series within an eighth of a turn, in additions and products alone: to the last bit alike everywhere.
    """
    eighths, rest = divmod(8 * (part % fold), fold)
    # an odd eighth is measured back from its end
    angle = TURN * (fold - rest if eighths % 2 else rest) / (8 * fold)
    square = angle * angle
    cosine, sine = 1.0, 1.0
    for n in range(20, 0, -2):
        cosine = 1.0 - square / (n * (n - 1)) * cosine
        sine = 1.0 - square / (n * (n + 1)) * sine
    sine *= angle
    if eighths % 2 and rest == 0:
        cosine = sine = sqrt(0.5)
    quarter = (eighths + 1) // 2 % 4
    if eighths % 2:
        sine = -sine
    for _ in range(quarter):
        cosine, sine = -sine, cosine
    return cosine + 0.0, sine + 0.0


@lru_cache(maxsize=64)
def wallpaper_rows(part: Wallpaper) -> tuple[Row, ...]:
    """The G waves of each channel: the n longest sums over the group that are not zero everywhere."""
    width, height, shear = part.sides
    group = motions(GROUPS[part.group])
    rows: list[Row] = []
    for star in _stars(part, group):
        for phase in (QUARTER, 0.0):
            if not _vanishes(star, phase == QUARTER):
                for h, k, odd in star:
                    a, b = TURN * h / width, TURN * (k - h * shear) / height
                    # minus a cosine is a cosine half a turn on; minus a sine is that of minus the angle
                    sign, ahead = (1.0, -phase if odd else phase) if phase else (-1.0 if odd else 1.0, 0.0)
                    rows.append((SINE, sign * a + 0.0, sign * b + 0.0, ahead))
            if len(rows) == part.n * len(group):
                return tuple(rows)
    raise AssertionError("there are waves enough")


Star = list[tuple[int, int, bool]]  # of each motion: the wave it makes of the first, and whether its sign is changed


def _stars(part: Wallpaper, group: tuple[Motion, ...]) -> Iterator[Star]:
    """What the group makes of each wave of the lattice, the longest first, in sides of a cell: whatever its ratio and
    shear. A wave and its negative are one."""
    lattice = GROUPS[part.group].lattice
    sides = range(-REACH, REACH + 1)
    every = [(h, k) for h in sides for k in sides if (h, k) > (0, 0)]
    if lattice == "rhombic":
        every = [(h, k) for h, k in every if (h + k) % 2 == 0]
    mixed = int(lattice == "hexagonal")
    known: set[tuple[int, int]] = set()
    for h, k in sorted(every, key=lambda wave: wave[0] ** 2 + mixed * wave[0] * wave[1] + wave[1] ** 2):
        if (h, k) in known:
            continue
        star = [(a * h + c * k, b * h + d * k, (h * s + k * t) % 2 == 1) for a, b, c, d, s, t in group]
        known.update(pair for p, q, _ in star for pair in ((p, q), (-p, -q)))
        yield star


def _vanishes(star: Star, cosines: bool) -> bool:
    """Whether the sum is zero everywhere."""
    sums: dict[tuple[int, int], int] = {}
    for h, k, odd in star:
        # in terms of the wave that is not its negative; the sine of minus an angle is minus its sine
        upright = (h, k) > (0, 0)
        wave = (h, k) if upright else (-h, -k)
        sums[wave] = sums.get(wave, 0) + (1 if odd != (upright or cosines) else -1)
    return not any(sums.values())


def summed(parts: list[tuple[int, bool]], pairs: int, rest: int) -> list[Conv]:
    """What sums the rows of an Embed, each of these Convs reading the one before it, the first one operation 0.

    `parts` are the inputs in order: how many channels, and whether they are sums; each channel has 2 ** pairs * rest
    rows, of which one that is no sum keeps the first. Sums are scaled by a power of two, to about the deviation 1.
    """
    sums = np.array([own for channels, own in parts for _ in range(channels)], dtype=bool)
    # a wave's variance is a half
    scale = 2.0 ** round(log2(2 / (2**pairs * rest)) / 2)
    convs: list[Conv] = []
    sizes = [2] * pairs + ([rest] if rest > 1 else [])
    for number, size in enumerate(sizes):
        groups = len(sums) * int(np.prod(sizes[number + 1 :]))
        own = np.repeat(sums, groups // len(sums))[:, None]
        weight = np.where(own, scale if number == 0 else 1.0, np.arange(size) == 0)
        convs.append(
            Conv((number,), weight[:, :, None, None], np.zeros(groups), groups=groups, layer=f"inputs.sum.{number}")
        )
    return convs


def padded(row: Row, pairs: int, rest: int) -> list[Row]:
    """The rows of a channel that is no sum."""
    return [row] + [(LINEAR, 0.0, 0.0, 0.0)] * (2**pairs * rest - 1)
