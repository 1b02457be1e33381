"""How much there is to do at a point: operations that a Program takes, by counting."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import assert_never

from netwarp.architecture.windows import passes
from netwarp.network.program import (
    Activate,
    Add,
    Call,
    Concat,
    Conv,
    Embed,
    Gather,
    LayerNorm,
    Maxout,
    Merge,
    Multiply,
    Normalise,
    Operation,
    Pool,
    Program,
    TensorConv,
)

JOB = 1 << 30  # multiplications of a job that is done in one go: some tens of milliseconds


def flops(program: Program) -> int:
    """Floating-point operations a point: two a multiply-add of every convolution, one a pass of every pool's channel.

    One a piece of every maxout, and one a channel of everything else; an outside function counts as one a channel.
    """
    total = 0
    for operation in program.operations:
        match operation:
            case Conv():
                total += 2 * operation.weight.size
            case TensorConv():
                total += 2 * operation.weight.size * prod(operation.made[1:])
            case Pool():
                total += passes(operation.kind, operation.size) * operation.channels
            case Maxout():
                total += operation.channels * operation.pieces
            case Embed() | Normalise() | Activate() | Merge() | LayerNorm() | Add() | Multiply() | Concat():
                total += operation.channels
            case Gather() | Call():
                total += operation.channels
            case _:
                assert_never(operation)
    return total


def work_of(operations: Iterable[Operation]) -> int:
    """As many multiply-adds as take about the time of these operations at a point; at least 1."""
    # one pass over a row loads and stores what a convolution keeps in registers
    return max(1, sum(o.weight.size if isinstance(o, Conv) else 4 * o.channels for o in operations))
