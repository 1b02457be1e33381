"""Activations, with torch's options."""

from __future__ import annotations

from functools import partial

from netwarp.errors import UnsupportedError
from netwarp.models.aten.kinds import Function, Given
from netwarp.models.graphs import bends
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.clamps import clamped
from netwarp.models.graphs.tensor import Array, Mask, Tensor

# torch's softplus is its input from this on, unless told otherwise: by then the two differ by 2e-9
LINEAR_FROM = 20.0


def plain(builder: Builder, x: Tensor, *, name: str) -> Tensor:
    """An activation of the language that takes no options."""
    return builder.activated(x, name)


def leaky_relu(builder: Builder, x: Tensor, negative_slope: float = 0.01) -> Tensor:
    return builder.activated(x, "leaky", negative_slope)


def prelu(builder: Builder, x: Tensor, weight: Array) -> Tensor:
    slopes = weight if weight.size == 1 else weight.reshape(-1, *([1] * (len(x.shape) - 2)))
    return builder.activated(x, "prelu", slopes)


def rrelu(
    builder: Builder,
    x: Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    generator: None = None,
) -> Tensor:
    if training:
        raise UnsupportedError("draws its slopes at random")
    return leaky_relu(builder, x, (lower + upper) / 2)


def hardtanh(builder: Builder, x: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    return clamped(builder, x, min_val, max_val)


def clamp(builder: Builder, x: Tensor, min: Given | None = None, max: Given | None = None) -> Tensor:
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        found = x if min is None else bends.larger(builder, x, min)
        return found if max is None else bends.smaller(builder, found, max)
    return clamped(builder, x, _fixed(min), _fixed(max))


def clamp_min(builder: Builder, x: Tensor, min: Given) -> Tensor:
    return clamp(builder, x, min)


def clamp_max(builder: Builder, x: Tensor, max: Given) -> Tensor:
    return clamp(builder, x, None, max)


def threshold(builder: Builder, x: Tensor, threshold: float, value: float) -> Tensor:
    return bends.where(builder, bends.compared(builder, x, threshold), x, value)


def gelu(builder: Builder, x: Tensor, approximate: str = "none") -> Tensor:
    return bends.softly(builder, x) if approximate == "tanh" else builder.activated(x, "gelu")


def softplus(builder: Builder, x: Tensor, beta: float = 1.0, threshold: float = 20.0) -> Tensor:
    bent = bends.softplus(builder, x, beta)
    if threshold >= LINEAR_FROM:
        return bent
    return bends.where(builder, bends.compared(builder, x.affine(beta), threshold), x, bent)


def log_sigmoid(builder: Builder, x: Tensor) -> Tensor:
    return builder.activated(x.affine(-1.0), "softplus").affine(-1.0)


def elu(builder: Builder, x: Tensor, alpha: float = 1.0, scale: float = 1.0, input_scale: float = 1.0) -> Tensor:
    return bends.elu(builder, x, alpha, scale, input_scale)


def celu(builder: Builder, x: Tensor, alpha: float = 1.0) -> Tensor:
    return bends.elu(builder, x, alpha, 1.0, 1.0 / alpha)


def sin(builder: Builder, x: Tensor) -> Tensor:
    return builder.activated(x, "sin", 1.0)


def softshrink(builder: Builder, x: Tensor, lambd: float = 0.5) -> Tensor:
    return bends.shrunk(builder, x, lambd)


def glu(builder: Builder, x: Tensor, dim: int = -1) -> Tensor:
    half = x.shape[dim] // 2
    first = x.moved(lambda a: a.swapaxes(0, dim)[:half].swapaxes(0, dim))
    second = x.moved(lambda a: a.swapaxes(0, dim)[half:].swapaxes(0, dim))
    return builder.multiplied(first, builder.activated(second, "sigmoid"))


def _fixed(bound: Given | None) -> Array | float | None:
    if isinstance(bound, Mask):
        raise UnsupportedError("clamps by a comparison")
    assert not isinstance(bound, Tensor)
    return bound


# torch's name -> the language's
PLAIN = {
    "relu": "relu",
    "relu6": "relu6",
    "hardsigmoid": "hardsigmoid",
    "hardswish": "hardswish",
    "abs": "abs",
    "absolute": "abs",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "silu": "silu",
    "mish": "mish",
    "selu": "selu",
    "cos": "cos",
    "erf": "erf",
    "special_erf": "erf",
}

TABLE: dict[str, Function] = {
    **{name: partial(plain, name=known) for name, known in PLAIN.items()},
    "leaky_relu": leaky_relu,
    "prelu": prelu,
    "_prelu_kernel": prelu,
    "rrelu": rrelu,
    "hardtanh": hardtanh,
    "clamp": clamp,
    "clip": clamp,
    "clamp_min": clamp_min,
    "clamp_max": clamp_max,
    "threshold": threshold,
    "gelu": gelu,
    "softplus": softplus,
    "log_sigmoid": log_sigmoid,
    "elu": elu,
    "celu": celu,
    "sin": sin,
    "softshrink": softshrink,
    "glu": glu,
}
