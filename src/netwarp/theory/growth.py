"""How fast the squared gradient of a wide normalised network grows with depth: the factor of one layer, lambda.

A layer takes every channel to mean 0 and variance 1, scales it by gamma, shifts it by beta and applies phi. With z ~
N(0, 1) for what the normalisation gives,

    lambda(gamma, beta) = gamma^2 E[phi'(gamma z + beta)^2] / Var[phi(gamma z + beta)].

The numerator is what the layer does to the squared gradient, the denominator what the next normalisation divides by.
What is random: z, over the batch (or over the plane), for each channel on its own; the variance is that over the batch,
about the channel's own mean, never over channels. Where gamma and beta are drawn, once a channel, the next layer mixes
many channels: both numerator and denominator are then averaged over them, and lambda is the ratio of the two averages,
not the average of ratios.

Exact in the limit of wide layers over large independent Gaussian batches, the gradient through the statistics included
(Yang, Pennington, Rao, Sohl-Dickstein and Schoenholz 2019, "A Mean Field Theory of Batch Normalization",
arXiv:1902.08129). On a plane neighbouring pixels are correlated, and a calibrated Field departs from it.
"""

# M scales and shifts at once

from __future__ import annotations

from functools import lru_cache
from math import acos, inf, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netwarp.architecture.notation import read_distribution
from netwarp.architecture.specs import Activation, Constant, Distribution, Uniform, distribution
from netwarp.errors import InputError
from netwarp.theory.activations import mixture, to_activation
from netwarp.theory.expectation import moments, nodes_of, squared_slope

Array = NDArray[np.float64]

# below this share of the mean square the variance is rounding of the function itself
SMALLEST = 1e-20
# scales and shifts past this have squares beyond float64's range
LARGEST = 1e100
# drawn scales and shifts: panels shrink to this towards where the channel's function changes its shape
FINEST = 0.05
# pairs of a scale and a shift less likely than this are left out
UNHEARD = 1e-14


def factor(
    activation: Activation | str, scale: Distribution | float | str = 1.0, shift: Distribution | float | str = 0.0
) -> float:
    """lambda: the squared gradient's growth in a layer, as a factor. 1.467 = pi / (pi - 1) for relu without shift.

    `scale` and `shift` are numbers, distributions or their texts, as in "normal(2)". Relative accuracy 1e-10, for drawn
    ones 1e-8. Errors: InputError where the layer is constant; UnsupportedError for step, which has no derivative.

    >>> round(nw.theory.growth.factor("relu"), 3)
    1.467
    >>> round(nw.theory.growth.factor("relu", scale=3, shift="normal(2)"), 3)
    1.35
    >>> nw.theory.growth.factor("relu", scale=0)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: activation relu at scale 0, shift 0: its values do not vary, ...
    """
    return _factor(to_activation(activation), _distribution("scale", scale), _distribution("shift", shift))


def factors(activation: Activation | str, scales: ArrayLike, shifts: ArrayLike) -> Array:
    """lambda of constant scales and shifts, broadcast against each other: an array of their shape, for a map.

    NaN where the layer is constant: scale 0, or a unit so far off or so saturated that nothing is left of it.
    Errors: InputError for numbers that are not finite; UnsupportedError for step.

    >>> nw.theory.growth.factors("tanh", [[0.5], [1]], [0, 1]).round(3)
    array([[1.034, 1.146],
           [1.178, 1.279]])
    >>> nw.theory.growth.factors("tanh", [], []).shape
    (0,)
    >>> nw.theory.growth.factors("step", [1], [0])
    Traceback (most recent call last):
        ...
    netwarp.errors.UnsupportedError: activation step: has no derivative that an expectation could hold, ...
    """
    s, m = np.broadcast_arrays(np.asarray(scales, dtype=np.float64), np.asarray(shifts, dtype=np.float64))
    if not ((np.abs(s) <= LARGEST).all() and (np.abs(m) <= LARGEST).all()):
        raise InputError(f"factors scales, shifts: must be finite numbers, up to {LARGEST:g}")
    above, below, constant = _parts(to_activation(activation), s.reshape(-1), m.reshape(-1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(constant, np.nan, above / below).reshape(s.shape)


def batch_linear(batch: int) -> float:
    """lambda of linear layers normalised over a batch of B: (B - 2) / (B - 3), width to infinity.

    Yang et al. 2019, arXiv:1902.08129. Errors: InputError for a batch under 4.

    >>> nw.theory.growth.batch_linear(8)
    1.2
    >>> nw.theory.growth.batch_linear(3)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: batch=3: must be a whole number, at least 4; of fewer the factor is infinite
    """
    b = _batch(batch)
    return (b - 2) / (b - 3)


def batch_relu(batch: int) -> float:
    """lambda of ReLU layers, scale 1 and shift 0, normalised over a batch of B; pi / (pi - 1) for a large one.

    At the fixed point of wide layers the batch of any two units' values has covariance v (I - 1 1^T / B), with v = (1 -
    J1) / 2, and so has the gradient. With c = -1 / (B - 1) the correlation of two of the batch, J1 = (sqrt(1 - c^2) +
    (pi - arccos c) c) / pi and p = (pi - arccos c) / (2 pi) that both are positive:
    lambda = B t / (v (B - 3) (B - 1)), t = (B - 2) / 2 - (B / 2 - 1 - (B - 1) (p + J1 / 2)) / B.
    The fixed point is that of Yang et al. 2019, arXiv:1902.08129. Errors: InputError for a batch under 4.

    >>> round(nw.theory.growth.batch_relu(8), 3)
    1.788
    >>> nw.theory.growth.batch_relu(3)
    Traceback (most recent call last):
        ...
    netwarp.errors.InputError: batch=3: must be a whole number, at least 4; of fewer the factor is infinite
    """
    b = _batch(batch)
    c = -1 / (b - 1)
    j = (sqrt(1 - c * c) + (pi - acos(c)) * c) / pi
    p = (pi - acos(c)) / (2 * pi)
    v = (1 - j) / 2
    t = (b - 2) / 2 - (b / 2 - 1 - (b - 1) * (p + j / 2)) / b
    return b * t / (v * (b - 3) * (b - 1))


@lru_cache(maxsize=4096)
def _factor(activation: Activation, scale: Distribution, shift: Distribution) -> float:
    about = _typical(scale)
    _, phi = mixture(activation)[0]
    # the average over z bends over a distance of the scale at kinks, and where it has none as phi itself does; a wave
    # does so everywhere
    finest = min(FINEST * about if phi.kinks else inf, phi.width)
    widest = inf if phi.period is None else phi.period / 3
    s, ws = nodes_of(scale, (0.0,), finest, widest)
    m, wm = nodes_of(shift, phi.kinks or (0.0,), finest, widest)
    weights = np.outer(ws, wm)
    heard = weights > UNHEARD
    grid_s, grid_m = (np.broadcast_to(one, weights.shape)[heard] for one in (s[:, None], m))
    weights = weights[heard]
    above, below, constant = _parts(activation, grid_s, grid_m)
    if constant.all():
        raise InputError(
            f"activation {activation} at scale {scale}, shift {shift}: its values do not vary, so nothing can be "
            "normalised; take another scale or shift"
        )
    return float((weights * above).sum() / (weights * below).sum())


def _parts(activation: Activation, s: Array, m: Array) -> tuple[Array, Array, NDArray[np.bool_]]:
    """(M,) gamma^2 E[phi'^2] and Var[phi], and where the variance is nothing but rounding."""
    above, below, size = np.zeros(len(s)), np.zeros(len(s)), np.zeros(len(s))
    for probability, phi in mixture(activation):
        above += probability * s * s * squared_slope(phi, s, m)
        mean, variance = moments(phi, s, m)
        below += probability * variance
        size += probability * mean * mean
    return above, below, below <= SMALLEST * (below + size)


def _typical(scale: Distribution) -> float:
    if isinstance(scale, Constant):
        return abs(scale.value) or 1.0
    if isinstance(scale, Uniform):
        return max(abs(scale.low), abs(scale.high)) or 1.0
    return abs(scale.mean) + scale.std or 1.0


def _distribution(what: str, value: Distribution | float | str) -> Distribution:
    found = distribution(f"growth {what}", read_distribution(value) if isinstance(value, str) else value)
    if _typical(found) > LARGEST:
        raise InputError(f"growth {what}={found}: numbers up to {LARGEST:g} are taken; choose smaller ones")
    return found


def _batch(batch: int) -> int:
    given: object = batch  # whatever the annotation says
    if isinstance(given, bool) or not isinstance(given, int) or batch < 4:
        raise InputError(f"batch={batch!r}: must be a whole number, at least 4; of fewer the factor is infinite")
    return batch
