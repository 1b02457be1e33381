"""flattened: a Program whose tensor operations are 1x1 convolutions of all channels, for whatever knows no tensors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netwarp.errors import LimitError
from netwarp.network.program import Activate, Array, Call, Conv, Gather, Maxout, Operation, Program, TensorConv

# numbers of all matrices that a Program may be flattened to: half a gibibyte
MOST = 1 << 26
UNITS = 100_000  # of a model with tensors


def tensorial(program: Program) -> bool:
    """Whether it has operations that only evaluators in batches know."""
    return any(isinstance(operation, Gather | TensorConv | Call) for operation in program.operations)


def flattened(program: Program, *, gathers: bool = True) -> Program:
    """The same function, exactly: every TensorConv as a Conv whose matrix has its weights where its taps are.

    With `gathers` every Gather too, as a Conv of ones and zeros. Values keep their numbers. Errors: LimitError where
    the matrices would hold more than 67 million numbers, or there are more than 100,000 units.
    """
    if not tensorial(program):
        return program
    units = _units(program)
    if units > UNITS:
        raise LimitError(
            f"a model of {units:,} units: at most {UNITS:,} are divided into regions exactly; one so large is sampled"
        )
    needed = 0
    made: list[Operation] = []
    for operation in program.operations:
        kinds = (TensorConv, Gather) if gathers else (TensorConv,)
        if isinstance(operation, kinds):
            needed += operation.channels * program.operations[operation.sources[0]].channels
            if needed > MOST:
                raise LimitError(
                    f"layer {operation.layer!r}: the matrices up to it hold {needed:,} numbers, at most {MOST:,} are "
                    "allowed; a network so large is sampled, not divided into its regions"
                )
        if isinstance(operation, TensorConv):
            made.append(_conv(operation))
        elif isinstance(operation, Gather) and gathers:
            made.append(_picked(operation, program.operations[operation.sources[0]].channels))
        else:
            made.append(operation)
    return Program(tuple(made), program.layers, program.exact32)


def _units(program: Program) -> int:
    return sum(one.channels for one in program.operations if isinstance(one, Activate | Maxout))


def taps_of(conv: TensorConv) -> NDArray[np.int64]:
    """(A, rows, columns, R, S) the source channel that each of R x S taps reads for each of the value's places.

    -1 where it lies in the padding.
    """
    (inputs, high, wide), (_, rows, columns) = conv.shape, conv.made
    kernel = conv.weight.shape[2:]
    starts = zip((rows, columns), kernel, conv.stride, conv.dilation, conv.padding[::2], strict=True)
    down, across = (
        np.arange(count)[:, None] * stride + np.arange(size) * dilation - before
        for count, size, stride, dilation, before in starts
    )
    y, x = down[:, None, :, None], across[None, :, None, :]
    inside = (y >= 0) & (y < high) & (x >= 0) & (x < wide)
    one = np.where(inside, y * wide + x, -1)
    channel = np.arange(inputs).reshape(-1, 1, 1, 1, 1) * (high * wide)
    return np.where(inside, channel + one, -1)


def _conv(conv: TensorConv) -> Conv:
    outputs, own = conv.weight.shape[:2]
    _, rows, columns = conv.made
    reads = taps_of(conv)
    matrix = np.zeros((outputs, rows * columns, conv.shape[0] * conv.shape[1] * conv.shape[2]))
    places = np.arange(rows * columns)[:, None]
    each = outputs // conv.groups
    for i in range(outputs):
        first = i // each * own
        for j in range(own):
            at = reads[first + j].reshape(rows * columns, -1)
            weights = np.broadcast_to(conv.weight[i, j].ravel(), at.shape)
            inside = at >= 0
            matrix[i][np.broadcast_to(places, at.shape)[inside], at[inside]] = weights[inside]
    weight = matrix.reshape(outputs * rows * columns, -1, 1, 1)
    return Conv(conv.sources, weight, np.repeat(conv.bias, rows * columns), layer=conv.layer)


def _picked(gather: Gather, channels: int) -> Conv:
    matrix: Array = np.zeros((gather.channels, channels, 1, 1))
    read = np.flatnonzero(gather.index >= 0)
    matrix[read, gather.index[read]] = 1.0
    return Conv(gather.sources, matrix, np.zeros(gather.channels), layer=gather.layer)
