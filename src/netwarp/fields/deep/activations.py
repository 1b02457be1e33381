"""How much an activation changes, phi(z + d) - phi(z), when d is far too small to be added to z.

Every change is accurate relative to itself (where phi turns between z and z + d, relative to how far it went): near a
kink it is exact to the last bit of z and d, however small both are.
"""

# C channels, N points; d (C, N). What a change is computed from, `near`, (C, 1) each: the heights of z above the kinks,
# or z where there are none; of waves, whose phase a float of z would blur, the sine and cosine; last the parameter

from __future__ import annotations

from math import pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.network.program import Array
from netwarp.theory.arrays import ARRAYS, Arrays

Near = tuple[Array, ...]

# a second term below this share of the first is lost beside it
_LOST = 1e-16
# where |d| is below it, the third term of every expansion is lost beside the first
TINY = 2.0**-27
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)


class Differences(Arrays):
    """The Ops of arrays, and what changes are made of: z at the centre, d from there."""

    def rectified(self, z: Array, d: Array) -> Array:
        """Change of max(z, 0)."""
        moved: Array = d + np.minimum(z, 0)
        return np.maximum(moved, -np.maximum(z, 0), out=moved)

    def halves(self, z: Array, d: Array) -> tuple[Array, Array]:
        """The part of the way from z to z + d above 0, and the part below."""
        return self.rectified(z, d), -self.rectified(-z, -d)

    def between(self, d: Array, low: Array, high: Array, width: float) -> Array:
        """The part of the way between two kinks `width` apart, from the heights above them."""
        moved: Array = d + (np.minimum(low, 0) + np.maximum(high, 0))
        return np.clip(moved, -np.clip(low, 0, width), -np.clip(high, -width, 0))

    def absolute_change(self, z: Array, d: Array) -> Array:
        # |z + d| - |z| is d + 2 z across 0: one rounding
        onward = np.where(z < 0, -d, d)
        return np.asarray(np.maximum(onward, -onward - 2 * np.abs(z)))

    def short_expm1(self, d: Array) -> Array:
        """e^d - 1, fast where all are tiny."""
        tiny = d.size > 0 and -float(d.min()) < TINY and float(d.max()) < TINY
        return d * (1 + d / 2) if tiny else np.asarray(np.expm1(d))

    def logistic_change(self, z: Array, d: Array) -> Array:
        """sigmoid(z + d) - sigmoid(z): sigmoid(z) sigmoid(-z - d) (e^d - 1), or its mirror image."""
        # of the two the one whose exponential does not overflow
        side = np.where(d > 0, 1.0, -1.0)
        return -side * np.expm1(-np.abs(d)) * self.logistic(-side * z) * self.logistic(side * (z + d))

    def softplus_change(self, z: Array, d: Array) -> Array:
        low, size = np.minimum(z, z + d), np.abs(d)
        with np.errstate(over="ignore"):
            change = np.log1p(self.logistic(low) * np.expm1(size))
        far = size > 700
        if far.any():
            change = np.where(far, np.abs(self.softplus(z + d) - self.softplus(z)), change)
        return np.copysign(change, d)

    def erf_change(self, z: Array, d: Array) -> Array:
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

    def turned(self, sine: Array, cosine: Array, d: Array) -> Array:
        """sin(t + d) - sin(t), from the sine and the cosine of t."""
        half = np.sin(d / 2)
        return 2 * half * (cosine * np.cos(d / 2) - sine * half)

    def bell_change(self, z: Array, d: Array) -> Array:
        """Change of exp(-z^2 / 2)."""
        # from the end that is higher: a factor of it is below 1, and neither overflows
        falls = d * (z + d / 2)
        away = falls > 0
        higher = np.where(away, z, z + d)
        return np.where(away, 1.0, -1.0) * np.exp(-higher * higher / 2) * np.expm1(-np.abs(falls))


DIFFERENCES: Final = Differences()


def change(name: str, near: Near, d: Array) -> Array:
    """phi(z + d) - phi(z) of the activation `name`."""
    known = face(name)
    if known.terms is not None and not known.kinks and not known.flat and d.size:
        # a parameter multiplies d
        steep = 1.0 if known.parameter is None else max(float(np.abs(near[-1]).max()), 1.0)
        if max(float(d.max()), -float(d.min())) * steep < TINY:
            first, second = known.terms(DIFFERENCES, *near)
            moved: Array = second * d
            moved += first
            moved *= d
            return moved
    return np.asarray(known.moved(DIFFERENCES, d, *near))


def slope(name: str, near: Near, d: Array) -> Array:
    """phi'(z + d); at a kink, that of the inactive side. `step` has none that tells anything: 0."""
    known = face(name)
    if known.steep is not None:
        return np.asarray(known.steep(DIFFERENCES, d, *near))
    p = None if known.parameter is None else near[-1]
    return np.asarray(known.slope(ARRAYS, near[0] + d, p), dtype=np.float64)


def steady(name: str, near: Near, reach: Array) -> tuple[Array, NDArray[np.bool_]]:
    """phi'(z), and whether phi is affine, to the last bits, over all |d| <= reach. `near` and `reach` of one shape."""
    known = face(name)
    affine = np.ones(reach.shape, dtype=bool)
    for height in near[: len(known.kinks)]:
        affine &= np.abs(height) > reach
    if known.terms is None:
        return slope(name, near, np.zeros(())), affine
    first, second = known.terms(DIFFERENCES, *near)
    if known.flat:
        affine &= first != 0
    return first, affine & (np.abs(second) * reach <= _LOST * np.abs(first))
