"""What an evaluator of Programs must offer. Two are kept: `native` (numba) and `torch` (optional)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from netwarp.network.program import Conv, Program
from netwarp.plane import Raster
from netwarp.progress import Progress

Dtype = Literal["float32", "float64"]
Floats = NDArray[np.float32] | NDArray[np.float64]
Settle = Callable[[int, NDArray[np.float64], NDArray[np.float64]], Conv]


@runtime_checkable
class Engine(Protocol):
    """Runs Programs. `tap` is (dx, dy), the size of a calibration pixel: the distance of a kernel's neighbouring taps.

    `progress(done, total)` is called from time to time; what it raises cancels the work and goes to the caller.
    """

    @property
    def name(self) -> str: ...

    def run(
        self,
        program: Program,
        raster: Raster,
        tap: tuple[float, float],
        dtype: Dtype,
        *,
        tangents: bool = False,
        progress: Progress | None = None,
    ) -> Floats:
        """(k, rows, columns) values of a calibrated Program.

        With `tangents` (k, 3, rows, columns): value, d/dx, d/dy.
        """
        ...

    def points(
        self,
        program: Program,
        points: NDArray[np.float64],
        tap: tuple[float, float],
        dtype: Dtype,
        *,
        tangents: bool = False,
        progress: Progress | None = None,
    ) -> Floats:
        """(n, k) values at (n, 2) points x, y; with `tangents` (n, k, 3)."""
        ...

    def statistics(self, program: Program, raster: Raster, settle: Settle, *, progress: Progress | None = None) -> None:
        """Walks the Program over the raster in float64, operation by operation.

        At each Normalise i it takes mean and biased variance (C,) of its source over the raster's pixels (never the
        halo) and calls `settle(i, mean, variance)`; the Conv that returns makes value i for all that follows.
        """
        ...
