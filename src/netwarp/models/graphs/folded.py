"""folded: a Program whose affine maps of single channels are part of the operations before them."""

# C channels of an operation's value

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from netwarp.network.cut import cut, renumbered
from netwarp.network.program import LINEAR, Array, Conv, Embed, Gather, Operation, Program, TensorConv


def folded(program: Program, value: int) -> Program:
    """The Program of that value without what it does not need; normalisations are in the weights before them.

    A convolution that scales each channel by itself goes into the convolution or the affine inputs that it alone reads,
    and a Gather of inputs that nothing else reads into these. The function is the same but for rounding.
    """
    program = cut(program, value)
    readers = Counter(source for operation in program.operations for source in operation.sources)
    readers[len(program.operations) - 1] += 1
    made: list[Operation] = []
    number: dict[int, int] = {}
    for i, operation in enumerate(program.operations):
        if operation.sources and readers[operation.sources[0]] == 1:
            at = number[operation.sources[0]]
            merged = _merged(made[at], operation)
            if merged is not None:
                made[at] = merged
                number[i] = at
                continue
        made.append(renumbered(operation, number))
        number[i] = len(made) - 1
    # what was merged may stand before operations of its own readers only, so that the last one is still the output
    return cut(Program(tuple(made)), number[len(program.operations) - 1])


def _merged(before: Operation, operation: Operation) -> Operation | None:
    """Both as one operation; None where they are not one."""
    if isinstance(operation, Gather):
        return _picked(before, operation)
    # each channel of its own channel alone
    if (
        isinstance(operation, Conv)
        and operation.weight.shape[1:] == (1, 1, 1)
        and operation.groups == operation.channels
    ):
        return _scaled(before, operation.weight[:, 0, 0, 0], operation.bias)
    return None


def _picked(before: Operation, gather: Gather) -> Operation | None:
    if not isinstance(before, Embed):
        return None
    read = np.maximum(gather.index, 0)
    coefficients = np.where(gather.index[:, None] < 0, 0.0, before.coefficients[read])
    kinds = np.where(gather.index < 0, LINEAR, before.kinds[read])
    return replace(before, kinds=kinds, coefficients=coefficients)


def _scaled(before: Operation, scale: Array, shift: Array) -> Operation | None:
    """The operation with its every channel scaled and shifted."""
    if isinstance(before, Embed):
        if (before.kinds != LINEAR).any():
            return None
        coefficients = before.coefficients * scale[:, None]
        coefficients[:, 2] += shift
        return replace(before, coefficients=coefficients)
    if isinstance(before, TensorConv):
        apart = scale.reshape(len(before.weight), -1), shift.reshape(len(before.weight), -1)
        if any((one != one[:, :1]).any() for one in apart):
            return None
        scale, shift = (one[:, 0] for one in apart)
    elif not isinstance(before, Conv) or before.kernel > 1:
        return None
    return replace(before, weight=before.weight * scale[:, None, None, None], bias=before.bias * scale + shift)
