"""Outside functions: a Python callable and a fitted estimator as functions of rows of inputs, (n, K) -> (n, C)."""

# n points, K numbers of an input, C outputs

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from netwarp.checks import readable
from netwarp.engine.outside import asked
from netwarp.errors import InputError, UnsupportedError, nearest, shown

Array = NDArray[np.float64]
OUTPUTS = ("decision_function", "predict_proba", "predict")
# estimators of scikit-learn that are constant on pieces, by the attributes that only a fitted one has
TREES = ("tree_", "_predictors")
# where a fitted wrapper keeps what it wraps; all that follows is made of what these say
MEMBERS = ("estimators_", "estimator_", "calibrated_classifiers_", "regressor_", "estimator")


@runtime_checkable
class Outside(Protocol):
    """What a Field calls: `name` is for messages, `inputs` K or None where any number goes, `batch` the most points it
    takes at once; `alone` where points are asked for one by one, as what it gives for one depends on the others."""

    name: str
    inputs: int | None
    batch: int
    alone: bool

    def __call__(self, points: Array) -> NDArray[np.generic]: ...


class RowFunction:
    """A Python callable on arrays (n, K) -> (n, C). Only its values are known."""

    inputs: int | None = None
    batch = 1 << 14
    alone = False
    no_tangent = "of a Python function only its values are known; a torch.nn.Module has derivatives too"

    def __init__(self, function: Callable[[Array], Any]) -> None:
        self.function = function
        self.name = getattr(function, "__name__", type(function).__name__)

    def __call__(self, points: Array) -> NDArray[np.generic]:
        return np.asarray(readable(self.function(points)))


class Estimator:
    """A fitted estimator with scikit-learn's methods, a pipeline too; `output` is the method that is called.

    `classes` are the names of its outputs, empty where they are no classes. What `predict` gives of `labels`, a
    classifier's own unless given, is 1 for the label that is predicted and 0 for all others. Where it is constant on
    pieces, as labels, trees and forests are, its derivatives are 0, and asking for them warns.
    """

    batch = 1 << 14
    alone = False
    no_regions = (
        "of such an estimator only its values are known; exact regions need a perceptron or a linear model "
        "of scikit-learn"
    )
    no_tangent = "of an estimator only its values are known; a network of scikit-learn has an exact form"

    def __init__(self, estimator: Any, output: str | None = None, labels: NDArray[np.generic] | None = None) -> None:
        self.estimator = estimator
        self.name = type(estimator).__name__
        self.output = _chosen(estimator, output, self.name)
        self.method: Callable[[Array], Any] = getattr(estimator, self.output)
        count = getattr(estimator, "n_features_in_", None)
        self.inputs: int | None = None if count is None else int(count)
        self.named = hasattr(estimator, "feature_names_in_")
        labels = class_labels(estimator) if labels is None else labels
        self.classes: tuple[str, ...] = () if labels is None else tuple(map(str, labels.tolist()))
        self.labels = labels if self.output == "predict" else None
        if self.labels is not None or _constant(estimator):
            self.tangent = self._flat

    def __call__(self, points: Array) -> NDArray[np.generic]:
        found = self.told(points)
        if self.labels is not None and found.ndim == 1:
            # of classes without a score, each has 1 where it is predicted
            return np.asarray(found[:, None] == self.labels, dtype=np.float64)
        return found

    def told(self, points: Array) -> NDArray[np.generic]:
        """What the method itself gives, labels of any kind."""
        with warnings.catch_warnings():
            if self.named:
                # it was fitted on a table with names, and rows of numbers are all there is here
                warnings.filterwarnings("ignore", message="X does not have valid feature names")
            return np.asarray(self.method(points))

    def _flat(self, points: Array, _across: Array, _down: Array) -> Array:
        warnings.warn(
            f"{self.name} is constant on pieces: its derivatives are 0, and where it jumps it has none", stacklevel=2
        )
        values = np.asarray(self(points), dtype=np.float64).reshape(len(points), -1)
        return np.stack([values, np.zeros_like(values), np.zeros_like(values)])


def is_estimator(model: object) -> bool:
    """Whether it has the methods of a fitted estimator, and is not a class."""
    return not isinstance(model, type) and any(hasattr(model, name) for name in OUTPUTS) and hasattr(model, "fit")


def class_labels(estimator: object) -> NDArray[np.generic] | None:
    """(L,) the labels of a classifier, in the order of its scores; None of what has none, or several kinds of them."""
    labels = getattr(estimator, "classes_", None)
    return labels if isinstance(labels, np.ndarray) and labels.ndim == 1 else None


def final(estimator: Any) -> Any:
    """The estimator that a pipeline ends in, or that a search found best."""
    while True:
        steps = getattr(estimator, "steps", None)
        inner = steps[-1][-1] if isinstance(steps, list) and steps else getattr(estimator, "best_estimator_", None)
        if inner is None:
            return estimator
        estimator = inner


def outputs(function: Outside, points: Array, *, sliced: bool = True) -> int:
    """C, from its values at these points, of a slice or of x and y themselves.

    Errors: InputError that says what it raised, or what it gave instead.
    """
    try:
        found = np.asarray(asked(function.name, function, points))
    except InputError as error:
        # one that says how many inputs it takes was given so many
        if error.__cause__ is None or function.inputs is not None:
            raise
        slices = "another slice" if sliced else "a slice of its inputs, as nw.through(a, b, c)"
        remedy = f"it must take an array (n, {points.shape[1]}), or needs {slices}"
        raise InputError(f"{error}; {remedy}") from error.__cause__
    if found.ndim not in (1, 2) or len(found) != len(points) or found.dtype.kind not in "biuf" or found.size == 0:
        raise InputError(
            f"model {function.name}: given ({len(points)}, {points.shape[1]}) it gives {found.dtype} of shape "
            f"{found.shape}; must be numbers ({len(points)}, k), a row for each point"
        )
    return 1 if found.ndim == 1 else int(found.shape[1])


def _chosen(estimator: Any, output: str | None, name: str) -> str:
    if output is None:
        found = next((one for one in OUTPUTS if hasattr(estimator, one)), None)
        if found is None:
            raise UnsupportedError(f"model {name}: has none of {', '.join(OUTPUTS)}; give a function (n, d) -> (n, k)")
        return found
    if output not in OUTPUTS:
        raise InputError(f"field output={shown(output)}: must be one of {', '.join(OUTPUTS)}{nearest(output, OUTPUTS)}")
    if not hasattr(estimator, output):
        able = [one for one in OUTPUTS if hasattr(estimator, one)]
        raise InputError(f"field output={output!r}: {name} has no such method, but {' and '.join(able) or 'none'}")
    return output


def _constant(estimator: Any) -> bool:
    """Whether it is constant on pieces: a tree, or a wrapper of nothing but what is, at the end of a pipeline too."""
    estimator = final(estimator)
    if any(hasattr(estimator, name) for name in TREES):
        return True
    if getattr(estimator, "passthrough", False) is True:
        # a stack that reads the inputs themselves, beside what its members say of them
        return False
    kept = next((getattr(estimator, name) for name in MEMBERS if hasattr(estimator, name)), None)
    members = [] if kept is None else list(np.ravel(np.array(kept, dtype=object)))
    return bool(members) and all(_constant(one) for one in members)
