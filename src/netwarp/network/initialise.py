"""How single parameters are drawn: one stream of random numbers each, keyed by seed, path and name.

The base numbers (standard normal, or uniform between 0 and 1) are drawn first and scaled after, so that one seed gives
the same network under another gain, scale or shift. RandomState's streams are frozen for ever by numpy.
"""

# C output channels, I input channels, G groups, k kernel

from __future__ import annotations

from hashlib import sha256
from math import sqrt

import numpy as np

from netwarp.architecture.specs import Constant, Distribution, Initialiser, Normal
from netwarp.network.program import Array


def stream(seed: int, path: str, name: str) -> np.random.RandomState:
    """The stream of the parameter `name` of the layer at `path`: adding a layer elsewhere leaves it alone."""
    key = int.from_bytes(sha256(f"{seed}/{path}/{name}".encode()).digest(), "big")
    return np.random.RandomState(np.random.PCG64(key))


def spread(distribution: Distribution, count: int, random: np.random.RandomState) -> Array:
    """(count,) numbers of a distribution, one a channel."""
    if isinstance(distribution, Constant):
        return np.full(count, distribution.value)
    # what is beyond float64 becomes infinite, and is refused by the parameter's name
    with np.errstate(over="ignore", invalid="ignore"):
        if isinstance(distribution, Normal):
            return distribution.mean + distribution.std * random.standard_normal(count)
        return distribution.low + (distribution.high - distribution.low) * random.random_sample(count)


def weights(
    initialiser: Initialiser, shape: tuple[int, int, int, int], groups: int, random: np.random.RandomState
) -> Array:
    """(C, I / G, k, k) weights. fan_in is I / G k^2 and fan_out C / G k^2: what one channel reads, and what reads one.

    orthogonal: the matrix (C, I / G k^2) has orthonormal rows, or columns where these are fewer; all groups together.
    """
    if initialiser.name == "orthogonal":
        return initialiser.gain * _orthogonal(
            random.standard_normal((shape[0], shape[1] * shape[2] * shape[3]))
        ).reshape(shape)
    if initialiser.name == "uniform":
        with np.errstate(over="ignore", invalid="ignore"):
            return initialiser.gain * _width(initialiser) * (2 * random.random_sample(shape) - 1)
    window = shape[2] * shape[3]
    fan_in, fan_out = shape[1] * window, shape[0] // groups * window
    # sqrt is rounded correctly everywhere, a power is not
    std = {
        "he": sqrt(2 / fan_in),
        "xavier": sqrt(2 / (fan_in + fan_out)),
        "lecun": sqrt(1 / fan_in),
        "normal": _width(initialiser),
    }[initialiser.name]
    base: Array = random.standard_normal(shape)
    with np.errstate(over="ignore", invalid="ignore"):
        return initialiser.gain * std * base


def _width(initialiser: Initialiser) -> float:
    return 1.0 if initialiser.parameter is None else initialiser.parameter


def _orthogonal(base: Array) -> Array:
    wide = base.shape[0] < base.shape[1]
    q, r = np.linalg.qr(base.T if wide else base)
    # the sign makes it unique, and uniform over the orthogonal matrices
    signed: Array = q * np.where(np.diagonal(r) < 0, -1.0, 1.0)
    return signed.T.copy() if wide else signed
