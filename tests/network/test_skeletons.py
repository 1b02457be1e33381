"""A program filled in from a skeleton is the one that walking the architecture with the network's numbers builds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netwarp.architecture.architecture import Architecture
from netwarp.architecture.language import parse
from netwarp.errors import NetwarpError
from netwarp.network.build import build
from netwarp.network.lower import lower
from netwarp.network.network import Network
from netwarp.network.program import Program
from netwarp.network.skeletons import skeleton
from trees import architectures


def value_of(field: object) -> object:
    """What can be compared: an array as its shape, type and bytes."""
    return (field.shape, field.dtype.str, field.tobytes()) if isinstance(field, np.ndarray) else field


def bits(program: Program) -> list[tuple[type, dict[str, object]]]:
    """Every operation's kind, and its fields."""
    return [
        (type(operation), {name: value_of(field) for name, field in vars(operation).items()})
        for operation in program.operations
    ]


def walked(network: Network, architecture: Architecture) -> Program:
    return build(architecture, lambda parameter: network.parameters[parameter.key])


@pytest.mark.slow
@given(architectures, st.integers(0, 1000))
def test_a_program_from_an_outline_is_the_one_that_is_walked(architecture: Architecture, seed: int) -> None:
    try:
        networks = [Network.draw(architecture, seed + i) for i in range(2)]
    except NetwarpError:
        return
    for network in networks:
        built, filled = walked(network, architecture), lower(network)
        assert repr(bits(filled)) == repr(bits(built))
        assert filled.layers == built.layers
        assert filled.exact32 == built.exact32
        for name in ("last_use", "readers", "reach", "pointwise"):
            assert getattr(filled, name) == getattr(built, name)


def test_an_outline_is_of_the_very_architecture() -> None:
    # equal ones may hold 0.0 and -0.0, which draw other bits
    first, second = parse("conv(3)"), parse("conv(3)")
    assert first == second
    for architecture in (first, second, first):
        assert skeleton(architecture).architecture is architecture
