"""Gradients explode under batch normalisation: Yang, Pennington, Rao, Sohl-Dickstein and Schoenholz (2019).

"A Mean Field Theory of Batch Normalization", arXiv:1902.08129. In plain numpy, without netwarp's evaluators: wide
layers over a batch of independent Gaussian inputs, which is what the theory is about.
"""

# N width, B batch, A activations

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.checks import judge, more, within
from netwarp.claims.estimates import factor, factor_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import interval, points
from netwarp.progress import Progress
from netwarp.study.seeds import over
from netwarp.theory import growth
from netwarp.theory.activations import pointwise

Array = NDArray[np.float64]

SOURCE = "Yang, Pennington, Rao, Sohl-Dickstein and Schoenholz 2019, arXiv:1902.08129"
WIDTH = 1000
BATCHES = (8, 16, 32, 64, 128)
ACTIVATIONS = ("relu", "tanh", "sigmoid", "gelu", "sin", "gaussian")


@claim(
    number=1,
    name="relu-gradients-explode",
    statement=(
        "With normalisation over a batch the gradients of a ReLU network explode with depth, faster for a small batch: "
        "their square grows by a fixed factor a layer, pi / (pi - 1) = 1.467 for a large batch."
    ),
    source=SOURCE,
    basis="stated",
    setup=(
        "ReLU layers of 1,000 units, Gaussian weights, every unit normalised over a batch of 8 to 128 independent "
        "Gaussian inputs; the gradient of a random linear function of the last layer, through the statistics."
    ),
    expected="1.788, 1.522 and 1.480 a layer at batch 8, 32 and 128, and so between, by closed form",
    tolerance="2%",
)
def relu_gradients_explode(quick: bool, progress: Progress) -> Finding:
    return _batches("relu", growth.batch_relu, growth.factor("relu"), quick, progress)


@claim(
    number=2,
    name="linear-gradients-explode",
    statement=(
        "Normalisation over a batch makes gradients explode even without any nonlinearity: in a linear network their "
        "square grows by (B - 2) / (B - 3) a layer, B being the batch."
    ),
    source=SOURCE,
    basis="stated",
    setup=(
        "Linear layers of 1,000 units, Gaussian weights, every unit normalised over a batch of 8 to 128 "
        "independent Gaussian inputs; the gradient of a random linear function of the last layer, through the "
        "statistics."
    ),
    expected="6/5, 30/29 and 126/125 a layer at batch 8, 32 and 128, and so between",
    tolerance="2%",
)
def linear_gradients_explode(quick: bool, progress: Progress) -> Finding:
    return _batches("linear", growth.batch_linear, 1.0, quick, progress)


@claim(
    number=3,
    name="gradient-growth-by-activation",
    statement=(
        "Over a large batch the squared gradient grows a layer by E[phi'^2] / Var[phi], phi the activation of a "
        "standard normal: ReLU more than tanh, tanh more than sigmoid."
    ),
    source=SOURCE,
    basis="follows",
    setup=(
        "Layers of 1,000 units of six activations (relu, tanh, sigmoid, gelu, sin, Gaussian bump), normalised over a "
        "batch of 400 independent Gaussian inputs (250 with --quick); the derivative along a random direction, the "
        "statistics held fixed as in a Field."
    ),
    expected="1.467, 1.178, 1.034, 1.319, 1.313 and 2.488 a layer, by quadrature; ReLU > tanh > sigmoid",
    tolerance="3% of each; the order exactly",
)
def gradient_growth_by_activation(quick: bool, progress: Progress) -> Finding:
    batch, depth, seeds = (250, 7, 4) if quick else (400, 9, 8)
    logs = np.array(over(partial(_tangents, ACTIVATIONS, batch, depth), range(seeds), progress))
    measured = [factor(logs[:, n]) for n in range(len(ACTIVATIONS))]
    theory = [growth.factor(name) for name in ACTIVATIONS]
    statements = [
        within(f"growth a layer, {name}", expected, 0.03, factor_of(logs[:, n]))
        for n, (name, expected) in enumerate(zip(ACTIVATIONS, theory, strict=True))
    ]
    # paired: the same weights' growth, seed by seed
    for n, name, other in ((0, "relu", "tanh"), (1, "tanh", "sigmoid")):
        statements.append(more(f"growth of {name} over that of {other}", 1, factor_of(logs[:, n] - logs[:, n + 1])))
    checks = judge(statements)
    said = ", ".join(f"{name} {interval(found)}" for name, found in zip(ACTIVATIONS, measured, strict=True))
    plot = Plot(
        (
            points("measured", theory, measured),
            Series("closed form", (min(theory), max(theory)), (min(theory), max(theory)), reference=True),
        ),
        "growth a layer by closed form",
        "growth a layer, measured",
        x_log=True,
        y_log=True,
    )
    return Finding(said, checks, plot)


def _batches(name: str, law: Callable[[int], float], limit: float, quick: bool, progress: Progress) -> Finding:
    """The growth at every batch of BATCHES beside its law."""
    depth, seeds = (8, 16) if quick else (12, 32)
    logs = np.array(over(partial(_gradients, name, depth), range(seeds), progress))
    measured = [factor(logs[:, n]) for n in range(len(BATCHES))]
    checks = judge(
        within(f"growth a layer at batch {batch}", law(batch), 0.02, factor_of(logs[:, n]))
        for n, batch in enumerate(BATCHES)
    )
    said = ", ".join(f"{interval(found)} at batch {batch}" for batch, found in zip(BATCHES, measured, strict=True))
    fine = tuple(range(BATCHES[0], BATCHES[-1] + 1))
    plot = Plot(
        (
            points("measured", BATCHES, measured),
            Series("closed form", fine, tuple(law(batch) for batch in fine), reference=True),
        ),
        "batch",
        "growth of the squared gradient a layer",
        x_log=True,
        lines=(limit,),
    )
    return Finding(said, checks, plot)


def _gradients(name: str, depth: int, seed: int) -> list[float]:
    """The logarithm of the growth of the squared gradient a layer, one for every batch of BATCHES.

    All batches pass through the same weights, side by side. Of the last of the backward steps, into the inputs, nothing
    is taken: what stands before it is no normalised layer.
    """
    phi = pointwise(name)
    slope = phi.derivative()
    random = stream(seed)
    parts = _parts(BATCHES)
    x = random.standard_normal((WIDTH, parts[-1].stop))
    layers: list[tuple[Array, Array, Array]] = []
    for _ in range(depth):
        weights = random.standard_normal((WIDTH, WIDTH)) / sqrt(WIDTH)
        y, deviation = _normalised(weights @ x, parts)
        layers.append((weights, y, deviation))
        x = phi.value(y)
    gradient = random.standard_normal(x.shape)
    squares: list[list[float]] = []
    for weights, y, deviation in reversed(layers):
        gradient = weights.T @ _through(gradient * slope(y), y, deviation, parts)
        squares.append([float((gradient[:, part] ** 2).sum()) for part in parts])
    steps = np.diff(np.log(np.array(squares[:-1])), axis=0)
    return [float(one) for one in steps.mean(axis=0)]


def _tangents(names: Sequence[str], batch: int, depth: int, seed: int) -> list[float]:
    """The logarithm of the growth of the squared derivative a layer along a random direction, one an activation.

    The statistics are held fixed. The same weights for all; the first layer, whose inputs are no activations, is left
    out.
    """
    functions = [pointwise(name) for name in names]
    random = stream(seed)
    parts = _parts([batch] * len(names))
    x = np.tile(random.standard_normal((WIDTH, batch)), len(names))
    v = np.tile(random.standard_normal((WIDTH, batch)), len(names))
    squares: list[list[float]] = []
    for _ in range(depth):
        weights = random.standard_normal((WIDTH, WIDTH)) / sqrt(WIDTH)
        y, deviation = _normalised(weights @ x, parts)
        v = weights @ v / deviation
        squares.append([float((v[:, part] ** 2).sum()) for part in parts])
        for phi, part in zip(functions, parts, strict=True):
            x[:, part] = phi.value(y[:, part])
            v[:, part] *= phi.derivative()(y[:, part])
    steps = np.diff(np.log(np.array(squares)), axis=0)
    return [float(one) for one in steps.mean(axis=0)]


def _normalised(h: Array, parts: Sequence[slice]) -> tuple[Array, Array]:
    """(N, B) every unit to mean 0 and variance 1 over each part of the columns, and what it was divided by."""
    y, deviation = np.empty_like(h), np.empty_like(h)
    for part in parts:
        centred = h[:, part] - h[:, part].mean(axis=1, keepdims=True)
        deviation[:, part] = np.sqrt((centred * centred).mean(axis=1, keepdims=True))
        y[:, part] = centred / deviation[:, part]
    return y, deviation


def _through(gradient: Array, y: Array, deviation: Array, parts: Sequence[slice]) -> Array:
    """The gradient with respect to what `_normalised` was given, from that with respect to the y it gave."""
    found = np.empty_like(gradient)
    for part in parts:
        d, z = gradient[:, part], y[:, part]
        # what moves all of a unit's batch together, or stretches it, the normalisation takes out
        found[:, part] = d - d.mean(axis=1, keepdims=True) - z * (d * z).mean(axis=1, keepdims=True)
    return found / deviation


def _parts(sizes: Sequence[int]) -> list[slice]:
    ends = np.cumsum(sizes).tolist()
    return [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]
