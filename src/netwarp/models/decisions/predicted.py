"""What an estimator itself predicts, where the largest of its scores says something else."""

# m probe points, K numbers of an input, L labels

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import InputError
from netwarp.fields.field import Field
from netwarp.models.called import called
from netwarp.models.functions import Estimator, class_labels, final, is_estimator
from netwarp.models.slices import Slice
from netwarp.network.program import Call, Embed
from netwarp.plane import Plane, Raster

# probe points along each side of a plane: of a model whose layers are known, and of one that is sampled anyway
KNOWN, ALONG = 24, 64
MOST = 2_000  # of the data's points that are probed
# a lead below this share of the largest score is rounding: there the scores do not say who wins
ROUNDING = 1e-9
OUTLIERS = np.array([-1, 1])


def labels_of(model: object) -> NDArray[np.generic] | None:
    """The labels that an estimator predicts: a classifier's, a clustering's numbers, -1 and 1 of a detector of
    outliers; None of one that predicts no labels, and of what is no estimator."""
    if not is_estimator(model):
        return None
    known = class_labels(model)
    last = final(model)
    if known is not None or not hasattr(model, "predict"):
        return known
    if kind_of(model) == "outlier_detector":
        return OUTLIERS
    if kind_of(model) not in ("clusterer", "density_estimator"):
        return None
    found = getattr(last, "labels_", None)
    if isinstance(found, np.ndarray) and found.ndim == 1 and found.dtype.kind == "i":
        return np.unique(found[found >= 0])
    count = getattr(last, "n_clusters", getattr(last, "n_components", None))
    return np.arange(count) if isinstance(count, int) else None


def kind_of(model: Any) -> str | None:
    """What scikit-learn calls it: "classifier", "regressor", "clusterer", "outlier_detector", "density_estimator"."""
    tags = getattr(model, "__sklearn_tags__", None)
    found = getattr(model, "_estimator_type", None) if tags is None else getattr(tags(), "estimator_type", None)
    return found if isinstance(found, str) else None


def check_decides(model: Any, at: Slice | None, threshold: float | None) -> None:
    """Nothing, where an estimator says one of several labels at a point, or a number that a threshold cuts.

    Errors: InputError for one that says several labels or numbers at once, one of a single class, and for a regressor
    without a threshold.
    """
    name = type(model).__name__
    labels, several = labels_of(model), _several(model, at)
    if several:
        raise InputError(
            f"decision {name}: predicts {several} labels or numbers at once, and none of these wins over the others; "
            "decide one of them as a function: nw.decision(lambda rows: model.predict(rows)[:, 0], threshold=0.5)"
        )
    if labels is not None and len(labels) == 1:
        raise InputError(f"decision {name}: knows the class {labels[0]} alone, so that there is nothing to decide")
    if threshold is None and kind_of(model) == "regressor":
        raise InputError(
            f"decision {name}: is a regressor, whose numbers are no classes; threshold=0.5 decides whether they are "
            "above 0.5, and nw.field draws them"
        )


def _several(model: Any, at: Slice | None) -> int:
    """How many labels or numbers it predicts of one input, 0 where it is one."""
    kept = getattr(model, "classes_", None)
    if isinstance(kept, list) or not hasattr(model, "predict"):
        return len(kept) if isinstance(kept, list) else 0
    function = Estimator(model, "predict")
    if function.inputs != (2 if at is None else at.inputs):
        return 0
    there = np.zeros((1, 2))
    try:
        found = function.told(there if at is None else at.points(there))
    except Exception:  # noqa: BLE001  # what a stranger's model raises is said where it is called in earnest
        return 0
    return found.shape[1] if found.ndim == 2 and found.shape[1] > 1 else 0


def as_predicted(
    model: Any, field: Field, at: Slice | None, plane: Plane, X: NDArray[np.float64] | None
) -> tuple[Field, str]:
    """The Field, whose outputs are the estimator's scores, where their winner is what it predicts; else that of its
    labels, 1 where each is predicted, and a note that says at how many probe points the two differ.

    Probe points are a grid on `plane`, and the points `X` (n, 2), where these are given.
    """
    labels = labels_of(model)
    if labels is None or len(labels) < 2 or not hasattr(model, "predict"):
        return field, ""
    points = _probes(plane, ALONG if isinstance(field.program.operations[-1], Call) else KNOWN, X)
    rows = points if at is None else at.points(points)
    function = Estimator(model, "predict", labels)
    predicted = function(rows)
    wrong = _differing(field, points, predicted)
    count, pairs = int(wrong.sum()), scores_pairs(model, Estimator(model).output)
    if not count and not pairs and (field.channels == len(labels) or field.channels == 1):
        return field, ""
    network = called(function, at, field.raster.plane)
    scores = Estimator(model).output
    if scores == "predict":
        return network.calibrate(field.raster), ""
    winner = "sign" if field.channels == 1 else "largest"
    note = (
        f"the {winner} of {function.name}'s {scores} is not what it predicts at {count:,} of {len(points):,} points "
        "that were tried"
    )
    if field.channels not in (1, len(labels)):
        note = f"{function.name}'s {scores} gives {field.channels} numbers for {len(labels)} classes"
    elif pairs:
        note = f"{function.name}'s {scores} gives a score of every two classes"
    return network.calibrate(field.raster), f"{note}; the classes are those of its predict"


def scores_pairs(model: Any, output: str) -> bool:
    """Whether this output of an estimator has a score of every two of its classes, as an SVC's may."""
    labels = labels_of(model)
    shape = getattr(final(model), "decision_function_shape", None)
    return output == "decision_function" and shape == "ovo" and labels is not None and len(labels) > 2


def check_scores(field: Field) -> None:
    """Nothing, unless the Field is that of an estimator's scores that are not its classes'. Errors: InputError."""
    function = _scoring(field)
    labels = None if function is None else labels_of(function.estimator)
    if function is None or labels is None:
        return
    pairs = scores_pairs(function.estimator, function.output)
    if pairs or field.channels not in (1, len(labels)):
        what = "a score of every two of" if pairs else f"{field.channels} numbers for"
        raise InputError(
            f"decision Field: {function.name}'s {function.output} gives {what} its {len(labels)} classes, of which the "
            "largest is no class; hand over the estimator itself, as in nw.decision(model)"
        )


def unpredicted(field: Field, plane: Plane) -> str:
    """That the winner of the scores of an estimator, which the Field's outputs are, is not what it predicts on a grid
    of the plane; "" where it is, and of what is no such Field."""
    function = _scoring(field)
    labels = None if function is None else labels_of(function.estimator)
    if function is None or labels is None or not hasattr(function.estimator, "predict"):
        return ""
    embed = field.program.operations[0]
    assert isinstance(embed, Embed), "every program begins with one"
    points = _probes(plane, ALONG, None)
    rows = points @ embed.coefficients[:, :2].T + embed.coefficients[:, 2]
    count = int(_differing(field, points, Estimator(function.estimator, "predict", labels)(rows)).sum())
    winner = "sign" if field.channels == 1 else "largest"
    if not count:
        return ""
    return (
        f"the classes are those of the {winner} of {function.name}'s {function.output}, which is not what it predicts "
        f"at {count:,} of {len(points):,} points that were tried; nw.decision(model) of the estimator itself has these"
    )


def _scoring(field: Field) -> Estimator | None:
    """The estimator whose scores a Field's outputs are."""
    last = field.program.operations[-1]
    found = last.function if isinstance(last, Call) else None
    return found if isinstance(found, Estimator) and found.output != "predict" else None


def _probes(plane: Plane, along: int, X: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """(m, 2): the centres of a grid's pixels on the plane, and some of the points."""
    raster = Raster(along, along, plane)
    grid = np.stack(np.meshgrid(raster.xs(), raster.ys()), axis=-1).reshape(-1, 2)
    return grid if X is None else np.concatenate([grid, X[:: -(-len(X) // MOST)]])


def _differing(field: Field, points: NDArray[np.float64], predicted: NDArray[np.generic]) -> NDArray[np.bool_]:
    """(m,): where the winner of the scores is not the label that is predicted, or there is no score to win."""
    scores = field.at(points).astype(np.float64)
    if scores.shape[1] == 1:
        scores = np.concatenate([np.zeros_like(scores), scores], axis=1)
    if scores.shape[1] != predicted.shape[1]:
        return np.ones(len(points), dtype=bool)
    ranked = np.sort(scores, axis=1)
    with np.errstate(invalid="ignore"):
        sure = ranked[:, -1] - ranked[:, -2] > ROUNDING * np.abs(scores).max(axis=1)
    told = predicted[np.arange(len(points)), scores.argmax(axis=1)] > 0
    return np.asarray((sure & ~told) | ~np.isfinite(scores).all(axis=1))
