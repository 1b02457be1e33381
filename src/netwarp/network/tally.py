"""The counts of a network whose weights are given, from its operations: what a seed would draw is counted elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from netwarp.network.network import Network
from netwarp.network.plain import SLICE
from netwarp.network.program import Activate, Conv, Maxout, Operation, Pool, Program, TensorConv


class Tally(NamedTuple):
    """`layers`: the convolutions, a read-out too; `units`: channels of nonlinear operations; `depth`: their number.

    `parameters`: its numbers, but for those of the plane that it is looked at on.
    """

    layers: int
    units: int
    parameters: int
    depth: int


def tally(network: Network, program: Program) -> Tally:
    """The counts of a network and the Program it lowers to; architecture.counts.count has an architecture's."""
    operations = program.operations
    nonlinear = [o for o in operations if isinstance(o, Maxout) or (isinstance(o, Activate) and o.name != "linear")]
    return Tally(
        layers=sum(isinstance(o, Conv | TensorConv) for o in operations),
        units=sum(o.channels for o in nonlinear),
        parameters=sum(array.size for name, array in network.parameters.items() if name not in SLICE),
        depth=len(nonlinear),
    )


class ListedOperation(NamedTuple):
    """An operation as a reader meets it: the layer it is of, what it does, channels in and out, numbers of its own."""

    layer: str
    what: str
    inputs: int
    channels: int
    parameters: int


def steps(program: Program) -> tuple[ListedOperation, ...]:
    """Every operation of a Program, in order. `parameters` are those of convolutions, biases with them."""
    made = program.operations
    return tuple(
        ListedOperation(
            layer=one.layer,
            what=_what(one),
            inputs=sum(made[source].channels for source in one.sources),
            channels=one.channels,
            parameters=one.weight.size + one.bias.size if isinstance(one, Conv | TensorConv) else 0,
        )
        for one in made
    )


def _what(one: Operation) -> str:
    """As "conv 3x3", "relu", "max pool 2x2", "tensor conv 3x3 of 8x16x16"."""
    match one:
        case Conv():
            return f"conv {one.kernel}x{one.kernel}"
        case TensorConv():
            rows, columns = one.weight.shape[2:]
            return f"tensor conv {rows}x{columns} of {'x'.join(map(str, one.shape))}"
        case Activate():
            return one.name
        case Maxout():
            return f"maxout of {one.pieces}"
        case Pool():
            return f"{one.kind} pool {one.size}x{one.size}"
        case _:
            return type(one).__name__.lower()
