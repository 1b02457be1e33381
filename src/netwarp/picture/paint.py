"""paint: Samples through a Tone into a Picture."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError
from netwarp.picture.colour import lab_to_srgb, map_colours
from netwarp.picture.picture import Picture
from netwarp.picture.recipe import Recipe
from netwarp.picture.tone import Tone, check_finite, check_samples, rows_of_bands

Progress = Callable[[int, int], None]


def paint(
    samples: NDArray[np.generic], tone: Tone, *, recipe: Recipe | None = None, progress: Progress | None = None
) -> Picture:
    """The Picture of `samples`, (k, rows, columns), through `tone`; row 0, the smallest y, is drawn at the top.

    Values outside the Tone's range are clipped. The work goes by bands of rows: memory beyond the samples and the
    picture stays under a few MiB. `progress(done, total)` counts rows and may raise to cancel.
    Errors: InputError where the samples lack a channel of the Tone; NotFiniteError where one holds NaN or infinity.
    """
    count, rows, columns = check_samples(samples)
    if max(tone.channels) >= count:
        raise InputError(
            f"samples of {count} channels: the tone shows channel {max(tone.channels)} (counted from 0) as "
            f"{tone.colour}; fit a tone on samples of this network"
        )
    check_finite(samples, tone.channels)
    colours = None if tone.colour in ("lab", "rgb", "gray") else map_colours(tone.colour)
    pixels = np.empty((rows, columns, 3), np.uint8)
    for part in rows_of_bands(rows, columns):
        out = pixels[part]
        shown = zip(tone.channels, tone.low, tone.high, strict=True)
        unit = np.stack([_unit(samples[c, part], low, high) for c, low, high in shown])
        if tone.colour == "lab":
            unit *= np.array([100, 220, 220], np.float32)[:, None, None]
            unit -= np.array([0, 110, 110], np.float32)[:, None, None]
            lab_to_srgb(unit, out)
        elif colours is not None:
            np.take(colours, _nearest(unit[0], len(colours) - 1), axis=0, out=out)
        else:
            for channel in range(3):
                out[..., channel] = _nearest(unit[channel % len(unit)], 255)
        if progress is not None:
            progress(part.stop, rows)
    return Picture(pixels, recipe)


def _unit(values: NDArray[np.generic], low: float, high: float) -> NDArray[np.float32]:
    """Values from low..high to 0..1 in float32, clipped; the middle where low equals high."""
    span = high - low
    # float32 is enough for a byte, but not where its exponent or the values' own precision would be lost
    if span < 1e-300:
        return np.full(values.shape, 0.5, np.float32)
    if values.dtype == np.float32 and 1e-30 < span < 1e30:
        work = values.astype(np.float32)
        work -= np.float32(low)
        work /= np.float32(span)
        return np.clip(work, np.float32(0), np.float32(1), out=work)
    exact = (values.astype(np.float64) - low) / span
    return np.clip(exact, 0.0, 1.0, out=exact).astype(np.float32)


def _nearest(unit: NDArray[np.float32], top: int) -> NDArray[np.int16]:
    """0..1 as the nearest whole number of 0..top, halves upwards."""
    return (unit * np.float32(top) + np.float32(0.5)).astype(np.int16)
