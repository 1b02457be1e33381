"""lower: a Network as a Program."""

from __future__ import annotations

from netwarp.network.build import build
from netwarp.network.network import Network
from netwarp.network.plain import build_plain
from netwarp.network.program import Program


def lower(network: Network) -> Program:
    """The network's operations in float64, spatial norms still as Normalise: what calibration starts from.

    `Program.layers` marks the output, after its activation, of every weighted layer but shortcuts and the read-out.
    """
    if network.architecture is None:
        assert network.activation is not None
        return build_plain(network.parameters, network.activation)
    return build(network.architecture, lambda parameter: network.parameters[parameter.key])
