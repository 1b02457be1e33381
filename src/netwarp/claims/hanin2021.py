"""ReLU networks keep lengths: Hanin, Jeong and Rolnick (2021), "Deep ReLU Networks Preserve Expected Length".

arXiv:2102.10492.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from netwarp.claims.checks import verdict, within
from netwarp.claims.lengths import Case, lengths
from netwarp.claims.registry import Finding, Plot, Progress, claim
from netwarp.claims.seeds import factor, over
from netwarp.claims.words import interval, points

WIDTH = 500
WEIGHTS = (1.0, sqrt(2), 2.0)


@claim(
    number=6,
    name="he-keeps-lengths",
    statement=(
        "Without normalisation each ReLU layer multiplies the expected length of a curve by sigma_w / sqrt 2: with "
        "He's weights, where that is 1, curves do not grow with depth at all."
    ),
    source="Hanin, Jeong and Rolnick 2021, arXiv:2102.10492",
    setup=(
        "ReLU layers of 500 units without biases, weights of sigma_w = 1, sqrt 2 (He) and 2; lengths of lines across "
        "the plane, by their derivative; from the first layer to the last of twenty."
    ),
    expected="0.7071, 1 and 1.414 a layer",
    tolerance="2%",
)
def he_keeps_lengths(quick: bool, progress: Progress) -> Finding:
    depth, seeds = 20, (16 if quick else 100)
    # networks of their own for every sigma_w: the same ones, scaled, would say the same three times
    jobs = [Case("relu", weight) for weight in WEIGHTS for _ in range(seeds)]
    flat = over(lambda job: lengths([jobs[job]], WIDTH, depth, job), range(len(jobs)), progress)
    found = np.array(flat).reshape(len(WEIGHTS), seeds, depth)
    measured = [factor((logs[:, -1] - logs[:, 0]) / (depth - 1)) for logs in found]
    checks = tuple(
        within(f"length ratio a layer, sigma_w = {weight:.4g}", weight / sqrt(2), one.value, 0.02, one.low, one.high)
        for weight, one in zip(WEIGHTS, measured, strict=True)
    )
    plot = Plot(
        tuple(
            points(f"sigma_w = {weight:.4g}", range(1, depth + 1), [factor(step) for step in (logs.T - logs[:, 0])])
            for weight, logs in zip(WEIGHTS, found, strict=True)
        ),
        "layer",
        "length over that after the first layer",
        y_log=True,
        lines=(1.0,),
    )
    said = ", ".join(f"{interval(one)} at {weight:.4g}" for weight, one in zip(WEIGHTS, measured, strict=True))
    return Finding(said, verdict(checks), checks, plot)
