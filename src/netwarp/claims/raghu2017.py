"""How fast trajectories grow, and where noise hurts most: Raghu, Poole, Kleinberg, Ganguli and Sohl-Dickstein (2017).

"On the Expressive Power of Deep Neural Networks", arXiv:1606.05336. Its first theorem bounds the expected length of a
curve's image from below, up to a constant, by the d-th power of sigma_w sqrt(k) / sqrt(k + 1) for ReLU and of sigma_w
sqrt(k) / sqrt(sigma_w^2 + sigma_b^2 + k sqrt(sigma_w^2 + sigma_b^2)) for hard tanh, after d layers of k units, weights
of variance sigma_w^2 / k. A power that a late layer does not keep up with is no bound, whatever the constant.
"""

# S seeds, L layers

from __future__ import annotations

from functools import partial
from itertools import pairwise
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.checks import judge, more
from netwarp.claims.estimates import factor, factor_of, jackknife_of
from netwarp.claims.lengths import Case, of_seeds, plot
from netwarp.claims.registry import Finding, Plot, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import points, said
from netwarp.progress import Progress
from netwarp.study.seeds import over
from netwarp.theory.activations import pointwise

Array = NDArray[np.float64]

SOURCE = "Raghu, Poole, Kleinberg, Ganguli and Sohl-Dickstein 2017, arXiv:1606.05336"
WIDTH, DEPTH, LATE = 100, 14, 6
BIAS = 0.1
WEIGHTS = (2.0, 4.0)
# of noise in the weights of one layer, in deviations of the weights
NOISE, NOISY_WIDTH, NOISY_DEPTH, NOISY_WEIGHT = 0.01, 200, 10, 2.0
NOISY = (1, 4, 7, 10)


@claim(
    number=33,
    name="hard-tanh-trajectories-grow",
    statement=(
        "The expected length of a curve grows with every layer of a random hard tanh network at least by sigma_w "
        "sqrt(k) / sqrt(sigma_w^2 + sigma_b^2 + k sqrt(sigma_w^2 + sigma_b^2)), k being the width."
    ),
    source=SOURCE + ", the bound on the growth of trajectory length",
    basis="stated",
    setup=(
        "Fourteen hard tanh layers of 100 units, weights of sigma_w = 2 and 4, biases of standard deviation 0.1; the "
        "lengths of lines across the plane, by their derivative; the growth of the mean over seeds from layer 6 to 14."
    ),
    expected="more than 1.399 and 1.961 a layer: the base of the theorem's power, read as the growth of a late layer",
    tolerance="none: the growth with its interval",
    recorded="refuted",
)
def hard_tanh_trajectories_grow(quick: bool, progress: Progress) -> Finding:
    note = (
        "Lengths do grow exponentially with depth, at chi_1 of mean field theory (claim 4). For large sigma_w and many "
        "units that is (2 / pi)^(1/4) = 0.893 of the bound's root of sigma_w: what is 10% too much in one layer is no "
        "constant over many."
    )
    bounds = [base(weight, BIAS, WIDTH) for weight in WEIGHTS]
    return _trajectories("hardtanh", BIAS, bounds, note, quick, progress)


@claim(
    number=34,
    name="relu-trajectories-grow",
    statement=(
        "The expected length of a curve grows with every layer of a random ReLU network at least by sigma_w sqrt(k) / "
        "sqrt(k + 1), k being the width."
    ),
    source=SOURCE + ", the bound on the growth of trajectory length",
    basis="stated",
    setup=(
        "Fourteen ReLU layers of 100 units without biases, weights of sigma_w = 2 and 4; the lengths of lines across "
        "the plane, by their derivative; the growth of the mean over seeds from layer 6 to 14."
    ),
    expected="more than 1.990 and 3.980 a layer: the base of the theorem's power, read as the growth of a late layer",
    tolerance="none: the growth with its interval",
    recorded="refuted",
)
def relu_trajectories_grow(quick: bool, progress: Progress) -> Finding:
    note = (
        "It is sigma_w / sqrt 2, as Hanin, Jeong and Rolnick 2021 say against it (claim 6): half of the units are off."
    )
    bounds = [weight * sqrt(WIDTH) / sqrt(WIDTH + 1) for weight in WEIGHTS]
    return _trajectories("relu", 0.0, bounds, note, quick, progress)


def base(weight: float, bias: float, width: int) -> float:
    """What the theorem has a layer of hard tanh multiply lengths by, at the least."""
    both = weight**2 + bias**2
    return weight * sqrt(width) / sqrt(both + width * sqrt(both))


def _trajectories(act: str, bias: float, bounds: list[float], note: str, quick: bool, progress: Progress) -> Finding:
    seeds = 40 if quick else 200
    cases = [Case(act, weight, bias) for weight in WEIGHTS]
    found = of_seeds(cases, WIDTH, DEPTH, seeds, progress)
    checks = judge(
        more(f"growth a layer, sigma_w = {weight:g}", bound, jackknife_of(_growth, np.exp(logs)))
        for weight, bound, logs in zip(WEIGHTS, bounds, found, strict=True)
    )
    measured = ", ".join(f"{said(one)} at {weight:g}" for weight, one in zip(WEIGHTS, checks, strict=True))
    return Finding(f"growth a layer {measured}", checks, plot(WEIGHTS, found, bounds), note)


def _growth(found: Array) -> float:
    """The factor a layer from LATE to the last of the mean of (S, L) lengths."""
    middle = found.mean(axis=0)
    return float((middle[-1] / middle[LATE - 1]) ** (1 / (DEPTH - LATE)))


@claim(
    number=35,
    name="early-noise-matters-more",
    statement="Noise in the weights of an early layer changes what a network gives more than noise in a late layer.",
    source=SOURCE + ", who show it of trained networks",
    basis="extension",
    setup=(
        "Random hard tanh networks of ten layers of 200 units, sigma_w = 2, biases of standard deviation 0.1; noise of "
        "a hundredth of the weights' deviation added in layer 1, 4, 7 or 10; the root mean square change of the last "
        "layer over 16 inputs, geometric mean over seeds, the same noise in each layer."
    ),
    expected="each change over that three layers later: above 1",
    tolerance="none: ratios are geometric means over seeds, with their intervals",
)
def early_noise_matters_more(quick: bool, progress: Progress) -> Finding:
    return _noise("hardtanh", quick, progress)


def _noise(act: str, quick: bool, progress: Progress) -> Finding:
    seeds = 24 if quick else 96
    logs = np.array(over(partial(_changes, act), range(seeds), progress))
    checks = judge(
        more(f"change by noise in layer {early} over layer {late}", 1.0, factor_of(logs[:, n] - logs[:, n + 1]))
        for n, (early, late) in enumerate(pairwise(NOISY))
    )
    noisy = Plot(
        (points("hard tanh", NOISY, [factor(one) for one in logs.T]),),
        "layer that noise is added to",
        "change of the last layer",
        y_log=True,
    )
    return Finding("; ".join(f"{one.what} {said(one, 3)}" for one in checks), checks, noisy)


def _changes(act: str, seed: int) -> list[float]:
    """The logarithm of the last layer's change for noise in each of the layers NOISY."""
    random = stream(seed)
    phi = pointwise(act).value
    sizes = [2] + [NOISY_WIDTH] * NOISY_DEPTH
    weights = [random.standard_normal((n, m)) * (NOISY_WEIGHT / sqrt(m)) for m, n in pairwise(sizes)]
    biases = [BIAS * random.standard_normal((n, 1)) for n in sizes[1:]]
    x = random.standard_normal((2, 16))
    noise = [random.standard_normal(one.shape) * (NOISE * NOISY_WEIGHT / sqrt(one.shape[1])) for one in weights]

    def last(noisy: int | None) -> Array:
        h = x
        for layer, (w, b) in enumerate(zip(weights, biases, strict=True), 1):
            h = phi((w + noise[layer - 1] if layer == noisy else w) @ h + b)
        return h

    clean = last(None)
    return [float(np.log(np.sqrt(((last(layer) - clean) ** 2).mean()))) for layer in NOISY]
