"""Networks written down by hand that fold the unit square: few units, regions by the power of the depth.

The construction of Montúfar, Pascanu, Cho and Bengio, "On the Number of Linear Regions of Deep Neural Networks"
(arXiv:1402.1869), and its one-dimensional relative, the sawtooth of Telgarsky, "Representation Benefits of Deep
Feedforward Networks" (arXiv:1509.08101). Every weight is a small whole number or a half, exact in float32.
"""

# a coordinate t of [0, 1] is folded p times on itself by p units relu(p t - k), k = 0 .. p - 1: with the signs
# 1, -2, 2, -2, ... their sum rises from 0 to 1 on [0, 1/p], falls to 0 on [1/p, 2/p], and so on

from __future__ import annotations

import numpy as np

from netwarp.checks import LARGEST, whole
from netwarp.errors import InputError, LimitError
from netwarp.network.program import Array

MAX_NUMBERS = 1 << 22  # weights and biases in all: 32 MiB
MAX_DEPTH = 1000  # far past the depth where a float64 can tell the folds apart


def folding(depth: int, width: int) -> dict[str, Array]:
    """W0, b0, ... of `depth` ReLU layers of `width` units that fold [0, 1]^2 along both axes, layer by layer.

    x has p = ceil(width / 2) units a layer and y has q = floor(width / 2): each folds its coordinate into p (q) equal
    parts laid over one another. After `depth` layers a coordinate's value is a triangle wave of p^depth (q^depth) sides
    between 0 and 1: a grid of (p q)^depth cells, each of which goes onto the whole square. A unit's z touches 0 where
    k = 0 only on lines that the layer before has drawn. Hence on the open unit square exactly (p q)^depth activation
    regions, and as many linear regions; the construction promises nothing outside it. Three outputs: the folded x, the
    folded y, their mean. Errors: InputError; LimitError above 2^22 weights or 1,000 layers.
    """
    depth, width = whole(depth, "folding depth"), whole(width, "folding width", -LARGEST)
    if width < 2:
        raise InputError(f"folding width={width}: must be at least 2, a unit for x and one for y; try 4")
    _check_size(f"folding({depth}, {width})", depth, width)
    return _layers(depth, ((width + 1) // 2, width // 2), np.array([[1, 0], [0, 1], [0.5, 0.5]]))


def sawtooth(depth: int) -> dict[str, Array]:
    """W0, b0, ... of `depth` ReLU layers of 2 units that fold x in two, layer by layer; y is not read.

    The output, one channel, is a triangle wave of x with 2^depth sides between 0 and 1 on [0, 1], so that the open unit
    square has exactly 2^depth activation regions, upright strips of equal width, and as many linear regions; a line
    across it has 2^depth - 1 kinks. Errors: InputError; LimitError above 2^22 weights or 1,000 layers.
    """
    depth = whole(depth, "sawtooth depth")
    _check_size(f"sawtooth({depth})", depth, 2)
    return _layers(depth, (2, 0), np.array([[1, 0]]))


def _layers(depth: int, units: tuple[int, int], read: Array) -> dict[str, Array]:
    """The layers, `units` of which belong to x and to y, and a read-out (K, 2) of the two folded coordinates."""
    unfolded = np.zeros((sum(units), 2))  # coordinates -> z of the units
    folded = np.zeros((2, sum(units)))  # activations -> coordinates
    bias = np.zeros(sum(units))
    for axis, (first, count) in enumerate(zip((0, units[0]), units, strict=True)):
        numbers = np.arange(count)
        unfolded[first : first + count, axis] = count
        bias[first : first + count] = -numbers
        folded[axis, first : first + count] = np.where(numbers == 0, 1, np.where(numbers % 2, -2, 2))
    made: dict[str, Array] = {"W0": unfolded, "b0": bias + 0.0}  # no -0
    for layer in range(1, depth):
        made |= {f"W{layer}": unfolded @ folded, f"b{layer}": bias + 0.0}
    return made | {f"W{depth}": read @ folded, f"b{depth}": np.zeros(len(read))}


def _check_size(what: str, depth: int, width: int) -> None:
    if depth > MAX_DEPTH:
        raise LimitError(f"{what}: {depth:,} layers, at most {MAX_DEPTH:,} are allowed")
    numbers = (2 + depth + 3) * width + (depth - 1) * width * width
    if numbers > MAX_NUMBERS:
        raise LimitError(f"{what}: {numbers:,} weights, at most {MAX_NUMBERS:,} are allowed; fewer layers or units")
