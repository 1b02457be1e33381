"""Whether the rank of hidden layers survives depth: Daneshmand, Kohler, Bach, Hofmann and Lucchi (2020).

"Batch Normalization Provably Avoids Rank Collapse for Randomly Initialised Deep Networks", arXiv:2003.01652: without
normalisation the activations of a batch tend to rank one; with it the rank of a linear network of width d stays of the
order of sqrt(d) or more at every depth. The batch norm of the theory divides by each unit's root mean square and
subtracts nothing. The rank is bounded from below by tr(M)^2 / |M|_F^2, M = H H^T / N, which is what is measured here:
d for orthogonal rows, 1 for rank one.
"""

# d width, N batch, S seeds

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from netwarp.claims.checks import judge, less, more
from netwarp.claims.estimates import factor_of, mean, mean_of
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.claims.words import interval, points
from netwarp.progress import Progress
from netwarp.study.seeds import by_point

Array = NDArray[np.float64]

SOURCE = "Daneshmand, Kohler, Bach, Hofmann and Lucchi 2020, arXiv:2003.01652"
WIDTHS = (16, 32, 64, 128)
# layers for every unit of a layer's width: a linear network needs many of them to collapse, fewer to settle
LONG, DEEP = 12, 6
LEAST, KEPT, COLLAPSED = 0.5, 0.8, 1.05
SETUP = (
    "weights normal of variance 1 / d, on a batch of 2 d independent Gaussian inputs; tr(M)^2 / |M|_F^2 of the "
    "activations' second moments M"
)
KEEPING = "Networks of width d = 16 to 128 and 6 d layers, " + SETUP
EXPECTED = "rank over sqrt(d) above 0.5 at every d, and at d = 128 not below 0.8 of that at d = 16"


@claim(
    number=38,
    name="rank-collapses",
    statement=(
        "Without normalisation the rank of the activations of a batch collapses to one with depth, in linear and in "
        "ReLU networks."
    ),
    source=SOURCE,
    basis="stated",
    setup="Networks of width d = 16, 32 and 64 and 12 d layers, " + SETUP + ", in the last layer, mean over seeds.",
    expected="1: below 1.05 for every width",
    tolerance="none; the bar is ours, the paper's limit is that of infinite depth",
)
def rank_collapses(quick: bool, progress: Progress) -> Finding:
    found = {act: _ranks(Variant(act), WIDTHS[:-1], LONG, quick, progress) for act in ("linear", "relu")}
    checks = judge(
        less(f"rank, {act}, d = {width}", COLLAPSED, mean_of(ranks[:, n, -1]))
        for act, ranks in found.items()
        for n, width in enumerate(WIDTHS[:-1])
    )
    return Finding(f"at most {max(one.measured for one in checks):.4f} in the last layer", checks, _plot(found))


@claim(
    number=39,
    name="batch-norm-keeps-rank",
    statement=(
        "With batch normalisation the rank of the activations of a linear network stays of the order of the root of "
        "its width d or more, whatever its depth."
    ),
    source=SOURCE,
    basis="stated",
    setup=KEEPING
    + ", each unit divided by its root mean square over the batch; mean over the last half of all layers.",
    expected=EXPECTED,
    tolerance="none; the paper gives no constant, the two numbers are ours",
)
def batch_norm_keeps_rank(quick: bool, progress: Progress) -> Finding:
    return _kept(Variant("linear", "divided"), quick, progress)


@claim(
    number=49,
    name="batch-norm-keeps-rank-of-relu",
    statement=(
        "Batch normalisation keeps the rank of the activations of a ReLU network of the order of the root of its width "
        "d or more, whatever its depth, as it does in a linear one."
    ),
    source=SOURCE + ", who prove it of linear networks and see it in ReLU ones",
    basis="stated",
    setup=KEEPING
    + ", of what goes into the ReLU, each unit less its mean and over its deviation; mean over the last half of them.",
    expected=EXPECTED,
    tolerance="none; the paper gives no constant, the two numbers are ours",
    recorded="not clear",
)
def batch_norm_keeps_rank_of_relu(quick: bool, progress: Progress) -> Finding:
    return _kept(Variant("relu", "centred"), quick, progress)


@dataclass(frozen=True, slots=True)
class Variant:
    """Of an activation; units as they are, divided by their root mean square, or less their mean as well."""

    act: str
    norm: str = "none"


def _kept(kind: Variant, quick: bool, progress: Progress) -> Finding:
    ranks = _ranks(kind, WIDTHS, DEEP, quick, progress)
    logs = np.log([_late(ranks[:, n]) / sqrt(width) for n, width in enumerate(WIDTHS)]).T
    checks = judge(
        *(more(f"rank over sqrt(d), d = {width}", LEAST, factor_of(logs[:, n])) for n, width in enumerate(WIDTHS)),
        more(f"the same at d = {WIDTHS[-1]} over d = {WIDTHS[0]}", KEPT, factor_of(logs[:, -1] - logs[:, 0])),
    )
    measured = ", ".join(f"{interval(mean(_late(ranks[:, n])), 3)} at d = {width}" for n, width in enumerate(WIDTHS))
    return Finding(f"rank {measured}", checks, _plot({kind.act: ranks}))


def _late(ranks: Array) -> Array:
    """(S,) the mean over the last half of (S, stages) ranks."""
    return np.asarray(ranks[:, ranks.shape[1] // 2 :].mean(axis=1))


def _ranks(kind: Variant, widths: Sequence[int], deep: int, quick: bool, progress: Progress) -> Array:
    """(S, widths, stages) ranks at as many depths for every width."""
    seeds = 8 if quick else 32
    found = by_point(ranks_of, {(kind, deep, width): range(seeds) for width in widths}, progress)
    return np.stack([np.array(ranks) for ranks in found.values()], axis=1)


def ranks_of(kind: Variant, deep: int, width: int, seed: int) -> Array:
    """(deep,) tr(M)^2 / |M|_F^2 after every `width`-th layer."""
    random = stream(seed)
    h = random.standard_normal((width, 2 * width))
    found = []
    for layer in range(deep * width):
        h = random.standard_normal((width, width)) @ h / sqrt(width)
        if kind.norm == "centred":
            h -= h.mean(axis=1, keepdims=True)
        if kind.norm != "none":
            h /= np.sqrt((h * h).mean(axis=1, keepdims=True))
        elif h.any():
            # one scale for all units: it changes no rank, and nothing overflows
            h /= np.sqrt((h * h).mean())
        if (layer + 1) % width == 0:
            found.append(effective(h))
        if kind.act == "relu":
            h = np.maximum(h, 0)
    return np.array(found)


def effective(h: Array) -> float:
    """tr(M)^2 / |M|_F^2 of M = h h^T: at most the rank of h; 0 where all of h is, every unit being off."""
    m = h @ h.T
    return float(np.trace(m) ** 2 / (m * m).sum()) if h.any() else 0.0


def _plot(found: dict[str, Array]) -> Plot:
    widths = next(iter(found.values())).shape[1]
    d = tuple(float(width) for width in WIDTHS[:widths])
    return Plot(
        (
            *(points(act, d, [mean(_late(ranks[:, n])) for n in range(widths)]) for act, ranks in found.items()),
            Series("sqrt(d)", d, tuple(sqrt(one) for one in d), reference=True),
        ),
        "width d",
        "rank, tr(M)^2 / |M|^2, in late layers",
        x_log=True,
        y_log=True,
    )
