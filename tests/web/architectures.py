"""Random architectures of all that the language can say, its numbers of usual sizes: without windows, or with some."""

from __future__ import annotations

from random import Random

from netwarp.activations.registry import NAMES, face
from netwarp.architecture.architecture import DEFAULT_NORM, Architecture
from netwarp.architecture.counts import count
from netwarp.architecture.inputs import Coordinate, Embed, Fourier, Input, Inputs, Latent, Periodic
from netwarp.architecture.nodes import (
    Act,
    Conv,
    Dense,
    Depthwise,
    Gated,
    Inception,
    Layer,
    Maxout,
    Norm,
    Parallel,
    Pool,
    Residual,
)
from netwarp.architecture.specs import (
    UNSET,
    Activation,
    Constant,
    Distribution,
    Initialiser,
    LayerNorm,
    Normal,
    Spatial,
    Uniform,
)
from netwarp.errors import InputError

LARGEST = 3_000  # parameters: a case is calibrated in a moment
DEEPEST = 12  # layers of piecewise linear ones: deeper ones mostly have too many cells to compare
WIDEST = 25  # pixels that one of the output reads, a side


STRAIGHT = tuple(name for name in NAMES if face(name).pieces is not None)


class Dice(Random):
    """Chance, and what it may choose from."""

    def __init__(self, seed: int, *, straight: bool = False) -> None:
        super().__init__(seed)
        self.straight = straight
        self.names = STRAIGHT if straight else NAMES


def pointwise(seed: int) -> Architecture:
    """The architecture of that number, which reads no neighbours: always the same one."""
    return drawn(Dice(seed), windows=False)


def straight(seed: int) -> Architecture:
    """Of those that are pointwise, piecewise linear and not very deep, the one of that number."""
    random = Dice(seed, straight=True)
    while True:
        made = drawn(random, windows=False)
        if count(made).layers <= DEEPEST:
            return made


def windowed(seed: int) -> Architecture:
    """The architecture of that number, with kernels and pools of several pixels: always the same one."""
    random = Dice(seed)
    while True:
        made = drawn(random, windows=True)
        if 1 < count(made).field <= WIDEST:
            return made


def drawn(random: Dice, *, windows: bool) -> Architecture:
    while True:
        made = Architecture(
            tree(random, 2, windows),
            act=activation(random),
            norm=random.choice([DEFAULT_NORM, DEFAULT_NORM, norm(random), norm(random), None]),
            init=initialiser(random),
            inputs=inputs(random),
            out=random.randint(1, 4),
            out_act=random.choice([Activation("linear"), activation(random)]),
        )
        try:
            if count(made).parameters <= LARGEST:
                return made
        except InputError:  # groups that do not divide the channels they read
            continue


def tree(random: Dice, depth: int, windows: bool) -> Layer:
    parts = [layer(random, depth, windows) for _ in range(random.randint(1, 3))]
    made = parts[0]
    for part in parts[1:]:
        made = made >> part
    return made * random.choice([1, 1, 2, 3])


def layer(random: Dice, depth: int, windows: bool) -> Layer:
    if depth and random.random() < 0.4:
        body = tree(random, depth - 1, windows)
        other = tree(random, depth - 1, windows)
        gated = [] if random.straight else [Gated(body)]
        return random.choice([Residual(body), Dense(body), *gated, Parallel((body, other)), inception(random, windows)])
    if windows and random.random() < 0.2:
        return Pool(random.choice(["max", "avg"]), random.randint(2, 5), random.choice([1, 1, 2]))
    side = random.choice([1, 2, 3, 3, 5]) if windows else 1
    groups = random.choice([1, 1, 1, 2])
    wide = groups * random.randint(1, 8)
    return random.choice(
        [
            Conv(random.randint(2, 16)),
            Conv(random.randint(2, 16)),
            Conv(
                wide,
                side,
                groups,
                some(random, activation),
                some(random, norm),
                some(random, initialiser),
                bias(random),
            ),
            Depthwise(side, some(random, activation), some(random, norm), some(random, initialiser), bias(random)),
            Maxout(random.randint(1, 6), random.randint(1, 4), side, some(random, norm), bias=bias(random)),
            Act(some(random, activation)),
            Norm(some(random, norm)),
            Pool("max", 1, 1),
        ]
    )


def inception(random: Dice, windows: bool) -> Inception:
    one, a, b, c, d, last = (random.randint(1, 5) for _ in range(6))
    return Inception(one, (a, b), (c, d), last, (3, 2) if windows else (1, 1), some(random, activation))


def some(random: Dice, make: object) -> object:
    """What is made, or nothing said of it."""
    return UNSET if random.random() < 0.6 else make(random)


def bias(random: Dice) -> bool | None:
    return random.choice([None, None, True, False])


def activation(random: Dice) -> Activation:
    name = random.choice(["relu", "relu", *random.names])
    if name == "leaky":
        return Activation(name, random.choice(["random", 0.2, None]))
    return Activation(name, random.choice([None, 2.5]) if name == "sin" else None)


def norm(random: Dice) -> Spatial | LayerNorm:
    kind = random.choice([Spatial, Spatial, Spatial if random.straight else LayerNorm])
    return kind(distribution(random), distribution(random), random.choice([1e-5, 1e-3]))


def distribution(random: Dice) -> Distribution:
    return random.choice(
        [Constant(random.choice([1.0, 2.5, 3.0])), Normal(1.0, 0.5), Normal(0.0, 2.0), Uniform(0.5, 1.5)]
    )


def initialiser(random: Dice) -> Initialiser:
    name = random.choice(["he", "he", "xavier", "lecun", "orthogonal", "normal", "uniform"])
    parameter = random.choice([0.3, 1.0]) if name in ("normal", "uniform") else None
    return Initialiser(name, parameter, random.choice([1.0, 1.5]), random.choice([Constant(0.0), Normal(0.0, 0.5)]))


def inputs(random: Dice) -> Inputs:
    some_of: list[Input] = [
        Coordinate(random.choice(["r", "bias"])),
        Latent(random.randint(1, 3)),
        Fourier(random.randint(1, 4), random.choice([0.5, 2.0])),
        Periodic(random.choice("xy")),
        Embed((0.1, 0.0, -0.5), (1.0, 0.0, 0.25), (0.0, 1.0, 2.0)),
    ]
    if random.straight:
        some_of = [Coordinate("bias"), *(one for one in some_of if isinstance(one, Latent | Embed))]
    more = random.sample(some_of, random.choice([0, 0, 1, 2]))
    return Inputs((Coordinate("x"), Coordinate("y"), *more))
