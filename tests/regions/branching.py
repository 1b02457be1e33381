"""Small networks of all that the language can say and that has cells, their weights made what breaks floats.

Parallel branches, dense and residual blocks, inceptions, maxouts and every activation of straight pieces, calibrated;
then weights are copied, halved, left out or shared between branches, so that lines coincide, touch and meet in one
point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from netwarp.architecture.architecture import DEFAULT_NORM, Architecture
from netwarp.architecture.counts import count
from netwarp.architecture.nodes import (
    Act,
    Conv,
    Dense,
    Depthwise,
    Inception,
    Layer,
    Maxout,
    Norm,
    Parallel,
    Pool,
    Residual,
)
from netwarp.architecture.specs import Activation
from netwarp.fields.calibration import calibrate
from netwarp.network import program as operations
from netwarp.network.network import Network
from netwarp.network.program import Program
from netwarp.plane import Plane, Raster
from web.architectures import Dice, activation, initialiser, inputs, norm

HOME = Raster(30, 20)
MOST_UNITS, MOST_LAYERS = 60, 10
KINDS = ("as they are", "halves", "shared", "left out", "copies", "no bias", "thirds", "far")
PLANES = (
    Plane(),
    Plane(0.11, -0.07, 0.02, 0.03),
    Plane(0.0, 0.0, 2.0, 2.0),
    Plane(0.0, 0.0, 1e-6, 1e-6),
    Plane(0.25, -0.25, 0.5, 0.5),
)


@dataclass(frozen=True)
class Branching:
    """A calibrated network whose weights were changed as `kind` says, and a plane to cut it on."""

    architecture: Architecture
    kind: str
    program: Program
    plane: Plane


def branching(number: int) -> Branching:
    """The network of that number: always the same one."""
    dice = Dice(number, straight=True)
    while True:
        made = Architecture(
            tree(dice, 2),
            act=activation(dice),
            norm=dice.choice([DEFAULT_NORM, norm(dice), None]),
            init=initialiser(dice),
            inputs=inputs(dice),
            out=dice.randint(1, 3),
            out_act=dice.choice([Activation("linear"), activation(dice)]),
        )
        counts = count(made)
        if counts.units <= MOST_UNITS and counts.layers <= MOST_LAYERS:
            break
    kind, plane = dice.choice(KINDS), dice.choice(PLANES)
    program = calibrate(Network.draw(made, number), HOME).program
    return Branching(made, kind, changed(program, kind, np.random.default_rng(number)), plane)


def tree(dice: Dice, depth: int) -> Layer:
    parts = [layer(dice, depth) for _ in range(dice.randint(1, 3))]
    made = parts[0]
    for part in parts[1:]:
        made = made >> part
    return made * dice.choice([1, 1, 1, 2])


def layer(dice: Dice, depth: int) -> Layer:
    if depth and dice.random() < 0.5:
        one, two, three = (tree(dice, depth - 1) for _ in range(3))
        a, b, c, d, e, f = (dice.randint(1, 2) for _ in range(6))
        inception = Inception(a, (b, c), (d, e), f, (1, 1), activation(dice))
        branches = Parallel((one, two)), Parallel((one, two, three))
        return dice.choice([Residual(one), Dense(one), *branches, inception])
    return dice.choice(
        [
            Conv(dice.randint(1, 5)),
            Conv(dice.randint(1, 5)),
            Conv(dice.randint(1, 5), act=activation(dice)),
            Maxout(dice.randint(1, 3), dice.randint(1, 4)),
            Act(activation(dice)),
            Norm(norm(dice)),
            Pool(dice.choice(["max", "avg"]), 1, 1),
            Depthwise(1),
        ]
    )


def changed(program: Program, kind: str, rng: np.random.Generator) -> Program:
    """The Program with the weights of its convolutions changed, all of them floats of 32 bits."""
    made: list[operations.Operation] = []
    shared: dict[tuple[tuple[int, ...], int], operations.Conv] = {}
    for one in program.operations:
        if isinstance(one, operations.Conv):
            weight, bias = (rounded(part) for part in numbers(one, kind, rng))
            one = replace(one, weight=weight, bias=bias)
            before = shared.setdefault((weight.shape, one.groups), one)
            if kind == "shared" and rng.random() < 0.7:
                one = replace(one, weight=before.weight, bias=before.bias)
        made.append(one)
    return replace(program, operations=tuple(made))


def rounded(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    return numbers.astype(np.float32).astype(np.float64)


def numbers(one: operations.Conv, kind: str, rng: np.random.Generator) -> tuple[NDArray[np.float64], ...]:
    weight, bias = one.weight.astype(np.float64), one.bias.astype(np.float64)
    if kind in ("halves", "shared"):
        weight, bias = np.round(weight * 2) / 2, np.round(bias * 2) / 2
    elif kind == "left out":
        weight[rng.random(weight.shape) < 0.4] = 0.0
        bias[rng.random(bias.shape) < 0.5] = 0.0
    elif kind == "copies":
        for unit in range(1, len(weight)):
            if rng.random() < 0.5:
                of, factor = rng.integers(0, unit), rng.choice([1.0, -1.0, 2.0, -0.5])
                weight[unit], bias[unit] = weight[of] * factor, bias[of] * factor
    elif kind == "no bias":
        bias[:] = 0.0
    elif kind == "thirds":
        weight, bias = np.round(weight * 3) / 3, np.round(bias * 3) / 3
    elif kind == "far":
        weight = weight * 10.0 ** rng.integers(-6, 7)
    return weight, bias
