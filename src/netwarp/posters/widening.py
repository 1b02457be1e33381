"""A poster's plane, a little wider where that lets pixels share the work of k x k kernels.

A kernel's taps lie a calibration pixel apart. Where that is a whole number of the poster's pixels, or a simple
fraction, pixels share lattices of taps (engine/lattice.py); elsewhere each has one of its own, at many times the cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from netwarp.fields.limits import positions
from netwarp.network.program import Program
from netwarp.plane import Plane, Raster

# by how much the plane may be widened, and for how many times less work
MOST, WORTH = 0.03, 2.0
# pixels a side, at most, that the work of a pitch is counted on
COUNTED = 4096
DENOMINATORS = range(1, 9)


@dataclass(frozen=True, slots=True)
class Widening:
    """The raster to draw, and the share of a pixel by which each became wider; 0 where the plane is as it was."""

    raster: Raster
    share: float

    def sentence(self) -> str:
        """One line for a person; empty where nothing changed."""
        if not self.share:
            return ""
        return (
            f"the plane is {100 * self.share:.2g}% wider and higher, so that the taps of the kernels lie on pixels: "
            "elsewhere each pixel would need a lattice of its own"
        )


def widened(program: Program, raster: Raster, tap: tuple[float, float]) -> Widening:
    """The raster with the least work whose pixels are at most 3% wider; as it is where that is not half the work."""
    if program.pointwise:
        return Widening(raster, 0.0)
    pitch = raster.pitch[0]
    now = _work(program, raster, tap, 1.0)
    best, least = 1.0, now
    for base in tap:
        for below in DENOMINATORS:
            # the tap is `above` / `below` pixels: the largest such at most what it is now
            above = int(base / pitch * below)
            if above == 0:
                continue
            factor = float(Fraction(base) * below / above / Fraction(pitch))
            if not 1 < factor <= 1 + MOST:
                continue
            work = _work(program, raster, tap, factor)
            if work < least * 0.999:
                best, least = factor, work
    if now < WORTH * least:
        return Widening(raster, 0.0)
    return Widening(_wider(raster, best), best - 1)


def _wider(raster: Raster, factor: float) -> Raster:
    plane = raster.plane
    return replace(raster, plane=replace(plane, width=plane.width * factor, height=plane.height * factor))


def _work(program: Program, raster: Raster, tap: tuple[float, float], factor: float) -> float:
    """Points evaluated a pixel, on a corner of the raster of the same pitch."""
    wide = _wider(raster, factor)
    columns, rows = min(raster.columns, COUNTED), min(raster.rows, COUNTED)
    across, down = wide.pitch
    part = Raster(columns, rows, Plane(0, 0, across * columns, down * rows))
    return positions(program, part, tap) / ceil(part.pixels)
