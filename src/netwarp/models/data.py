"""A data set for a model: rows of inputs and what each is labelled as, from Python or from a file."""

# n rows, d features

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError, LimitError, in_a_line, listed, nearest, shown
from netwarp.models.arrays import numbers

MAX_CLASSES = 1_000
MAX_FEATURES = 1_000_000
LONGEST = 200  # characters of a name


@dataclass(frozen=True, eq=False)
class Data:
    """Rows of a data set.

    `X` is (n, d) float64; `names` are the d features'. `y` is None where rows are not labelled. Where labels are
    classes it is (n,) int64 and counts in `classes`, their names: labels that are whole numbers from 0 keep their
    values, as the classes 0, 1, ... of a model's outputs, and all others are numbered in ascending order. Labels that
    are no classes, numbers with digits after the point, are (n,) float64, and `classes` is empty. `file` and `label`
    are what `read_data` was given; `file` is empty where the rows were not read from one.
    Errors: InputError naming the part that is wrong; LimitError.

    >>> data = nw.Data([[0, 1], [2, 3]], ["no", "yes"], names=("a", "b"))
    >>> data.y.tolist(), data.classes
    ([0, 1], ('no', 'yes'))
    >>> nw.Data([[0, 1], [2, 3]], [0.5, 2]).classes
    ()
    >>> nw.Data([[0, 1], [2, 3]], [0])
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: data y: 1 labels of 2 rows; give one for each
    """

    X: NDArray[np.float64]
    y: NDArray[np.generic] | None = None
    names: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    file: str = field(default="", kw_only=True)
    label: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        X = numbers(self.X, "data X")
        if X.ndim != 2 or X.size == 0:
            raise InputError(f"data X has the shape {X.shape}: must be (rows, features), both at least 1")
        names = _texts(self.names or [f"x{i}" for i in range(X.shape[1])], "data names", MAX_FEATURES)
        if len(names) != X.shape[1]:
            raise InputError(f"data names: {len(names)} names of {X.shape[1]} features; give one for each")
        object.__setattr__(self, "X", X)
        object.__setattr__(self, "names", names)
        if self.y is None:
            if self.classes:
                raise InputError("data classes: names of classes need y, the class of every row")
            return
        y, classes = labelled(self.y, _texts(self.classes, "data classes", MAX_CLASSES))
        if len(y) != len(X):
            raise InputError(f"data y: {len(y)} labels of {len(X)} rows; give one for each")
        object.__setattr__(self, "y", y)
        object.__setattr__(self, "classes", classes)

    def __repr__(self) -> str:
        labels = "none" if self.y is None else f"{len(self.classes):,} classes" if self.classes else "numbers"
        return f"<Data: {len(self.X):,} x {self.X.shape[1]:,} (rows x features); labels: {labels}>"

    def column(self, feature: int | str, what: str = "feature") -> int:
        """The number of a feature, 0 the first, given as it or by name. Errors: InputError."""
        if isinstance(feature, str):
            if self.names.count(feature) != 1:
                how = "several columns have this name" if feature in self.names else "no column has this name"
                near = nearest(feature, self.names) or f"; they are called {listed(self.names)}"
                raise InputError(f"{what}={shown(feature)}: {how}{near}")
            return self.names.index(feature)
        return checks.whole(feature, what, 0, self.X.shape[1] - 1)


def labelled(y: object, classes: tuple[str, ...] = ()) -> tuple[NDArray[np.generic], tuple[str, ...]]:
    """The labels as Data holds them, and the classes' names; `classes` are these where they are known already.

    Errors: InputError; LimitError for more than 1,000 classes.
    """
    try:
        found = np.asarray(checks.readable(y))
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"data y: must be labels, one a row ({in_a_line(error)})") from error
    if found.ndim == 2 and 1 in found.shape:
        found = found.reshape(-1)
    if found.ndim != 1:
        raise InputError(f"data y has the shape {found.shape}: must be (rows,), one label each")
    if found.dtype.kind == "O" and all(isinstance(one, str) for one in found):
        found = found.astype(str)  # as pandas keeps texts
    if found.dtype.kind == "U":
        if classes:
            place = {name: number for number, name in enumerate(classes)}
            for one in found:
                if str(one) not in place:
                    raise InputError(f"data y={shown(str(one))}: not one of the classes{nearest(str(one), classes)}")
            return np.array([place[str(one)] for one in found], dtype=np.int64), classes
        return _numbered(found)
    values = numbers(found, "data y")
    whole = bool((values == np.floor(values)).all())
    if classes:
        if not whole or (len(values) and not 0 <= values.min() <= values.max() < len(classes)):
            raise InputError(f"data y: must be whole numbers from 0 to {len(classes) - 1}, one of the classes each")
        return values.astype(np.int64), classes
    if not whole:
        return values, ()
    if len(values) and values.min() >= 0 and values.max() < MAX_CLASSES:
        return values.astype(np.int64), tuple(str(n) for n in range(int(values.max()) + 1))
    if len(np.unique(values)) > MAX_CLASSES:
        return values, ()
    return _numbered(values)


def _numbered(found: NDArray[np.generic]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    distinct, numbered = np.unique(found, return_inverse=True)
    if len(distinct) > MAX_CLASSES:
        raise LimitError(f"data y: {len(distinct):,} different labels, at most {MAX_CLASSES:,} classes are told apart")
    names = [str(one) if found.dtype.kind == "U" else checks.plain(float(one)) for one in distinct.tolist()]
    return numbered.reshape(-1).astype(np.int64), _texts(names, "data classes", MAX_CLASSES)


def _texts(given: object, what: str, most: int) -> tuple[str, ...]:
    listed = given.tolist() if isinstance(given, np.ndarray) else given
    return tuple(checks.string(one, what, LONGEST) for one in checks.items(listed, what, 0, most))
