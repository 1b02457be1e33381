"""Plane and Raster: where on the input plane a function is looked at, and through how many pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import index
from typing import TYPE_CHECKING, SupportsIndex

from netwarp import checks
from netwarp.errors import InputError, LimitError, shown

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from numpy import float64
    from numpy.typing import NDArray

MAX_PIXELS = 1 << 32
# what to pass where one is needed
A_PLANE = "a Plane, as in Plane.between(-0.5, 0.5, -0.5, 0.5)"
A_RASTER = "a Raster, as in Raster(columns=600, rows=400)"
# far inside what float32 holds, squares included: coordinates past this are a slip
MAX_EXTENT = 1e15
# characters of a decimal text, and how far down its digits may go: floats end at 1e-308
MAX_DIGITS = 10_000

_DECIMAL = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,6})?\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, init=False)
class Plane:
    """A rectangle of the input plane: its centre (x, y), width and height, in units of the slope image.

    The default is the slope image's own unit square, x and y in (-0.5, 0.5). x and y may be decimal texts of any
    length, "0.1234567890123456789012345": then x and y are the nearest floats, and `exact` keeps the texts of those
    that no float holds. Planes are equal where their exact rectangles are. Errors: InputError; LimitError for a text
    past 10,000 digits.

    >>> nw.Plane(0.1, 0.1, width=0.15, height=0.1)
    Plane(x=0.1, y=0.1, width=0.15, height=0.1)
    >>> nw.Plane("0.1234567890123456789").exact  # more digits than a float holds
    ('0.1234567890123456789', None)
    >>> nw.Plane(width=0)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: plane width=0: must be positive
    """

    x: float
    y: float
    width: float
    height: float
    exact: tuple[str | None, str | None]

    def __init__(
        self,
        x: float | str = 0.0,
        y: float | str = 0.0,
        width: float = 1.0,
        height: float = 1.0,
        exact: tuple[str | None, str | None] = (None, None),
    ) -> None:
        texts: list[str | None] = []
        for name, value, kept in (("x", x, exact[0]), ("y", y, exact[1])):
            number, text = _read(name, value) if isinstance(value, str) else (_float(name, value), None)
            # dataclasses.replace hands on both the float and the text: another float means another place
            if text is None and kept is not None and _read(name, kept)[0] == number:
                text = _read(name, kept)[1]
            object.__setattr__(self, name, number)
            texts.append(text)
        for name, value in (("width", width), ("height", height)):
            if _float(name, value) <= 0:
                raise InputError(f"plane {name}={shown(value)}: must be positive")
            object.__setattr__(self, name, float(value))
        object.__setattr__(self, "exact", (texts[0], texts[1]))

    def __repr__(self) -> str:
        x, y = self.centre
        return f"Plane(x={x!r}, y={y!r}, width={self.width!r}, height={self.height!r})"

    @classmethod
    def between(cls, x0: float | str, x1: float | str, y0: float | str, y1: float | str) -> Plane:
        """The rectangle with x from x0 to x1 and y from y0 to y1; where one is a decimal text, its centre is exact.

        Errors: InputError where it is empty or inverted; LimitError for a text past 10,000 digits.
        """
        ends = (x0, x1, y0, y1)
        if not any(isinstance(end, str) for end in ends):
            if not x0 < x1 or not y0 < y1:  # type: ignore[operator]  # no text among them
                raise _inverted(ends)
            return cls((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)  # type: ignore[operator]
        from decimal import Context, Decimal

        names = ("X0", "X1", "Y0", "Y1")
        a, b, c, d = (
            _decimal(name, end) if isinstance(end, str) else Decimal(_float(name, end))
            for name, end in zip(names, ends, strict=True)
        )
        if not a < b or not c < d:
            raise _inverted(ends)
        # as many digits as two such texts can span: nothing is rounded
        exactly, half = Context(prec=2 * MAX_DIGITS + 2_000), Decimal("0.5")
        x, y = (str(exactly.multiply(exactly.add(low, high), half)) for low, high in ((a, b), (c, d)))
        sides = exactly.subtract(b, a), exactly.subtract(d, c)
        if not all(float(side) for side in sides):
            least = f"{min(sides):.2g}"
            raise LimitError(
                f"plane: a side of {least} is below what a float64 holds; at least 1e-250 a pixel is drawn"
            )
        return cls(x, y, float(sides[0]), float(sides[1]))

    @property
    def centre(self) -> tuple[float | str, float | str]:
        """x and y without loss: the float, or the decimal text where no float is exact. `Plane` takes both."""
        x, y = self.exact
        return (self.x if x is None else x), (self.y if y is None else y)

    def to_data(self) -> list[float | str]:
        """Centre and sides, for JSON; a coordinate that no float holds is a decimal text."""
        return [*self.centre, self.width, self.height]

    @classmethod
    def from_data(cls, data: object, what: str = "plane") -> Plane:
        """The Plane of `to_data`. Errors: InputError naming `what`; LimitError for a text past 10,000 digits."""
        sides = checks.items(data, what, 4, 4)
        x, y = (v if isinstance(v, str) else checks.number(v, what) for v in sides[:2])
        width, height = (checks.number(v, what) for v in sides[2:])
        return cls(x, y, width, height)

    def rational(self) -> tuple[Fraction, Fraction]:
        """The exact centre."""
        from decimal import Decimal
        from fractions import Fraction

        # by way of Decimal: Fraction itself reads no more than 4,300 digits
        x, y = (Decimal(part) for part in self.centre)
        return Fraction(x), Fraction(y)


def _float(name: str, value: object) -> float:
    found = checks.number(value, f"plane {name}")
    if abs(found) > MAX_EXTENT:
        raise InputError(f"plane {name}: must be from -{MAX_EXTENT:g} to {MAX_EXTENT:g}; it is beyond")
    return found


def _read(name: str, text: str) -> tuple[float, str | None]:
    """The nearest float of a decimal text; and the text in its shortest form, None where the float is exact."""
    number = _decimal(name, text)
    nearest = _float(name, float(number))
    return nearest, None if number == nearest else str(number)


def _decimal(name: str, text: str) -> Decimal:
    from decimal import Context, Decimal

    shown = repr(text if len(text) <= 40 else text[:37] + "...")
    if len(text) > MAX_DIGITS:
        raise LimitError(f"plane {name}={shown}: {len(text):,} characters, at most {MAX_DIGITS:,} are read")
    if not _DECIMAL.fullmatch(text):
        raise InputError(f"plane {name}={shown}: must be a finite number")
    number = Decimal(text.strip())
    if not number:
        return Decimal(0)
    if number.adjusted() > 16:
        raise InputError(f"plane {name}: must be from -{MAX_EXTENT:g} to {MAX_EXTENT:g}; it is beyond")
    number = Context(prec=MAX_DIGITS).normalize(number)
    if number.adjusted() < -MAX_DIGITS:
        raise LimitError(f"plane {name}={shown}: digits past the {MAX_DIGITS:,}th are not read")
    return number


def _inverted(ends: tuple[float | str, ...]) -> InputError:
    shown = ",".join(str(end) if len(str(end)) <= 40 else str(end)[:37] + "..." for end in ends)
    return InputError(f"plane {shown}: needs X0 < X1 and Y0 < Y1, as in -0.5,0.5,-0.5,0.5")


@dataclass(frozen=True, slots=True)
class Raster:
    """A Plane sampled at the centres of columns x rows pixels. Row 0 is the smallest y.

    The centres are exactly antisymmetric about the plane's centre before it is added, so that on a centred plane
    the mean of x and of y is exactly 0. Errors: InputError; LimitError past 2^32 pixels.

    >>> nw.Raster(4, 2).slope().shape
    (2, 2, 4)
    >>> nw.Raster(4, 2).xs().tolist()
    [-0.375, -0.125, 0.125, 0.375]
    >>> nw.Raster(0, 400)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: raster 0x400: columns must be positive; try 600x400
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
                raise InputError(f"{size}: {name} must be a whole number, not {shown(value)}; try 600x400")
            if index(value) <= 0:
                raise InputError(f"{size}: {name} must be positive; try 600x400")
            object.__setattr__(self, name, index(value))
        if not isinstance(self.plane, Plane):
            raise InputError(f"raster plane={shown(self.plane)}: must be a Plane")
        if self.columns * self.rows > MAX_PIXELS:
            raise LimitError(
                f"{size}: {self.columns * self.rows:.3g} pixels, "
                "at most 2^32 = 4.29e9 are allowed; choose a smaller size"
            )

    def to_data(self) -> dict[str, object]:
        """Size and plane, for JSON."""
        return {"size": [self.columns, self.rows], "plane": self.plane.to_data()}

    @classmethod
    def from_data(cls, data: object, what: str = "raster") -> Raster:
        """The Raster of an object with a size and a plane. Errors: InputError naming `what`; LimitError."""
        fields = checks.mapping(data, what)
        size = checks.items(checks.get(fields, "size", what), f"{what} size", 2, 2)
        columns, rows = (checks.whole(n, f"{what} size", 1, MAX_PIXELS) for n in size)
        return cls(columns, rows, Plane.from_data(checks.get(fields, "plane", what), f"{what} plane"))

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

    def offsets(self) -> tuple[NDArray[float64], NDArray[float64]]:
        """(columns,) and (rows,) float64: how far the pixels' centres lie from the plane's centre along x and y."""
        return _centres(self.columns, self.plane.width), _centres(self.rows, self.plane.height)

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


# what may be said of the calibration raster: its (columns, rows), its plane, or all of it
Calibration = tuple[int, int] | Plane | Raster


def squared(owner: str, home: Plane, size: tuple[int, int]) -> Raster:
    """A raster of this size, (columns, rows), with square pixels, on the smallest plane of its proportions that
    contains `home`. Errors: InputError naming the `owner`, LimitError."""
    columns, rows = (checks.whole(side, f"{owner} size") for side in checks.items(size, f"{owner} size", 2, 2))
    across, down = home.width / columns, home.height / rows
    # a side that needs no more room keeps its very length
    width = home.width if across >= down else down * columns
    height = home.height if down >= across else across * rows
    x, y = home.centre
    return Raster(columns, rows, Plane(x, y, width, height))


def calibrated_on(usual: Raster, given: Calibration | None) -> Raster:
    """The calibration raster that is given; what is not said of it, size or plane, is as of the `usual` one.

    Errors: InputError, LimitError.
    """
    if given is None:
        return usual
    match given:
        case Raster():
            return given
        case Plane():
            return Raster(usual.columns, usual.rows, given)
        case (columns, rows):
            return Raster(columns, rows, usual.plane)


def view(
    owner: str, usual: Raster, raster: Raster | None, *, size: tuple[int, int] | None = None, plane: Plane | None = None
) -> Raster:
    """The view that `raster` says; or `size`, (columns, rows), and `plane`, of which what is not said is as `usual`.

    Errors: InputError naming the `owner`, for both ways at once too.
    """
    if raster is not None:
        if size is not None or plane is not None:
            raise InputError(f"{owner} raster: says the whole view; leave out size and plane, or raster")
        return checks.instance(raster, Raster, f"{owner} raster", A_RASTER)
    seen = usual.plane if plane is None else checks.instance(plane, Plane, f"{owner} plane", A_PLANE)
    if size is None:
        return Raster(usual.columns, usual.rows, seen)
    columns, rows = (checks.whole(side, f"{owner} size") for side in checks.items(size, f"{owner} size", 2, 2))
    return Raster(columns, rows, seen)
