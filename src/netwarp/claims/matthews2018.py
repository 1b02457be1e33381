"""Wide deep networks are Gaussian processes: Lee et al. (2018) and Matthews et al. (2018).

Lee, Bahri, Novak, Schoenholz, Pennington and Sohl-Dickstein, "Deep Neural Networks as Gaussian Processes",
arXiv:1711.00165; Matthews, Rowland, Hron, Turner and Ghahramani, "Gaussian Process Behaviour in Wide Deep Neural
Networks", arXiv:1804.11271: over its weights the outputs of a network at several inputs tend to a Gaussian distribution
as its layers grow wide, its covariance being the kernel of that depth. A narrow network is not there yet.
"""

# C networks

from __future__ import annotations

from functools import partial
from math import atanh, radians, sqrt, tanh

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from netwarp.claims.checks import judge, less, more, near
from netwarp.claims.chosaul2009 import kernel
from netwarp.claims.estimates import Estimate, distance_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import said
from netwarp.measures.intervals import Interval
from netwarp.progress import Progress
from netwarp.study.seeds import over

Array = NDArray[np.float64]

DEPTH, WIDE, NARROW = 3, 128, 3
TOGETHER = 100
ANGLE = 60.0
CLOSE = 0.05


@claim(
    number=48,
    name="wide-networks-are-gaussian-processes",
    statement=(
        "Over its random weights the outputs of a wide deep network at two inputs are jointly Gaussian, with the "
        "kernel of its depth as their correlation; those of a narrow one are not."
    ),
    source="Lee et al. 2018, arXiv:1711.00165; Matthews et al. 2018, arXiv:1804.11271",
    basis="stated",
    setup=(
        "ReLU networks of three layers of 128 and of 3 units, He's weights, no biases, one output, at two inputs 60 "
        "degrees apart; Kolmogorov's distance from N(0, 1) of the output at one of them, and of the difference of "
        "both, each over its deviation; their correlation."
    ),
    expected="128 units: distances below 0.05, correlation within 0.03 of 0.7381; 3 units: distance above 0.05",
    tolerance="0.03 of the correlation; the two distances are ours",
)
def wide_networks_are_gaussian(quick: bool, progress: Progress) -> Finding:
    networks = 6000 if quick else 20_000
    wide, narrow = (_outputs(width, networks, progress) for width in (WIDE, NARROW))
    c = float(np.cos(radians(ANGLE)))
    for _ in range(DEPTH):
        c = kernel(c)
    apart = sqrt(2 - 2 * c)
    checks = judge(
        less(f"distance from N(0, 1), {WIDE} units", CLOSE, distance_of(wide[:, 0], _normal)),
        less(
            f"the same of the difference, {WIDE} units", CLOSE, distance_of((wide[:, 0] - wide[:, 1]) / apart, _normal)
        ),
        near(f"correlation of the outputs, {WIDE} units", c, 0.03, _correlation_of(wide)),
        more(f"distance from N(0, 1), {NARROW} units", CLOSE, distance_of(narrow[:, 0], _normal)),
    )
    grid = np.linspace(-3, 3, 61)
    plot = Plot(
        (
            *(
                Series(f"{width} units", tuple(grid.tolist()), tuple(float((one[:, 0] <= x).mean()) for x in grid))
                for width, one in ((WIDE, wide), (NARROW, narrow))
            ),
            Series("N(0, 1)", tuple(grid.tolist()), tuple(_normal(grid).tolist()), reference=True),
        ),
        "output over the root of its variance",
        "share of networks below",
    )
    return Finding("; ".join(f"{one.what} {said(one, 3)}" for one in checks), checks, plot)


def _correlation_of(pairs: Array) -> Estimate:
    """The correlation of (C, 2) values, by Fisher's transform of it: they are nearly Gaussian, and many."""
    found = float(np.corrcoef(pairs[:, 0], pairs[:, 1])[0, 1])

    def at(level: float) -> Interval:
        half = float(ndtri((1 + level) / 2)) / sqrt(len(pairs) - 3)
        return Interval(found, tanh(atanh(found) - half), tanh(atanh(found) + half))

    return at


def _normal(x: Array) -> Array:
    return np.asarray(ndtr(x))


def _outputs(width: int, networks: int, progress: Progress) -> Array:
    """(C, 2) outputs at the two inputs, of variance 1."""
    parts = over(partial(_part, width), range(networks // TOGETHER), progress)
    return np.concatenate(parts)


def _part(width: int, seed: int) -> Array:
    random = stream(10_000 * width + seed)
    turned = radians(ANGLE)
    h = np.zeros((TOGETHER, 2, 2))
    h[:] = [[1.0, np.cos(turned)], [0.0, np.sin(turned)]]
    # |x|^2 = 1 in the input: a first layer of He's weights keeps half of it on, twice over
    for _ in range(DEPTH):
        weights = random.standard_normal((TOGETHER, width, h.shape[1])) * sqrt(2 / width)
        h = np.maximum(weights @ h, 0)
    return np.asarray((random.standard_normal((TOGETHER, 1, width)) @ h)[:, 0])
