"""Outside functions: a Python callable and a fitted estimator as functions of rows of inputs, (n, K) -> (n, C)."""

# n points, K numbers of an input, C outputs

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError, NetwarpError, UnsupportedError, nearest, shown

Array = NDArray[np.float64]
OUTPUTS = ("decision_function", "predict_proba", "predict")
# estimators of scikit-learn that are constant on pieces, by the attributes that only a fitted one has
TREES = ("tree_", "_predictors")


@runtime_checkable
class Outside(Protocol):
    """What a Field calls: `name` is for messages, `inputs` K or None where any number goes, `batch` the most points it
    takes at once."""

    name: str
    inputs: int | None
    batch: int

    def __call__(self, points: Array) -> NDArray[np.generic]: ...


class RowFunction:
    """A Python callable on arrays (n, K) -> (n, C). Only its values are known."""

    inputs: int | None = None
    batch = 1 << 14
    no_tangent = "of a Python function only its values are known; a torch.nn.Module has derivatives too"

    def __init__(self, function: Callable[[Array], Any]) -> None:
        self.function = function
        self.name = getattr(function, "__name__", type(function).__name__)

    def __call__(self, points: Array) -> NDArray[np.generic]:
        return np.asarray(self.function(points))


class Estimator:
    """A fitted estimator with scikit-learn's methods, a pipeline too; `output` is the method that is called.

    `classes` are the names of its outputs, empty where they are no classes. Where it is constant on pieces, as trees
    and forests are, its derivatives are 0, and asking for them warns.
    """

    batch = 1 << 14
    no_tangent = "of an estimator only its values are known; a network of scikit-learn has an exact form"

    def __init__(self, estimator: Any, output: str | None = None) -> None:
        self.estimator = estimator
        self.name = type(estimator).__name__
        self.output = _chosen(estimator, output, self.name)
        self.method: Callable[[Array], Any] = getattr(estimator, self.output)
        count = getattr(estimator, "n_features_in_", None)
        self.inputs: int | None = None if count is None else int(count)
        self.named = hasattr(estimator, "feature_names_in_")
        labels = getattr(estimator, "classes_", None)
        known = self.output != "predict" and isinstance(labels, np.ndarray) and labels.ndim == 1
        self.classes: tuple[str, ...] = tuple(map(str, labels)) if known and labels is not None else ()
        self.labels = labels if self.output == "predict" and isinstance(labels, np.ndarray) else None
        if _constant(estimator):
            self.tangent = self._flat

    def __call__(self, points: Array) -> NDArray[np.generic]:
        with warnings.catch_warnings():
            if self.named:
                # it was fitted on a table with names, and rows of numbers are all there is here
                warnings.filterwarnings("ignore", message="X does not have valid feature names")
            found = np.asarray(self.method(points))
        if self.labels is not None:
            # of classes without a score, each has 1 where it is predicted
            return np.asarray(found[:, None] == self.labels, dtype=np.float64)
        return found

    def _flat(self, points: Array, _across: Array, _down: Array) -> Array:
        warnings.warn(
            f"{self.name} is constant on pieces: its derivatives are 0, and where it jumps it has none", stacklevel=2
        )
        values = np.asarray(self(points), dtype=np.float64).reshape(len(points), -1)
        return np.stack([values, np.zeros_like(values), np.zeros_like(values)])


def is_estimator(model: object) -> bool:
    """Whether it has the methods of a fitted estimator, and is not a class."""
    return not isinstance(model, type) and any(hasattr(model, name) for name in OUTPUTS) and hasattr(model, "fit")


def outputs(function: Outside, points: Array) -> int:
    """C, from its values at these points. Errors: InputError that says what it raised, or what it gave instead."""
    try:
        found = np.asarray(function(points))
    except NetwarpError:
        raise
    except Exception as error:  # whatever a stranger's function raises becomes one line
        text = " ".join(str(error).split())[:200]
        raise InputError(
            f"model {function.name}: given {len(points)} rows of {points.shape[1]} numbers it raises "
            f"{type(error).__name__}: {text}; it must take an array (n, {points.shape[1]}), or needs another slice"
        ) from error
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
    """Whether it is constant on pieces: a tree, or an ensemble of trees, at the end of a pipeline too."""
    steps = getattr(estimator, "steps", None)
    if isinstance(steps, list) and steps:
        return _constant(steps[-1][-1])
    if any(hasattr(estimator, name) for name in TREES):
        return True
    members = getattr(estimator, "estimators_", None)
    flat = list(np.ravel(np.array(members, dtype=object))) if isinstance(members, list | np.ndarray) else []
    return bool(flat) and all(any(hasattr(one, name) for name in TREES) for one in flat)
