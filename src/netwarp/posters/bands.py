"""The rows of a poster, a band at a time: which, and what a Field is on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from netwarp.engine.native import Native, strip_bytes
from netwarp.engine.protocol import Dtype, Floats
from netwarp.errors import LimitError
from netwarp.fields.field import Field
from netwarp.fields.limits import lattice_bytes
from netwarp.fields.steps import check_steps
from netwarp.plane import Raster

# of the values of one band: they stay in what the C library keeps at hand, and pages are not cleared anew for each
BAND_BYTES = 24 << 20
# of one row's values, and of what its lattices and strips need, at most
ROW_BYTES, WORK_BYTES = 96 << 20, 128 << 20


@dataclass(frozen=True, slots=True)
class Banded:
    """A Field on a raster of any size, of which a band of rows is evaluated at a time, to the last bit as of the whole.

    `up` says that the picture's first row is the raster's last. Errors: LimitError, where even a row is too long.
    """

    field: Field
    raster: Raster
    dtype: Dtype
    up: bool = False

    def __post_init__(self) -> None:
        check_steps(self.field.program, self.raster)
        size = f"poster {self.raster.columns}x{self.raster.rows}"
        if self.field.deep(self.raster):
            raise LimitError(
                f"{size}: its pixels are below 1e-12 of the plane, which is drawn by differences from its centre and "
                "not by bands; choose a larger --plane, or `netwarp draw`"
            )
        if self._row_bytes > ROW_BYTES:
            raise LimitError(f"{size}: one row would take {self._row_bytes / 2**20:,.0f} MiB; choose fewer columns")
        tap = self.field.raster.pitch
        work = strip_bytes(self.field.program, self.raster, tap, self.dtype) + lattice_bytes(
            self.field.program, self.raster
        )
        if work > WORK_BYTES:
            raise LimitError(
                f"{size}: the lattices of its kernels' taps would take {work / 2**20:,.0f} MiB; choose a smaller size"
            )

    @property
    def _row_bytes(self) -> int:
        return self.raster.columns * self.field.channels * np.dtype(self.dtype).itemsize

    @property
    def _height(self) -> int:
        """Rows whose values are there at once."""
        return max(1, BAND_BYTES // self._row_bytes)

    def bands(self, first: int = 0, tile: int | None = None) -> Iterator[range]:
        """Rows of the picture from `first` on, in ranges as high as memory has room for, or of `tile` rows each.

        They depend on nothing but the field and the raster's size.
        """
        height = tile or self._height
        for start in range(first, self.raster.rows, height):
            yield range(start, min(start + height, self.raster.rows))

    def within(self, band: range) -> Iterator[range]:
        """A band in parts whose values are there at once."""
        height = self._height
        for start in range(band.start, band.stop, height):
            yield range(start, min(start + height, band.stop))

    def values(self, rows: range) -> Floats:
        """(k, rows, columns) on these rows of the picture, its first row first. Errors: NetwarpError."""
        if self.up:
            rows = range(self.raster.rows - rows.stop, self.raster.rows - rows.start)
        found = Native().run(self.field.program, self.raster, self.field.raster.pitch, self.dtype, rows=rows)
        return found[:, ::-1] if self.up else found
