"""Gradients become noise: Balduzzi, Frean, Leary, Lewis, Ma and McWilliams (2017), "The Shattered Gradients Problem".

arXiv:1702.08591: in a feedforward ReLU network gradients at two inputs are correlated by 2^-L after L layers, because
half of the units are on for one of them, a quarter for both; along a line they resemble brown noise in a shallow
network, white noise in a deep one, and something between in a residual one. In plain numpy, layers normalised over the
inputs: without that the activations of a deep network grow alike, and nothing shatters.
"""

# N width, B batch or points of the line, L layers

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.checks import judge, less, more, within
from netwarp.claims.estimates import jackknife_of, mean, mean_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import points, said
from netwarp.progress import Progress
from netwarp.study.seeds import by_point, over

Array = NDArray[np.float64]

SOURCE = "Balduzzi, Frean, Leary, Lewis, Ma and McWilliams 2017, arXiv:1702.08591"
WIDTH, POINTS = 200, 256
LAGS = (1, 2, 5, 10, 20, 40)
# depth, and what a residual branch is multiplied by
LINES: dict[str, tuple[int, float | None]] = {"1 layer": (1, None), "24 layers": (24, None), "50 residual": (50, 0.1)}
BATCH, LAYERS, WIDE = 128, 6, 500
SHARE = 0.5


@claim(
    number=36,
    name="gradients-shatter",
    statement=(
        "Along a line the gradients of a deep feedforward ReLU network resemble white noise, those of a shallow one "
        "brown noise, and those of a deep residual network lie between."
    ),
    source=SOURCE,
    basis="stated",
    setup=(
        "Networks of one input and layers of 200 ReLU units, normalised over 256 points of [-2, 2]: 1 layer, 24 "
        "layers, and 50 residual ones x + 0.1 f(x); the autocorrelation of the derivative from one point to the next, "
        "mean over seeds."
    ),
    expected="1 layer: above 0.9; 24 layers: below 0.1; 50 residual ones: between 0.5 and the shallow network's",
    tolerance="none; the bars are ours, the paper shows the curves",
)
def gradients_shatter(quick: bool, progress: Progress) -> Finding:
    seeds = 12 if quick else 48
    drawn = by_point(_autocorrelation, dict.fromkeys(LINES.values(), range(seeds)), progress)
    found = dict(zip(LINES, np.array(list(drawn.values())), strict=True))
    shallow, deep, residual = (one[:, 0] for one in found.values())
    checks = judge(
        more("autocorrelation of the next point, 1 layer", 0.9, mean_of(shallow)),
        less("autocorrelation of the next point, 24 layers", 0.1, mean_of(deep)),
        more("autocorrelation of the next point, 50 residual layers", 0.5, mean_of(residual)),
        less("the same, 50 residual layers less 1 layer", 0.0, mean_of(residual - shallow)),
    )
    plot = Plot(
        tuple(points(name, LAGS, [mean(one) for one in part.T]) for name, part in found.items()),
        "points apart, of 256",
        "autocorrelation of the derivative",
        x_log=True,
        lines=(0.0,),
    )
    measured = ", ".join(f"{said(one, 3)} for {name}" for name, one in zip(LINES, checks, strict=False))
    return Finding(f"autocorrelation of the next point {measured}", checks, plot)


@claim(
    number=37,
    name="gradient-correlations-halve",
    statement=(
        "The correlation of a feedforward ReLU network's gradients at two unrelated inputs is 2^-L after L layers: it "
        "halves with each."
    ),
    source=SOURCE,
    basis="stated",
    setup=(
        "Six ReLU layers of 500 units, normalised over 128 independent Gaussian inputs, the statistics held fixed; the "
        "gradient of a random linear function of the last layer, its correlation between inputs, averaged over pairs; "
        "the factor a layer of the mean over seeds, by least squares."
    ),
    expected="0.5 a layer",
    tolerance="5%",
)
def gradient_correlations_halve(quick: bool, progress: Progress) -> Finding:
    seeds = 10 if quick else 40
    found = np.array(over(_correlations, range(seeds), progress))
    checks = judge(within("factor a layer", SHARE, 0.05, jackknife_of(_factor, found)))
    layers = tuple(float(layer) for layer in range(1, LAYERS + 1))
    plot = Plot(
        (
            points("measured", layers, [mean(one) for one in found.T]),
            Series("2^-L", layers, tuple(2.0**-layer for layer in layers), reference=True),
        ),
        "layers",
        "correlation of gradients",
        y_log=True,
    )
    return Finding(f"{said(checks[0])} a layer", checks, plot)


def _factor(found: Array) -> float:
    """The factor a layer of the mean of (S, L) correlations."""
    return float(np.exp(np.polyfit(np.arange(LAYERS), np.log(found.mean(axis=0)), 1)[0]))


def _normalised(z: Array) -> tuple[Array, Array]:
    """(N, B) every unit to mean 0 and deviation 1, and the (N, 1) deviations."""
    deviation = z.std(axis=1, keepdims=True)
    return (z - z.mean(axis=1, keepdims=True)) / deviation, deviation


def _autocorrelation(depth: int, branch: float | None, seed: int) -> list[float]:
    """Of the derivative of one random function of a line, at each of LAGS."""
    random = stream(seed)
    along = np.linspace(-2, 2, POINTS)[None]
    first = random.standard_normal((WIDTH, 1))
    x = first @ along + random.standard_normal((WIDTH, 1))
    v = np.repeat(first, POINTS, axis=1)
    for _ in range(depth):
        z, deviation = _normalised(x)
        on = z > 0
        weights = random.standard_normal((WIDTH, WIDTH)) * sqrt(2 / WIDTH)
        ahead, turned = weights @ (z * on), weights @ (v / deviation * on)
        x, v = (ahead, turned) if branch is None else (x + branch * ahead, v + branch * turned)
    gradient = random.standard_normal(WIDTH) @ v
    gradient = gradient - gradient.mean()
    square = float((gradient * gradient).mean())
    return [float((gradient[lag:] * gradient[:-lag]).mean()) / square for lag in LAGS]


def _correlations(seed: int) -> list[float]:
    """The mean correlation between inputs of the gradient after 1, 2, .. layers backwards."""
    random = stream(seed)
    x = random.standard_normal((WIDE, BATCH))
    layers: list[tuple[Array, Array]] = []
    for _ in range(LAYERS):
        z, deviation = _normalised(x)
        weights = random.standard_normal((WIDE, WIDE)) * sqrt(2 / WIDE)
        layers.append((weights, (z > 0) / deviation))
        x = weights @ np.maximum(z, 0)
    gradient = np.repeat(random.standard_normal((WIDE, 1)), BATCH, axis=1)
    pairs = np.triu_indices(BATCH, 1)
    found = []
    for weights, slope in reversed(layers):
        gradient = slope * (weights.T @ gradient)
        unit = gradient / np.linalg.norm(gradient, axis=0)
        found.append(float((unit.T @ unit)[pairs].mean()))
    return found
