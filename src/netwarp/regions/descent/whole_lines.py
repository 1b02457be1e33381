"""Lines in whole numbers, and what they say where floats do not: the signs at a vertex, and where the vertex is."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from netwarp.regions.arrays import Floats, Integers, Long
from netwarp.regions.descent.arrangement import Size, Work, sign
from netwarp.regions.descent.batch import Count, Scratch
from netwarp.regions.descent.digits import (
    BITS,
    ITSELF,
    POWERS,
    UNTOLD,
    add_product,
    carry,
    length_of,
    quotient,
    rounded,
    scaled,
)
from netwarp.regions.descent.signs import UNSETTLED
from netwarp.regions.jit import inlined

SURE = 1e-15  # of the terms of a sum of three products of rounded numbers: nine roundings, where there are five


class Whole(NamedTuple):
    """Lines of cells in whole numbers, each times a positive number: first a cell's sides, then a stage's lines.

    Or their leading digits: each of the three is wrong by at most `wrong` 2^(26 used).
    """

    first: Long  # (cells,) -> its first row
    digits: Integers  # (rows, 3, D)
    used: Long  # (rows,) digits of the longest of the three
    wrong: Floats  # (rows,) 0 where they are the true ones
    mantissa: Floats  # (rows, 3) and
    exponent: Long  # (rows, 3) the same, rounded: mantissa 2^(exponent + 104)
    sums: Long  # room
    point: Integers  # (4, room) where two lines cross, as x w, y w, w; and room
    powers: Floats


def new_whole(cells: int, rows: int, longest: int) -> Whole:
    return Whole(
        first=np.empty(cells, dtype=np.int64),
        digits=np.empty((rows, 3, longest), dtype=np.int32),
        used=np.empty(rows, dtype=np.int64),
        wrong=np.empty(rows),
        mantissa=np.empty((rows, 3)),
        exponent=np.empty((rows, 3), dtype=np.int64),
        sums=np.empty(4 * longest + 60, dtype=np.int64),
        point=np.empty((4, 4 * longest + 60), dtype=np.int32),
        powers=POWERS,
    )


NO_LINES: Final = new_whole(0, 0, 0)


@inlined
def _cross(whole: Whole, one: int, other: int) -> int:
    """Where two rows' lines cross becomes `point`, with w above 0; digits of the longest; 0 where they are parallel."""
    first, second = whole.digits[one], whole.digits[other]
    m, n = whole.used[one], whole.used[other]
    size: int = m + n + 1
    for d in range(3):
        a, b = (d + 1) % 3, (d + 2) % 3
        for i in range(size):
            whole.sums[i] = 0
        add_product(whole.sums, first[a, :m], second[b, :n], 1)
        add_product(whole.sums, first[b, :m], second[a, :n], -1)
        carry(whole.sums[:size], whole.point[d, :size])
    used = length_of(whole.point[2, :size])
    if used == 0:
        return 0
    if whole.point[2, used - 1] < 0:
        for d in range(3):
            for i in range(size):
                whole.point[d, i] = -whole.point[d, i]
    return size


@inlined
def judge(whole: Whole, n: int, w: Work, sc: Scratch, corners: int) -> bool:
    """Settles the signs of all candidates at the vertex in doubt of cell n, and with them where the vertex is.

    False where that takes more than there is room for, more than floats hold, or more digits than there are.
    """
    v, row = w.size[Size.VERTEX], w.size[Size.SETTLED]
    if row >= len(w.known):
        return False
    begin = whole.first[n]
    one, other = w.through[v, 0], w.through[v, 1]
    one = begin + one if one < corners else begin + corners + sc.line[one - corners]
    other = begin + other if other < corners else begin + corners + sc.line[other - corners]
    size = _cross(whole, one, other)
    if size == 0:
        return False
    x, y, z = whole.point[0, :size], whole.point[1, :size], whole.point[2, :size]
    nx, ny, nz = length_of(x), length_of(y), length_of(z)
    mx, ex = rounded(x, nx)
    my, ey = rounded(y, ny)
    mz, ez = rounded(z, nz)
    # in units of 2^(26 used) of both lines, by which no coefficient is larger than 1
    unit = BITS * (whole.used[one] + whole.used[other])
    wrong = 2.02 * (whole.wrong[one] + whole.wrong[other] + whole.wrong[one] * whole.wrong[other])
    size_z = scaled(abs(mz), ez - unit, whole.powers)
    # asked the other way round, an infinite bound that has become no number would pass
    if wrong != 0.0 and not size_z > 2.0 * wrong:
        return False
    at_x, how_x = quotient(x[:nx], z[:nz], whole.sums, whole.point[3], whole.powers)
    at_y, how_y = quotient(y[:ny], z[:nz], whole.sums, whole.point[3], whole.powers)
    if how_x == UNTOLD or how_y == UNTOLD:
        return False
    largest = max(abs(at_x), abs(at_y), 1.0) * size_z * 1.01 + wrong
    if wrong * (2.0 + abs(at_x) + abs(at_y)) > 2.0**-55 * size_z * (abs(at_x) + abs(at_y)):
        return False
    for m in range(sc.counts[Count.CANDIDATES]):
        g = corners + m
        line = begin + corners + sc.line[m]
        p, q, r = whole.mantissa[line, 0] * mx, whole.mantissa[line, 1] * my, whole.mantissa[line, 2] * mz
        e, f, h = whole.exponent[line, 0] + ex, whole.exponent[line, 1] + ey, whole.exponent[line, 2] + ez
        most = -(1 << 40)
        if p != 0.0:
            most = max(most, e)
        if q != 0.0:
            most = max(most, f)
        if r != 0.0:
            most = max(most, h)
        p, q, r = (
            scaled(p, min(e - most, 0), whole.powers),
            scaled(q, min(f - most, 0), whole.powers),
            scaled(r, min(h - most, 0), whole.powers),
        )
        value = p + q + r
        here = 0
        used = whole.used[line]
        unsure = 3.03 * (wrong + whole.wrong[line] * largest)
        if whole.wrong[line] > 0.0:
            unsure += 1e-290  # more than underflow took
        told = abs(value) > SURE * (abs(p) + abs(q) + abs(r))
        if told and unsure != 0.0:
            told = abs(scaled(value, most + 104 - unit - BITS * used, whole.powers)) > unsure
        if told:
            here = 1 if value > 0.0 else -1
        else:
            length = used + size + 1
            for i in range(length):
                whole.sums[i] = 0
            for d in range(3):
                add_product(whole.sums, whole.digits[line, d, :used], whole.point[d, :size], 1)
            found = carry(whole.sums[:length], whole.point[3, :length])
            if found > 0:
                here = 1 if whole.point[3, found - 1] > 0 else -1
            if unsure != 0.0:
                value, e = rounded(whole.point[3], found)
                if not abs(scaled(value, e - unit - BITS * used, whole.powers)) > unsure:
                    return False
        if sign(w, v, g) == UNSETTLED:
            sc.counts[Count.SIGNS] += 1
        w.known[row, g] = here
    w.vertex[v, 0], w.vertex[v, 1] = at_x, at_y
    far = 2.0**-52 * (abs(at_x) + abs(at_y)) + 1e-320
    w.vertex[v, 2] = 0.0 if how_x == ITSELF and how_y == ITSELF and wrong == 0.0 else far
    w.settled[v] = row
    w.size[Size.SETTLED] = row + 1
    return True
