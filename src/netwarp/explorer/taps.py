"""Views of k x k networks: evaluated where pixels share their kernels' taps, then cut and resampled to what was asked.

A kernel's taps lie one calibration pixel apart whatever the view, so pixels at any other pitch share no work: a view of
600x400 a hundredth wider than the calibration's would take hundreds of times as long. A pitch that divides the tap
distance, or is a multiple of it, takes hardly more than a pixel's own work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from netwarp.fields.limits import positions
from netwarp.network.program import Program
from netwarp.plane import Plane, Raster

# evaluated pixels are at most this much larger than those asked for
BLUR = 1.2
# what resampling must at least save
WORTH = 0.7


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a picture that is shown, `box` left, top, right, bottom in its pixels, as columns x rows others."""

    box: tuple[float, float, float, float]
    columns: int
    rows: int

    def of(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(rows, columns, channels), by areas or linearly."""
        image = Image.fromarray(pixels).resize((self.columns, self.rows), Image.Resampling.BILINEAR, box=self.box)
        return np.asarray(image)


def on_taps(program: Program, raster: Raster, tap: tuple[float, float]) -> tuple[Raster, Crop | None]:
    """A raster that covers this one's plane and is cheaper to evaluate, and how to cut this from it; else itself."""
    if program.pointwise:
        return raster, None
    plane = raster.plane
    columns, width = _covering(raster.columns, plane.width, tap[0])
    rows, height = _covering(raster.rows, plane.height, tap[1])
    other = Raster(columns, rows, replace(plane, width=width, height=height))
    if positions(program, other, tap) > WORTH * positions(program, raster, tap):
        return raster, None
    left, top = 0.5 * (columns - columns * plane.width / width), 0.5 * (rows - rows * plane.height / height)
    return other, Crop((left, top, columns - left, rows - top), raster.columns, raster.rows)


def nearly(program: Program, plane: Plane, tap: tuple[float, float], side: int) -> Raster:
    """A raster of about side x side pixels whose plane is this one, or differs by at most half a pixel at each end."""
    whole = Raster(side, side, plane)
    if program.pointwise:
        return whole
    pitches = [_pitch(tap[i] * side / length, tap[i]) for i, length in enumerate((plane.width, plane.height))]
    columns, rows = max(1, round(plane.width / pitches[0])), max(1, round(plane.height / pitches[1]))
    near = replace(plane, width=columns * pitches[0], height=rows * pitches[1])
    other = Raster(columns, rows, near)
    return other if positions(program, other, tap) < WORTH * positions(program, whole, tap) else whole


def _pitch(steps: float, tap: float) -> float:
    """The pitch nearest to a wanted one, of which a tap has `steps`, that shares taps; at most BLUR times as large."""
    return tap / ceil(steps / BLUR) if steps > 1.0 else tap * max(1, floor(BLUR / steps))


def _covering(count: int, length: float, tap: float) -> tuple[int, float]:
    """How many pixels of a pitch that shares taps cover so many of `length`, and how long they are together."""
    pitch = _pitch(tap * count / length, tap)
    found = ceil(length / pitch) + 2
    return found, found * pitch
