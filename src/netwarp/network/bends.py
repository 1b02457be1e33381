"""What follows the layers of a network, in words: the activation that a reader is told, from the network itself."""

from __future__ import annotations

from typing import assert_never

from netwarp.network.network import Network
from netwarp.network.program import Activate, Call, Maxout, Operation, Pool, Program
from netwarp.network.source import Drawn, Graph, Made, Plain, Weighted

NOTHING = "none"  # no layer is followed by anything: the network is affine


def activation_of(network: Network) -> str | None:
    """The activation: "tanh", or "relu, tanh" where layers differ; "none" of an affine network.

    Of an architecture it is the one that its layers share; of plain weights what follows each layer but the last, in
    order; of a graph the name of everything in it that bends, each once. None where only its values are known.
    """
    match network.source:
        case Drawn(architecture) | Weighted(architecture) | Made(architecture=architecture):
            return str(architecture.act)
        case Plain() as plain:
            names = [str(one) for one in plain.several]
            if "W1" not in network.parameters:
                return NOTHING
            return names[0] if len(set(names)) == 1 else ", ".join(names)
        case Graph(program):
            return _of_program(program)
        case _:
            assert_never(network.source)


def output_activation_of(network: Network) -> str | None:
    """What follows the last layer, "linear" where nothing does; None where only the network's values are known."""
    match network.source:
        case Drawn(architecture) | Weighted(architecture) | Made(architecture=architecture):
            return str(architecture.out_act)
        case Plain(output=output):
            return str(output)
        case Graph(program):
            last = program.operations[-1]
            return None if isinstance(last, Call) else _bend(last) or "linear"
        case _:
            assert_never(network.source)


def _of_program(program: Program) -> str | None:
    if program.called:
        return None
    found = dict.fromkeys(name for operation in program.operations if (name := _bend(operation)))
    return ", ".join(found) or NOTHING


def _bend(operation: Operation) -> str:
    """The name of what makes an operation no affine map; empty where it is one."""
    if isinstance(operation, Activate):
        return "" if operation.name == "linear" else operation.name
    if isinstance(operation, Maxout):
        return "maxout"
    return "max pooling" if isinstance(operation, Pool) and operation.kind == "max" and operation.size > 1 else ""
