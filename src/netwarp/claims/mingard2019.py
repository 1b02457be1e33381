"""Untrained perceptrons prefer simple functions: Mingard, Skalse, Valle-Pérez, Martínez-Rubio, Mikulik, Louis (2019).

"Neural networks are a priori biased towards Boolean functions with low entropy", arXiv:1909.11522.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from netwarp.claims.checks import judge, within
from netwarp.claims.estimates import Estimate, share
from netwarp.claims.registry import Finding, Plot, Series, claim
from netwarp.claims.streams import stream
from netwarp.measures.intervals import Interval
from netwarp.progress import Progress
from netwarp.study.seeds import over

INPUTS = 5
FUNCTIONS = 1 << INPUTS
CHUNK = 1 << 16


@claim(
    number=20,
    name="perceptron-entropy",
    statement=(
        "A perceptron without bias and with Gaussian weights is biased towards Boolean functions of low entropy: the "
        "number T of the points of {0, 1}^n where it says 1 is uniform on 0 .. 2^n - 1, though all but a few functions "
        "have T near 2^(n - 1)."
    ),
    source="Mingard, Skalse, Valle-Pérez, Martínez-Rubio, Mikulik and Louis 2019, arXiv:1909.11522",
    basis="stated",
    setup=(
        "2^22 perceptrons (2^21 with --quick) on {0, 1}^5, five standard normal weights each, f(x) = 1 where w x > 0."
    ),
    expected="P(T = t) = 1/32 for t = 0 .. 31",
    tolerance="3% of 1/32 for every t",
)
def perceptron_entropy(quick: bool, progress: Progress) -> Finding:
    chunks = 32 if quick else 64
    counts = np.sum(over(_counts, range(chunks), progress), axis=0)
    drawn = int(counts.sum())
    shares = counts / drawn * FUNCTIONS
    deviation = np.sqrt((FUNCTIONS - 1) / drawn)
    checks = judge(within(f"32 P(T = {t})", 1, 0.03, _times(int(count), drawn)) for t, count in enumerate(counts))
    furthest = int(np.argmax(np.abs(shares - 1)))
    plot = Plot(
        (
            Series(
                "measured",
                tuple(float(t) for t in range(FUNCTIONS)),
                tuple(shares.tolist()),
                tuple((shares - 1.96 * deviation).tolist()),
                tuple((shares + 1.96 * deviation).tolist()),
            ),
        ),
        "T, points where the function is 1",
        "32 P(T)",
        lines=(1.0,),
    )
    return Finding(
        f"32 P(T = t) from {shares.min():.4f} to {shares.max():.4f}; furthest from 1 at t = {furthest}, where it is "
        f"{shares[furthest]:.4f} ± {1.96 * deviation:.4f}",
        checks,
        plot,
    )


def _times(count: int, drawn: int) -> Estimate:
    """How many times its probability among FUNCTIONS values is that of one of them."""

    def at(level: float) -> Interval:
        found = share(count, drawn, level)
        assert found.low is not None
        assert found.high is not None
        return Interval(found.value * FUNCTIONS, found.low * FUNCTIONS, found.high * FUNCTIONS)

    return at


def _counts(seed: int) -> np.ndarray:
    """(32,) how many of CHUNK perceptrons have each T."""
    points = np.array(list(product((0.0, 1.0), repeat=INPUTS)))
    weights = stream(seed).standard_normal((CHUNK, INPUTS))
    ones = (weights @ points.T > 0).sum(axis=1)
    return np.bincount(ones, minlength=FUNCTIONS)
