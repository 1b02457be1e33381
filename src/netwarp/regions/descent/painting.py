"""A picture drawn while its cells are found: each is painted when its map is known, and none is kept.

Cells are not glued, so that the two cells at an edge know its ends apart, each to its own rounding. A pixel centre that
lies as close to an edge as that may be painted twice, or by nobody: such a one is evaluated by itself. Where the
function has no jumps, all of these agree.
"""

# B cells of a batch, S their sides, K channels of the output

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from netwarp.plane import Raster
from netwarp.regions.arrays import Floats, Long
from netwarp.regions.cells import scanline
from netwarp.regions.cells.scanline import Centres, abscissa, first_at
from netwarp.regions.descent.batch import Batch
from netwarp.regions.descent.maps import VAGUE, norms
from netwarp.regions.descent.values import Known
from netwarp.regions.frame import Frame
from netwarp.regions.jit import bare, inlined
from netwarp.regions.stages import Stages

Picture = NDArray[np.float32] | Floats


@dataclass(frozen=True, eq=False)
class Canvas:
    """A picture that several threads paint. `out` (K, rows, columns) is NaN where nobody has."""

    down: Centres
    across: Centres
    out: Picture
    far: Floats  # (3,) the largest |x|, |y| and 1

    @classmethod
    def of(cls, raster: Raster, frame: Frame, out: Picture) -> Canvas:
        x0, x1, y0, y1 = frame.bounds
        far = np.array([max(abs(x0), abs(x1)), max(abs(y0), abs(y1)), 1.0])
        return cls(scanline.centres_within(raster.ys(), y0, y1), scanline.centres_within(raster.xs(), x0, x1), out, far)


def paintable(stages: Stages) -> bool:
    """Whether neighbouring cells agree on their edge."""
    return not any(stage.jumps for stage in stages.stages)


@dataclass(eq=False)
class Painter:
    """One thread's brush."""

    canvas: Canvas
    runs: Long = field(init=False)  # (2, rows)
    places: Long = field(init=False)

    def __post_init__(self) -> None:
        self.runs = np.empty((2, len(self.canvas.down.centres)), dtype=np.int64)
        self.places = np.empty(0, dtype=np.int64)

    def held(self, batch: Batch, count: int) -> Long:
        """(n,) those of the first `count` cells whose bounding box contains a pixel centre."""
        if len(self.places) < count:
            self.places = np.empty(2 * count, dtype=np.int64)
        return self.places[: holding(batch, count, (self.canvas.down, self.canvas.across), self.places)]

    def unsure(self, vague: list[int], places: Long, output: Known) -> list[int]:
        """Of the cells `vague`, whose maps are in some column, those whose values are: to VAGUE of their terms' sum."""
        cells = np.array(sorted(set(vague).intersection(places.tolist())), dtype=np.int64)
        wrong, size = output.error[cells] @ self.canvas.far, norms(output.maps[cells]) @ self.canvas.far
        unsure: list[int] = cells[~(wrong <= VAGUE * size)].tolist()
        return unsure

    def paint(self, batch: Batch, places: Long, maps: Floats) -> None:
        """Paints these cells, whose output is maps (B, 3, K)."""
        paint(batch, places, maps, (self.canvas.down, self.canvas.across), self.runs, self.canvas.out)


@bare
def holding(batch: Batch, count: int, axes: tuple[Centres, Centres], places: Long) -> int:
    """Writes to `places` which of the first `count` cells have a pixel centre in their bounding box; says how many."""
    down, across = axes
    found = 0
    for c in range(count):
        begin, end = batch.offset[c], batch.offset[c + 1]
        x0 = x1 = batch.vertex[begin, 0]
        y0 = y1 = batch.vertex[begin, 1]
        far = batch.vertex[begin, 2]
        for s in range(begin + 1, end):
            x0, x1 = min(x0, batch.vertex[s, 0]), max(x1, batch.vertex[s, 0])
            y0, y1 = min(y0, batch.vertex[s, 1]), max(y1, batch.vertex[s, 1])
            far = max(far, batch.vertex[s, 2])
        row, column = first_at(y0 - far, down), first_at(x0 - far, across)
        in_rows = row < down.last and down.centres[row] <= y1 + far
        if in_rows and column < across.last and across.centres[column] <= x1 + far:
            places[found] = c
            found += 1
    return found


@inlined
def _row(batch: Batch, at: int, before: int, down: Centres) -> int:
    """The first row at or above the corner where side `at` begins; `before` is the side that ends there."""
    if batch.label[at] == -3 or batch.label[before] == -3:
        return down.last
    if batch.label[at] == -1 or batch.label[before] == -1:
        return down.first
    return first_at(batch.vertex[at, 1], down)


@bare
def paint(batch: Batch, places: Long, maps: Floats, axes: tuple[Centres, Centres], runs: Long, out: Picture) -> None:
    """(K, rows, columns) a x + (b y + c) at the pixel centres of the cells `places`; runs (2, rows) is room.

    The rule is that of `scanline`: a side spans the heights from its lower end to before its upper one, and a point on
    it is on its right.
    """
    down, across = axes
    for i in range(len(places)):
        c = places[i]
        begin, end = batch.offset[c], batch.offset[c + 1]
        first = last = _row(batch, begin, end - 1, down)
        for s in range(begin + 1, end):
            row = _row(batch, s, s - 1, down)
            first, last = min(first, row), max(last, row)
        for r in range(first, last):
            runs[0, r], runs[1, r] = across.last, across.first
        there = _row(batch, begin, end - 1, down)
        for s in range(begin, end):
            here, following = there, s + 1 if s + 1 < end else begin
            there = _row(batch, following, s, down)
            if here == there:
                continue
            low, high, side = (s, following, 1) if here < there else (following, s, 0)
            xa, ya = batch.vertex[low, 0], batch.vertex[low, 1]
            dx, dy = batch.vertex[high, 0] - xa, batch.vertex[high, 1] - ya
            label = batch.label[s]
            for r in range(min(here, there), max(here, there)):
                if label == -4:
                    column = across.first
                elif label == -2:
                    column = across.last
                else:
                    column = first_at(abscissa(xa, ya, dx, dy, down.centres[r]), across)
                # min and max: a corner that rounding dented makes more than two sides span a row
                if side:
                    runs[1, r] = max(runs[1, r], column)
                else:
                    runs[0, r] = min(runs[0, r], column)
        for r in range(first, last):
            left, right = runs[0, r], runs[1, r]
            if left >= right:
                continue
            xs = across.centres[left:right]
            for k in range(out.shape[0]):
                slope, height = maps[c, 0, k], maps[c, 1, k] * down.centres[r] + maps[c, 2, k]
                line = out[k, r, left:right]
                for x in range(len(xs)):
                    line[x] = slope * xs[x] + height
