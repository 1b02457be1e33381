"""Where order meets chaos: Schoenholz, Gilmer, Ganguli and Sohl-Dickstein (2017), "Deep Information Propagation".

arXiv:1611.01232; the critical line is that of Poole et al. 2016, arXiv:1606.05340.
"""

from __future__ import annotations

import numpy as np

from netwarp.claims.checks import judge, verdict, within
from netwarp.claims.estimates import factor, mean_of
from netwarp.claims.lengths import Array, Case, lengths
from netwarp.claims.registry import Finding, Plot, Progress, claim
from netwarp.claims.seeds import over
from netwarp.claims.words import points, said
from netwarp.theory import meanfield

WIDTH = 500
# (activation, sigma_b, the sigma_w looked through, the side of the square): without biases tanh and erf let every size
# fade to 0 where they are critical, and what they do to a small square about the origin is what they do there
LINES = (
    ("relu", 0.0, (1.2, 1.35, 1.5, 1.65), 1.0),
    ("tanh", 0.0, (0.8, 0.95, 1.1, 1.25), 1e-3),
    ("erf", 0.0, (0.7, 0.85, 1.0, 1.15), 1e-3),
    ("tanh", 0.3, (1.2, 1.35, 1.5, 1.65), 1.0),
)


@claim(
    number=5,
    name="critical-lines",
    statement=(
        "Gradients neither grow nor vanish on one line of weights and biases, where order meets chaos: without biases "
        "it is at sigma_w^2 = 2 for ReLU (He's weights), sigma_w = 1 for tanh and sigma_w^2 = pi / 4 for erf."
    ),
    source="Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232",
    basis="follows",
    setup=(
        "Layers of 500 units; the growth of |dz/dx| over the late layers at four sigma_w, the same weights scaled, "
        "and where a parabola through its logarithm crosses 0. For tanh and erf without biases about the origin, their "
        "fixed point; for tanh also with biases of standard deviation 0.3."
    ),
    expected="sigma_w = 1.414 (ReLU), 1 (tanh), 0.886 (erf); with biases the zero of mean field theory's chi_1 - 1",
    tolerance="2% of sigma_w",
)
def critical_lines(quick: bool, progress: Progress) -> Finding:
    depth, seeds, late = (16, 12, 6) if quick else (20, 24, 7)
    cases = [Case(act, weight, bias, side) for act, bias, weights, side in LINES for weight in weights]
    found = np.array(over(lambda seed: lengths(cases, WIDTH, depth, seed), range(seeds), progress))
    # (lines, sigma_w, seeds)
    logs = ((found[:, :, -1] - found[:, :, late]) / (depth - 1 - late)).T.reshape(len(LINES), -1, seeds)
    names = [f"{act}, sigma_b = {bias:g}" for act, bias, _, _ in LINES]
    theory = [meanfield.critical(act, bias) for act, bias, _, _ in LINES]
    crossings = [
        [_crossing(weights, growth) for growth in grown.T]
        for (_, _, weights, _), grown in zip(LINES, logs, strict=True)
    ]
    checks = judge(
        [
            within(f"critical sigma_w, {name}", expected, 0.02, mean_of(one))
            for name, expected, one in zip(names, theory, crossings, strict=True)
        ]
    )
    plot = Plot(
        tuple(
            points(name, weights, [factor(step) for step in grown])
            for name, (_, _, weights, _), grown in zip(names, LINES, logs, strict=True)
        ),
        "sigma_w",
        "growth of |dz/dx| a layer",
        lines=(1.0,),
    )
    measured = ", ".join(f"{said(one)} ({name})" for name, one in zip(names, checks, strict=True))
    return Finding(measured, verdict(checks), checks, plot)


def _crossing(weights: tuple[float, ...], growth: Array) -> float:
    """The sigma_w at which a parabola through log growth over log sigma_w is 0, nearest to the middle."""
    x = np.log(weights)
    roots = np.roots(np.polyfit(x, growth, 2))
    real = roots[np.abs(roots.imag) < 1e-9].real
    return float(np.exp(real[np.argmin(np.abs(real - x.mean()))]))
