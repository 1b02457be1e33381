"""Networks and linear models of scikit-learn as Networks, a scaler before them folded in. Imports no scikit-learn.

An estimator is known by what only a fitted one of its kind has: `coefs_` and `intercepts_` of a multi-layer
perceptron, `coef_` and `intercept_` of a linear model. Nothing is unpickled and no method of it is called but
`decision_function` or `predict_proba`, to compare.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp import checks
from netwarp.errors import InputError, UnsupportedError
from netwarp.models.agreement import compare
from netwarp.models.arrays import numbers
from netwarp.models.functions import Estimator, final, is_estimator
from netwarp.models.graphs.affine import linear
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Tensor
from netwarp.models.slices import Slice
from netwarp.network.network import Network
from netwarp.network.plain import lone
from netwarp.network.source import Graph

Array = NDArray[np.float64]
# scikit-learn's names of what follows a layer, and netwarp's
ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "logistic": "sigmoid", "identity": "linear"}
# scalers that subtract a centre and divide by a scale: where the centre is, and what says that it is subtracted
CENTRES = {"StandardScaler": ("mean_", "with_mean"), "RobustScaler": ("center_", "with_centering")}


def from_estimator(estimator: Any, slice: Slice | None = None) -> Network:  # noqa: A002  # as nw.field has it
    """The Network of a fitted multi-layer perceptron or linear model of scikit-learn, exactly its own float64 numbers.

    A pipeline may have scalers before it (StandardScaler, MinMaxScaler, MaxAbsScaler, RobustScaler, PCA), which become
    part of the first layer. The outputs are a classifier's scores before softmax or logistic: the largest wins, and a
    single one is cut at 0; of a regressor its prediction. `slice` is the plane of its inputs, needed where there are
    more than two. The Network is compared with the estimator as `nw.torch.from_module` compares its own.
    Errors: UnsupportedError naming a step that is not known, which `nw.field` draws all the same; InputError for what
    is not fitted, and a slice of other inputs.

    >>> import netwarp as nw
    >>> from sklearn.neural_network import MLPRegressor
    >>> X, y = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], [0.0, 1.0, 2.0]
    >>> fitted = MLPRegressor(hidden_layer_sizes=(4,), solver="lbfgs", random_state=0).fit(X, y)
    >>> net = nw.sklearn.from_estimator(fitted)
    >>> net.calibrate().program.pointwise
    True
    >>> nw.sklearn.from_estimator(MLPRegressor())
    Traceback (most recent call last):
    netwarp.errors.InputError: from_estimator MLPRegressor: is not fitted; call its fit first
    """
    if not is_estimator(estimator):
        raise InputError(
            f"from_estimator estimator={type(estimator).__name__}: must be a fitted estimator of scikit-learn"
        )
    if slice is not None:
        checks.instance(slice, Slice, "from_estimator slice", "a Slice, as nw.features(0, 1, data=X) gives")
    # a search calls the best of what it tried
    chosen = getattr(estimator, "best_estimator_", estimator)
    *before, last = [step for _, step in chosen.steps] if hasattr(chosen, "steps") else [chosen]
    layers = _layers(last)
    inputs = getattr(estimator, "n_features_in_", layers[0][0].shape[1])
    if inputs == 1:
        name = type(estimator).__name__
        raise lone(f"from_estimator {name}", "nw.field(lambda p: estimator.predict(p[:, :1])) draws it")
    if slice is None and inputs != 2:
        raise InputError(
            f"from_estimator {type(estimator).__name__}: takes {inputs} inputs; give a slice of them, as "
            "nw.features(0, 1, data=X)"
        )
    found = np.eye(2, 3) if slice is None else slice.coefficients
    if len(found) != inputs:
        raise InputError(f"from_estimator slice: has {len(found)} inputs, but the estimator takes {inputs}")
    builder = Builder(found)
    value = builder.inputs((inputs,))
    for step in before:
        builder.layer = type(step).__name__
        value = _scaled(builder, value, step)
    for n, (weight, bias, activation) in enumerate(layers):
        builder.layer = str(n)
        value = linear(builder, value, weight, bias)
        if activation != "linear":
            value = builder.activated(value, activation)
    program, model = builder.program(value), Estimator(estimator)
    as_told = partial(_probabilities, estimator=estimator) if model.output == "predict_proba" else None
    home = None if slice is None else slice.home
    return Network(
        Graph(program, compare(model, program, found, home, f"from_estimator {model.name}", as_told=as_told))
    )


def _layers(last: Any) -> list[tuple[Array, Array, str]]:
    """(weight, bias, activation) of every layer of the last step."""
    name = type(last).__name__
    if name.startswith("MLP"):
        if not hasattr(last, "coefs_"):
            raise InputError(f"from_estimator {name}: is not fitted; call its fit first")
        if last.activation not in ACTIVATIONS:
            raise UnsupportedError(f"from_estimator {name}: its activation {last.activation!r} is not known")
        weights = [numbers(one, f"{name} coefs_").T for one in last.coefs_]
        biases = [numbers(one, f"{name} intercepts_") for one in last.intercepts_]
        bends = [ACTIVATIONS[last.activation]] * (len(weights) - 1) + ["linear"]
        return list(zip(weights, biases, bends, strict=True))
    if hasattr(last, "coef_") and hasattr(last, "intercept_") and not hasattr(last, "support_"):
        weight = np.atleast_2d(numbers(last.coef_, f"{name} coef_"))
        bias = np.broadcast_to(numbers(last.intercept_, f"{name} intercept_").ravel(), (len(weight),))
        return [(weight, np.array(bias), "linear")]
    if hasattr(last, "coef_") or hasattr(last, "classes_") or hasattr(last, "n_features_in_"):
        raise UnsupportedError(
            f"from_estimator {name}: has no layers that are known here; nw.field draws it by its values"
        )
    raise InputError(f"from_estimator {name}: is not fitted; call its fit first")


def _scaled(builder: Builder, value: Tensor, step: Any) -> Tensor:
    """A step before the last one, applied."""
    name = type(step).__name__
    if step is None or step == "passthrough":
        return value
    if name in CENTRES and hasattr(step, "n_features_in_"):
        scale = np.ones(value.shape) if step.scale_ is None else 1 / numbers(step.scale_, f"{name} scale_")
        attribute, used = CENTRES[name]
        centre = getattr(step, attribute) if getattr(step, used) else None
        return value.affine(scale, 0.0 if centre is None else -numbers(centre, f"{name} {attribute}") * scale)
    if name == "MinMaxScaler" and hasattr(step, "scale_") and not step.clip:
        return value.affine(numbers(step.scale_, f"{name} scale_"), numbers(step.min_, f"{name} min_"))
    if name == "MaxAbsScaler" and hasattr(step, "scale_"):
        return value.affine(1 / numbers(step.scale_, f"{name} scale_"))
    if name == "PCA" and hasattr(step, "components_"):
        matrix = numbers(step.components_, f"{name} components_")
        if step.whiten:
            matrix = matrix / np.sqrt(numbers(step.explained_variance_, name))[:, None]
        return linear(builder, value, matrix, -matrix @ numbers(step.mean_, f"{name} mean_"))
    raise UnsupportedError(
        f"from_estimator: the step {name} before the model is not known here, or not fitted; nw.field draws the whole "
        "pipeline by its values"
    )


def _probabilities(scores: NDArray[Any], estimator: Any) -> Array:
    """Of scores, as a perceptron makes them: logistic of one score for two classes or many labels, else softmax."""
    last = final(estimator)
    if getattr(last, "out_activation_", "softmax") == "logistic":
        from scipy.special import expit

        found = np.asarray(expit(scores))
        return np.column_stack([1 - found, found]) if found.shape[1] == 1 else found
    from scipy.special import softmax

    return np.asarray(softmax(scores, axis=1))
