"""line: where the activation pattern of a Field changes along a segment, exactly, without tessellating the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.threads import Progress
from netwarp.errors import InputError
from netwarp.field.field import Field
from netwarp.plane import MAX_EXTENT
from netwarp.regions.found import LIMIT, cells_of, glued
from netwarp.regions.frame import Frame
from netwarp.regions.stages import stages_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Kinks:
    """The breakpoints along a segment, in order: `t` (n,) from 0 at its beginning to 1 at its end, exclusive; `points`
    (n, 2) on the plane; and the layer (from 1) and unit (from 0) that has its breakpoint there (the first of several).

    At a breakpoint the activation pattern changes; the function itself has a kink there unless nothing hears that unit.
    """

    t: Floats
    points: Floats
    layers: NDArray[np.int32]
    units: NDArray[np.int32]
    doubtful: int  # signs that floats left in doubt and integers settled

    def __len__(self) -> int:
        return len(self.t)


def line(
    field: Field, p: Sequence[float], q: Sequence[float], *, limit: int = LIMIT, progress: Progress | None = None
) -> Kinks:
    """The Kinks of a piecewise-linear pointwise Field from p to q, two points x, y; of a network of any size.

    Errors: UnsupportedError naming the layer in the way; InputError for what is no segment.
    """
    if not isinstance(field, Field):
        raise InputError(f"line field={field!r}: must be a Field, as calibrate gives")
    begin, end = _point(p, "p"), _point(q, "q")
    if begin == end:
        raise InputError(f"line p={begin}, q={end}: must be two different points")
    # the segment as a strip of the plane whose second coordinate changes nothing
    x, y = (Fraction(b) for b in begin)
    across = Fraction(end[0]) - x, Fraction(end[1]) - y
    nothing = Fraction(0), Fraction(0)
    stages = stages_of(field.program)
    frame = Frame((0.0, 1.0, 0.0, 1.0), (x, y), across, nothing)
    arrays = glued(found := cells_of(stages, frame, limit=limit, progress=progress), stages, frame)
    drawn = np.flatnonzero(arrays["edge_layers"] > 0)
    t = arrays["vertices"][arrays["edges"][drawn, 0], 0]
    order = np.argsort(t, kind="stable")
    t, drawn = t[order], drawn[order]
    first, last = np.array(begin), np.array(end)
    points = first + t[:, None] * (last - first)
    return Kinks(t, points, arrays["edge_layers"][drawn], arrays["edge_units"][drawn], found.doubtful)


def _point(value: Sequence[float], name: str) -> tuple[float, float]:
    try:
        x, y = (float(v) for v in value)
    except (TypeError, ValueError):
        raise InputError(f"line {name}={value!r}: must be a point, two numbers x, y") from None
    if not (isfinite(x) and isfinite(y)) or max(abs(x), abs(y)) > MAX_EXTENT:
        raise InputError(f"line {name}={value!r}: must be finite, from -{MAX_EXTENT:g} to {MAX_EXTENT:g}")
    return x, y
