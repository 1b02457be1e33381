"""Deep narrow ReLU networks are born dead: Lu, Shin, Su and Karniadakis (2019), "Dying ReLU and Initialization".

arXiv:1903.06733, doi:10.4208/cicp.OA-2020-0165: with symmetric weights and no biases all N units of a layer are off at
a given input with probability 2^-N, whatever came before, so that a network of L layers is constant 0 at it with
probability 1 - (1 - 2^-N)^L. That bounds the probability that it is constant for all inputs, which goes to 1 with
depth.
"""

# C networks, D directions

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.checks import judge, less, more, within
from netwarp.claims.estimates import share, share_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import points, said
from netwarp.progress import Progress
from netwarp.study.seeds import by_point

WIDTHS = (2, 3, 4)
DEPTH, DEEP = 20, 100
TOGETHER = 1000
# without biases the network at any input is that at its direction, times its length
DIRECTIONS = 64


@claim(
    number=46,
    name="deep-narrow-networks-are-born-dead",
    statement=(
        "A random ReLU network without biases is 0 at a given input with probability 1 - (1 - 2^-N)^L, N being its "
        "width and L its layers; at most with that probability it is 0 everywhere, and that goes to 1 with depth."
    ),
    source="Lu, Shin, Su and Karniadakis 2019, arXiv:1903.06733, doi:10.4208/cicp.OA-2020-0165",
    basis="stated",
    setup=(
        "ReLU networks of two inputs and layers of 2, 3 and 4 units without biases, Gaussian weights; share of "
        "networks that are 0 at one input, and at 64 directions around the origin, after 20 layers, and of "
        "width 2 after 100."
    ),
    expected="0.9968, 0.9308 and 0.7249 at one input after 20 layers; less everywhere; above 0.99 after 100 of width 2",
    tolerance="2%; 0.99 is ours",
)
def deep_narrow_networks_are_born_dead(quick: bool, progress: Progress) -> Finding:
    parts = 20 if quick else 100
    shapes = [(width, DEEP if width == WIDTHS[0] else DEPTH) for width in WIDTHS]
    counted = by_point(dead, dict.fromkeys(shapes, range(parts)), progress)
    drawn = parts * TOGETHER
    found = {width: np.sum(counts, axis=0) for (width, _), counts in counted.items()}
    statements = []
    for width, counts in found.items():
        law = 1 - (1 - 2.0**-width) ** DEPTH
        statements += [
            within(f"0 at one input, width {width}", law, 0.02, share_of(int(counts[0, DEPTH - 1]), drawn)),
            less(f"0 everywhere, width {width}", law, share_of(int(counts[1, DEPTH - 1]), drawn)),
        ]
    statements.append(more("0 everywhere, width 2, 100 layers", 0.99, share_of(int(found[2][1, -1]), drawn)))
    checks = judge(statements)
    layers = tuple(float(layer) for layer in range(1, DEPTH + 1))
    plot = Plot(
        (
            *(
                points(f"everywhere, width {width}", layers, [share(int(one), drawn) for one in counts[1, :DEPTH]])
                for width, counts in found.items()
            ),
            *(
                Series(
                    f"bound, width {width}", layers, tuple(1 - (1 - 2.0**-width) ** x for x in layers), reference=True
                )
                for width in WIDTHS
            ),
        ),
        "layers",
        "share of networks that are 0",
    )
    measured = ", ".join(
        f"{said(checks[2 * place])} at one input and {said(checks[2 * place + 1])} everywhere at width {width}"
        for place, width in enumerate(WIDTHS)
    )
    return Finding(measured, checks, plot)


def weights(random: np.random.RandomState, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Symmetric weights: any scale kills as many."""
    return random.standard_normal(shape)


def dead(width: int, depth: int, seed: int) -> NDArray[np.int64]:
    """(2, L) how many of TOGETHER networks are 0 after each layer at the first direction, and at all of them."""
    random = stream(1000 * width + seed)
    angles = 2 * np.pi * np.arange(DIRECTIONS) / DIRECTIONS
    h = np.broadcast_to(np.stack((np.cos(angles), np.sin(angles))), (TOGETHER, 2, DIRECTIONS))
    found = np.empty((2, depth), dtype=np.int64)
    for layer in range(depth):
        h = np.maximum(weights(random, (TOGETHER, width, h.shape[1])) @ h / sqrt(h.shape[1]), 0)
        # nothing underflows: what lives is brought back to size, a network at a time
        largest = h.max(axis=(1, 2), keepdims=True)
        h = h / np.where(largest > 0, largest, 1)
        off = (h == 0).all(axis=1)
        found[:, layer] = off[:, 0].sum(), off.all(axis=1).sum()
    return found
