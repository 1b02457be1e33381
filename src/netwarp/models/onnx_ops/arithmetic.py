"""Sums, products, quotients, extremes, comparisons, and sums and means along axes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce

import numpy as np

from netwarp.errors import UnsupportedError, shown
from netwarp.models.graphs import affine, bends
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Mask, Tensor
from netwarp.models.onnx_ops.kinds import Function, Given, NodeCall

FLOATS = (1, 10, 11, 16)  # TensorProto's FLOAT, FLOAT16, DOUBLE, BFLOAT16
BOOL = 9


def add(at: NodeCall) -> Tensor:
    return at.builder.summed(at.tensor(0), at.tensor(1))


def sub(at: NodeCall) -> Tensor:
    return at.builder.summed(at.tensor(0), at.tensor(1).affine(-1.0))


def mul(at: NodeCall) -> Tensor:
    for mask, other in ((at.given(0), 1), (at.given(1), 0)):
        # where the comparison holds the number itself: this may stay piecewise linear
        if isinstance(mask, Mask):
            return bends.where(at.builder, mask, at.tensor(other), 0.0)
    return at.builder.multiplied(at.tensor(0), at.tensor(1))


def div(at: NodeCall) -> Tensor:
    if isinstance(at.given(1), Tensor | Mask):
        raise UnsupportedError("divides by what depends on the model's input")
    by = at.weights(1, "divisor")
    if (by == 0).any():
        raise UnsupportedError("divides by 0")
    return at.tensor().affine(1.0 / by)


def neg(at: NodeCall) -> Tensor:
    return at.tensor().affine(-1.0)


def power(at: NodeCall) -> Tensor:
    exponent, x = at.weights(1, "exponent"), at.tensor()
    if exponent.size != 1 or float(exponent.reshape(())) not in (1, 2, 3, 4):
        raise UnsupportedError(f"raises to the power {shown(exponent.ravel().tolist())[1:-1]}; 1, 2, 3 and 4 are known")
    number = int(exponent.reshape(()))
    if number == 1:
        return x
    squared = at.builder.activated(x, "square")
    if number == 4:
        return at.builder.activated(squared, "square")
    return squared if number == 2 else at.builder.multiplied(squared, x)


def total(at: NodeCall) -> Tensor:
    return reduce(at.builder.summed, (at.tensor(i) for i in range(len(at.inputs))))


def mean(at: NodeCall) -> Tensor:
    return total(at).affine(1.0 / len(at.inputs))


def extreme(at: NodeCall, *, by: Callable[[Builder, object, object], Tensor]) -> Tensor:
    """The largest or smallest of all inputs, number by number."""
    return reduce(lambda one, other: by(at.builder, one, other), (at.tensor(i) for i in range(len(at.inputs))))


def reduced(at: NodeCall, *, total: bool) -> Tensor:
    axes = _axes(at)
    if axes is None:
        return at.tensor()
    return affine.mean(at.builder, at.tensor(), axes, keep=bool(at.options["keepdims"]), total=total)


def furthest(at: NodeCall, *, least: bool) -> Tensor:
    axes = _axes(at)
    if axes is None:
        return at.tensor()
    return bends.extreme(at.builder, at.tensor(), axes, keep=bool(at.options["keepdims"]), least=least)


def _axes(at: NodeCall) -> list[int] | None:
    """The axes of a reduction, None where nothing is reduced."""
    found = at.listed("axes", 1)
    if found:
        return found
    return None if at.options.get("noop_with_empty_axes") else list(range(len(at.tensor().shape)))


def compared(at: NodeCall, *, greater: bool, strict: bool) -> Mask:
    one, other = at.tensor(0), at.tensor(1)
    return bends.compared(at.builder, *((one, other) if greater else (other, one)), strict=strict)


def negated(at: NodeCall) -> Mask:
    mask = at.given(0)
    if not isinstance(mask, Mask):
        raise UnsupportedError("negates what is no comparison")
    return mask.inverted()


def joined(at: NodeCall, *, by: Callable[..., Mask]) -> Mask:
    """Two comparisons, or one and an array of truths."""
    one, other = at.given(0), at.given(1)
    if isinstance(one, Tensor) or isinstance(other, Tensor) or one is None or other is None:
        raise UnsupportedError("joins what is no comparison")
    return by(at.builder, one, other)


def where(at: NodeCall) -> Tensor:
    mask = at.given(0)
    if isinstance(mask, Tensor) or mask is None:
        raise UnsupportedError("chooses by what is no comparison")
    return bends.where(at.builder, mask, at.tensor(1), at.tensor(2))


def cast(at: NodeCall) -> Given:
    # of a comparison the numbers 1 and 0: whoever needs them asks for them
    kind, found = at.options["to"], at.view()
    if kind in FLOATS or (kind == BOOL and isinstance(found, Mask)):
        return found
    raise UnsupportedError("rounds what depends on the model's input to whole numbers")


def scaler(at: NodeCall) -> Tensor:
    """ai.onnx.ml's (x - offset) * scale."""
    scale, offset = (np.asarray(at.options[name], np.float64) for name in ("scale", "offset"))
    return at.tensor().affine(scale, -offset * scale)


def linear_regressor(at: NodeCall) -> Tensor:
    """ai.onnx.ml's rows of coefficients, one for each target, and intercepts."""
    if at.options.get("post_transform", "NONE") not in ("NONE", b"NONE"):
        raise UnsupportedError(f"transforms its result by {at.options['post_transform']!s:.40}; NONE is known")
    targets = at.options["targets"]
    weight = np.asarray(at.options["coefficients"], np.float64).reshape(targets, -1)
    intercepts = at.options.get("intercepts")
    bias = None if intercepts is None else np.broadcast_to(np.asarray(intercepts, np.float64), (targets,))
    return affine.linear(at.builder, at.tensor(), weight, bias)


TABLE: dict[str, Function] = {
    "Add": add,
    "And": partial(joined, by=bends.both),
    "Cast": cast,
    "CastLike": lambda at: at.view(),
    "Div": div,
    "Greater": partial(compared, greater=True, strict=True),
    "GreaterOrEqual": partial(compared, greater=True, strict=False),
    "Less": partial(compared, greater=False, strict=True),
    "LinearRegressor": linear_regressor,
    "LessOrEqual": partial(compared, greater=False, strict=False),
    "Max": partial(extreme, by=bends.larger),
    "Mean": mean,
    "Min": partial(extreme, by=bends.smaller),
    "Mul": mul,
    "Neg": neg,
    "Not": negated,
    "Or": partial(joined, by=bends.either),
    "Pow": power,
    "ReduceMax": partial(furthest, least=False),
    "ReduceMean": partial(reduced, total=False),
    "ReduceMin": partial(furthest, least=True),
    "ReduceSum": partial(reduced, total=True),
    "Scaler": scaler,
    "Sub": sub,
    "Sum": total,
    "Where": where,
}
