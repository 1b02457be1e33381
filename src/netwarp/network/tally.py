"""The counts of a network whose weights are given, from its operations: what a seed would draw is counted elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from netwarp.network.network import Network
from netwarp.network.program import Activate, Conv, Maxout, Program, TensorConv


class Tally(NamedTuple):
    """`layers`: the convolutions, a read-out too; `units`: channels of nonlinear operations; `depth`: their number."""

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
        parameters=sum(array.size for array in network.parameters.values()),
        depth=len(nonlinear),
    )
