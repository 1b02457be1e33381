"""Powers of two that bring values near 1, so that their squares stay within float64: exact to divide by."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.engine.protocol import Dtype

Array = NDArray[np.float64]
# values are to have so many bits left below their deviation; with fewer they are to be taken with more digits
BITS = 16
# powers of two between these are normal floats
SIMPLE = 1000


def exponents(values: Array, axis: tuple[int, ...]) -> NDArray[np.intp]:
    """The least e for which all absolute values over the axes are below 2^e; 0 where all are 0. Axes are dropped."""
    largest = np.abs(values).max(axis=axis, initial=0.0)
    found: NDArray[np.intp] = np.where(largest > 0, np.frexp(largest)[1], 0).astype(np.intp)
    return found


def exponent(values: Array) -> int:
    """That of all of an array."""
    return int(exponents(values, tuple(range(values.ndim))))


def brought(values: Array, power: ArrayLike) -> Array:
    """values 2^power, each rounded once, as by ldexp: a product where the factors are floats, which takes a tenth."""
    powers = np.asarray(power)
    if (np.abs(powers) <= SIMPLE).all():
        simple: Array = values * np.ldexp(1.0, powers)
        return simple
    found: Array = np.ldexp(values, powers)
    return found


def rounding(values: Array, dtype: Dtype) -> Array:
    """(K,) by how much equal values of (K, rows, columns) may differ, computed in this arithmetic."""
    kind = np.finfo(dtype)
    least: Array = np.maximum(np.abs(values).max(axis=(1, 2)) * float(kind.eps), float(kind.smallest_subnormal))
    return least


def told(values: Array, dtype: Dtype) -> bool:
    """Whether every channel of (K, rows, columns) has BITS left below its deviation."""
    power = exponents(values, (1, 2))
    deviation = np.ldexp(brought(values, -power[:, None, None]).std(axis=(1, 2)), power)
    return bool((deviation > 2**BITS * rounding(values, dtype)).all())
