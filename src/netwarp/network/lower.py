"""lower: a Network as a Program."""

from __future__ import annotations

from typing import assert_never

from netwarp.network.network import Network
from netwarp.network.plain import build_plain, depth_of
from netwarp.network.program import Program
from netwarp.network.skeletons import skeleton
from netwarp.network.source import Drawn, Graph, Made, Plain, Weighted


def lower(network: Network) -> Program:
    """The network's operations in float64, spatial norms still as Normalise: what calibration starts from.

    `Program.layers` marks the output, after its activation, of every weighted layer but shortcuts and the read-out.
    """
    match network.source:
        case Drawn(architecture) | Weighted(architecture) | Made(architecture=architecture):
            return skeleton(architecture).filled(network.parameters)
        case Plain() as plain:
            return build_plain(network.parameters, plain.after(depth_of(network.parameters)), plain.features)
        case Graph(program):
            return program
        case _:
            assert_never(network.source)
