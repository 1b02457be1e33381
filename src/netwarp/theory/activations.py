"""The language's activations as formulas of numpy: value and derivative, and where they are not smooth.

What an expectation needs to be computed to rounding. The evaluators have their own, faster ones; tests hold all to each
other. Definitions are torch's, with erf's exact gelu, erf(z) itself, hardsigmoid = clip(z / 6 + 1 / 2) and
gaussian = exp(-z^2 / 2).
"""

# z float64 of any shape

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.notation import read_activation
from netwarp.architecture.specs import RANDOM_SLOPE, Activation
from netwarp.errors import InputError, UnsupportedError

Array = NDArray[np.float64]
Function = Callable[[Array], NDArray[Any]]

SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946


@dataclass(frozen=True)
class Pointwise:
    """phi and phi' of one activation.

    `slope` is None where there is no derivative to speak of (step, whose is 0 but at the jump). `kinks` are where
    phi or a derivative of it jumps. Away from them phi bends over distances of `width` or more: infinite where it is
    affine between kinks. `period` is that of a wave, else None. `homogeneous`: phi(a z) = a phi(z) for every a > 0.
    """

    name: str
    value: Function
    slope: Function | None
    kinks: tuple[float, ...] = ()
    width: float = inf
    period: float | None = None
    homogeneous: bool = False

    def derivative(self) -> Function:
        """phi'. Errors: UnsupportedError for step, naming why."""
        if self.slope is None:
            raise UnsupportedError(
                f"activation {self.name}: has no derivative that an expectation could hold, it is 0 wherever it exists "
                "while the function jumps; take a smooth one, such as sigmoid"
            )
        return self.slope


def pointwise(activation: Activation | str) -> Pointwise:
    """phi and phi' of an activation or of its text, "tanh", "leaky(0.1)", "sin(30)".

    Errors: InputError; for leaky(random) too, which is not one function but `mixture` of many.
    """
    found = to_activation(activation)
    if found.parameter == "random":
        raise InputError("activation leaky(random): every channel has its own slope; name one, as in leaky(0.2)")
    return _pointwise(found)


def mixture(activation: Activation | str) -> tuple[tuple[float, Pointwise], ...]:
    """The activation's functions with their probabilities: one, but for leaky(random).

    Its slopes are those of a three-point Gauss rule, exact for every expectation that is a polynomial in the slope of
    degree up to five; those of phi^2, phi'^2 and products of two phi are of degree two. Errors: InputError.
    """
    found = to_activation(activation)
    if found.parameter != "random":
        return ((1.0, _pointwise(found)),)
    low, high = RANDOM_SLOPE
    nodes, weights = np.polynomial.legendre.leggauss(3)
    slopes = (low + high) / 2 + nodes * (high - low) / 2
    return tuple(
        (float(w) / 2, _pointwise(Activation("leaky", float(a)))) for a, w in zip(slopes, weights, strict=True)
    )


def to_activation(activation: Activation | str) -> Activation:
    """An activation, or its text read. Errors: InputError."""
    if isinstance(activation, Activation):
        return activation
    if not isinstance(activation, str):
        raise InputError(f'activation={activation!r}: must be an activation or its text, as in "tanh" or "leaky(0.1)"')
    return read_activation(activation)


@lru_cache(maxsize=256)
def _pointwise(activation: Activation) -> Pointwise:
    name, parameter = activation.name, activation.parameter
    if name == "leaky":
        assert isinstance(parameter, float)
        return _leaky(str(activation), parameter)
    if name == "sin":
        assert isinstance(parameter, float)
        return _sin(str(activation), parameter)
    return replace(_FIXED[name], name=name)


def _leaky(name: str, a: float) -> Pointwise:
    return Pointwise(
        name, lambda z: np.where(z > 0, z, a * z), lambda z: np.where(z > 0, 1.0, a), (0.0,), homogeneous=True
    )


def _sin(name: str, omega: float) -> Pointwise:
    return Pointwise(
        name,
        lambda z: np.sin(omega * z),
        lambda z: omega * np.cos(omega * z),
        period=2 * pi / abs(omega) if omega else None,
    )


def _bell(z: Array) -> Array:
    return np.asarray(np.exp(-z * z / 2))


def _below(z: Array) -> Array:
    """The Gaussian distribution function; its lower tail keeps its digits."""
    from scipy.special import ndtr

    return np.asarray(ndtr(z))


def _logistic(z: Array) -> Array:
    from scipy.special import expit

    return np.asarray(expit(z))


def _erf(z: Array) -> Array:
    from scipy.special import erf

    return np.asarray(erf(z))


def _elu(scale: float, alpha: float) -> tuple[Function, Function]:
    def value(z: Array) -> Array:
        return scale * np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))

    def slope(z: Array) -> Array:
        return scale * np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))

    return value, slope


_DENSITY = 1 / sqrt(2 * pi)

# all without a parameter; replaced by their own name when asked for
_FIXED: dict[str, Pointwise] = {
    "linear": Pointwise("", lambda z: z, np.ones_like, homogeneous=True),
    "relu": Pointwise("", lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0, (0.0,), homogeneous=True),
    "elu": Pointwise("", *_elu(1.0, 1.0), kinks=(0.0,), width=1.0),
    "selu": Pointwise("", *_elu(SELU_SCALE, SELU_ALPHA), kinks=(0.0,), width=1.0),
    "gelu": Pointwise("", lambda z: z * _below(z), lambda z: _below(z) + z * _bell(z) * _DENSITY, width=1.0),
    "silu": Pointwise("", lambda z: z * _logistic(z), lambda z: _logistic(z) * (1 + z * _logistic(-z)), width=1.0),
    "softplus": Pointwise("", lambda z: np.logaddexp(0, z), _logistic, width=1.0),
    "tanh": Pointwise("", np.tanh, lambda z: 4 * _logistic(2 * z) * _logistic(-2 * z), width=0.5),
    "erf": Pointwise("", _erf, lambda z: 2 / sqrt(pi) * np.exp(-z * z), width=0.5),
    "sigmoid": Pointwise("", _logistic, lambda z: _logistic(z) * _logistic(-z), width=1.0),
    "hardtanh": Pointwise("", lambda z: np.clip(z, -1, 1), lambda z: (abs(z) < 1) * 1.0, (-1.0, 1.0)),
    "hardsigmoid": Pointwise("", lambda z: np.clip(z / 6 + 0.5, 0, 1), lambda z: (abs(z) < 3) / 6, (-3.0, 3.0)),
    "abs": Pointwise("", np.abs, np.sign, (0.0,), homogeneous=True),
    "cos": Pointwise("", np.cos, lambda z: -np.sin(z), period=2 * pi),
    "gaussian": Pointwise("", _bell, lambda z: -z * _bell(z), width=1.0),
    "square": Pointwise("", np.square, lambda z: 2 * z),
    "step": Pointwise("", lambda z: (z > 0) * 1.0, None, (0.0,)),
}
