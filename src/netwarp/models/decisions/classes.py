"""The names of classes, and points with the classes they are of."""

# n points

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp import checks
from netwarp.errors import InputError, nearest, shown
from netwarp.plane import Plane

REST, OTHERS = "rest", "others"  # what one class is held against; the other name where that is the class's own
MAX_NAME = 200
# classes are compared two by two: so many are 4,950 pairs
MOST = 100
MARGIN = 0.1  # of the data's rectangle, added on every side


@dataclass(frozen=True, eq=False)
class Points:
    """The points of a data set on the plane: `places` (n, 2); `labels` (n,) the class of each, None where not known."""

    places: NDArray[np.float64]
    labels: NDArray[np.int64] | None

    def __len__(self) -> int:
        return len(self.places)

    def within(self, plane: Plane) -> NDArray[np.bool_]:
        """(n,): which lie on the plane."""
        x, y = self.places.T
        inside: NDArray[np.bool_] = np.abs(x - plane.x) <= plane.width / 2
        inside &= np.abs(y - plane.y) <= plane.height / 2
        return inside

    def against(self, one: int) -> Points:
        """The points of the class `one` as class 0, all others as class 1."""
        return Points(self.places, None if self.labels is None else (self.labels != one).astype(np.int64))

    def home(self) -> Plane:
        """The rectangle of the points and a tenth of it on every side; one unit where they do not differ."""
        low, high = self.places.min(axis=0), self.places.max(axis=0)
        size = np.where(high > low, high - low, 1.0)
        middle = low + (high - low) / 2
        width, height = ((1 + 2 * MARGIN) * size).tolist()
        return Plane(float(middle[0]), float(middle[1]), width, height)


def names_of(classes: Sequence[object] | NDArray[np.generic] | None, count: int) -> tuple[str, ...]:
    """The names of `count` classes, those given or "0", "1", .... Errors: InputError."""
    if count > MOST:
        raise InputError(f"decision: {count:,} classes, at most {MOST} are compared two by two; choose fewer outputs")
    if classes is None:
        return tuple(str(n) for n in range(count))
    given: object = classes.tolist() if isinstance(classes, np.ndarray) else classes
    names = tuple(str(name) for name in checks.items(given, "decision classes", count, count))
    for name in names:
        checks.string(name, "decision classes", MAX_NAME)
        if not name.isprintable() or not name.strip():
            raise InputError(f"decision classes={shown(name)}: a name must be printable")
    if len(set(names)) < count:
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"decision classes: {shown(twice)} is there twice; every class needs a name of its own")
    return names


def one_of(one_class: object, names: tuple[str, ...]) -> int | None:
    """The number of the class that is held against the rest, by its name or number. Errors: InputError."""
    if one_class is None:
        return None
    name = str(one_class)
    if name in names:
        return names.index(name)
    if not isinstance(one_class, str):
        return checks.whole(one_class, "decision one_class", 0, len(names) - 1)
    known = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
    raise InputError(f"decision one_class={shown(one_class)}: must be one of {known}{nearest(name, names)}")


def points_of(x: ArrayLike | None, y: ArrayLike | None, names: tuple[str, ...]) -> Points | None:
    """The points, and their classes by name or number, where they are given. Errors: InputError."""
    if x is None:
        if y is not None:
            raise InputError("decision y: needs X, the points whose classes these are")
        return None
    try:
        places = np.array(x, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("decision X: must be numbers, (n, 2), a row x, y for each point") from None
    if places.ndim != 2 or places.shape[1] != 2 or not len(places):
        raise InputError(f"decision X of shape {places.shape}: must be (n, 2), n at least 1, a row x, y for each point")
    if not np.isfinite(places).all():
        raise InputError("decision X: must be finite numbers")
    return Points(places, None if y is None else labels_of(y, len(places), names))


def labels_of(y: ArrayLike, count: int, names: tuple[str, ...]) -> NDArray[np.int64]:
    """(count,) the number of each label: of the class whose name it is, else of the class of that number.

    Errors: InputError naming a label that is neither.
    """
    given = np.asarray(y)
    if given.shape != (count,):
        raise InputError(f"decision y of shape {given.shape}: must be ({count:,},), one class for each point of X")
    values, which = np.unique(given, return_inverse=True)
    found = [_number(value, names) for value in values.tolist()]
    if None in found:
        # all by name, or all by number
        found = [n if _whole(n, len(names)) else None for n in values.tolist()]
    if None in found:
        strange = values.tolist()[found.index(None)]
        known = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        raise InputError(f"decision y: {shown(strange)} is no class; the classes are {known}")
    return np.array(found, dtype=np.int64)[which.ravel()]


def _number(value: object, names: tuple[str, ...]) -> int | None:
    if isinstance(value, float) and value.is_integer() and str(value) not in names:
        value = int(value)
    return names.index(str(value)) if str(value) in names else None


def _whole(value: object, count: int) -> bool:
    return isinstance(value, int | float) and float(value).is_integer() and 0 <= value < count
