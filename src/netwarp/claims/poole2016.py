"""Curves grow exponentially with depth in the chaotic phase: Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli (2016).

"Exponential expressivity in deep neural networks through transient chaos", arXiv:1606.05340.
"""

from __future__ import annotations

from functools import partial
from math import sqrt

import numpy as np

from netwarp.claims.checks import judge, more, within
from netwarp.claims.estimates import factor, factor_of
from netwarp.claims.lengths import Array, Case, of_seeds, plot
from netwarp.claims.registry import Finding, Plot, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import points, said
from netwarp.progress import Progress
from netwarp.study.seeds import over
from netwarp.theory import meanfield

WIDTH, BIAS = 1000, 0.3
WEIGHTS = (1.3, 2.5, 4.0)
# of a circle
POINTS = 16


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
    found = of_seeds(cases, WIDTH, depth, seeds, progress)
    theory = [sqrt(meanfield.chi("tanh", weight, BIAS)) for weight in WEIGHTS]
    growths = [(logs[:, -1] - logs[:, late]) / (depth - 1 - late) for logs in found]
    checks = judge(
        within(f"length ratio a layer, sigma_w = {weight:g}", expected, 0.02, factor_of(growth))
        for weight, expected, growth in zip(WEIGHTS, theory, growths, strict=True)
    )
    measured = ", ".join(f"{said(one)} at {weight:g}" for weight, one in zip(WEIGHTS, checks, strict=True))
    return Finding(measured, checks, plot(WEIGHTS, found, theory))


@claim(
    number=31,
    name="local-curvature-stays",
    statement=(
        "In the chaotic phase the local curvature of a curve does not grow with depth while the curve's length and its "
        "total curvature do, exponentially: curvature's square goes to 3 chi_2 / (chi_1 (chi_1 - 1)), total curvature "
        "grows by the root of chi_1 a layer. In the ordered phase the curve shrinks and its curvature grows instead."
    ),
    source="Poole, Lahiri, Raghu, Sohl-Dickstein and Ganguli 2016, arXiv:1606.05340",
    basis="stated",
    setup=(
        "tanh layers of 1,000 units, biases of standard deviation 0.3, weights of sigma_w = 1.3, 2.5 and 4; a circle "
        "of radius sqrt(q*) for every unit; curvature times the root of the width, by two derivatives, averaged over "
        "the circle; total curvature is its integral along the curve."
    ),
    expected=(
        "curvature by k^2 -> 3 chi_2 / chi_1^2 + k^2 / chi_1 a layer, from 1 / q*; where chaotic total curvature times "
        "sqrt(chi_1) a late layer and local curvature times 1; where ordered local curvature rising by a fifth or more"
    ),
    tolerance="5% of the curvature after the last layer and of its growth, 3% of that of total curvature",
)
def local_curvature_stays(quick: bool, progress: Progress) -> Finding:
    depth, seeds, late = (10, 8, 5) if quick else (12, 24, 5)
    # (S, weights, 2, L): logarithms of the mean local curvature and of the total one
    found = np.array(over(partial(_curvatures, depth), range(seeds), progress))
    statements = []
    for place, weight in enumerate(WEIGHTS):
        local, total = found[:, place, 0], found[:, place, 1]
        name = f"sigma_w = {weight:g}"
        statements.append(within(f"local curvature, {name}", curvature(weight, depth), 0.05, factor_of(local[:, -1])))
        chi = meanfield.chi("tanh", weight, BIAS)
        if chi > 1:
            late_total, late_local = ((one[:, -1] - one[:, late]) / (depth - 1 - late) for one in (total, local))
            statements += [
                within(f"growth of total curvature a layer, {name}", sqrt(chi), 0.03, factor_of(late_total)),
                within(f"growth of local curvature a layer, {name}", 1.0, 0.05, factor_of(late_local)),
            ]
        else:
            rise = factor_of(local[:, -1] - local[:, late])
            statements.append(more(f"local curvature, last layer over layer {late + 1}, {name}", 1.2, rise))
    checks = judge(statements)
    layers = range(1, depth + 1)
    shown = Plot(
        (
            *(
                points(f"local, {weight:g}", layers, [factor(step) for step in found[:, place, 0].T])
                for place, weight in enumerate(WEIGHTS)
            ),
            *(
                points(f"total, {weight:g}", layers, [factor(step) for step in found[:, place, 1].T])
                for place, weight in enumerate(WEIGHTS)
            ),
        ),
        "layer",
        "curvature, local and total",
        y_log=True,
    )
    measured = "; ".join(f"{one.what} {said(one, 3)}" for one in checks)
    return Finding(measured, checks, shown)


def curvature(weight: float, depth: int) -> float:
    """The root of k^2 in the layer of this number, the first being the circle itself."""
    q = meanfield.variance("tanh", weight, BIAS)
    chi = meanfield.chi("tanh", weight, BIAS)
    square = 1 / q
    for _ in range(depth - 1):
        square = 3 * bend(weight, q) / chi**2 + square / chi
    return sqrt(square)


def bend(weight: float, q: float) -> float:
    """chi_2 = sigma_w^2 E[phi''(sqrt(q) z)^2] of tanh."""
    from scipy.integrate import quad

    def integrand(z: float) -> float:
        t = np.tanh(sqrt(q) * z)
        return float((2 * t * (1 - t * t)) ** 2 * np.exp(-z * z / 2) / sqrt(2 * np.pi))

    return weight**2 * float(quad(integrand, -12, 12, limit=200)[0])


def _curvatures(depth: int, seed: int) -> Array:
    """(weights, 2, L) logarithms of the mean local curvature, times the root of the width, and of the total one."""
    random = stream(seed)
    radii = [sqrt(meanfield.variance("tanh", weight, BIAS)) for weight in WEIGHTS]
    angles = 2 * np.pi * (np.arange(POINTS) + 0.5) / POINTS
    plane = np.linalg.qr(random.standard_normal((WIDTH, 2)))[0] * sqrt(WIDTH)
    turn = np.stack((np.cos(angles), np.sin(angles)))
    ahead = np.stack((-np.sin(angles), np.cos(angles)))
    # value, first and second derivative along the circles, side by side
    z = np.concatenate([radius * (plane @ turn) for radius in radii], axis=1)
    v = np.concatenate([radius * (plane @ ahead) for radius in radii], axis=1)
    a = -z
    scale = np.repeat(WEIGHTS, POINTS)
    found = np.empty((len(WEIGHTS), 2, depth))
    for layer in range(depth):
        speed, push, along = (v * v).sum(axis=0), (a * a).sum(axis=0), (v * a).sum(axis=0)
        local = np.sqrt((speed * push - along * along) / speed**3 * WIDTH)
        found[:, 0, layer] = np.log(local.reshape(len(WEIGHTS), -1).mean(axis=1))
        found[:, 1, layer] = np.log((local * np.sqrt(speed / WIDTH)).reshape(len(WEIGHTS), -1).mean(axis=1) * 2 * np.pi)
        if layer < depth - 1:
            weights = random.standard_normal((WIDTH, WIDTH)) / sqrt(WIDTH)
            t = np.tanh(z)
            slope = 1 - t * t
            z, v, a = t, slope * v, slope * (a - 2 * t * v * v)
            z, v, a = (scale * (weights @ one) for one in (z, v, a))
            z += BIAS * random.standard_normal((WIDTH, 1))
    return found
