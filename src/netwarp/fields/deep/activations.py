"""How much an activation changes, phi(z + d) - phi(z), when d is far too small to be added to z.

Every change is accurate relative to itself (where phi turns between z and z + d, relative to how far it went): near a
kink it is exact to the last bit of z and d, however small both are.
"""

# C channels, N points; d (C, N). What a change is computed from, `near`, (C, 1) each: z, and the slope of leaky; where
# a float of z would blur a kink or a phase, the heights above both kinks of hardtanh and hardsigmoid, and the sine and
# cosine of sin and cos, sin's omega after them

from __future__ import annotations

from collections.abc import Callable
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.functions import SELU_ALPHA, SELU_SCALE
from netwarp.theory.activations import pointwise

Array = NDArray[np.float64]
Near = tuple[Array, ...]
Change = Callable[..., Array]  # of d and what is near

_KINKED = {"relu", "leaky", "elu", "selu", "hardtanh", "hardsigmoid", "abs", "step"}
# a second term below this share of the first is lost beside it
_LOST = 1e-16
# where |d| is below it, the third term of every expansion is lost beside the first
TINY = 2.0**-27


def rectified(z: Array, d: Array) -> Array:
    """Change of max(z, 0)."""
    moved: Array = d + np.minimum(z, 0)
    return np.maximum(moved, -np.maximum(z, 0), out=moved)


def _relu(d: Array, z: Array) -> Array:
    return rectified(z, d)


def _halves(z: Array, d: Array) -> tuple[Array, Array]:
    """The part of the way from z to z + d above 0, and the part below."""
    return rectified(z, d), -rectified(-z, -d)


def _leaky(d: Array, z: Array, p: Array) -> Array:
    above, below = _halves(z, d)
    below *= p
    above += below
    return above


def _absolute(d: Array, z: Array) -> Array:
    # |z + d| - |z| is d + 2 z across 0: one rounding
    onward = np.where(z < 0, -d, d)
    return np.asarray(np.maximum(onward, -onward - 2 * np.abs(z)))


def _exponential(scale: float, alpha: float) -> Change:
    def change(d: Array, z: Array) -> Array:
        above, below = _halves(z, d)
        tiny = below.size > 0 and -float(below.min()) < TINY and float(below.max()) < TINY
        bent = below * (1 + below / 2) if tiny else np.expm1(below)
        return scale * above + scale * alpha * np.exp(np.minimum(z, 0)) * bent

    return change


def _between(width: float, divisor: float) -> Change:
    """Change of a clipped ramp; `near` are the heights above its lower and its upper kink, `width` apart."""

    def change(d: Array, low: Array, high: Array) -> Array:
        moved: Array = d + (np.minimum(low, 0) + np.maximum(high, 0))
        moved = np.clip(moved, -np.clip(low, 0, width), -np.clip(high, -width, 0))
        return moved / divisor

    return change


def _logistic(z: Array) -> Array:
    from scipy.special import expit

    return np.asarray(expit(z))


def _logistic_change(z: Array, d: Array) -> Array:
    """sigmoid(z + d) - sigmoid(z): sigmoid(z) sigmoid(-z - d) (e^d - 1), or its mirror image."""
    # of the two the one whose exponential does not overflow
    side = np.where(d > 0, 1.0, -1.0)
    return -side * np.expm1(-np.abs(d)) * _logistic(-side * z) * _logistic(side * (z + d))


def _sigmoid(d: Array, z: Array) -> Array:
    return _logistic_change(z, d)


def _tanh(d: Array, z: Array) -> Array:
    return 2 * _logistic_change(2 * z, 2 * d)


def _silu(d: Array, z: Array) -> Array:
    return d * _logistic(z + d) + z * _logistic_change(z, d)


def _softplus(d: Array, z: Array) -> Array:
    low, size = np.minimum(z, z + d), np.abs(d)
    with np.errstate(over="ignore"):
        change = np.log1p(_logistic(low) * np.expm1(size))
    far = size > 700
    if far.any():
        change = np.where(far, np.abs(np.logaddexp(0, z + d) - np.logaddexp(0, z)), change)
    return np.copysign(change, d)


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


def _erf_change(z: Array, d: Array) -> Array:
    """erf(z + d) - erf(z): the integral of the bell where the ends are close, else the difference of the tails."""
    from scipy.special import erfc

    total = np.zeros(np.broadcast_shapes(z.shape, d.shape))
    for node, weight in zip((_NODES + 1) / 2, _WEIGHTS / 2, strict=True):
        total += weight * np.exp(-((z + node * d) ** 2))
    total *= d * (2 / sqrt(pi))
    apart = np.abs(d) > 0.02
    if apart.any():
        side = np.where(z + d / 2 < 0, -1.0, 1.0)
        total = np.where(apart, side * (erfc(side * z) - erfc(side * (z + d))), total)
    return total


def _erf(d: Array, z: Array) -> Array:
    return _erf_change(z, d)


def _gelu(d: Array, z: Array) -> Array:
    from scipy.special import ndtr

    return np.asarray(d * ndtr(z + d) + z * (_erf_change(z * sqrt(0.5), d * sqrt(0.5)) / 2))


def _turned(sine: Array, cosine: Array, d: Array) -> Array:
    """sin(t + d) - sin(t), from the sine and the cosine of t."""
    half = np.sin(d / 2)
    return 2 * half * (cosine * np.cos(d / 2) - sine * half)


def _sin(d: Array, sine: Array, cosine: Array, p: Array) -> Array:
    return _turned(sine, cosine, p * d)


def _cos(d: Array, sine: Array, cosine: Array) -> Array:
    return _turned(cosine, -sine, d)


def _gaussian(d: Array, z: Array) -> Array:
    # from the end that is higher: a factor of it is below 1, and neither overflows
    falls = d * (z + d / 2)
    away = falls > 0
    higher = np.where(away, z, z + d)
    return np.where(away, 1.0, -1.0) * np.exp(-higher * higher / 2) * np.expm1(-np.abs(falls))


def _square(d: Array, z: Array) -> Array:
    return d * (2 * z + d)


def _step(d: Array, z: Array) -> Array:
    return np.subtract(z + d > 0, z > 0, dtype=np.float64)


def _linear(d: Array, _: Array) -> Array:
    return d


_DENSITY = 1 / sqrt(2 * pi)


def _gelu_terms(z: Array) -> tuple[Array, Array]:
    from scipy.special import ndtr

    density = _DENSITY * np.exp(-z * z / 2)
    return ndtr(z) + z * density, density * (1 - z * z / 2)


def _silu_terms(z: Array) -> tuple[Array, Array]:
    on, off = _logistic(z), _logistic(-z)
    return on * (1 + z * off), on * off * (1 + z * (off - on) / 2)


def _softplus_terms(z: Array) -> tuple[Array, Array]:
    on, off = _logistic(z), _logistic(-z)
    return on, on * off / 2


def _sigmoid_terms(z: Array) -> tuple[Array, Array]:
    on, off = _logistic(z), _logistic(-z)
    return on * off, on * off * (off - on) / 2


def _tanh_terms(z: Array) -> tuple[Array, Array]:
    on, off = _logistic(2 * z), _logistic(-2 * z)
    return 4 * on * off, 4 * on * off * (off - on)


def _erf_terms(z: Array) -> tuple[Array, Array]:
    bell = 2 / sqrt(pi) * np.exp(-z * z)
    return bell, -z * bell


def _gaussian_terms(z: Array) -> tuple[Array, Array]:
    bell = np.exp(-z * z / 2)
    return -z * bell, (z * z - 1) * bell / 2


def _sin_terms(sine: Array, cosine: Array, p: Array) -> tuple[Array, Array]:
    return p * cosine, p * p * sine / -2


def _cos_terms(sine: Array, cosine: Array) -> tuple[Array, Array]:
    return -sine, cosine / -2


# the first two coefficients of the smooth ones' changes in powers of d
_TERMS: dict[str, Callable[..., tuple[Array, Array]]] = {
    "gelu": _gelu_terms,
    "silu": _silu_terms,
    "softplus": _softplus_terms,
    "tanh": _tanh_terms,
    "erf": _erf_terms,
    "sigmoid": _sigmoid_terms,
    "sin": _sin_terms,
    "cos": _cos_terms,
    "gaussian": _gaussian_terms,
}

_CHANGES: dict[str, Change] = {
    "relu": _relu,
    "leaky": _leaky,
    "elu": _exponential(1.0, 1.0),
    "selu": _exponential(SELU_SCALE, SELU_ALPHA),
    "gelu": _gelu,
    "silu": _silu,
    "softplus": _softplus,
    "tanh": _tanh,
    "erf": _erf,
    "sigmoid": _sigmoid,
    "hardtanh": _between(2.0, 1.0),
    "hardsigmoid": _between(6.0, 6.0),
    "abs": _absolute,
    "sin": _sin,
    "cos": _cos,
    "gaussian": _gaussian,
    "square": _square,
    "step": _step,
    "linear": _linear,
}


def change(name: str, near: Near, d: Array) -> Array:
    """phi(z + d) - phi(z) of the activation `name`."""
    terms = _TERMS.get(name)
    if terms is not None and d.size:
        steep = max(float(np.abs(near[2]).max()), 1.0) if name == "sin" else 1.0
        if max(float(d.max()), -float(d.min())) * steep < TINY:
            first, second = terms(*near)
            moved = second * d
            moved += first
            moved *= d
            return moved
    return _CHANGES[name](d, *near)


def slope(name: str, near: Near, d: Array) -> Array:
    """phi'(z + d); at a kink, that of the inactive side. `step` has none."""
    if name in ("hardtanh", "hardsigmoid"):
        low, high = near
        return np.where((low + d > 0) & (high + d < 0), 1.0 if name == "hardtanh" else 1 / 6, 0.0)
    if name == "sin":
        sine, cosine, p = near
        return p * (cosine + _turned(cosine, -sine, p * d))
    if name == "cos":
        sine, cosine = near
        return -(sine + _turned(sine, cosine, d))
    z = near[0] + d
    if name == "leaky":
        return np.where(z > 0, 1.0, near[1])
    derivative = pointwise(name).slope
    assert derivative is not None, name
    return np.asarray(derivative(z), dtype=np.float64)


def steady(name: str, near: Near, reach: Array) -> tuple[Array, NDArray[np.bool_]]:
    """phi'(z), and whether phi is affine, to the last bits, over all |d| <= reach. `near` and `reach` of one shape."""
    heights = near if name in ("hardtanh", "hardsigmoid") else near[:1]
    if name in _KINKED:
        affine = np.logical_and.reduce([np.abs(height) > reach for height in heights])
        if name in ("elu", "selu"):
            affine &= (near[0] > 0) | (reach < _LOST)
        if name == "step":
            return np.zeros_like(reach), affine
        return slope(name, near, np.zeros(())), affine
    if name == "linear":
        return np.ones_like(reach), np.ones(reach.shape, dtype=bool)
    first, second = (2 * near[0], np.ones_like(reach)) if name == "square" else _TERMS[name](*near)
    return first, np.abs(second) * reach <= _LOST * np.abs(first)
