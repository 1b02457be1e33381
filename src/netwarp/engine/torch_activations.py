"""The language's activations on torch tensors, with their exact derivatives. Imports no torch."""

# z any shape; p the slope of leaky or the omega of sin, broadcast against z, of no meaning to the others

from __future__ import annotations

from collections.abc import Callable
from math import pi
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

Function = Callable[["Tensor", "Tensor"], "Tensor"]
_ALPHA, _LAMBDA = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946


def _bell(z: Tensor) -> Tensor:
    return (-z * z / 2).exp()


def _below(z: Tensor) -> Tensor:
    """The Gaussian distribution function; erfc keeps its lower tail."""
    return (-z * 2**-0.5).erfc() / 2


def _elu(scale: float, alpha: float) -> tuple[Function, Function]:
    return (
        lambda z, p: scale * (z.clamp(min=0) + alpha * z.clamp(max=0).expm1()),
        lambda z, p: scale * ((z > 0) + (z <= 0) * (alpha * z.clamp(max=0).exp())),
    )


# name -> value and derivative; None where there is no tangent
ACTIVATIONS: dict[str, tuple[Function, Function | None]] = {
    "linear": (lambda z, p: z, lambda z, p: z.new_ones(())),
    "relu": (lambda z, p: z.clamp(min=0), lambda z, p: (z > 0).to(z)),
    "leaky": (lambda z, p: z.clamp(min=0) + p * z.clamp(max=0), lambda z, p: (z > 0) + (z <= 0) * p),
    "elu": _elu(1.0, 1.0),
    "selu": _elu(_LAMBDA, _ALPHA),
    "gelu": (lambda z, p: z * _below(z), lambda z, p: _below(z) + z * _bell(z) * (2 * pi) ** -0.5),
    "silu": (lambda z, p: z * z.sigmoid(), lambda z, p: z.sigmoid() * (1 + z * (-z).sigmoid())),
    "softplus": (lambda z, p: z.clamp(min=0) + (-z.abs()).exp().log1p(), lambda z, p: z.sigmoid()),
    "tanh": (lambda z, p: z.tanh(), lambda z, p: 4 * (2 * z).sigmoid() * (-2 * z).sigmoid()),
    "erf": (lambda z, p: z.erf(), lambda z, p: 2 * pi**-0.5 * (-z * z).exp()),
    "sigmoid": (lambda z, p: z.sigmoid(), lambda z, p: z.sigmoid() * (-z).sigmoid()),
    "hardtanh": (lambda z, p: z.clamp(-1, 1), lambda z, p: (z.abs() < 1).to(z)),
    "hardsigmoid": (lambda z, p: (z / 6 + 0.5).clamp(0, 1), lambda z, p: (z.abs() < 3).to(z) / 6),
    "abs": (lambda z, p: z.abs(), lambda z, p: z.sign()),
    "sin": (lambda z, p: (p * z).sin(), lambda z, p: p * (p * z).cos()),
    "cos": (lambda z, p: z.cos(), lambda z, p: -z.sin()),
    "gaussian": (lambda z, p: _bell(z), lambda z, p: -z * _bell(z)),
    "square": (lambda z, p: z * z, lambda z, p: 2 * z),
    "step": (lambda z, p: (z > 0).to(z), None),
}
