"""folded: a Program whose affine maps of single channels are part of the operations before them."""

# C channels of an operation's value

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from netwarp.network.cut import cut, renumbered
from netwarp.network.program import Array, Conv, Gather, Operation, Program, TensorConv

SMALL = 1 << 12  # weights of an affine map that only puts inputs into another order


def folded(program: Program, value: int) -> Program:
    """The Program of that value without what it does not need; normalisations are in the weights before them.

    A convolution that scales each channel by itself goes into the convolution that it alone reads; what is done to the
    inputs, each by itself, goes into the first layer. The function is the same but for rounding. The inputs stay those
    of the model, so that another slice can stand in their place.
    """
    program = _from_inputs(cut(program, value))
    readers = _readers(program)
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


def _readers(program: Program) -> Counter[int]:
    """How many operations read a value; the output is read once more."""
    readers = Counter(source for operation in program.operations for source in operation.sources)
    readers[len(program.operations) - 1] += 1
    return readers


def _from_inputs(program: Program) -> Program:
    """The Program with the inputs' own scales, shifts and order in the weights of the first layer."""
    operations, readers = list(program.operations), _readers(program)
    inputs = {0}  # values that are inputs of the model, each by itself
    for i, operation in enumerate(operations[1:], 1):
        if len(operation.sources) != 1 or operation.sources[0] not in inputs:
            continue
        if isinstance(operation, Gather) or _scales(operation):
            inputs.add(i)
        elif isinstance(operation, Conv) and operation.kernel == operation.groups == 1:
            operations[i] = _over(operations, readers, operation)
    for i in inputs:
        # the compiled evaluator takes no Gather
        gather = operations[i]
        if isinstance(gather, Gather) and gather.channels * (width := operations[gather.sources[0]].channels) <= SMALL:
            own = Conv(gather.sources, np.eye(width)[:, :, None, None], np.zeros(width), layer=gather.layer)
            operations[i] = _over(operations, readers, _picked(own, gather.index))
    return cut(Program(tuple(operations)), len(operations) - 1)


def _over(operations: Sequence[Operation], readers: Counter[int], conv: Conv) -> Conv:
    """The affine map of what is before the operations that it alone reads and that keep inputs apart."""
    while readers[at := conv.sources[0]] == 1:
        before, weight = operations[at], conv.weight
        if isinstance(before, Gather):
            width = operations[before.sources[0]].channels
            turned, kept = np.zeros((width, len(weight))), before.index >= 0
            # an input may be read in several places
            np.add.at(turned, before.index[kept], weight[:, kept, 0, 0].T)
            conv = replace(conv, sources=before.sources, weight=turned.T[:, :, None, None])
        elif isinstance(before, Conv) and _scales(before):
            bias = conv.bias + weight[:, :, 0, 0] @ before.bias
            conv = replace(conv, sources=before.sources, weight=weight * before.weight[:, 0][None], bias=bias)
        else:
            break
    return conv


def _picked(conv: Conv, index: NDArray[np.int64]) -> Conv:
    """Rows of an affine map without bias; zeros where the index is -1."""
    rows = np.where((index < 0)[:, None, None, None], 0.0, conv.weight[np.maximum(index, 0)])
    return replace(conv, weight=rows, bias=np.zeros(len(index)))


def _scales(operation: Operation) -> bool:
    """Whether it is a map of each channel by itself."""
    return (
        isinstance(operation, Conv)
        and operation.weight.shape[1:] == (1, 1, 1)
        and operation.groups == operation.channels
    )


def _merged(before: Operation, operation: Operation) -> Operation | None:
    """Both as one operation; None where they are not one."""
    if isinstance(operation, Conv) and _scales(operation):
        return _scaled(before, operation.weight[:, 0, 0, 0], operation.bias)
    return None


def _scaled(before: Operation, scale: Array, shift: Array) -> Operation | None:
    """The operation with its every channel scaled and shifted."""
    if isinstance(before, TensorConv):
        apart = scale.reshape(len(before.weight), -1), shift.reshape(len(before.weight), -1)
        if any((one != one[:, :1]).any() for one in apart):
            return None
        scale, shift = (one[:, 0] for one in apart)
    elif not isinstance(before, Conv) or before.kernel > 1:
        return None
    return replace(before, weight=before.weight * scale[:, None, None, None], bias=before.bias * scale + shift)
