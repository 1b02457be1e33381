"""How many kinks a random maxout network has along a line: Tseran and Montúfar (2021).

"On the Expected Complexity of Maxout Networks", arXiv:2107.00379: at random initialisation the expected number of
regions is polynomial in the rank K and in the number of units, and does not grow with depth otherwise, far below the
largest possible. Of one layer along a line it is known exactly: a unit is the upper envelope of K random lines, whose
kinks are the upper edges of the convex hull of K Gaussian points, half of all; Rényi and Sulanke 1963,
doi:10.1007/BF00535300, give their mean number.
"""

# N units, K pieces, I intervals of the line

from __future__ import annotations

from itertools import combinations
from math import comb, pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import ndtr

from netwarp.claims.checks import judge, within
from netwarp.claims.estimates import mean, mean_of, ratio_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import points, said
from netwarp.progress import Progress
from netwarp.study.seeds import by_point

Array = NDArray[np.float64]

SOURCE = "Tseran and Montúfar 2021, arXiv:2107.00379"
RANKS = (2, 3, 4, 5, 8)
UNITS = 48
DEPTHS = (1, 2, 4)
LAYERED = 3
# beyond it a kink of a Gaussian line is one in a thousand
REACH = 1e3


@claim(
    number=44,
    name="maxout-kinks-by-rank",
    statement=(
        "Along a line a layer of random maxout units of rank K has, a unit, as many kinks on average as the convex "
        "hull of K Gaussian points of the plane has upper edges: 1, 3/2, .. growing as the root of ln K."
    ),
    source=SOURCE + ": polynomial in K; the numbers follow from Rényi and Sulanke 1963, doi:10.1007/BF00535300",
    basis="follows",
    setup=(
        "One layer of 48 maxout units of rank 2 to 8 of two inputs, weights and biases Gaussian; kinks along a line, "
        "counted exactly, mean over seeds."
    ),
    expected="1, 1.5, 1.825, 2.061 and 2.523 kinks a unit",
    tolerance="3%",
)
def maxout_kinks_by_rank(quick: bool, progress: Progress) -> Finding:
    seeds = 60 if quick else 300
    counted = by_point(kinks, {((UNITS,), rank): range(seeds) for rank in RANKS}, progress)
    found = np.array(list(counted.values())) / UNITS
    checks = judge(
        within(f"kinks a unit, rank {rank}", upper_edges(rank), 0.03, mean_of(counts))
        for rank, counts in zip(RANKS, found, strict=True)
    )
    fine = tuple(range(2, 9))
    plot = Plot(
        (
            points("measured", RANKS, [mean(counts) for counts in found]),
            Series("upper edges of a hull", fine, tuple(upper_edges(k) for k in fine), reference=True),
        ),
        "rank K",
        "kinks a unit",
    )
    measured = ", ".join(f"{said(one)} at rank {rank}" for rank, one in zip(RANKS, checks, strict=True))
    return Finding(measured, checks, plot)


@claim(
    number=45,
    name="maxout-kinks-follow-units",
    statement=(
        "A random maxout network has about as many kinks along a line as one layer of as many units, however the units "
        "are layered."
    ),
    source=SOURCE + ", of bounds and experiments: not exponential in depth",
    basis="stated",
    setup=(
        "48 maxout units of rank 3 of two inputs in 1, 2 and 4 layers, weights normal of variance 1 over the inputs, "
        "biases standard normal; kinks along a line, counted exactly; over one layer's of other seeds."
    ),
    expected="kinks over those of one layer: 1",
    tolerance="25%; that is ours, of an exponential law in depth each layer would double them",
)
def maxout_kinks_follow_units(quick: bool, progress: Progress) -> Finding:
    seeds = 60 if quick else 300
    shapes = [(UNITS // depth,) * depth for depth in DEPTHS]
    counted = by_point(kinks, {(shape, LAYERED): range(seeds) for shape in shapes}, progress)
    found = np.array(list(counted.values()), dtype=np.float64)
    checks = judge(
        within(f"kinks, {depth} layers over 1", 1.0, 0.25, ratio_of(found[0], counts))
        for depth, counts in zip(DEPTHS[1:], found[1:], strict=True)
    )
    plot = Plot(
        (points("48 units of rank 3", DEPTHS, [mean(counts) for counts in found]),),
        "layers",
        "kinks along a line",
        x_log=True,
        lines=(UNITS * upper_edges(LAYERED),),
    )
    return Finding("; ".join(f"{one.what} {said(one, 3)}" for one in checks), checks, plot)


def upper_edges(k: int) -> float:
    """The mean number of upper edges of the convex hull of k Gaussian points of the plane, k >= 2.

    Half of 4 sqrt(pi) C(k, 2) E, E the integral of Phi(x)^(k - 2) phi(x)^2: two points have one above and one below.
    """
    square = quad(lambda x: ndtr(x) ** (k - 2) * np.exp(-x * x) / (2 * pi), -10, 10, epsabs=1e-12)[0]
    return 2 * sqrt(pi) * comb(k, 2) * float(square)


def kinks(widths: tuple[int, ...], rank: int, seed: int) -> int:
    """Where along a line a random maxout network's units change the piece that is largest, each place a unit once.

    Exactly: on every interval between the kinks of the layers before, a layer's pieces are affine in the line's t.
    """
    random = stream(seed)
    start, direction = random.standard_normal((2, 2))
    ends = np.array([-REACH, REACH])
    # of the last layer's (units,) on every interval: value at t = 0, and slope; (I, units)
    constant, slope = start[None], direction[None]
    total = 0
    for n in widths:
        inputs = constant.shape[1]
        weights = random.standard_normal((rank, n, inputs)) / sqrt(inputs)
        biases = random.standard_normal((rank, n))
        # (rank, I, N)
        b, a = np.einsum("kni,ji->kjn", weights, constant) + biases[:, None], np.einsum("kni,ji->kjn", weights, slope)
        places = np.concatenate([ends, found := _changes(a, b, ends)])
        total += found.size
        places.sort()
        middle = (places[1:] + places[:-1]) / 2
        within_ = np.searchsorted(ends, middle) - 1
        values = a[:, within_] * middle[None, :, None] + b[:, within_]
        best = values.argmax(axis=0)[None]
        slope = np.take_along_axis(a[:, within_], best, axis=0)[0]
        constant = np.take_along_axis(b[:, within_], best, axis=0)[0]
        ends = places
    return total


def _changes(a: Array, b: Array, ends: Array) -> Array:
    """The t within each interval at which a unit's largest piece changes; slopes a and values b are (rank, I, N)."""
    rank = len(a)
    found = []
    for i, j in combinations(range(rank), 2):
        t = (b[i] - b[j]) / (a[j] - a[i])
        value = a[i] * t + b[i]
        rest = [k for k in range(rank) if k not in (i, j)]
        highest = np.ones(t.shape, dtype=bool)
        for k in rest:
            highest &= a[k] * t + b[k] < value
        inside = (t > ends[:-1, None]) & (t < ends[1:, None])
        found.append(t[highest & inside])
    return np.concatenate(found)
