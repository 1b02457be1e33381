"""Cells on a Raster: the cell, or the affine value, at every pixel centre. The cost hardly depends on the network."""

# V vertices, C cells, K channels

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.threads import spread
from netwarp.errors import InputError
from netwarp.plane import Raster
from netwarp.progress import Progress
from netwarp.regions.arrays import Floats, Integers
from netwarp.regions.cells import scanline
from netwarp.regions.cells.cells import Cells
from netwarp.regions.cells.scanline import Centres, Outlines

Band = tuple[int, int]
# rows painted at a time: few enough to stay in a core's cache, many enough that cells are seldom cut by a band's end
BAND = 64
CHUNK = 1 << 17  # cells a job


def cell_ids(cells: Cells, raster: Raster, *, progress: Progress | None = None) -> Integers:
    """(rows, columns) int32: the cell that holds every pixel centre; -1 outside the rectangle, whose border is inside.

    Every centre in the rectangle gets one cell, also where cells are far smaller than a pixel. On an edge it is the
    cell to the right, with the larger x; on a horizontal edge the one with the larger y; on the far border that inside.
    """
    out = np.full((raster.rows, raster.columns), -1, np.int32)
    on = _Outlines(cells, raster)
    on.bands(
        lambda band, members: scanline.fill_ids(on.outlines, on.rows, on.spans, members, on.down, on.across, band, out),
        progress,
    )
    return out


def rasterise(
    cells: Cells, raster: Raster, dtype: Literal["float32", "float64"] = "float32", *, progress: Progress | None = None
) -> NDArray[np.float32] | Floats:
    """(K, rows, columns): a x + (b y + c) of the cell of every pixel centre, in float64, rounded once to the dtype.

    NaN outside the rectangle. The cell is that of `cell_ids`. Errors: InputError for another dtype.
    """
    if dtype not in ("float32", "float64"):
        raise InputError(f"dtype {dtype!r}: must be float32 or float64")
    out = np.empty((cells.affine.shape[1], raster.rows, raster.columns), dtype)
    on = _Outlines(cells, raster)
    for outside in (slice(on.down.first), slice(on.down.last, None)):
        out[:, outside] = np.nan
    for outside in (slice(on.across.first), slice(on.across.last, None)):
        out[:, :, outside] = np.nan
    axes = on.down, on.across
    on.bands(
        lambda band, members: scanline.fill_values(
            on.outlines, on.rows, on.spans, members, axes, band, cells.affine, out
        ),
        progress,
    )
    return out


class _Outlines:
    """The cells' outlines on a Raster: which rows every cell spans."""

    outlines: Outlines
    down: Centres
    across: Centres
    rows: Integers  # (V,) the first row at or above a vertex
    spans: Integers  # (C, 2) the first row that a cell spans, and the row after its last one

    def __init__(self, cells: Cells, raster: Raster) -> None:
        x0, x1, y0, y1 = cells.bounds
        self.outlines = scanline.outlines(cells)
        self.down, self.across = (
            scanline.centres_within(raster.ys(), y0, y1),
            scanline.centres_within(raster.xs(), x0, x1),
        )
        self.rows = np.empty(len(cells.vertices), np.int32)
        scanline.rows_of(self.outlines.heights, self.down, self.rows)
        count = len(cells.offsets) - 1
        self.spans = np.empty((count, 2), np.int32)
        chunks = [(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
        spread(chunks, lambda thread: lambda chunk: scanline.spans_of(self.outlines, self.rows, *chunk, self.spans))

    def bands(self, paint: Callable[[Band, Integers], None], progress: Progress | None) -> None:
        """Calls `paint` with every band that has rows of the rectangle, and the cells that have rows in it."""
        last = self.down.last
        starts, members = scanline.members(self.spans, BAND, last)
        jobs = [n for n in range(len(starts) - 1) if starts[n] < starts[n + 1]]

        def work(n: int) -> None:
            paint((n * BAND, min(last, (n + 1) * BAND)), members[starts[n] : starts[n + 1]])

        spread(jobs, lambda thread: work, progress)
