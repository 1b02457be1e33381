"""Probability against complexity of Boolean functions: Valle-Pérez, Camargo and Louis (2019).

"Deep learning generalizes because the parameter-function map is biased towards simple functions", arXiv:1805.08522: of
a random network of seven Boolean inputs, how probable a function can be falls exponentially with its complexity, the
number of Lempel-Ziv words of its 128 values, though almost all functions are complex.
"""

# F functions, n values of each

from __future__ import annotations

from itertools import pairwise
from math import log2, sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.checks import judge, less
from netwarp.claims.estimates import mean_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import said
from netwarp.measures.lz import words
from netwarp.progress import Progress
from netwarp.study.seeds import over

Bits = NDArray[np.uint8]

WIDTHS = (7, 40, 40, 1)
POINTS = 1 << WIDTHS[0]
GROUPS, TOGETHER = 8, 512
# functions whose complexity stands for all of a group's
TYPICAL = 400


@claim(
    number=41,
    name="probable-functions-are-simple",
    statement=(
        "How probable a Boolean function of a random network can be falls exponentially with its Lempel-Ziv "
        "complexity: the functions that networks have are far simpler than almost all functions are."
    ),
    source="Valle-Pérez, Camargo and Louis 2019, arXiv:1805.08522",
    basis="stated",
    setup=(
        "ReLU networks of 7, 40, 40 and 1 units, weights and biases Gaussian of variance 1 over the inputs, on the 128 "
        "points of {0, 1}^7, f = 1 where the output is positive; eight groups of 65,536 networks (8,192 with --quick). "
        "Complexity log2(128) times the words of Lempel and Ziv (1976), forwards and backwards averaged, and log2(128) "
        "for constant functions. The largest frequency of every complexity, fitted over complexities."
    ),
    expected=(
        "slope of log2 P over complexity below -0.05; complexity of a network's function below half of that of a "
        "uniformly random one"
    ),
    tolerance="none; the two numbers are ours: the paper's slope is fitted to its own 10^10 samples",
)
def probable_functions_are_simple(quick: bool, progress: Progress) -> Finding:
    networks = 8192 if quick else 65_536
    parts = networks // TOGETHER
    flat = over(_functions, range(GROUPS * parts), progress)
    groups = [np.concatenate(flat[place * parts : (place + 1) * parts]) for place in range(GROUPS)]
    slopes, curves = zip(*(_envelope(group) for group in groups), strict=True)
    uniform = stream(1).randint(0, 2, (TYPICAL, POINTS)).astype(np.uint8)
    random = float(np.mean([complexity(bits) for bits in uniform]))
    typical = np.array([np.mean([complexity(np.unpackbits(one)) for one in group[:TYPICAL]]) for group in groups])
    checks = judge(
        less("slope of log2 P over complexity", -0.05, mean_of(slopes)),
        less("complexity over that of uniformly random functions", 0.5, mean_of(typical / random)),
    )
    plot = Plot(
        tuple(Series(f"group {place + 1}", tuple(x), tuple(y)) for place, (x, y) in enumerate(curves[:3])),
        "Lempel-Ziv complexity, bits",
        "largest frequency of a function",
        y_log=True,
    )
    return Finding(
        f"slope {said(checks[0], 3)}; a network's function has {said(checks[1], 3)} of the complexity of a uniformly "
        f"random one, which is {random:.0f} bits",
        checks,
        plot,
    )


def complexity(bits: Bits) -> float:
    """log2(n) times the words of (n,) zeros and ones, forwards and backwards averaged; log2(n) where all are alike.

    Dingle, Camargo and Louis 2018, doi:10.1038/s41467-018-03101-6.
    """
    if bits.min() == bits.max():
        return log2(bits.size)
    return log2(bits.size) * (words(bits) + words(bits[::-1])) / 2


def _functions(seed: int) -> Bits:
    """(TOGETHER, 16) functions, their 128 values packed into bytes."""
    random = stream(seed)
    points = np.arange(POINTS)[:, None] >> np.arange(WIDTHS[0])[::-1] & 1
    h = np.broadcast_to(points.astype(np.float32), (TOGETHER, POINTS, WIDTHS[0]))
    for inputs, outputs in pairwise(WIDTHS):
        weights = random.standard_normal((TOGETHER, inputs, outputs)).astype(np.float32) / np.float32(sqrt(inputs))
        biases = random.standard_normal((TOGETHER, 1, outputs)).astype(np.float32) / np.float32(sqrt(inputs))
        h = (np.maximum(h, 0) if inputs != WIDTHS[0] else h) @ weights + biases
    return np.packbits(h[:, :, 0] > 0, axis=1)


def _envelope(functions: Bits) -> tuple[float, tuple[list[float], list[float]]]:
    """The slope of log2 of the largest frequency over complexity, and both, of functions that came twice or more."""
    distinct, counts = np.unique(functions, axis=0, return_counts=True)
    often = counts > 1
    largest: dict[float, int] = {}
    for packed, count in zip(distinct[often], counts[often], strict=True):
        at = complexity(np.unpackbits(packed))
        largest[at] = max(largest.get(at, 0), int(count))
    x = sorted(largest)
    y = [largest[at] / len(functions) for at in x]
    return float(np.polyfit(x, np.log2(y), 1)[0]), (x, y)
