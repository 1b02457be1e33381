"""The range low..high that a channel's values are shown on: how it is fitted, and where on it a value lies.

Shapes: a channel is (rows, columns) of any real dtype; sums go by bands of rows in float64, always in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import frexp, isfinite

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import NotFiniteError

Range = tuple[float, float]

# about 64 thousand pixels a band: the working arrays stay in cache, and a picture of any size needs no more of them
BAND_PIXELS = 65_536
# standard deviations from the middle of a range to its ends, for lightness and for chroma
LIGHTNESS_REACH, CHROMA_REACH = 1.75, 2.0
# and those at most from the mean to the middle of a chroma channel's range
CHROMA_SHIFT = 1.2


def extremes(plane: NDArray[np.generic], channel: int) -> Range:
    """Least and largest value. Errors: NotFiniteError naming `channel` where their difference is no float64."""
    return _checked(float(plane.min()), float(plane.max()), channel)


def bytes_about_mean(plane: NDArray[np.generic], channel: int) -> Range:
    """The values that 100 v + 128 of the standardised v sends to 0 and to 255. Errors: as `extremes`."""
    mean, deviation, _ = _moments(plane, channel)
    return _checked(mean - 1.28 * deviation, mean + 1.27 * deviation, channel)


def lightness(plane: NDArray[np.generic], channel: int) -> Range:
    """The mean in the middle, and 1.75 standard deviations either way. Errors: as `extremes`."""
    mean, deviation, _ = _moments(plane, channel)
    return _checked(mean - LIGHTNESS_REACH * deviation, mean + LIGHTNESS_REACH * deviation, channel)


def chroma(plane: NDArray[np.generic], channel: int) -> Range:
    """Two standard deviations either way of a middle, which is grey, between the mean and the longer tail.

    With the mean as grey no hue would prevail, and what is near the mean, which is much of a picture, would be dull.
    Errors: as `extremes`.
    """
    mean, deviation, tail = _moments(plane, channel)
    middle = mean + CHROMA_SHIFT * deviation * (tail / (1 + abs(tail)))
    return _checked(middle - CHROMA_REACH * deviation, middle + CHROMA_REACH * deviation, channel)


def _moments(plane: NDArray[np.generic], channel: int) -> tuple[float, float, float]:
    """Mean, biased standard deviation, and how many of these the middle of the extremes lies beyond the mean."""
    low, high = extremes(plane, channel)
    if low == high:
        return low, 0.0, 0.0
    # powers of 2, which change no digit, where sums or squares would leave float64
    size, span = (_power(value) for value in (max(abs(low), abs(high)), high - low))
    total = square = 0.0
    for band in bands(plane):
        wide = band.astype(np.float64)
        if size != 1:
            wide /= size
        total += float(np.sum(wide))
    mean = total / plane.size * size
    for band in bands(plane):
        apart = band.astype(np.float64)
        apart -= mean
        if span != 1:
            apart /= span
        apart *= apart
        square += float(np.sum(apart))
    deviation = (square / plane.size) ** 0.5 * span
    return mean, deviation, ((low - mean) + (high - mean)) / 2 / deviation


def _power(value: float) -> float:
    """The power of 2 at or below a very large or very small value, and 1 for others."""
    return 1.0 if 1e-100 < value < 1e100 else 2.0 ** (frexp(value)[1] - 1)


def position(values: NDArray[np.generic], low: float, high: float, *, clip: bool) -> NDArray[np.float32]:
    """Values from low..high to 0..1 in float32, clipped there if asked; the middle where low equals high."""
    span = high - low
    # float32 is enough for a byte, but not where its exponent or the values' own precision would be lost
    if span < 1e-300:
        return np.full(values.shape, 0.5, np.float32)
    # what is too far away for a number is infinitely far: that has a colour too
    with np.errstate(over="ignore"):
        if values.dtype == np.float32 and 1e-30 < span < 1e30:
            work = values.astype(np.float32)
            work -= np.float32(low)
            work /= np.float32(span)
        else:
            work = ((values.astype(np.float64) - low) / span).astype(np.float32)
    return np.clip(work, np.float32(0), np.float32(1), out=work) if clip else work


def rows_of_bands(rows: int, columns: int) -> Iterator[slice]:
    """Slices of rows, in order, of about BAND_PIXELS pixels each."""
    step = max(1, BAND_PIXELS // columns)
    return (slice(start, min(rows, start + step)) for start in range(0, rows, step))


def bands(plane: NDArray[np.generic]) -> Iterator[NDArray[np.generic]]:
    """A (rows, columns) array in bands of rows."""
    return (plane[part] for part in rows_of_bands(*plane.shape))


def _checked(low: float, high: float, channel: int) -> Range:
    if not isfinite(high - low):
        raise NotFiniteError(
            f"samples: channel {channel} spans more than a float64 can hold; normalise the layers (norm='spatial')"
        )
    return low, high
