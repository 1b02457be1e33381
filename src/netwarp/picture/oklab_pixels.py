"""Oklab to sRGB bytes, compiled: what `oklab.py` says of whole arrays, pixel by pixel and to the same bits.

Every operation is rounded to float32 by itself, in the order of `oklab.py`, `gamut.py` and `colour.py`; all numbers are
float32, since one of another type would widen what it meets. Neither a nor b is ever -0, as 2 t - 1 is not. The loops
are apart so that those without a table become vectors.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.compiled.kernel import Kernel
from netwarp.picture.colour import BINS, quantiser
from netwarp.picture.gamut import CELLS, LEAST, LIGHTNESS, single_polynomials
from netwarp.picture.oklab import CHROMA, CONES, EVEN_CHROMA, FAR, MIDDLE, PRIMARIES, REACH, SINE

# pixels at a time: what is worked with stays in the first cache
BLOCK = 512
# rows of what is worked with, of BLOCK numbers each: x, a, b, lightness, u and v within a cell, the cell, and then its
# coefficients; the linear light takes the place of the first
X, A, B, L, U, V, CELL, FOUND = (n * BLOCK for n in range(8))
ROWS_WORKED_IN = 16 * BLOCK  # numbers
single = np.float32
ZERO, ONE, TWO, FOUR, EIGHT, NINE, EIGHTH = (single(n) for n in (0, 1, 2, 4, 8, 9, 0.125))
FARTHEST, SMALLEST, STRENGTH, EVEN = single(FAR), single(LEAST), single(CHROMA), single(EVEN_CHROMA)
HALVED, QUARTER = single(0.5), single(0.25)
S0, S1, S2, S3, S4, S5, S6 = (single(number) for number in SINE)
CENTRE, HALF = single(MIDDLE), single(REACH)
DARKEST, BY_LIGHTNESS = single(LIGHTNESS[0]), single(CELLS[0] / (LIGHTNESS[1] - LIGHTNESS[0]))
BY_OCTANT = single(CELLS[1] / 8)
LAST_ROW, COLUMNS = single(CELLS[0] - 1), single(CELLS[1] + 1)
LA, LB, MA, MB, SA, SB = (single(number) for cone in CONES for number in cone)
RL, RS, GL, GS, BL, BS = (single(number) for primary in PRIMARIES for number in primary)
LEVELS = single(BINS)
# what a and b are, and what becomes of a chroma beyond the limit
COLOURS = ("lab", "oklab", "oklch")
HELD, POLAR = 1, 2


def oklab_to_srgb(
    unit: NDArray[np.float32], out: NDArray[np.uint8] | None = None, colour: str = "lab"
) -> NDArray[np.uint8]:
    """Positions on a Tone's ranges as sRGB bytes: (3, ...) float32, 0..1 within -> (..., 3) uint8, into `out` if given.

    `out` must be C-contiguous. `colour` is one of COLOURS. Where there is no chroma the three bytes are equal.
    Positions of any size have a colour, infinite ones too; none may be NaN.
    """
    result = np.empty((*unit.shape[1:], 3), np.uint8) if out is None else out
    assert result.flags.c_contiguous  # else what is written below would go into a copy
    flat = np.ascontiguousarray(unit.reshape(3, -1), np.float32)
    work = np.empty(ROWS_WORKED_IN, np.float32)
    paint_pixels(flat, result.reshape(-1, 3), single_polynomials(), *quantiser(), work, COLOURS.index(colour))
    return result


def oklab_light(unit: NDArray[np.float32], colour: str) -> NDArray[np.float32]:
    """(3, ...) float32 linear sRGB, 0..1, of what `oklab_to_srgb` takes: what its bytes are made of."""
    flat = np.ascontiguousarray(unit.reshape(3, -1), np.float32)
    light = np.empty(flat.shape, np.float32)
    light_pixels(flat, light, single_polynomials(), np.empty(ROWS_WORKED_IN, np.float32), COLOURS.index(colour))
    return light.reshape(unit.shape)


def _kernel(function: Any) -> Any:
    return Kernel(function, counted=False)


@_kernel
def _polar(w, count):
    """A and B from positions of chroma and hue to those of a and b."""
    for i in range(count):
        chroma = max(min(w[A + i], FARTHEST), ZERO) * -HALVED
        turn = max(min(w[B + i], FARTHEST), -FARTHEST)
        turn = turn - np.floor(turn) - HALVED
        across = QUARTER - abs(turn)
        up = QUARTER - abs(across)
        up = -up if turn < ZERO else up
        a, b = across * across, up * up
        sine = (((((S6 * a + S5) * a + S4) * a + S3) * a + S2) * a + S1) * a + S0
        other = (((((S6 * b + S5) * b + S4) * b + S3) * b + S2) * b + S1) * b + S0
        w[A + i], w[B + i] = chroma * (sine * across) + HALVED, chroma * (other * up) + HALVED


@_kernel
def _coordinates(w, count, strength, held):
    """X, A and B from positions to Oklab's scale, and where in the table of limits they are."""
    for i in range(count):
        x, a, b = w[X + i], w[A + i], w[B + i]
        x = max(min(x, FARTHEST), -FARTHEST) * TWO - ONE
        a = (max(min(a, FARTHEST), -FARTHEST) * TWO - ONE) * strength
        b = (max(min(b, FARTHEST), -FARTHEST) * TWO - ONE) * strength
        within = max(min(x, ONE), -ONE) if held else x / sqrt(x * x + ONE)
        lightness = within * HALF + CENTRE
        # the hue in octants
        across, up = abs(a), abs(b)
        r = min(across, up) / max(across, up, SMALLEST)
        turn = (NINE - r * r) * r * EIGHTH
        turn = TWO - turn if across < up else turn
        turn = FOUR - turn if a < ZERO else turn
        turn = EIGHT - turn if b < ZERO else turn
        # both are positive: what is cut off makes whole numbers of them
        u, v = (lightness - DARKEST) * BY_LIGHTNESS, turn * BY_OCTANT
        row, column = single(np.int32(u)), single(np.int32(v))
        row = min(row, LAST_ROW)
        w[A + i], w[B + i], w[L + i] = a, b, lightness
        w[U + i], w[V + i], w[CELL + i] = u - row, v - column, row * COLUMNS + column


@_kernel
def _light(w, count, held):
    """X, A and B become linear red, green and blue, 0 to 1."""
    for i in range(count):
        a, b, lightness, u, v = w[A + i], w[B + i], w[L + i], w[U + i], w[V + i]
        at = FOUND + i
        limit = (w[at + 8 * BLOCK] * v + w[at + 7 * BLOCK]) * v + w[at + 6 * BLOCK]
        limit = limit * u + ((w[at + 5 * BLOCK] * v + w[at + 4 * BLOCK]) * v + w[at + 3 * BLOCK])
        limit = limit * u + ((w[at + 2 * BLOCK] * v + w[at + BLOCK]) * v + w[at])
        chroma = a * a + b * b
        if held:
            chroma = sqrt(chroma)
            limit = min(limit, chroma) / max(chroma, SMALLEST)
        else:
            limit = limit / sqrt(chroma + limit * limit)
        a, b = a * limit, b * limit
        long, middle, short = (
            lightness + (a * LA + b * LB),
            lightness + (a * MA + b * MB),
            lightness + (a * SA + b * SB),
        )
        middle = middle * middle * middle
        long, short = long * long * long - middle, short * short * short - middle
        red, green = long * RL + short * RS + middle, long * GL + short * GS + middle
        blue = long * BL + short * BS + middle
        red, green, blue = max(red, ZERO), max(green, ZERO), max(blue, ZERO)
        w[X + i], w[A + i], w[B + i] = min(red, ONE), min(green, ONE), min(blue, ONE)


@_kernel
def _block(unit, parts, w, colour, start, count):
    """The linear light of `count` pixels from `start` on, in X, A and B."""
    held = colour == HELD
    for channel in range(3):
        for i in range(count):
            w[channel * BLOCK + i] = unit[channel, start + i]
    if colour == POLAR:
        _polar(w, count)
    _coordinates(w, count, EVEN if held else STRENGTH, held)
    for i in range(count):
        cell = np.intp(w[CELL + i])
        for n in range(9):
            w[FOUND + n * BLOCK + i] = parts[cell, n]
    _light(w, count, held)


@_kernel
def light_pixels(unit, light, parts, w, colour):
    """As `paint_pixels`, to linear light (3, n) float32."""
    pixels = unit.shape[1]
    for start in range(0, pixels, BLOCK):
        count = min(BLOCK, pixels - start)
        _block(unit, parts, w, colour, start, count)
        for channel in range(3):
            for i in range(count):
                light[channel, start + i] = w[channel * BLOCK + i]


@_kernel
def paint_pixels(unit, codes, parts, first, threshold, w, colour):
    """unit (3, n) float32 to codes (n, 3) uint8; parts (cells, 9), first and threshold are gamut's and colour's tables.

    w (ROWS_WORKED_IN,) float32 is worked in. colour is the number of one of COLOURS.
    """
    pixels = unit.shape[1]
    for start in range(0, pixels, BLOCK):
        count = min(BLOCK, pixels - start)
        _block(unit, parts, w, colour, start, count)
        for i in range(count):
            for channel in range(3):
                light = w[channel * BLOCK + i]
                level = np.intp(light * LEVELS)
                codes[start + i, channel] = first[level] + np.uint8(light >= threshold[level])
