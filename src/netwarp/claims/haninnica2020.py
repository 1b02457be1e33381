"""Logarithms of gradients are normal: Hanin and Nica (2018, 2020).

"Products of Many Large Random Matrices and Gradients in Deep Neural Networks", arXiv:1812.05994: of a ReLU network with
He's weights ln |J u|^2 is close to N(-b / 2, b), b = 5 sum 1 / n over the layers for Gaussian weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
from scipy.special import ndtr

from netwarp.claims.checks import judge, less, within
from netwarp.claims.estimates import distance_of, mean_of, variance_of
from netwarp.claims.products import Array, squares
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.words import said
from netwarp.progress import Progress

RATE = 5.0
NETWORKS = {"[64] * 16": (64,) * 16, "[40, 80] * 8": (40, 80) * 8}
APART = 0.1


@claim(
    number=28,
    name="log-gradients-are-normal",
    statement=(
        "The logarithm of the squared gradient of a deep ReLU network with He's weights is normally distributed over "
        "networks, with variance 5 sum 1 / n over its layers and minus half of that as its mean."
    ),
    source="Hanin and Nica 2020, arXiv:1812.05994, doi:10.1007/s00220-019-03624-z",
    basis="stated",
    setup=(
        "ReLU networks without biases of 16 layers: of 64 units, and of 40 and 80 in turn; ln |J u|^2 of a unit vector "
        "u under the derivative at one input, times inputs over outputs, over networks."
    ),
    expected="variance 1.25 and 1.5, mean -0.625 and -0.75; within 0.1 of that normal distribution (Kolmogorov)",
    tolerance="15% of the variance and of the mean: what is left out is of the order of sum 1 / n^2; 0.1 is ours",
)
def log_gradients_are_normal(quick: bool, progress: Progress) -> Finding:
    networks = 2000 if quick else 8000
    found = {
        # of J times the root of inputs over outputs, so that its mean square is 1
        name: np.log(squares((widths[0], *widths), networks, progress, seed=30 + place)[:, -1] * widths[0] / widths[-1])
        for place, (name, widths) in enumerate(NETWORKS.items())
    }
    statements = []
    for (name, widths), logs in zip(NETWORKS.items(), found.values(), strict=True):
        spread = _spread(widths)
        statements += [
            within(f"variance, {name}", spread, 0.15, variance_of(logs)),
            within(f"mean, {name}", -spread / 2, 0.15, mean_of(logs)),
            less(f"distance from the normal distribution, {name}", APART, distance_of(logs, _normal(spread))),
        ]
    checks = judge(statements)
    grid = np.linspace(-5, 3, 81)
    series = [
        Series(name, tuple(grid.tolist()), tuple(np.mean(logs[:, None] <= grid, axis=0).tolist()))
        for name, logs in found.items()
    ]
    laws = [
        Series(f"normal, {name}", tuple(grid.tolist()), tuple(_normal(_spread(widths))(grid).tolist()), reference=True)
        for name, widths in NETWORKS.items()
    ]
    plot = Plot((*series, *laws), "ln |J u|^2", "share of networks below")
    measured = "; ".join(
        f"{name}: variance {said(checks[3 * place], 3)}, mean {said(checks[3 * place + 1], 3)}, distance "
        f"{checks[3 * place + 2].measured:.2g}"
        for place, name in enumerate(NETWORKS)
    )
    return Finding(measured, checks, plot)


def _spread(widths: Sequence[int]) -> float:
    return RATE * sum(1 / width for width in widths)


def _normal(spread: float) -> Callable[[Array], Array]:
    def below(x: Array) -> Array:
        return np.asarray(ndtr((x + spread / 2) / sqrt(spread)))

    return below
