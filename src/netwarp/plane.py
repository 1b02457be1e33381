"""Plane and Raster: where on the input plane a function is looked at, and through how many pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from operator import index
from typing import TYPE_CHECKING, SupportsIndex

from netwarp.errors import InputError, LimitError

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

MAX_PIXELS = 1 << 32
# far inside what float32 holds, squares included: coordinates past this are a slip
MAX_EXTENT = 1e15


@dataclass(frozen=True, slots=True)
class Plane:
    """A rectangle of the input plane: its centre (x, y), width and height, in units of the slope image.

    The default is the slope image's own unit square, x and y in (-0.5, 0.5). Errors: InputError.
    """

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0

    def __post_init__(self) -> None:
        for name in ("x", "y", "width", "height"):
            value = getattr(self, name)
            whole = isinstance(value, int) and not isinstance(value, bool)
            if not whole and not (isinstance(value, float) and isfinite(value)):
                raise InputError(f"plane {name}={value!r}: must be a finite number")
            if abs(value) > MAX_EXTENT:
                raise InputError(f"plane {name}: must be from -{MAX_EXTENT:g} to {MAX_EXTENT:g}; it is beyond")
            object.__setattr__(self, name, float(value))
        for name in ("width", "height"):
            if getattr(self, name) <= 0:
                raise InputError(f"plane {name}={getattr(self, name)!r}: must be positive")

    @classmethod
    def between(cls, x0: float, x1: float, y0: float, y1: float) -> Plane:
        """The rectangle with x from x0 to x1 and y from y0 to y1. Errors: InputError where it is empty or inverted."""
        if not x0 < x1 or not y0 < y1:
            raise InputError(f"plane {x0!r},{x1!r},{y0!r},{y1!r}: needs X0 < X1 and Y0 < Y1, as in -0.5,0.5,-0.5,0.5")
        return cls((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)


@dataclass(frozen=True, slots=True)
class Raster:
    """A Plane sampled at the centres of columns x rows pixels. Row 0 is the smallest y.

    The centres are exactly antisymmetric about the plane's centre before it is added, so that on a centred plane
    the mean of x and of y is exactly 0. Errors: InputError; LimitError past 2^32 pixels.
    """

    columns: int = 600
    rows: int = 400
    plane: Plane = field(default_factory=Plane)

    def __post_init__(self) -> None:
        size = f"raster {self.columns}x{self.rows}"
        for name in ("columns", "rows"):
            value = getattr(self, name)
            # numpy's integers are taken too
            if isinstance(value, bool) or not isinstance(value, SupportsIndex):
                raise InputError(f"{size}: {name} must be a whole number, not {value!r}; try 600x400")
            if index(value) <= 0:
                raise InputError(f"{size}: {name} must be positive; try 600x400")
            object.__setattr__(self, name, index(value))
        if not isinstance(self.plane, Plane):
            raise InputError(f"raster plane={self.plane!r}: must be a Plane")
        if self.columns * self.rows > MAX_PIXELS:
            raise LimitError(
                f"{size}: {self.columns * self.rows:.3g} pixels, "
                "at most 2^32 = 4.29e9 are allowed; choose a smaller size"
            )

    @property
    def pixels(self) -> int:
        return self.columns * self.rows

    @property
    def pitch(self) -> tuple[float, float]:
        """Distance of neighbouring pixel centres along x and along y, in plane units."""
        return self.plane.width / self.columns, self.plane.height / self.rows

    def xs(self) -> NDArray[float64]:
        """(columns,) float64: x of every column's centre."""
        return _centres(self.columns, self.plane.width) + self.plane.x

    def ys(self) -> NDArray[float64]:
        """(rows,) float64: y of every row's centre, the smallest first."""
        return _centres(self.rows, self.plane.height) + self.plane.y

    def slope(self) -> NDArray[float64]:
        """(2, rows, columns) float64: the slope image, x then y of every pixel centre."""
        import numpy as np

        image = np.empty((2, self.rows, self.columns))
        image[0] = self.xs()
        image[1] = self.ys()[:, None]
        return image


def _centres(n: int, length: float) -> NDArray[float64]:
    import numpy as np

    # odd integers are exactly antisymmetric, and multiplying and dividing keep that: x[i] == -x[n - 1 - i]
    return (2.0 * np.arange(n, dtype=np.float64) + (1.0 - n)) * length / (2.0 * n)
