"""Where a network's numbers come from, and with it what is known of the network besides them: one of four."""

from __future__ import annotations

from dataclasses import dataclass, field

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.reader import CHARACTERS
from netwarp.architecture.specs import Activation
from netwarp.checks import instance, integer, string
from netwarp.errors import InputError, shown
from netwarp.network.features import Feature, read_features
from netwarp.network.graph import checked
from netwarp.network.program import Program

NONE = Activation("linear")  # nothing follows
SEEDS = 1 << 256  # largest seed: recipes and files hold every one
SEED = 9  # that of a network for which nobody says one: README's, the page's, the command line's


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
    """Layers W0, b0, W1, b1, ... in a row, as a training script saves them.

    `activation` follows each layer but the last: one for all, or a tuple, one a layer. `output` follows the last.
    `assumed` says that nobody named the activation. `inputs` are what the first layer reads of the plane, as in
    "x, y, x*x, sin(y)"; empty for x and y themselves, or a slice.
    """

    activation: Activation | tuple[Activation, ...]
    output: Activation = NONE
    assumed: bool = False
    inputs: str = ""

    def __post_init__(self) -> None:
        if string(self.inputs, "Plain inputs", CHARACTERS):
            read_features(self.inputs)
        for one in (*self.several, self.output):
            instance(one, Activation, "Plain activation", 'an Activation, as Activation("relu")')

    @property
    def features(self) -> tuple[Feature, ...]:
        """The inputs of its own, empty where there are none."""
        return read_features(self.inputs) if self.inputs else ()

    @property
    def several(self) -> tuple[Activation, ...]:
        """The activations that are named: one for all layers, or one a layer."""
        return self.activation if isinstance(self.activation, tuple) else (self.activation,)

    def after(self, depth: int) -> tuple[Activation, ...]:
        """(depth,) what follows each layer, the last one's output included. Errors: InputError for another number."""
        if not isinstance(self.activation, tuple):
            return (*(self.activation,) * (depth - 1), self.output)
        if len(self.activation) != depth - 1:
            many = f"{len(self.activation)} activations of {depth} layers"
            also = f", or {depth} with the last one's" if self.output == NONE else ""
            raise InputError(f"activation: {many}; give one, or {depth - 1}, one for each layer but the last{also}")
        return (*self.activation, self.output)


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How a Program was compared with the model it was read from: on how many points, and the largest difference of an
    output there, as a share of the largest output."""

    points: int
    difference: float


@dataclass(frozen=True, slots=True)
class Graph:
    """Any Program, which holds its numbers itself; it is checked, and no number of it is rounded.

    `agreement` is that with the model it was read from, where there was one; no file has it. Errors: as
    network.graph.checked.
    """

    program: Program = field(repr=False)
    agreement: Fidelity | None = None

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
