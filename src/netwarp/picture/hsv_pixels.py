"""Hue, saturation and value to sRGB bytes, as neural painters of the simple-cppn kind have them.

The hue goes around once from 0 to 1: both ends are red. It is no perceptual colouring: equal steps do not look alike,
and yellow is far lighter than blue. Only + - * floor touch the values, each rounded by itself.

Source: A. R. Smith, "Color gamut transform pairs", SIGGRAPH 1978 (the hexcone model), in the form that takes a channel
as v - v s clip(min(k, 4 - k), 0, 1), k = (n + 6 h) mod 6, n = 5, 3 and 1 for red, green and blue.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.compiled.kernel import Kernel

FROM_RED = (5.0, 3.0, 1.0)
single = np.float32
ZERO, HALF, ONE, FOUR, SIX, TOP = (single(n) for n in (0, 0.5, 1, 4, 6, 255))
RED, GREEN, BLUE = (single(n) for n in FROM_RED)
SIXTH = single(1 / 6)


def hsv_to_srgb(unit: NDArray[np.float32], out: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """(3, ...) float32 hue, saturation and value, 0..1 -> (..., 3) uint8 sRGB, into `out`, C-contiguous, if given."""
    result = np.empty((*unit.shape[1:], 3), np.uint8) if out is None else out
    assert result.flags.c_contiguous  # else what is written below would go into a copy
    paint_hsv(np.ascontiguousarray(unit.reshape(3, -1), np.float32), result.reshape(-1, 3))
    return result


def hsv_encoded(unit: NDArray[np.float32]) -> NDArray[np.float32]:
    """(3, ...) hue, saturation and value -> (3, ...) sRGB, 0..1: what `hsv_to_srgb` rounds to bytes."""
    hue, saturation, value = unit
    found = np.empty(unit.shape, np.float32)
    for channel, n in enumerate(FROM_RED):
        k = hue * SIX + single(n)
        k -= np.floor(k * SIXTH) * SIX
        found[channel] = value - value * saturation * np.clip(np.minimum(k, FOUR - k), ZERO, ONE)
    return found


def _kernel(function):
    return Kernel(function, counted=False)


@_kernel
def paint_hsv(unit, codes):
    """unit (3, n) float32 to codes (n, 3) uint8."""
    for i in range(unit.shape[1]):
        turn, value = unit[0, i] * SIX, unit[2, i]
        grey = value * unit[1, i]
        red, green, blue = turn + RED, turn + GREEN, turn + BLUE
        red, green, blue = (
            red - np.floor(red * SIXTH) * SIX,
            green - np.floor(green * SIXTH) * SIX,
            blue - np.floor(blue * SIXTH) * SIX,
        )
        codes[i, 0] = np.uint8((value - grey * max(min(red, FOUR - red, ONE), ZERO)) * TOP + HALF)
        codes[i, 1] = np.uint8((value - grey * max(min(green, FOUR - green, ONE), ZERO)) * TOP + HALF)
        codes[i, 2] = np.uint8((value - grey * max(min(blue, FOUR - blue, ONE), ZERO)) * TOP + HALF)
