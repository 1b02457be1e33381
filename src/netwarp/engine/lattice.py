"""Which points of the plane a Program must be evaluated on, so that a Raster comes out, along one axis at a time.

A k x k kernel's taps lie one calibration pixel (`tap`) apart whatever the raster's own pitch is, so pixels share work
only where they lie on one lattice of that spacing. Where the pitch divides the tap distance rationally, pixels fall
into a few such lattices ("a trous"); elsewhere every pixel has a lattice of its own. Either way the lattices are laid
end to end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Axis:
    """Positions along one axis. Around every core position, `before` and `after` neighbours are one tap apart."""

    coordinates: NDArray[np.float64]  # (n,) plane units; lattices end to end, each with its halo
    core: NDArray[np.int64]  # (m,) index in coordinates of each pixel evaluated, ascending
    pixels: NDArray[np.int64]  # (m,) which pixel of the raster that is
    before: int
    after: int

    def __len__(self) -> int:
        return len(self.coordinates)

    def part(self, first: int, last: int) -> Axis:
        """The Axis of the core positions first..last - 1 alone, with their halo."""
        low = int(self.core[first]) - self.before
        high = int(self.core[last - 1]) + self.after + 1
        return Axis(
            self.coordinates[low:high], self.core[first:last] - low, self.pixels[first:last], self.before, self.after
        )


def axis(
    count: int, length: float, centre: float, tap: float, reach: tuple[int, int], part: range | None = None
) -> Axis:
    """The Axis of `count` pixels over `length` around `centre`, for a Program that reads `reach` taps around each.

    Of `part` alone where that is given: its pixels, counted from 0, whose positions are those of the whole to the last
    bit.
    """
    before, after = reach
    part = range(count) if part is None else part
    pixels = np.arange(part.start, part.stop, dtype=np.int64)
    own_pixels = pixels - part.start
    if before == after == 0:
        return Axis(_coordinates(pixels.astype(float), count, length, centre), own_pixels, own_pixels, 0, 0)
    step = tap * count / length  # tap distance in pixels
    steps = _rational(step, count)
    halo = before + after
    shared = _shared(steps, count, halo) if steps else 0
    if steps is None or shared >= count * (1 + halo):
        offsets = np.arange(-before, after + 1)
        where = pixels[:, None] + offsets * step
        core = own_pixels * (1 + halo) + before
        return Axis(_coordinates(where.ravel(), count, length, centre), core, own_pixels, before, after)
    where_parts, core_parts, pixel_parts, start = [], [], [], 0
    for phase in range(min(steps.numerator, count)):
        # how many of the phase's pixels lie before the part
        skipped = max(0, -((phase - part.start) // steps.numerator))
        own = np.arange(phase + skipped * steps.numerator, part.stop, steps.numerator, dtype=np.int64)
        if not len(own):
            continue
        size = (len(own) - 1) * steps.denominator + 1 + halo
        # counted from the phase's first pixel, and multiplied before divided: a core position is then exactly its
        # pixel's number, and every position what it is in the whole
        numbers = np.arange(size) + (skipped * steps.denominator - before)
        where_parts.append(phase + numbers * float(steps.numerator) / steps.denominator)
        core_parts.append(start + before + np.arange(len(own), dtype=np.int64) * steps.denominator)
        pixel_parts.append(own - part.start)
        start += size
    where, core, order = np.concatenate(where_parts), np.concatenate(core_parts), np.concatenate(pixel_parts)
    return Axis(_coordinates(where, count, length, centre), core, order, before, after)


def _coordinates(where: NDArray[np.float64], count: int, length: float, centre: float) -> NDArray[np.float64]:
    # the same expression as plane.Raster's, so that a pixel's coordinates are the same to the last bit
    return (2.0 * where + (1.0 - count)) * length / (2.0 * count) + centre


def _rational(step: float, count: int) -> Fraction | None:
    """The tap distance as a simple fraction of pixels, where it is one well within a coordinate's rounding error."""
    found = Fraction(step).limit_denominator(1024)
    if found <= 0 or abs(step - found) * count > 1e-9 * step:
        return None
    return found


def _shared(steps: Fraction, count: int, halo: int) -> int:
    """How many positions the shared lattices have, laid end to end."""
    phases = min(steps.numerator, count)
    return (count - phases) * steps.denominator + phases * (1 + halo)
