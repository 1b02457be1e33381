"""Slice: a plane in the space of a model's inputs. The plane's point (x, y) is the input origin + x u + y v."""

# K numbers of an input, n inputs or points

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError
from netwarp.models.arrays import flat, numbers, turned
from netwarp.plane import A_PLANE, Plane

Array = NDArray[np.float64]

MAX_MARKS = 10_000
SIDES = 32  # of an array, as numpy allows
LONGEST = 200  # characters of a unit or an axis
MAX_TEXT = 10_000  # characters of a text that says a plane
AXES = ("x", "y")


@dataclass(frozen=True, eq=False)
class Slice:
    """A plane in a space of K inputs: the point (x, y) is the input `origin` + x `u` + y `v`.

    `origin`, `u` and `v` are arrays of one shape, kept as (K,) float64, read-only; `shape` is that of one input of the
    model, the one they had unless given. `u` and `v` need not be of unit length, nor at right angles. `marks` are
    points (x, y) worth a mark on the picture, `names` what is written beside each; `home` is the Plane it is meant to
    be looked at, None where nothing says one. `units` is the unit of the inputs, as "cm"; `axes` are what x and y are
    called. `text` says the plane as the command line's --slice does, empty where it was made otherwise.

    Errors: InputError naming the part that is no array of numbers, of another shape or not finite, and where `u` and
    `v` have one direction; LimitError for more than 10^7 numbers.

    >>> plane = nw.Slice([0, 0, 1], [1, 0, 0], [0, 2, 0])
    >>> plane.points([(0.5, 1)])
    array([[0.5, 2. , 1. ]])
    >>> plane.points([]).shape
    (0, 3)
    >>> plane.scales
    ('x (1 = 1 of input 0)', 'y (1 = 2 of input 1)')
    >>> nw.Slice([0, 0, 1], [1, 0, 0], [2, 0, 0])
    Traceback (most recent call last):
    netwarp.errors.InputError: slice u and v: have one direction, so they span a line; give two that do not
    """

    origin: Array
    u: Array
    v: Array
    marks: tuple[tuple[float, float], ...] = ()
    names: tuple[str, ...] = field(default=(), kw_only=True)
    home: Plane | None = None
    units: str = ""
    axes: tuple[str, str] = AXES
    shape: tuple[int, ...] | None = None
    text: str = ""

    def __post_init__(self) -> None:
        given = {name: numbers(getattr(self, name), f"slice {name}") for name in ("origin", "u", "v")}
        shape = given["origin"].shape
        for name, array in given.items():
            if array.shape != shape:
                raise InputError(f"slice {name} has the shape {array.shape}: must be {shape}, as the origin's")
            object.__setattr__(self, name, flat(array))
        object.__setattr__(self, "shape", self._shaped(shape))
        if self.origin.size < 2:
            many = f"{self.origin.size} number{'' if self.origin.size == 1 else 's'}"
            raise InputError(
                f"slice origin: {many}; a plane needs a space of 2 at least: a model of one input is looked at as one "
                "of two, as lambda p: model(p[:, :1])"
            )
        if turned(self.u, self.v) is None:
            raise InputError("slice u and v: have one direction, so they span a line; give two that do not")
        marks = checks.items(_listed(self.marks), "slice marks", 0, MAX_MARKS)
        object.__setattr__(self, "marks", tuple(_point(mark, f"slice mark {n}") for n, mark in enumerate(marks, 1)))
        names = checks.items(self.names, "slice names", 0, MAX_MARKS)
        object.__setattr__(self, "names", tuple(checks.string(name, "slice names", LONGEST) for name in names))
        if len(self.names) not in (0, len(self.marks)):
            raise InputError(f"slice names: {len(self.names)} of them for {len(self.marks)} marks; give one for each")
        if self.home is not None:
            checks.instance(self.home, Plane, "slice home", A_PLANE)
        checks.string(self.units, "slice units", LONGEST)
        checks.string(self.text, "slice text", MAX_TEXT)
        axes = checks.items(self.axes, "slice axes", 2, 2)
        object.__setattr__(self, "axes", tuple(checks.string(axis, "slice axes", LONGEST) for axis in axes))

    def _shaped(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        if self.shape is None:
            return shape
        sides = checks.items(self.shape, "slice shape", 1, SIDES)
        given = tuple(checks.whole(side, "slice shape") for side in sides)
        if prod(given) != self.origin.size:
            raise InputError(f"slice shape={given}: must have {self.origin.size} numbers, as the origin has")
        return given

    def __repr__(self) -> str:
        assert self.shape is not None, "the constructor sets it"
        home = "" if self.home is None else f", home={self.home!r}"
        return f"<Slice of {'x'.join(map(str, self.shape))} inputs, {len(self.marks)} marks{home}>"

    @property
    def inputs(self) -> int:
        """K: how many numbers one input is."""
        return self.origin.size

    @property
    def coefficients(self) -> Array:
        """(K, 3) float64: rows (u_k, v_k, origin_k), as a Program's Embed has them."""
        return np.stack([self.u, self.v, self.origin], axis=1)

    @property
    def scales(self) -> tuple[str, str]:
        """What x and y are called, and how far a step of 1 along each goes in the inputs, in their `units`.

        Nothing is added to the name of a single input whose own numbers the axis has.
        """
        return _scale(self.axes[0], self.u, self.units), _scale(self.axes[1], self.v, self.units)

    def points(self, xy: object) -> Array:
        """(n, K) float64: the inputs at n points (x, y) of the plane. Errors: InputError."""
        at = _rows(xy, 2, "slice points", "(x, y)")
        found = self.origin + at[:, :1] * self.u + at[:, 1:] * self.v
        if not np.isfinite(found).all():
            raise InputError("slice points: beyond what a float64 holds; choose points nearer the origin")
        return found

    def project(self, inputs: object) -> Array:
        """(n, 2) float64: the x and y of the plane's point that is nearest to each input. Errors: InputError.

        `inputs` are (n, K), or n inputs of the slice's shape.
        """
        return self._apart(inputs)[0]

    def distance(self, inputs: object) -> Array:
        """(n,) float64: how far each input lies from the plane, Euclidean. Errors: InputError, as `project`."""
        xy, rest = self._apart(inputs)
        rest -= xy[:, :1] * self.u + xy[:, 1:] * self.v
        return np.asarray(np.sqrt(np.einsum("nk,nk->n", rest, rest)))

    def _apart(self, inputs: object) -> tuple[Array, Array]:
        """(n, 2) nearest points of the plane, and (n, K) inputs less the origin."""
        given = np.asarray(numbers(inputs, "slice inputs"))
        if given.shape[1:] == self.shape:
            given = given.reshape(len(given), self.inputs)
        rest = _rows(given, self.inputs, "slice inputs", "the slice's inputs") - self.origin
        # an orthonormal basis first: least squares through u'u would square their angle's condition
        basis, upper = np.linalg.qr(np.stack([self.u, self.v], axis=1))
        return np.linalg.solve(upper, (rest @ basis).T).T, rest


def _rows(value: object, width: int, what: str, row: str) -> Array:
    found = numbers(value, what)
    if found.size == 0:
        return np.empty((0, width))
    if found.ndim != 2 or found.shape[1] != width:
        raise InputError(f"{what} have the shape {found.shape}: must be (n, {width}), one row {row} each")
    return found


def _scale(axis: str, step: Array, units: str) -> str:
    moved = np.flatnonzero(step)
    of = f" {units}" if units else ""
    if len(moved) > 1:
        return f"{axis} (1 = a distance of {np.linalg.norm(step):.4g}{of} in {step.size:,} inputs)"
    length = float(step[moved[0]])
    if length == 1 and axis not in AXES:
        return f"{axis} ({units})" if units else axis
    return f"{axis} (1 = {length:.4g}{of} of input {moved[0]})"


def _listed(marks: object) -> object:
    return marks.tolist() if isinstance(marks, np.ndarray) else marks


def _point(mark: object, what: str) -> tuple[float, float]:
    x, y = checks.items(_listed(mark), what, 2, 2)
    return checks.number(x, what), checks.number(y, what)
