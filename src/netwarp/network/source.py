"""Where a network's numbers come from, and with it what is known of the network besides them: one of four."""

from __future__ import annotations

from dataclasses import dataclass, field

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.specs import Activation
from netwarp.checks import instance, integer
from netwarp.errors import InputError, shown
from netwarp.network.graph import checked
from netwarp.network.program import Program

SEEDS = 1 << 256  # largest seed: recipes and files hold every one


@dataclass(frozen=True, slots=True)
class Drawn:
    """An Architecture and the seed that its parameters are drawn from."""

    architecture: Architecture
    seed: int

    def __post_init__(self) -> None:
        _checked(self.architecture)
        object.__setattr__(self, "seed", _seed(self.seed))


@dataclass(frozen=True, slots=True)
class Weighted:
    """An Architecture whose parameters no seed gives: they were trained, or changed."""

    architecture: Architecture

    def __post_init__(self) -> None:
        _checked(self.architecture)


@dataclass(frozen=True, slots=True)
class Plain:
    """Layers W0, b0, W1, b1, ... in a row, as a training script saves them; `activation` follows each but the last."""

    activation: Activation

    def __post_init__(self) -> None:
        instance(self.activation, Activation, "Plain activation", 'an Activation, as Activation("relu")')


@dataclass(frozen=True, slots=True)
class Graph:
    """Any Program, which holds its numbers itself; it is checked, and no number of it is rounded.

    Errors: as network.graph.checked.
    """

    program: Program = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "program", checked(self.program))


Source = Drawn | Weighted | Plain | Graph


def _checked(architecture: object) -> None:
    instance(architecture, Architecture, "architecture", "an Architecture; a text goes through parse first")


def _seed(seed: object) -> int:
    number = integer(seed, "seed")
    if abs(number) > SEEDS:
        raise InputError(f"seed={shown(number)}: must be from -2^256 to 2^256")
    return number
