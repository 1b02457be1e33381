"""clamped: numbers between two bounds, by activations whose rounding does not grow with the distance of the bounds."""

from __future__ import annotations

import numpy as np

from netwarp.errors import UnsupportedError
from netwarp.models.graphs.builder import Builder
from netwarp.models.graphs.tensor import Array, Tensor

# a bound from here on is none: writers of files say so with float32's largest number
NO_BOUND = float(np.finfo(np.float32).max)
# z - bound is rounded as the bound is: past this size of it, z itself is part of the sum
FAR = 4096.0


def clamped(builder: Builder, given: Tensor, low: Array | float | None, high: Array | float | None) -> Tensor:
    """The numbers, at least `low` and at most `high`; where these cross, `high`.

    A bound is an array that is broadcast with the numbers, or None; from float32's largest number on it is none
    either. Each number is bent at its bounds and nowhere else. Errors: UnsupportedError for a bound that is NaN.
    """
    bottom, top = _bounds(low, high)
    below, above = bottom > -np.inf, top < np.inf
    held = below & above
    # in the middle of two bounds hardtanh has its 0, at one of them relu6: the nearer to 0, the less is rounded
    ends = np.where(np.abs(bottom) <= np.abs(top), bottom, top)
    middle = np.add(top, bottom, out=np.zeros(ends.shape), where=held) / 2
    centred = held & (np.abs(middle) <= np.abs(ends))
    nearest = np.where(centred, np.abs(middle), np.abs(ends))
    # the bounds are far, and 0 is between them: z + relu(low - z) - relu(z - high) is z itself between them
    apart = (nearest > FAR) & (bottom < 0) & (top > 0)
    ended, centred = held & ~apart & ~centred, centred & ~apart
    least, most = below & ~ended & ~centred, above & ~ended & ~centred

    sign = np.where(apart, -1.0, 1.0)
    half = np.subtract(top, bottom, out=np.zeros(ends.shape), where=held) / 2
    # from the nearer end to the other one
    way = np.where(ends == bottom, 2.0, -2.0) * half / 6
    bends = (
        ("hardtanh", centred, _inverse(half), middle, half, middle),
        ("relu6", ended, _inverse(way), ends, way, ends),
        ("relu", least, sign, bottom, np.ones(ends.shape), np.where(apart, 0.0, bottom)),
        ("relu", most, -sign, top, -np.ones(ends.shape), np.where(apart, 0.0, top)),
    )
    parts = [given if apart.all() else given.affine(apart.astype(np.float64))] if apart.any() else []
    for name, mask, steep, zero, gain, shift in bends:
        if mask.any():
            steep, zero, gain, shift = (np.where(mask, one, 0.0) for one in (steep, zero, gain, shift))
            parts.append(builder.activated(given.affine(steep, -steep * zero), name).affine(gain, shift))
    made = parts[0]
    for part in parts[1:]:
        made = builder.summed(made, part)
    return made


def _bounds(low: Array | float | None, high: Array | float | None) -> tuple[Array, Array]:
    """Both of one shape, infinite where there is none."""
    bottom = np.asarray(-np.inf if low is None else low, np.float64)
    top = np.asarray(np.inf if high is None else high, np.float64)
    if np.isnan(bottom).any() or np.isnan(top).any():
        raise UnsupportedError("clamps with a bound that is NaN")
    bottom = np.where(bottom <= -NO_BOUND, -np.inf, bottom)
    top = np.where(top >= NO_BOUND, np.inf, top)
    return np.minimum(bottom, top), np.broadcast_to(top, np.broadcast_shapes(bottom.shape, top.shape))


def _inverse(numbers: Array) -> Array:
    return np.divide(1.0, numbers, out=np.zeros(numbers.shape), where=numbers != 0)
