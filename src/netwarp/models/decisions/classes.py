"""The names of classes, and points with the classes they are of."""

# n points

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError, nearest, shown
from netwarp.models.arrays import numbers
from netwarp.models.data import labelled
from netwarp.models.slices import Slice
from netwarp.plane import Plane

REST, OTHERS = "rest", "others"  # what one class is held against; the other name where that is the class's own
MAX_NAME = 200
# classes are compared two by two: so many are 4,950 pairs
MOST = 100


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

    def outside(self, plane: Plane) -> str:
        """How many lie outside of the plane, "2 of 3 points lie outside"; "" where none does."""
        count = int((~self.within(plane)).sum())
        return f"{count:,} of {len(self):,} points lie outside" if count else ""

    def against(self, one: int) -> Points:
        """The points of the class `one` as class 0, all others as class 1."""
        return Points(self.places, None if self.labels is None else (self.labels != one).astype(np.int64))


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


def numbers_of(y: object, count: int) -> tuple[str, ...] | None:
    """The names of `count` classes by their labels, where these are exactly so many different whole numbers, but not
    from 0 on: labels 1, 2 and 3 are the three classes in order. None for all other labels."""
    try:
        given = np.asarray(checks.readable(y))
    except (TypeError, ValueError, RuntimeError):  # no labels at all, which is said where they are read
        return None
    if given.dtype.kind not in "iuf" or not given.size:
        return None
    values = np.unique(given.astype(np.float64))
    if len(values) != count or not np.isfinite(values).all() or (values != np.floor(values)).any():
        return None
    from_0 = values[0] >= 0 and values[-1] < count
    return None if from_0 else tuple(checks.plain(value) for value in values.tolist())


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


def points_of(x: object, y: object, names: tuple[str, ...], through: Slice | None) -> Points | None:
    """The points on the plane, and their classes by name or number, where they are given.

    `x` is (n, 2), points of the plane; or inputs of the model, (n, K) or n of the slice's shape, which `through`, a
    slice of K inputs, projects onto the plane. Where both have two numbers they are inputs, as `nw.field(data=)` has
    them. Errors: InputError.
    """
    if x is None:
        if y is not None:
            raise InputError("decision y: needs X, the points whose classes these are")
        return None
    rows = numbers(x, "decision X")
    if through is not None and rows.size and rows.shape[1:] == through.shape:
        rows = rows.reshape(len(rows), through.inputs)
    widths = sorted({2} if through is None else {2, through.inputs})
    if rows.ndim != 2 or not rows.size or rows.shape[1] not in widths:
        allowed = " or ".join(f"(n, {width})" for width in widths)
        raise InputError(f"decision X has the shape {rows.shape}: must be {allowed}, a row for each of n points")
    if through is not None and rows.shape[1] == through.inputs:
        rows = through.project(rows)
    return Points(rows, None if y is None else labels_of(y, len(rows), names))


def labels_of(y: object, count: int, names: tuple[str, ...]) -> NDArray[np.int64]:
    """(count,) the number of each label: of the class whose name it is, else of the class of that number, or in that
    place among as many numbers as there are classes.

    Errors: InputError naming a label that is neither.
    """
    given = np.asarray(checks.readable(y))
    if given.dtype.kind in "iufb" and np.isfinite(given).all():
        # numbers may be names: of classes called 1 and 2, the 2 is the second
        values, which = np.unique(given, return_inverse=True)
        called = [checks.plain(value) for value in values.astype(float).tolist()]
        if set(called) <= set(names):
            given = np.array([names.index(name) for name in called], dtype=np.int64)[which].reshape(given.shape)
        elif numbers_of(given, len(names)) is not None:
            given = which.reshape(given.shape)
    found, _ = labelled(given, names)
    if len(found) != count:
        raise InputError(f"decision y: {len(found)} labels of {count} points; give one for each")
    return found.astype(np.int64)
