"""The language's activations as functions of arrays: value and derivative, and where they are not smooth.

What an expectation needs to be computed to rounding.
"""

# z float64 of any shape

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.architecture.notation import read_activation
from netwarp.architecture.specs import Activation
from netwarp.errors import InputError, UnsupportedError
from netwarp.theory.arrays import ARRAYS

Array = NDArray[np.float64]
Function = Callable[[Array], NDArray[Any]]


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
    known = face(found.name).parameter
    assert known is not None
    assert known.random is not None
    low, high = known.random
    nodes, weights = np.polynomial.legendre.leggauss(3)
    slopes = (low + high) / 2 + nodes * (high - low) / 2
    return tuple(
        (float(w) / 2, _pointwise(Activation(found.name, float(a)))) for a, w in zip(slopes, weights, strict=True)
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
    known = face(activation.name)
    p = activation.parameter
    if p is None and known.parameter is not None:
        p = known.parameter.default  # of one that is learned, what it is before
    assert not isinstance(p, str)
    period = known.period
    if period is not None and p is not None:
        period = period / abs(p) if p else None
    return Pointwise(
        str(activation),
        lambda z: np.asarray(known.value(ARRAYS, z, p)),
        None if known.jumps else lambda z: np.asarray(known.slope(ARRAYS, z, p)),
        known.kinks,
        known.width,
        period,
        known.homogeneous,
    )
