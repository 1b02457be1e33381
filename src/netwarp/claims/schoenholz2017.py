"""Where order meets chaos: Schoenholz, Gilmer, Ganguli and Sohl-Dickstein (2017), "Deep Information Propagation".

arXiv:1611.01232; the critical line is that of Poole et al. 2016, arXiv:1606.05340.
"""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from netwarp.claims.checks import judge, within
from netwarp.claims.estimates import factor, jackknife_of, mean, mean_of
from netwarp.claims.lengths import Array, Case, lengths
from netwarp.claims.registry import Finding, Plot, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import points, said
from netwarp.progress import Progress
from netwarp.study.seeds import over
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

# the weights that correlations are followed at, from where they start for so many layers
DEEP, DEEP_BIAS, DEEP_WIDTH, LAYERS = (1.1, 2.5, 4.0), 0.3, 1000, 5


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
    found = np.array(over(partial(lengths, cases, WIDTH, depth), range(seeds), progress))
    # (lines, sigma_w, seeds)
    logs = ((found[:, :, -1] - found[:, :, late]) / (depth - 1 - late)).T.reshape(len(LINES), -1, seeds)
    names = [f"{act}, sigma_b = {bias:g}" for act, bias, _, _ in LINES]
    theory = [meanfield.critical(act, bias) for act, bias, _, _ in LINES]
    crossings = [
        [_crossing(weights, growth) for growth in grown.T]
        for (_, _, weights, _), grown in zip(LINES, logs, strict=True)
    ]
    checks = judge(
        within(f"critical sigma_w, {name}", expected, 0.02, mean_of(one))
        for name, expected, one in zip(names, theory, crossings, strict=True)
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
    return Finding(measured, checks, plot)


@claim(
    number=32,
    name="correlations-have-a-depth",
    statement=(
        "The correlation of two inputs approaches its fixed point c* exponentially with depth, within a number of "
        "layers xi_c that mean field theory gives: |c - c*| falls as exp(-l / xi_c), in order and in chaos."
    ),
    source="Schoenholz, Gilmer, Ganguli and Sohl-Dickstein 2017, arXiv:1611.01232",
    basis="stated",
    setup=(
        "tanh layers of 1,000 units, biases of standard deviation 0.3, weights of sigma_w = 1.1, 2.5 and 4; sixteen "
        "inputs of variance q*, of correlation c* + 0.2 (or 0.8 where c* is 1); correlations averaged over pairs, "
        "the factor by which their mean over seeds approaches c* a layer, over five layers."
    ),
    expected="exp(-1 / xi_c)",
    tolerance="5%: the law is that of small differences",
)
def correlations_have_a_depth(quick: bool, progress: Progress) -> Finding:
    seeds = 12 if quick else 60
    found = np.array(over(_correlations, range(seeds), progress)).swapaxes(0, 1)
    statements = []
    fixed = [_fixed(weight)[1] for weight in DEEP]
    for weight, c, logs in zip(DEEP, fixed, found, strict=True):
        law = float(np.exp(-1 / meanfield.depth("tanh", weight, DEEP_BIAS)))
        statements.append(
            within(
                f"factor a layer, sigma_w = {weight:g}",
                law,
                0.05,
                jackknife_of(partial(_mean_approach, c), logs),
            )
        )
    checks = judge(statements)
    layers = range(LAYERS + 1)
    plot = Plot(
        tuple(
            points(f"sigma_w = {weight:g}", layers, [mean(np.abs(step - c)) for step in values.T])
            for weight, c, values in zip(DEEP, fixed, found, strict=True)
        ),
        "layers on",
        "|c - c*|",
        y_log=True,
    )
    measured = ", ".join(f"{said(one)} at {weight:g}" for weight, one in zip(DEEP, checks, strict=True))
    return Finding(measured, checks, plot)


@lru_cache
def _fixed(weight: float) -> tuple[float, float]:
    """The variance and the correlation that layers approach, q* and c*."""
    return meanfield.variance("tanh", weight, DEEP_BIAS), meanfield.correlation("tanh", weight, DEEP_BIAS)


def _mean_approach(fixed: float, correlations: Array) -> float:
    return _approach(correlations.mean(axis=0), fixed)


def _approach(correlations: Array, fixed: float) -> float:
    """The factor a layer by which correlations, (L + 1,), come nearer to their fixed point."""
    apart = np.abs(correlations - fixed)
    return float(np.exp(np.polyfit(np.arange(len(apart)), np.log(apart), 1)[0]))


def _correlations(seed: int) -> Array:
    """(weights, L + 1) the mean correlation of pairs of inputs, and that of every layer after."""
    random = stream(seed)
    found = np.empty((len(DEEP), LAYERS + 1))
    for place, weight in enumerate(DEEP):
        q, c = _fixed(weight)
        start = 0.8 if c > 0.8 else c + 0.2
        shared, own = random.standard_normal((DEEP_WIDTH, 1)), random.standard_normal((DEEP_WIDTH, 16))
        z = np.sqrt(q) * (np.sqrt(start) * shared + np.sqrt(1 - start) * own)
        for layer in range(LAYERS + 1):
            product = z.T @ z
            size = np.sqrt(np.diag(product))
            between = product / np.outer(size, size)
            found[place, layer] = between[np.triu_indices(16, 1)].mean()
            if layer < LAYERS:
                weights = random.standard_normal((DEEP_WIDTH, DEEP_WIDTH)) * (weight / np.sqrt(DEEP_WIDTH))
                z = weights @ np.tanh(z) + DEEP_BIAS * random.standard_normal((DEEP_WIDTH, 1))
    return found


def _crossing(weights: tuple[float, ...], growth: Array) -> float:
    """The sigma_w at which a parabola through log growth over log sigma_w is 0, nearest to the middle."""
    x = np.log(weights)
    roots = np.roots(np.polyfit(x, growth, 2))
    real = roots[np.abs(roots.imag) < 1e-9].real
    return float(np.exp(real[np.argmin(np.abs(real - x.mean()))]))
