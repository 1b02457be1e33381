"""Programs of one form differ in their convolutions' numbers alone, so that their plans differ in weights alone.

Networks of one architecture are of one form, whatever their seed: a plan is made for the first and filled for the rest.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netwarp.engine.plan import Plan
from netwarp.engine.writer import Writer, packed
from netwarp.network.program import Conv, Normalise, Operation, Program


@dataclass(frozen=True, slots=True)
class Form:
    """What plans of a Program depend on but for weights, and the Program that it was first seen of."""

    key: tuple[Hashable, ...]
    program: Program = field(compare=False)

    @classmethod
    def of(cls, program: Program) -> Form:
        return cls(tuple(map(_form, program.operations)), program)


def _form(operation: Operation) -> Hashable:
    if isinstance(operation, Conv):
        return "conv", operation.sources, operation.weight.shape, operation.dilation, operation.groups
    if isinstance(operation, Normalise):
        # its numbers are folded into a convolution's before anything runs
        return "normalise", operation.sources, operation.channels
    return type(operation), *((name, _plain(value)) for name, value in vars(operation).items() if name != "layer")


def _plain(value: Any) -> Hashable:
    found: Hashable = (value.shape, value.dtype.str, value.tobytes()) if isinstance(value, np.ndarray) else value
    return found


@dataclass(frozen=True, slots=True)
class Mould:
    """A plan whose weights are to be filled: which operation's numbers begin where, and where biases lie."""

    plan: Plan
    places: tuple[tuple[int, int], ...]
    biases: NDArray[np.int64]
    tangents: bool

    @classmethod
    def of(cls, plan: Plan, writer: Writer, numbers: dict[int, int], *, tangents: bool = False) -> Mould:
        """`numbers` are the operations' numbers by the id of the Conv; those of others are left as they are."""
        places = tuple((numbers[id(conv)], at) for conv, at in writer.convolutions if id(conv) in numbers)
        return cls(plan, places, np.array(writer.biases, dtype=np.int64), tangents)

    def filled(self, operations: Sequence[Operation]) -> Plan:
        """The plan of a Program of the form that has these operations. Its weights are its own."""
        weights = self.plan.weights.copy()
        values = weights[: len(weights) // 2] if self.tangents else weights
        for i, at in self.places:
            conv = operations[i]
            assert isinstance(conv, Conv)
            numbers = packed(conv)
            values[at : at + len(numbers)] = numbers
        if self.tangents:
            # derivatives take the same weights, and no bias
            weights[len(values) :] = values
            weights[len(values) + self.biases] = 0
        return replace(self.plan, weights=weights)
