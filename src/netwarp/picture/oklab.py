"""Oklab to sRGB, in three ways, of which two cut nothing.

"lab": lightness is drawn into the table's range, and chroma below the limit there, both by t / sqrt(1 + t^2), which is
strictly increasing, about the identity for what is small, and bends nowhere. "oklch": the same, with chroma and hue in
place of a and b; the hue goes around once from 0 to 1, and on. "oklab": nothing is bent, so that equal steps of a value
are equal steps of Oklab wherever sRGB has the colour; elsewhere chroma is held at the limit, hue and lightness kept,
and lightness at the ends of the table's range.
Only + - * / floor and the square root touch the values, each rounded by itself, so that the same values give the same
bytes on every machine.

Shapes: channels first; float32 or float64 in, the same out.

Source: Bjoern Ottosson, "A perceptual color space for image processing" (2020): the matrices of Oklab and linear sRGB,
as printed there. IEC 61966-2-1:1999 (transfer function).
"""

from __future__ import annotations

from math import factorial, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.picture.colour import encode_srgb
from netwarp.picture.gamut import LEAST, LIGHTNESS, Floats, chroma_limit

MIDDLE, REACH = (LIGHTNESS[0] + LIGHTNESS[1]) / 2, (LIGHTNESS[1] - LIGHTNESS[0]) / 2
# what Oklab's L, a and b are at the ends of a Tone's range: MIDDLE -+ REACH, and -+ CHROMA
CHROMA = 0.3
# and of "oklab", where nothing is compressed: most of a picture is to be within sRGB
EVEN_CHROMA = 0.1
# of the sine of t turns, by powers of t^2, less one t: Taylor's
SINE = tuple((-1) ** n * (2 * pi) ** (2 * n + 1) / factorial(2 * n + 1) for n in range(7))
ROUNDING = 1e-6
# half ranges from the middle: beyond, no float32 could tell the colours apart, and squares might overflow one
FAR = 1e9
# of l, m and s, less L: what a and b add to the cube root; and of red, green and blue: what l - m and s - m add to m
CONES = ((0.3963377774, 0.2158037573), (-0.1055613458, -0.0638541728), (-0.0894841775, -1.2914855480))
PRIMARIES = ((4.0767416621, 0.2309699292), (-1.2684380046, -0.3413193965), (-0.0041960863, 1.7076147010))


def plainly(unit: NDArray[np.float32], colour: str = "lab") -> NDArray[np.uint8]:
    """What `oklab_pixels.oklab_to_srgb` gives, by the functions below: its definition, which tests hold it to."""
    return np.stack([encode_srgb(channel) for channel in light_of(unit, colour)], axis=-1)


def light_of(unit: Floats, colour: str) -> Floats:
    """Linear sRGB of positions on a Tone's ranges, whose `colour` is "lab", "oklab" or "oklch"."""
    if colour == "oklab":
        return linear_light(*held(*coordinates(unit, EVEN_CHROMA)))
    return linear_light(*within_gamut(*coordinates(unit if colour == "lab" else polar(unit))))


def outside(unit: Floats, colour: str = "lab") -> NDArray[np.bool_]:
    """(...): which colours have more chroma than the limit, before it is compressed or held, or are held at an end of
    lightness; unit as in `oklab_to_srgb`."""
    if colour == "oklab":
        x, a, b = coordinates(unit, EVEN_CHROMA)
        limit = chroma_limit(_held_lightness(x), a, b)
        return np.asarray((np.abs(x) > 1 + ROUNDING) | (a * a + b * b > limit * limit))
    x, a, b = coordinates(unit if colour == "lab" else polar(unit))
    limit = chroma_limit(_lightness(x), a, b)
    return np.asarray(a * a + b * b > limit * limit)


def held(x: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """Lightness MIDDLE + REACH x, of -1 to 1, and chroma (a, b) up to the limit -> Oklab's L, a and b within sRGB."""
    lightness = _held_lightness(x)
    limit = chroma_limit(lightness, a, b)
    chroma = a * a
    chroma += b * b
    np.sqrt(chroma, out=chroma)
    share = np.minimum(limit, chroma) / np.maximum(chroma, LEAST)
    return lightness, a * share, b * share


def polar(unit: Floats) -> Floats:
    """Positions of lightness, chroma and hue -> of lightness, a and b. Below 0 is no chroma; 1 of the hue is a turn."""
    flat = np.array(unit)
    chroma, turn = unit[1].clip(0, FAR), unit[2].clip(-FAR, FAR)
    turn = turn - np.floor(turn)
    turn -= 0.5
    # both are of the opposite hue, whose sine and cosine are the negatives
    quarter = 0.25 - np.abs(turn)
    folded = np.copysign(0.25 - np.abs(quarter), turn)
    chroma = chroma * -0.5
    flat[1] = chroma * _sine(quarter) + 0.5
    flat[2] = chroma * _sine(folded) + 0.5
    return flat


def _sine(turn: Floats) -> Floats:
    """The sine of a part of a turn, from -1/4 to 1/4: to within 1e-7."""
    square = turn * turn
    found = np.full_like(turn, SINE[-1])
    for power in SINE[-2::-1]:
        found *= square
        found += power
    return found * turn


def within_gamut(x: Floats, a: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """Lightness MIDDLE + REACH x and chroma (a, b), of any size -> Oklab's L, a and b of a colour within sRGB.

    Smooth (continuously differentiable); lightness increases strictly with x, and chroma with the chroma, the hue kept.
    """
    lightness = _lightness(x)
    limit = chroma_limit(lightness, a, b)
    # m / sqrt(m^2 + c^2) times a chroma c stays below m
    chroma = a * a
    chroma += b * b
    chroma += limit * limit
    limit /= np.sqrt(chroma, out=chroma)
    return lightness, a * limit, b * limit


def linear_light(lightness: Floats, a: Floats, b: Floats) -> Floats:
    """Oklab -> (3, ...) linear sRGB, 0..1 within the gamut; a = b = 0 gives exactly the same three numbers."""
    light = np.empty((3, *lightness.shape), lightness.dtype)
    cones = [_cube(lightness + (a * from_a + b * from_b)) for from_a, from_b in CONES]
    # what differs from the middle cone: rows of the matrix sum to 1
    first, last = cones[0] - cones[1], cones[2] - cones[1]
    for channel, (from_first, from_last) in enumerate(PRIMARIES):
        np.multiply(first, from_first, out=light[channel])
        light[channel] += last * from_last
        light[channel] += cones[1]
    return light


def from_srgb(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(..., 3) sRGB -> (..., 3) float64: Oklab's L, a and b; what `linear_light` takes, to rounding."""
    encoded = colours / 255
    light = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_cones = np.array([(1.0, *each) for each in CONES])
    to_light = np.array([(first, 1 - first - last, last) for first, last in PRIMARIES])
    cones = np.cbrt(light @ np.linalg.inv(to_light).T)
    return np.asarray(cones @ np.linalg.inv(to_cones).T)


def bent(x: float) -> float:
    """x / sqrt(1 + x^2): what lightness does, from the middle of its range, -1 and 1 being infinitely far."""
    x = min(max(x, -FAR), FAR)
    return x / sqrt(1 + x * x)


def coordinates(unit: Floats, chroma: float = CHROMA) -> tuple[Floats, Floats, Floats]:
    """What `within_gamut` takes, of positions on a Tone's ranges."""
    wide = np.clip(unit, -FAR, FAR)
    wide *= 2
    wide -= 1
    wide[1:] *= chroma
    return wide[0], wide[1], wide[2]


def _lightness(x: Floats) -> Floats:
    root = x * x
    root += 1
    np.sqrt(root, out=root)
    np.divide(x, root, out=root)
    root *= REACH
    root += MIDDLE
    return root


def _held_lightness(x: Floats) -> Floats:
    held = np.clip(x, -1, 1)
    held *= REACH
    held += MIDDLE
    return held


def _cube(root: Floats) -> Floats:
    cube = root * root
    cube *= root
    return cube
