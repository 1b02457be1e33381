"""along: where the activation pattern of a Field changes along a segment and where the Field bends, exactly."""

# K channels

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from netwarp.checks import instance
from netwarp.errors import InputError, shown
from netwarp.fields.field import A_FIELD, Field
from netwarp.plane import MAX_EXTENT
from netwarp.progress import Progress
from netwarp.regions.arrays import Bits, Floats, Integers
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.merge import merge
from netwarp.regions.descent.found import LIMIT, cells_of
from netwarp.regions.exact import Exact
from netwarp.regions.frame import Frame
from netwarp.regions.gluing.glued import Glued, glued
from netwarp.regions.stages import Stages, stages_of


@dataclass(frozen=True, eq=False)
class Breaks:
    """Places along a segment, in order: `t` (n,) from 0 at its beginning to 1 at its end, exclusive; `points` (n, 2)
    on the plane; the layer (from 1) and unit (from 0) whose own breakpoint is there, the first of several."""

    t: Floats
    points: Floats
    layers: Integers
    units: Integers

    def __len__(self) -> int:
        return len(self.t)


@dataclass(frozen=True, eq=False)
class Pieces:
    """The linear pieces of a Field along a segment, in order: `t` (n + 1,) from 0 to 1, where one ends and the next
    begins; `affine` (n, K, 2), a and b of every channel on it: a t + b."""

    t: Floats
    affine: Floats

    def __len__(self) -> int:
        return len(self.affine)


@dataclass(frozen=True, eq=False)
class Section:
    """A Field along a segment. `len` is the number of switches, and t, points, layers and units are theirs.

    A switch is where the activation pattern changes; a kink is where the function itself bends: where the slope of one
    of its channels changes, or, of a step, its value. Every kink is a switch; a switch is none where nothing hears the
    unit, or where what its units do cancels.
    """

    switches: Breaks
    doubtful: int  # signs that floats left in doubt and integers settled
    _strip: _Strip = field(repr=False)

    def __len__(self) -> int:
        return len(self.switches)

    def __repr__(self) -> str:
        return f"<Section: {len(self.switches):,} switches, {len(self.kinks):,} kinks>"

    @property
    def t(self) -> Floats:
        """(n,) of the switches."""
        return self.switches.t

    @property
    def points(self) -> Floats:
        """(n, 2) of the switches."""
        return self.switches.points

    @property
    def layers(self) -> Integers:
        """(n,) of the switches."""
        return self.switches.layers

    @property
    def units(self) -> Integers:
        """(n,) of the switches."""
        return self.switches.units

    @cached_property
    def kinks(self) -> Breaks:
        """Where the function bends or jumps: decided exactly, as linear regions are."""
        bends = self._strip.bends
        return Breaks(self.t[bends], self.points[bends], self.layers[bends], self.units[bends])

    @cached_property
    def pieces(self) -> Pieces:
        """The linear pieces: one more than kinks."""
        first = np.concatenate([[0], np.flatnonzero(self._strip.bends) + 1])
        t = np.concatenate([[0.0], self.kinks.t, [1.0]])
        return Pieces(t, self._strip.cells.affine[self._strip.order[first]][:, :, [0, 2]])


def along(
    field: Field, p: Sequence[float], q: Sequence[float], *, limit: int = LIMIT, progress: Progress | None = None
) -> Section:
    """The Section of a piecewise-linear pointwise Field from p to q, two points x, y; of a network of any size.

    Errors: UnsupportedError naming the layer in the way; InputError for what is no segment.

    >>> field = nw.Network.draw(nw.parse("conv(10) * 2"), seed=7).calibrate(nw.Raster(60, 40))
    >>> nw.along(field, (-0.5, -0.5), (0.5, 0.5))
    <Section: 21 switches, 21 kinks>
    >>> nw.along(field, (0, 0), (1e-9, 0))  # no unit switches here
    <Section: 0 switches, 0 kinks>
    >>> nw.along(field, (0, 0), (0, 0))
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: along p=(0.0, 0.0), q=(0.0, 0.0): must be two different points
    """
    instance(field, Field, "along field", A_FIELD)
    begin, end = _point(p, "p"), _point(q, "q")
    if begin == end:
        raise InputError(f"along p={begin}, q={end}: must be two different points")
    # the segment as a strip of the plane whose second coordinate changes nothing
    x, y = (Fraction(b) for b in begin)
    across = Fraction(end[0]) - x, Fraction(end[1]) - y
    nothing = Fraction(0), Fraction(0)
    stages = stages_of(field.program)
    frame = Frame((0.0, 1.0, 0.0, 1.0), (x, y), across, nothing)
    joined = glued(found := cells_of(stages, frame, limit=limit, progress=progress), stages, frame)
    strip = _strip(joined, stages, frame)
    t = strip.cells.vertices[strip.cells.edges[strip.drawn, 0], 0]
    first, last = np.array(begin), np.array(end)
    points = first + t[:, None] * (last - first)
    switches = Breaks(t, points, strip.cells.edge_layers[strip.drawn], strip.cells.edge_units[strip.drawn])
    return Section(switches, found.doubtful, strip)


@dataclass(frozen=True, eq=False)
class _Strip:
    """The cells of a segment, side by side: `order` (n + 1,) the cells, `drawn` (n,) the edges between them."""

    cells: Cells
    bits: Bits
    errors: Floats
    stages: Stages
    frame: Frame
    order: Integers
    drawn: Integers

    @cached_property
    def bends(self) -> NDArray[np.bool_]:
        """(n,) whether the function's maps differ on the two sides."""
        linear = merge(self.cells, self.bits, self.errors, Exact(self.stages, self.frame))
        return linear.boundary[self.drawn]


def _strip(joined: Glued, stages: Stages, frame: Frame) -> _Strip:
    cells = Cells(bounds=frame.bounds, **joined.cells)
    ends = cells.vertices[cells.edges]
    # from cell to cell, not by t: cells may be narrower than floats tell apart
    border = cells.edge_layers == 0
    (start,) = np.flatnonzero(border & (ends[:, :, 0] == 0).all(axis=1) & (ends[:, 0, 1] != ends[:, 1, 1]))
    edges = np.flatnonzero(cells.edge_cells[:, 1] >= 0)
    beside: list[list[int]] = [[] for _ in range(len(cells.offsets) - 1)]
    sides = cells.edge_cells.tolist()
    for edge in edges.tolist():
        for cell in sides[edge]:
            beside[cell].append(edge)
    cell, edge = sides[start][0], -1
    order, drawn = [cell], []
    while (edge := next((e for e in beside[cell] if e != edge), -1)) >= 0:
        drawn.append(edge)
        cell = sum(sides[edge]) - cell
        order.append(cell)
    return _Strip(
        cells=cells,
        bits=joined.bits,
        errors=joined.errors,
        stages=stages,
        frame=frame,
        order=np.array(order, dtype=np.int32),
        drawn=np.array(drawn, dtype=np.int32),
    )


def _point(value: Sequence[float], name: str) -> tuple[float, float]:
    try:
        x, y = (float(v) for v in value)
    except (TypeError, ValueError):
        raise InputError(f"along {name}={shown(value)}: must be a point, two numbers x, y") from None
    if not (isfinite(x) and isfinite(y)) or max(abs(x), abs(y)) > MAX_EXTENT:
        raise InputError(f"along {name}={shown(value)}: must be finite, from -{MAX_EXTENT:g} to {MAX_EXTENT:g}")
    return x, y
