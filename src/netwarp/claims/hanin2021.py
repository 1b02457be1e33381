"""ReLU networks keep lengths: Hanin, Jeong and Rolnick (2021), "Deep ReLU Networks Preserve Expected Length".

arXiv:2102.10492: the expected length of the image of a curve does not grow with depth, and shrinks slightly, by
exp(-5/8 sum 1 / n) over layers of n units. -5/8 is an eighth of the variance 5 / n of a layer's factor, the first
order of the mean of a square root.
"""

from __future__ import annotations

from math import exp, sqrt

import numpy as np

from netwarp.claims.checks import judge, less, within
from netwarp.claims.estimates import mean, mean_of
from netwarp.claims.products import plot, squares
from netwarp.claims.registry import Finding, Plot, claim
from netwarp.claims.words import points, said
from netwarp.progress import Progress

SOURCE = "Hanin, Jeong and Rolnick 2021, arXiv:2102.10492"
WIDTH, DEPTH = 64, 16
WEIGHTS = (1.0, sqrt(2), 2.0)
# of the logarithm of the expected length, for every 1 / n
RATE = -5 / 8
# layers of n units, the sum of 1 / n being 1/2
NARROW = ((12, 6), (20, 10), (32, 16))


@claim(
    number=6,
    name="he-keeps-lengths",
    statement=(
        "Without normalisation and with He's weights the expected length of a curve does not grow with the depth of a "
        "ReLU network; with weights of another size every layer multiplies it by sigma_w / sqrt 2."
    ),
    source=SOURCE,
    basis="stated",
    setup=(
        "Sixteen ReLU layers of 64 units without biases, weights of sigma_w = 1, sqrt 2 (He) and 2, networks of their "
        "own for each; the length of a line by its derivative, after the last layer over before the first, mean over "
        "networks."
    ),
    expected=(
        "(sigma_w / sqrt 2)^16 exp(-5/8 sum 1 / n) = 0.003341, 0.8553 and 219: the exponential is the paper's "
        "shrinkage; below 1 for He's weights"
    ),
    tolerance="5% of the length after all layers, 0.3% a layer",
)
def he_keeps_lengths(quick: bool, progress: Progress) -> Finding:
    networks = 1500 if quick else 6000
    found = [
        np.sqrt(squares([WIDTH] * (DEPTH + 1), networks, progress, weight=weight, seed=place))
        for place, weight in enumerate(WEIGHTS)
    ]
    shrinks = exp(RATE * DEPTH / WIDTH)
    statements = [
        within(
            f"length over that of the input, sigma_w = {weight:.4g}",
            (weight / sqrt(2)) ** DEPTH * shrinks,
            0.05,
            mean_of(lengths[:, -1]),
        )
        for weight, lengths in zip(WEIGHTS, found, strict=True)
    ]
    statements.append(less("length over that of the input, He's weights", 1, mean_of(found[1][:, -1])))
    checks = judge(statements)
    shown = Plot(
        tuple(
            points(f"sigma_w = {weight:.4g}", range(1, DEPTH + 1), [mean(layer) for layer in lengths.T])
            for weight, lengths in zip(WEIGHTS, found, strict=True)
        ),
        "layer",
        "length over that of the input",
        y_log=True,
        lines=(1.0,),
    )
    measured = ", ".join(f"{said(one, 3)} at {weight:.4g}" for weight, one in zip(WEIGHTS, checks, strict=False))
    return Finding(f"after sixteen layers {measured}", checks, shown)


@claim(
    number=25,
    name="lengths-shrink",
    statement=(
        "With He's weights the expected length of a curve shrinks by exp(-5/8 sum 1 / n) over layers of n units: by a "
        "quarter where the sum is a half, whether in few narrow layers or in many wide ones."
    ),
    source=SOURCE,
    basis="stated",
    setup=(
        "ReLU networks without biases of 6 layers of 12 units, 10 of 20 and 16 of 32; the length of a line by its "
        "derivative, after the last layer over before the first, mean over networks."
    ),
    expected="exp(-5/16) = 0.7316 for each",
    tolerance="5%: what is left out is of the order of sum 1 / n^2; -1/2 or -3/4 in place of -5/8 would be 6% off",
)
def lengths_shrink(quick: bool, progress: Progress) -> Finding:
    networks = 12_000 if quick else 40_000
    found = [
        np.sqrt(squares([width] * (depth + 1), networks, progress, seed=10 + place))
        for place, (width, depth) in enumerate(NARROW)
    ]
    checks = judge(
        within(f"length over that of the input, [{width}] * {depth}", exp(RATE / 2), 0.05, mean_of(lengths[:, -1]))
        for (width, depth), lengths in zip(NARROW, found, strict=True)
    )
    shown = plot(NARROW, found, "exp(-5/8 sum 1/n)", RATE, "length over that of the input")
    measured = ", ".join(f"{said(one)} for [{w}] * {d}" for (w, d), one in zip(NARROW, checks, strict=True))
    return Finding(measured, checks, shown)
