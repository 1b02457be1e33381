"""How much gradients of narrow ReLU networks fluctuate: Hanin (2018).

"Which Neural Net Architectures Give Rise to Exploding and Vanishing Gradients?", arXiv:1801.03744: the fourth moment of
an entry of the Jacobian lies between exp(1/2 sum 1/n) and exp(6 m sum 1/n), up to constants, m being the weights'
fourth moment over their variance squared, 3 for Gaussian ones. That one sum over the layers decides.
"""

from __future__ import annotations

from math import log

from netwarp.claims.checks import judge, less, more, within
from netwarp.claims.estimates import Estimate, mean_of
from netwarp.claims.products import plot, squares
from netwarp.claims.registry import Finding, claim
from netwarp.claims.words import said
from netwarp.measures.intervals import Interval
from netwarp.progress import Progress

# layers of n units, the sum of 1 / n being 1/8
SHAPES = ((16, 2), (24, 3), (32, 4))
SUM = 1 / 8
# E[(2 / n chi^2_k)^2], k binomial(n, 1/2), is 1 + 5 / n
RATE = 5.0
LEAST, MOST = 1 / 2, 18.0


@claim(
    number=27,
    name="gradients-fluctuate-by-one-sum",
    statement=(
        "How much the squared gradient of a ReLU network with He's weights fluctuates is exponential in the sum of "
        "1 / n over its layers, whatever their number: its second moment over its mean squared is the product of "
        "1 + 5 / n, about exp(5 sum 1 / n)."
    ),
    source=(
        "Hanin 2018, arXiv:1801.03744, between exp(1/2 sum 1/n) and exp(18 sum 1/n) for Gaussian weights; the constant "
        "5 follows from them, see Hanin and Nica 2020, arXiv:1812.05994"
    ),
    basis="follows",
    setup=(
        "ReLU networks without biases of 2 layers of 16 units, 3 of 24 and 4 of 32, the sum of 1 / n being 1/8 for "
        "each; the squared length of a unit vector under the derivative at one input, over networks."
    ),
    expected="1.723, 1.764 and 1.787, exp(5/8) = 1.868 of wide layers; exponents between 1/2 and 18",
    tolerance="8%",
)
def gradients_fluctuate_by_one_sum(quick: bool, progress: Progress) -> Finding:
    networks = 24_000 if quick else 100_000
    found = [
        squares([width] * (depth + 1), networks, progress, seed=20 + place) ** 2
        for place, (width, depth) in enumerate(SHAPES)
    ]
    statements = [
        within(f"second moment, {_text(*shape)}", (1 + RATE / shape[0]) ** shape[1], 0.08, mean_of(fourth[:, -1]))
        for shape, fourth in zip(SHAPES, found, strict=True)
    ]
    for shape, fourth in zip(SHAPES, found, strict=True):
        exponent = _exponent(mean_of(fourth[:, -1]))
        statements += [
            more(f"exponent over sum 1/n, {_text(*shape)}", LEAST, exponent),
            less(f"exponent over sum 1/n, {_text(*shape)}", MOST, exponent),
        ]
    checks = judge(statements)
    shown = plot(SHAPES, found, "exp(5 sum 1/n)", RATE, "second moment of the squared gradient")
    measured = ", ".join(f"{said(one)} for {_text(*shape)}" for shape, one in zip(SHAPES, checks, strict=False))
    return Finding(measured, checks, shown)


def _exponent(found: Estimate) -> Estimate:
    """The logarithm of a moment over the sum of 1 / n."""

    def at(level: float) -> Interval:
        one = found(level)
        value, low, high = (None if end is None else log(end) / SUM for end in (one.value, one.low, one.high))
        assert value is not None
        return Interval(value, low, high)

    return at


def _text(width: int, depth: int) -> str:
    return f"[{width}] * {depth}"
