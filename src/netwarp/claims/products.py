"""The derivatives of many small ReLU networks at once, in plain numpy: He's weights, no biases, no normalisation.

What Hanin and Rolnick, Hanin and Nica, and Hanin, Jeong and Rolnick prove about gradients and lengths of networks of
finite width they prove of these. Behind them is one fact: layer by layer |D W v|^2 is |v|^2 times (2 / n) chi^2 of k
degrees of freedom, k being binomial(n, 1/2). Here nothing of it is used: matrices are drawn and multiplied.
"""

# C networks, L layers, N width

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.estimates import mean
from netwarp.claims.registry import Plot, Series
from netwarp.claims.streams import stream
from netwarp.claims.words import points
from netwarp.progress import Progress
from netwarp.study.seeds import over

Array = NDArray[np.float64]

# networks drawn together: their matrices of one layer are held at once
TOGETHER = 250
HE = sqrt(2.0)


def squares(widths: Sequence[int], networks: int, progress: Progress, *, weight: float = HE, seed: int = 0) -> Array:
    """(networks, L) the squared length of a unit vector after the first l layers' derivative at one input.

    `widths` are those of the input and of the layers; weights are normal of standard deviation weight / sqrt(inputs).
    0 where every unit of a layer is off.
    """
    parts = -(-networks // TOGETHER)
    found = over(partial(_part, widths, weight), range(7919 * seed, 7919 * seed + parts), progress)
    return np.concatenate(found)[:networks]


def _part(widths: Sequence[int], weight: float, seed: int) -> Array:
    random = stream(seed)
    x = random.standard_normal((TOGETHER, widths[0]))
    v = random.standard_normal((TOGETHER, widths[0]))
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    found = np.empty((TOGETHER, len(widths) - 1))
    for layer, (inputs, outputs) in enumerate(pairwise(widths)):
        matrices = random.standard_normal((TOGETHER, outputs, inputs)) * (weight / sqrt(inputs))
        both = matrices @ np.stack((x, v), axis=2)
        on = both[:, :, 0] > 0
        x, v = both[:, :, 0] * on, both[:, :, 1] * on
        found[:, layer] = (v * v).sum(axis=1)
    return found


def plot(shapes: Sequence[tuple[int, int]], found: Sequence[Array], law: str, rate: float, y_label: str) -> Plot:
    """Means over networks of (networks, L) numbers of each (width, depth), over the sum of 1 / n, and exp(rate sum)."""
    most = max(depth / width for width, depth in shapes)
    fine = tuple(np.linspace(0, most, 26).tolist())
    return Plot(
        (
            *(
                points(
                    f"width {width}", [layer / width for layer in range(1, depth + 1)], [mean(one) for one in layers.T]
                )
                for (width, depth), layers in zip(shapes, found, strict=True)
            ),
            Series(law, fine, tuple(exp(rate * at) for at in fine), reference=True),
        ),
        "sum of 1 / n over the layers",
        y_label,
        y_log=True,
    )
