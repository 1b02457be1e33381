"""Curves grow exponentially with depth in the chaotic phase: Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli (2016).

"Exponential expressivity in deep neural networks through transient chaos", arXiv:1606.05340.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from netwarp.claims.checks import judge, verdict, within
from netwarp.claims.estimates import factor, factor_of
from netwarp.claims.lengths import Case, lengths
from netwarp.claims.registry import Finding, Plot, Progress, claim
from netwarp.claims.seeds import over
from netwarp.claims.words import points, said
from netwarp.theory import meanfield

WIDTH, BIAS = 1000, 0.3
WEIGHTS = (1.3, 2.5, 4.0)


@claim(
    number=4,
    name="lengths-follow-chi",
    statement=(
        "Without normalisation, each late layer of a wide random network multiplies the length of a curve by the root "
        "of chi_1 = sigma_w^2 E[phi'^2] at the fixed point: curves shrink in the ordered phase and grow exponentially "
        "in the chaotic one."
    ),
    source="Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli 2016, arXiv:1606.05340",
    basis="stated",
    setup=(
        "tanh layers of 1,000 units, biases of standard deviation 0.3, weights of sigma_w = 1.3, 2.5 and 4; lengths "
        "of lines across the plane, by their derivative; geometric mean over the layers after the eighth."
    ),
    expected="sqrt(chi_1) = 0.969, 1.259 and 1.539 a layer",
    tolerance="2%",
)
def lengths_follow_chi(quick: bool, progress: Progress) -> Finding:
    depth, seeds, late = (16, 8, 7) if quick else (20, 32, 7)
    cases = [Case("tanh", weight, BIAS) for weight in WEIGHTS]
    found = np.array(over(lambda seed: lengths(cases, WIDTH, depth, seed), range(seeds), progress)).swapaxes(0, 1)
    theory = [sqrt(meanfield.chi("tanh", weight, BIAS)) for weight in WEIGHTS]
    growths = [(logs[:, -1] - logs[:, late]) / (depth - 1 - late) for logs in found]
    checks = judge(
        [
            within(f"length ratio a layer, sigma_w = {weight:g}", expected, 0.02, factor_of(growth))
            for weight, expected, growth in zip(WEIGHTS, theory, growths, strict=True)
        ]
    )
    layers = list(range(2, depth + 1))
    plot = Plot(
        tuple(
            points(f"sigma_w = {weight:g}", layers, [factor(step) for step in np.diff(logs, axis=1).T])
            for weight, logs in zip(WEIGHTS, found, strict=True)
        ),
        "layer",
        "length over that of the layer before",
        lines=tuple(theory),
    )
    measured = ", ".join(f"{said(one)} at {weight:g}" for weight, one in zip(WEIGHTS, checks, strict=True))
    return Finding(measured, verdict(checks), checks, plot)
