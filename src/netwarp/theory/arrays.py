"""The Ops of numpy's arrays."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Arrays:
    """On float64 arrays of any shape."""

    offers: Final = frozenset({"softplus"})
    bits: Final = 53

    def constant(self, value: float, z: Array, /) -> Array:
        return np.full_like(z, value)

    def where(self, mask: Any, one: Array | float, other: Array | float) -> Array:
        return np.where(mask, one, other)

    def at_least(self, z: Array, low: float) -> Array:
        return np.maximum(z, low)

    def at_most(self, z: Array, high: float) -> Array:
        return np.minimum(z, high)

    def clip(self, z: Array, low: float, high: float) -> Array:
        return np.clip(z, low, high)

    def exp(self, z: Array) -> Array:
        return np.asarray(np.exp(z))

    def expm1(self, z: Array) -> Array:
        return np.asarray(np.expm1(z))

    def log1p(self, z: Array) -> Array:
        return np.asarray(np.log1p(z))

    def logistic(self, z: Array) -> Array:
        from scipy.special import expit

        return np.asarray(expit(z))

    def tanh(self, z: Array) -> Array:
        return np.asarray(np.tanh(z))

    def erf(self, z: Array) -> Array:
        from scipy.special import erf

        return np.asarray(erf(z))

    def normal(self, z: Array) -> Array:
        from scipy.special import ndtr

        return np.asarray(ndtr(z))

    def sin(self, z: Array) -> Array:
        return np.asarray(np.sin(z))

    def cos(self, z: Array) -> Array:
        return np.asarray(np.cos(z))

    def softplus(self, z: Array) -> Array:
        """log(1 + e^z)."""
        return np.asarray(np.logaddexp(0, z))


ARRAYS: Final = Arrays()
