"""How much each layer of a wide network without normalisation lengthens lines of the plane, in plain numpy.

Convention of mean field theory: z_1 = W_1 x + b_1, z_{l + 1} = W_{l + 1} phi(z_l) + b_{l + 1}, W of variance sigma_w^2
over its inputs and b of variance sigma_b^2.
"""

# L layers, N width, n points

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.estimates import factor
from netwarp.claims.registry import Plot
from netwarp.claims.streams import stream
from netwarp.claims.words import points
from netwarp.progress import Progress
from netwarp.study.seeds import over
from netwarp.theory.activations import pointwise

Array = NDArray[np.float64]

# points of a side of the square: each layer's lengthening is an average over many units already. An even number: in the
# middle, without biases, every unit stands on its kink
SIDE = 4


@dataclass(frozen=True, slots=True)
class Case:
    """An activation, sigma_w, sigma_b, and the side of the square about the origin that is looked at."""

    act: str
    weight: float
    bias: float = 0.0
    side: float = 1.0


def lengths(cases: Sequence[Case], width: int, depth: int, seed: int) -> Array:
    """(cases, L) the natural logarithm of the mean |dz_l/dx| over the square: of the length of lines across it.

    From derivatives, so that no resolution enters. All cases have the same weights, scaled.
    """
    random = stream(seed)
    functions = [pointwise(case.act) for case in cases]
    steps = (np.arange(SIDE) + 0.5) / SIDE - 0.5
    square = np.stack(np.meshgrid(steps, steps)).reshape(2, -1)
    n = square.shape[1]
    h = np.concatenate([case.side * square for case in cases], axis=1)
    v = np.tile([[1.0], [0.0]], (1, len(cases) * n))
    weight, bias = (np.repeat([getattr(case, name) for case in cases], n) for name in ("weight", "bias"))
    found = np.empty((len(cases), depth))
    for layer in range(depth):
        base = random.standard_normal((width, len(h))) / sqrt(len(h))
        z = weight * (base @ h) + bias * random.standard_normal((width, 1))
        v = weight * (base @ v)
        found[:, layer] = np.log(np.sqrt((v * v).sum(axis=0)).reshape(len(cases), n).mean(axis=1))
        h = np.empty_like(z)
        for place, phi in enumerate(functions):
            part = slice(place * n, (place + 1) * n)
            h[:, part] = phi.value(z[:, part])
            v[:, part] *= phi.derivative()(z[:, part])
    return found


def of_seeds(cases: Sequence[Case], width: int, depth: int, seeds: int, progress: Progress) -> Array:
    """(cases, S, L) `lengths` of the first S seeds."""
    return np.array(over(partial(lengths, cases, width, depth), range(seeds), progress)).swapaxes(0, 1)


def plot(weights: Sequence[float], found: Array, lines: Sequence[float]) -> Plot:
    """The growth from layer to layer of (weights, S, L) lengths, means over seeds; `lines` are what theory says."""
    layers = range(2, found.shape[-1] + 1)
    return Plot(
        tuple(
            points(f"sigma_w = {weight:g}", layers, [factor(step) for step in np.diff(logs, axis=1).T])
            for weight, logs in zip(weights, found, strict=True)
        ),
        "layer",
        "length over that of the layer before",
        lines=tuple(lines),
    )
