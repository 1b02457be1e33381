"""Arrays that come from outside, and the few operations on directions that slices are made with."""

from __future__ import annotations

from math import fsum, sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.checks import readable
from netwarp.errors import InputError, LimitError, in_a_line, shown

Array = NDArray[np.float64]

MAX_NUMBERS = 10_000_000  # of one input
# sine of the angle below which two directions are called one: rounding alone turns a float64 direction by about 1e-16
TURN = 1e-12


def numbers(value: object, what: str) -> Array:
    """`value` as a float64 array of finite numbers, of any shape. Errors: InputError naming `what`; LimitError."""
    try:
        found = np.asarray(readable(value))
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{what}: must be an array of numbers ({in_a_line(error)})") from error
    if found.dtype.kind not in "biuf":
        raise InputError(f"{what}={shown(value)}: must be an array of real numbers")
    with np.errstate(over="ignore"):
        found = found.astype(np.float64)
    wrong = found.size - int(np.isfinite(found).sum())
    if wrong:
        raise InputError(f"{what}: {wrong} of {found.size} numbers are NaN or infinite; all must be finite")
    return found


def flat(array: Array) -> Array:
    """(K,) read-only copy of one input. Errors: LimitError for more than 10^7 numbers."""
    if array.size > MAX_NUMBERS:
        raise LimitError(f"slice of {array.size:,} inputs: at most {MAX_NUMBERS:,} are allowed")
    found = np.array(array, dtype=np.float64).reshape(-1)
    found.setflags(write=False)
    return found


def length(a: Array) -> float:
    """The Euclidean length, rounded once, and so the same on every machine."""
    largest = float(np.abs(a).max(initial=0.0))
    if largest == 0.0:
        return 0.0
    # as a share of the largest, so that no square overflows
    return largest * sqrt(dot(a / largest, a / largest))


def dot(a: Array, b: Array) -> float:
    """The sum of products without an order of summation that a machine could choose."""
    return fsum((a * b).tolist())


def turned(u: Array, w: Array) -> tuple[Array, Array] | None:
    """Unit vectors: along `u`, and along what of `w` is at right angles to it; None where nothing is left of `w`."""
    long, other = length(u), length(w)
    if long == 0.0 or other == 0.0:
        return None
    along, whole = u / long, w / other
    rest = whole - dot(along, whole) * along
    # once more: the first time leaves rounding in the direction of u, which weighs where little is left
    rest -= dot(along, rest) * along
    left = length(rest)
    return None if left <= TURN else (along, rest / left)
