"""Expectations over Gaussian variables, by Gauss-Legendre panels broken where the integrand is not smooth.

Adaptive quadrature of the same integrals takes some hundred times as long; tests hold these to scipy's to 1e-10.
"""

# M cases computed at once, N nodes each

from __future__ import annotations

from functools import lru_cache
from math import ceil, inf, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.architecture.specs import Constant, Distribution, Normal, Uniform
from netwarp.errors import LimitError
from netwarp.theory.activations import Pointwise

Array = NDArray[np.float64]

# deviations from the mean: the density there is 2e-19 of its peak
REACH = 9.3
# nodes of a panel, and how wide one is at most, in deviations; and of a drawn scale's or shift's
ORDER, WIDEST = 16, 1.6
OUTER, OUTER_WIDEST = 8, 2.0
# panels grow by this factor away from where a function bends
STEP = 3.0
# panels of a drawn scale or shift; only a wave of very many periods has more
PANELS = 4000
# radians: what varies by more on average leaves nothing of a wave, exp(-this^2 / 2) of its amplitude
DROWNED = 10.0
# numbers held at once
BLOCK = 1 << 20


def moments(phi: Pointwise, scale: ArrayLike, shift: ArrayLike) -> tuple[Array, Array]:
    """E and Var of phi(scale z + shift), z standard normal; for M scales and shifts at once, each (M,).

    The variance is of phi less its mean, not a difference of two large numbers.
    """
    s, m = _pairs(scale, shift)
    mean, variance = np.empty_like(s), np.empty_like(s)
    for part, u, weights in _blocks(phi, s, m):
        values = phi.value(u)
        mean[part] = (values * weights).sum(axis=1)
        variance[part] = ((values - mean[part, None]) ** 2 * weights).sum(axis=1)
    return mean, variance


def squared_slope(phi: Pointwise, scale: ArrayLike, shift: ArrayLike) -> Array:
    """(M,) E[phi'(scale z + shift)^2]. Errors: UnsupportedError for step."""
    slope = phi.derivative()
    s, m = _pairs(scale, shift)
    found = np.empty_like(s)
    for part, u, weights in _blocks(phi, s, m):
        found[part] = (slope(u) ** 2 * weights).sum(axis=1)
    return found


def mean_slope(phi: Pointwise, scale: ArrayLike, shift: ArrayLike) -> Array:
    """(M,) E[phi'(scale z + shift)]. Errors: UnsupportedError for step."""
    slope = phi.derivative()
    s, m = _pairs(scale, shift)
    found = np.empty_like(s)
    for part, u, weights in _blocks(phi, s, m):
        found[part] = (slope(u) * weights).sum(axis=1)
    return found


def normal_nodes(
    mean: float, std: float, breaks: tuple[float, ...], finest: float, widest: float = inf
) -> tuple[Array, Array]:
    """(N,) nodes and weights of a normal variable, for a function that bends over `finest` at the breaks.

    Panels shrink to `finest` towards them, grow away from them, and are nowhere over `widest`. Errors: LimitError.
    """
    marks = (_around(breaks, finest, REACH * std + abs(mean)) - mean) / std
    base = np.linspace(-REACH, REACH, _count(2 * REACH * std, min(OUTER_WIDEST * std, widest)) + 1)
    edges = np.unique(np.clip(np.concatenate((base, marks)), -REACH, REACH))
    z, weights = _panels(edges[None], OUTER)
    weights = weights[0] * np.exp(-(z[0] ** 2) / 2)
    return mean + std * z[0], weights / weights.sum()


def nodes_of(
    distribution: Distribution, breaks: tuple[float, ...], finest: float, widest: float = inf
) -> tuple[Array, Array]:
    """(N,) nodes and weights of a scale's or a shift's distribution; as `normal_nodes`."""
    if isinstance(distribution, Constant):
        return np.array([distribution.value]), np.ones(1)
    if isinstance(distribution, Normal):
        if distribution.std == 0:
            return np.array([distribution.mean]), np.ones(1)
        return normal_nodes(distribution.mean, distribution.std, breaks, finest, widest)
    assert isinstance(distribution, Uniform)
    low, high = distribution.low, distribution.high
    if low == high:
        return np.array([low]), np.ones(1)
    inner = _around(breaks, finest, high - low)
    edges = np.unique(
        np.clip(
            np.concatenate((np.linspace(low, high, _count(high - low, min((high - low) / 4, widest)) + 1), inner)),
            low,
            high,
        )
    )
    nodes, weights = _panels(edges[None], OUTER)
    return nodes[0], weights[0] / (high - low)


def _count(length: float, widest: float) -> int:
    count = ceil(length / widest)
    if count > PANELS:
        raise LimitError(
            f"a drawn scale or shift spans {count / 3:,.0f} periods of the wave, at most {PANELS // 3:,} are allowed; "
            "take a narrower distribution"
        )
    return count


def _blocks(phi: Pointwise, s: Array, m: Array) -> list[tuple[slice, Array, Array]]:
    # as many cases at once as fit in memory; the largest has the most panels
    if not len(s):
        return []
    if phi.period is not None:
        s = np.minimum(np.abs(s), DROWNED * phi.period / (2 * pi))
    widest = _edges(phi, np.abs(s).max(keepdims=True), np.abs(m).max(keepdims=True))
    size = max(1, BLOCK // (ORDER * widest.shape[1]))
    parts = [slice(i, min(i + size, len(s))) for i in range(0, len(s), size)]
    return [(part, *_nodes(phi, s[part], m[part])) for part in parts]


def _nodes(phi: Pointwise, s: Array, m: Array) -> tuple[Array, Array]:
    """(M, N) nodes u = s z + m, and weights of z's density."""
    if phi.period is not None:
        s = np.minimum(np.abs(s), DROWNED * phi.period / (2 * pi))
    z, weights = _panels(_edges(phi, s, m), ORDER)
    weights *= np.exp(-z * z / 2) / sqrt(2 * pi)
    # what was cut off and rounding: probabilities add up to 1
    weights /= weights.sum(axis=1, keepdims=True)
    return s[:, None] * z + m[:, None], weights


def _edges(phi: Pointwise, s: Array, m: Array) -> Array:
    """(M, P + 1) ascending panel ends in z, some panels empty, so that every case has as many."""
    largest = float(np.abs(s).max(initial=0))
    even = ceil(2 * REACH / WIDEST)
    if phi.period is not None:
        # a third of a period each: 16 nodes then integrate a wave to rounding
        even = max(even, ceil(6 * REACH * largest / phi.period))
    base = np.linspace(-REACH, REACH, even + 1)
    centres = phi.kinks or ((0.0,) if phi.width < inf else ())
    marks = _around(centres, phi.width, REACH * largest + float(np.abs(m).max(initial=0)))
    with np.errstate(divide="ignore", invalid="ignore"):
        mapped = np.clip(np.nan_to_num((marks[None] - m[:, None]) / s[:, None]), -REACH, REACH)
    every = np.concatenate((np.broadcast_to(base, (len(s), len(base))), mapped), axis=1)
    return np.sort(every, axis=1)


def _around(centres: tuple[float, ...], finest: float, reach: float) -> Array:
    """The centres and, growing by STEP from `finest` on, points on both their sides, up to `reach` away."""
    if finest == inf or not centres:
        return np.array(centres)
    steps = [0.0]
    distance = finest
    while distance < reach:
        steps.append(distance)
        distance *= STEP
    ladder = np.array(steps)
    return np.unique(np.concatenate([np.concatenate((c - ladder, c + ladder)) for c in centres]))


@lru_cache(maxsize=2)
def _rule(order: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return nodes, weights


def _panels(edges: Array, order: int) -> tuple[Array, Array]:
    """(M, P * order) Gauss-Legendre nodes and weights of the panels between the (M, P + 1) edges."""
    nodes, weights = _rule(order)
    low, half = edges[:, :-1, None], np.diff(edges, axis=1)[:, :, None] / 2
    shape = (len(edges), -1)
    return (low + half * (1 + nodes)).reshape(shape), (half * weights).reshape(shape)


def _pairs(scale: ArrayLike, shift: ArrayLike) -> tuple[Array, Array]:
    s, m = np.broadcast_arrays(np.asarray(scale, dtype=np.float64), np.asarray(shift, dtype=np.float64))
    return s.reshape(-1).copy(), m.reshape(-1).copy()
