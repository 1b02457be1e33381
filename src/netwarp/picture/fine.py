"""Colours finer than a byte: sRGB as float32 of 0 to 1, for 16 bits a colour, and for 8 bits that are dithered.

Dithering adds to every pixel a number from 0 to 1 level before it is cut down to a whole level: bands of a smooth
gradient vanish, and the mean over some pixels is right to a fraction of a level. The number depends on the pixel's
column and row alone, and is one for all three colours: bands of a poster agree, films do not flicker, grey stays grey.
It makes neighbours differ, which no compression can undo.

Shapes: (3, ...) float32 in, (..., 3) codes out. Sources: IEC 61966-2-1:1999 (transfer function); M. Roberts, "The
unreasonable effectiveness of quasirandom sequences" (2018): the sequence R2, whose multiples are spread evenly.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.compiled.kernel import Kernel
from netwarp.picture import colour as colours_of
from netwarp.picture.colour import OWN, UNCLIPPED, lab_of_unit
from netwarp.picture.hsv_pixels import hsv_encoded
from netwarp.picture.maps import map_encoded
from netwarp.picture.oklab_pixels import oklab_light

DEPTHS = (8, 16)
# of linear light; between two entries the transfer function is straight to 1/25 of a level of 65,535
BINS = 1 << 16
# multiples of the plastic number's powers 1/p and 1/p^2, of 2^32
ACROSS, DOWN = 3242174889, 2447445414
single = np.float32
LEVELS, TOP, DEEP_TOP, HALF = single(BINS), single(255), single(65535), single(0.5)
PART = single(2.0**-24)


def linear_srgb(unit: NDArray[np.float32], colour: str) -> NDArray[np.float32]:
    """(1 or 3, ...) positions on a Tone's ranges -> (3, ...) float32 linear sRGB, 0..1."""
    if colour in UNCLIPPED:
        return oklab_light(unit, colour)
    if colour == "lab-clipped":
        return np.clip(np.stack(list(colours_of._linear_light(lab_of_unit(unit)))), single(0), single(1))
    encoded = encoded_srgb(unit, colour)
    bent = ((encoded + single(0.055)) * single(1 / 1.055)) ** single(2.4)
    light = np.where(encoded <= single(0.04045), encoded * single(1 / 12.92), bent)
    return np.clip(light, single(0), single(1)).astype(np.float32)


def encoded_srgb(unit: NDArray[np.float32], colour: str) -> NDArray[np.float32]:
    """(1 or 3, ...) positions on a Tone's ranges -> (3, ...) float32 sRGB, 0..1: what bytes are rounded from.

    Between two colours of a map lies what is between them.
    """
    if colour in UNCLIPPED or colour == "lab-clipped":
        light = np.ascontiguousarray(linear_srgb(unit, colour))
        encode_light(light.reshape(3, -1), _table())
        return light
    if colour == "hsv":
        return hsv_encoded(unit)
    if colour in OWN:
        return np.array(np.broadcast_to(unit, (3, *unit.shape[1:])), np.float32)
    table = map_encoded(colour).astype(np.float32)
    place = unit[0] * single(len(table) - 1)
    low = np.minimum(place.astype(np.intp), len(table) - 2)
    place -= low.astype(np.float32)
    # the channels first, each whole
    first, apart = np.ascontiguousarray(table[:-1].T), np.ascontiguousarray((table[1:] - table[:-1]).T)
    return np.stack([np.take(first[c], low) + np.take(apart[c], low) * place for c in range(3)])


def to_sixteen(encoded: NDArray[np.float32], out: NDArray[np.uint16]) -> None:
    """The nearest of 65,536 levels, into `out`, (..., 3), C-contiguous."""
    round_fine(encoded.reshape(3, -1), out.reshape(-1, 3))


def to_dithered(encoded: NDArray[np.float32], first_row: int, out: NDArray[np.uint8]) -> None:
    """(3, rows, columns) as dithered bytes, into `out`, C-contiguous; `first_row` is the number of the first row."""
    dither(encoded.reshape(3, -1), out.reshape(-1, 3), first_row, encoded.shape[2])


@cache
def _table() -> NDArray[np.float32]:
    light = np.arange(BINS + 2) / BINS
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055).astype(np.float32)


def _kernel(function: Any) -> Any:
    return Kernel(function, counted=False)


@_kernel
def encode_light(light, table):
    """light (3, n) float32 of 0 to 1 becomes sRGB; table (BINS + 2,) has that of every bin's lower end."""
    for channel in range(3):
        for i in range(light.shape[1]):
            place = light[channel, i] * LEVELS
            at = np.intp(place)
            low = table[at]
            light[channel, i] = low + (table[at + 1] - low) * (place - single(at))


@_kernel
def round_fine(encoded, codes):
    """encoded (3, n) float32 to codes (n, 3) uint16."""
    for i in range(encoded.shape[1]):
        for channel in range(3):
            codes[i, channel] = np.uint16(min(encoded[channel, i] * DEEP_TOP + HALF, DEEP_TOP))


@_kernel
def dither(encoded, codes, first_row, columns):
    """encoded (3, n) float32, of rows of so many columns, to codes (n, 3) uint8."""
    for i in range(encoded.shape[1]):
        row, column = first_row + i // columns, i % columns
        # 24 bits, which float32 has: from 0 to less than 1
        share = single(((column * ACROSS + row * DOWN) & 0xFFFFFFFF) >> 8) * PART
        for channel in range(3):
            codes[i, channel] = np.uint8(min(encoded[channel, i] * TOP + share, TOP))
