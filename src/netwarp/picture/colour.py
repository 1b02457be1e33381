"""The names of colourings; and CIE Lab to sRGB as 8-bit colours.

Shapes: (3, ...) float32 in, (..., 3) uint8 out. Only additions, multiplications and comparisons touch the values, each
rounded by itself, so that the same values give the same bytes on every machine.

Sources: CIE 15:2004 (Lab); IEC 61966-2-1:1999 (sRGB: primaries, white D65 = (0.3127, 0.3290), transfer function).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

# colourings that show three channels, and all that are no colour map
THREE = ("lab", "oklab", "oklch", "lab-clipped", "rgb", "hsv")
OWN = (*THREE, "gray")
# those whose values beyond a range have colours too; of these, those that cut nothing
UNCLIPPED = ("lab", "oklab", "oklch")
SMOOTH = ("lab", "oklch")
# those with a hue that goes once around
AROUND = ("oklch", "hsv")
DELTA = 6 / 29
PRIMARIES = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
WHITE = (0.3127, 0.3290)
# of linear light in float32
ROUNDING = 1e-6
# bins of linear light; at most one threshold falls into a bin, because the closest two are 1 / (255 * 12.92) apart
BINS = 4096


def lab_to_srgb(lab: NDArray[np.float32], out: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """CIE Lab (D65) as sRGB bytes: (3, ...) float32 L 0..100, a, b -> (..., 3) uint8, into `out` where it is given.

    Colours outside sRGB are clipped channel by channel in linear light. A neutral colour (a = b = 0) gives three equal
    bytes. The values must be finite.
    """
    result = np.empty((*lab.shape[1:], 3), np.uint8) if out is None else out
    for channel, light in enumerate(_linear_light(lab)):
        result[..., channel] = encode_srgb(light)
    return result


def lab_of_unit(unit: NDArray[np.float32]) -> NDArray[np.float32]:
    """(3, ...) float32 0..1 -> L 0..100, a and b -110..110, in place."""
    shape = (3,) + (1,) * (unit.ndim - 1)
    unit *= np.array([100, 220, 220], np.float32).reshape(shape)
    unit -= np.array([0, 110, 110], np.float32).reshape(shape)
    return unit


def lab_outside(unit: NDArray[np.float32]) -> NDArray[np.bool_]:
    """(...): which colours lie outside sRGB, past rounding; takes what `lab_of_unit` takes, and changes it."""
    cut = np.zeros(unit.shape[1:], bool)
    for light in _linear_light(lab_of_unit(unit)):
        cut |= (light < -ROUNDING) | (light > 1 + ROUNDING)
    return cut


def _linear_light(lab: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Linear red, green and blue of CIE Lab, one after another; not clipped."""
    lightness, a, b = lab
    matrix = linear_from_white_units()
    fy = (lightness + np.float32(16)) * np.float32(1 / 116)
    x = _cube_or_line(fy + a * np.float32(1 / 500))
    z = _cube_or_line(fy - b * np.float32(1 / 200))
    y = _cube_or_line(fy)
    # what differs from grey: a row of the matrix sums to 1, so x = y = z gives exactly y in all three channels
    x -= y
    z -= y
    scratch = np.empty(lightness.shape, np.float32)
    for channel in range(3):
        light = x * matrix[channel, 0]
        np.multiply(z, matrix[channel, 2], out=scratch)
        light += scratch
        light += y
        yield light


def encode_srgb(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Linear light 0..1 as the nearest sRGB byte, clipped; exact: equal to round(255 f(light)) for every float32."""
    first, threshold = quantiser()
    clipped = np.clip(light, np.float32(0), np.float32(1))
    bins = (clipped * np.float32(BINS)).astype(np.int16)
    codes: NDArray[np.uint8] = np.take(first, bins)
    codes += clipped >= np.take(threshold, bins)
    return codes


def _cube_or_line(f: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inverse of Lab's f, in place: t^3 above 6/29, and the tangent line 3 (6/29)^2 (t - 4/29) below."""
    line = (f - np.float32(4 / 29)) * np.float32(3 * DELTA * DELTA)
    dark = f <= np.float32(DELTA)
    cube = f * f
    cube *= f
    np.copyto(cube, line, where=dark)
    return cube


@cache
def linear_from_white_units() -> NDArray[np.float32]:
    """(3, 3): XYZ divided by the white's own -> linear sRGB, derived from the primaries; every row sums to 1."""
    xyz = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in (*PRIMARIES, WHITE)])
    primaries, white = xyz[:3].T, xyz[3]
    to_xyz = primaries * np.linalg.solve(primaries, white)
    from_white: NDArray[np.float32] = (np.linalg.inv(to_xyz) * white).astype(np.float32)
    return from_white


@cache
def quantiser() -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """For every bin of linear light: the byte at its lower edge, and the light from which it is one more."""
    middle = (np.arange(1, 256) - 0.5) / 255
    light = np.where(middle <= 0.04045, middle / 12.92, ((middle + 0.055) / 1.055) ** 2.4)
    steps = light.astype(np.float32)
    # the smallest float32 not below the threshold, so that comparing in float32 decides as in float64
    steps = np.where(steps < light, np.nextafter(steps, np.float32(2)), steps)
    edges = (np.arange(BINS + 1) / BINS).astype(np.float32)
    first = np.searchsorted(steps, edges, side="right")
    above = np.append(steps, np.float32(2))[first]
    return first.astype(np.uint8), above.astype(np.float32)
