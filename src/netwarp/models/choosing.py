"""Ways to choose a Slice: through three points, around a point, along two features, along principal components."""

# K numbers of an input, n rows of a data set

from __future__ import annotations

from collections.abc import Callable
from math import floor, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError, nearest, shown
from netwarp.models.arrays import dot, flat, length, numbers, turned
from netwarp.models.data import Data
from netwarp.models.homes import around_points
from netwarp.models.slices import Slice
from netwarp.network.initialise import stream
from netwarp.plane import Plane

Array = NDArray[np.float64]
UNLIKE: Final = 8.0  # times as long as the other a home's side may be, before a picture of it is but a thread


def through(a: object, b: object, c: object, *, units: str = "") -> Slice:
    """The Slice through three inputs: its origin is `a`, x runs towards `b`, and `c` lies on the side of positive y.

    u is along b - a and v along what of c - a is at right angles to it, both of unit length: distances on the plane are
    those between inputs. The three points are its marks, and its home is their rectangle, sides a tenth longer.
    Errors: InputError, also where the points are equal or on one line; LimitError for more than 10^7 numbers.

    >>> plane = nw.through([0, 0, 5], [3, 4, 5], [0, 0, 7])
    >>> plane.marks
    ((0.0, 0.0), (5.0, 0.0), (0.0, 2.0))
    >>> nw.through([0, 0, 5], [1, 0, 5], [3, 0, 5])
    Traceback (most recent call last):
    netwarp.errors.InputError: through a, b and c: lie on one line; give three points that do not
    """
    points = {name: numbers(value, f"through {name}") for name, value in (("a", a), ("b", b), ("c", c))}
    shape = points["a"].shape
    for name, point in points.items():
        if point.shape != shape:
            raise InputError(f"through {name} has the shape {point.shape}: must be {shape}, as that of a")
    start, end, third = (flat(point) for point in points.values())
    found = turned(end - start, third - start)
    if found is None:
        for one, other in (("a", "b"), ("a", "c"), ("b", "c")):
            if np.array_equal(points[one], points[other]):
                raise InputError(f"through {one} and {other}: are one point; give three that span a plane")
        raise InputError("through a, b and c: lie on one line; give three points that do not")
    u, v = found
    marks = ((0.0, 0.0), (length(end - start), 0.0), (dot(third - start, u), dot(third - start, v)))
    home = around_points(np.array(marks))
    return Slice(start, u, v, marks=marks, home=home, units=units, shape=shape, names=("a", "b", "c"))


def around(a: object, radius: float, seed: int = 0, *, units: str = "") -> Slice:
    """A Slice through the input `a` along two random directions at right angles, of unit length.

    The seed's directions are the same everywhere, for inputs of one size. `a` is the mark, at the origin, and the home
    is the square of x and y from -radius to radius.
    Errors: InputError; LimitError for more than 10^7 numbers.

    >>> plane = nw.around([1, 2, 3, 4], radius=0.5, seed=7)
    >>> plane.home
    Plane(x=0.0, y=0.0, width=1.0, height=1.0)
    >>> plane.points([(0, 0)])
    array([[1., 2., 3., 4.]])
    >>> nw.around([1], radius=0.5)
    Traceback (most recent call last):
    netwarp.errors.InputError: slice origin: 1 number; a plane needs a space of 2 at least: a model of one ...
    """
    given = numbers(a, "around a")
    start = flat(given)
    reach = checks.number(radius, "around radius")
    if reach <= 0:
        raise InputError(f"around radius={shown(radius)}: must be positive")
    whole = checks.integer(seed, "around seed")
    u, w = (stream(whole, "around", name).standard_normal(start.size) for name in ("u", "v"))
    # of one number there are no two directions, and Slice says so
    u, v = turned(u, w) or (u, w)
    home = Plane(width=2 * reach, height=2 * reach)
    return Slice(start, u, v, marks=((0.0, 0.0),), home=home, units=units, shape=given.shape, names=("a",))


def features(i: int | str, j: int | str, *, at: object = None, data: Data | object = None, units: str = "") -> Slice:
    """The Slice whose x is feature `i` and whose y is feature `j` of an input, the other features held at a value.

    `at` are the values of all K features (those of i and j have no effect), or "median" or "mean": of each feature in
    `data`, which is the median unless told. `data` is Data, or its rows (n, K); of Data features may be named, and the
    home is the rectangle of its rows, sides a tenth longer. Without data there is no home.
    Where one feature of the data spreads more than 8 times as far as the other, a step of 1 along its axis is so many
    of it, 1, 2 or 5 times a power of ten, that both spread about alike on the plane; `scales` say how many.
    Errors: InputError.

    >>> rows = [[0, 5, 1], [2, 7, 1], [4, 6, 5]]
    >>> plane = nw.features(0, 2, data=rows)
    >>> plane.origin
    array([0., 6., 0.])
    >>> plane.home
    Plane(x=2.0, y=3.0, width=4.4, height=4.4)
    >>> nw.features(0, 1, at=[9, 9, 0.5]).origin
    array([0. , 0. , 0.5])
    >>> nw.features(0, 1, data=[[0, 500], [3, 1900]]).scales
    ('x0', 'x1 (1 = 500 of input 1)')
    >>> nw.features(0, 3, data=rows)
    Traceback (most recent call last):
    netwarp.errors.InputError: features j=3: must be 0 to 2
    """
    known = None if data is None else data if isinstance(data, Data) else Data(numbers(data, "features data"))
    start = _held(at, known)
    if known is not None and start.size != known.X.shape[1]:
        raise InputError(f"features at: {start.size} values, but the data have {known.X.shape[1]} features")
    if known is None:
        for name, feature in (("i", i), ("j", j)):
            if isinstance(feature, str):
                raise InputError(f"features {name}={shown(feature)}: names of features need data; give its number")
        known_columns = Data(start[None])
    else:
        known_columns = known
    first, second = known_columns.column(i, "features i"), known_columns.column(j, "features j")
    if first == second:
        raise InputError(f"features i and j: are both {first}; give two different features")
    start[[first, second]] = 0.0
    u, v = np.zeros(start.size), np.zeros(start.size)
    u[first] = v[second] = 1.0
    home = None
    if known is not None:
        columns = known.X[:, [first, second]]
        steps = _steps(around_points(columns))
        u, v = u * steps[0], v * steps[1]
        home = around_points(columns / steps)
    axes = known_columns.names[first], known_columns.names[second]
    return Slice(start, u, v, home=home, units=units, axes=axes)


def pca(data: Data | object, *, units: str = "") -> Slice:
    """The Slice through the mean of data along its two largest principal components, of unit length.

    Of each component the entry of the largest magnitude is positive, the first of equal ones. `data` is Data, or rows
    (n, K), or n inputs of any one shape. The home is the rectangle of the projected rows, sides a tenth longer.
    Errors: InputError, also where the rows lie on one line.

    >>> plane = nw.pca([[0, 0, 1], [4, 0, 1], [0, 2, 1], [4, 2, 1]])
    >>> plane.u, plane.v
    (array([1., 0., 0.]), array([0., 1., 0.]))
    >>> nw.pca([[0, 0, 1], [1, 1, 1], [2, 2, 1]])
    Traceback (most recent call last):
    netwarp.errors.InputError: pca data: its 3 rows lie on one line or point, so no plane is theirs; give more rows
    """
    given = data.X if isinstance(data, Data) else numbers(data, "pca data")
    if given.ndim < 2 or given.size == 0:
        raise InputError(f"pca data has the shape {given.shape}: must be (rows, features)")
    rows = given.reshape(len(given), -1)
    mean = rows.mean(axis=0)
    _, deviations, components = np.linalg.svd(rows - mean, full_matrices=False)
    # what rounding of the rows alone makes is no component
    if len(deviations) < 2 or deviations[1] <= 1e-12 * max(deviations[0], float(np.abs(rows).max())):
        raise InputError(
            f"pca data: its {len(rows)} rows lie on one line or point, so no plane is theirs; give more rows"
        )
    u, v = (_signed(component) for component in components[:2])
    found = Slice(mean, u, v, units=units, axes=("component 1", "component 2"), shape=given.shape[1:])
    home = around_points(found.project(rows))
    return Slice(mean, u, v, home=home, units=units, axes=found.axes, shape=found.shape)


def _steps(home: Plane) -> tuple[float, float]:
    """How far a step of 1 goes along x and along y, so that the sides of the home are no more than 8 to 1 unlike."""
    ratio = min(1e300, max(home.width, home.height) / min(home.width, home.height))
    if ratio <= UNLIKE:
        return 1.0, 1.0
    # a round number, so that a reader can tell the feature's own values from the axis
    power = 10.0 ** floor(log10(ratio))
    step = min((power * digit for digit in (1, 2, 5, 10)), key=lambda one: abs(log10(ratio / one)))
    return (step, 1.0) if home.width > home.height else (1.0, step)


def _median(rows: Array) -> Array:
    return np.asarray(np.median(rows, axis=0))


def _mean(rows: Array) -> Array:
    return np.asarray(rows.mean(axis=0))


# what an input may be in the middle of the rows (n, K)
CENTRES: Final[dict[str, Callable[[Array], Array]]] = {"median": _median, "mean": _mean}


def _held(at: object, data: Data | None) -> Array:
    """(K,) what features are held at. Errors: InputError."""
    if at is None or isinstance(at, str):
        if at not in (None, *CENTRES):
            raise InputError(
                f"features at={shown(at)}: must be values, median or mean{nearest(str(at), tuple(CENTRES))}"
            )
        if data is None:
            raise InputError(
                f"features at={at or 'median'}: needs the data; give data= (--data FILE), or a value of every feature"
            )
        return CENTRES[at or "median"](data.X)
    found = numbers(at, "features at")
    if found.ndim == 0 and data is not None:
        return np.full(data.X.shape[1], float(found))
    if found.ndim != 1:
        raise InputError(f"features at has the shape {found.shape}: must be (features,), a value of each")
    return np.array(flat(found))


def _signed(component: Array) -> Array:
    # entries that only rounding tells apart are equal, so that the first of them decides on every machine
    size = np.abs(component)
    first = int(np.argmax(size >= size.max() * (1 - 1e-9)))
    return component * (1.0 if component[first] > 0 else -1.0)
