"""Which channels of a Program's values are constant on every cell: a step's, and what is made of nothing else.

The product of such a channel and an affine one is affine on every cell. So is a choice between two functions by the
sign of a third, which is their difference times a step.
"""

# C channels of a value

from __future__ import annotations

from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from netwarp.activations.registry import face
from netwarp.network.program import (
    LINEAR,
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

Bools = NDArray[np.bool_]


def crooked(program: Program) -> frozenset[int]:
    """The products that are not affine on a cell: those with two factors, in one channel, that are not constant."""
    products = [i for i, operation in enumerate(program.operations) if isinstance(operation, Multiply)]
    if not products:
        return frozenset()
    of: list[Bools] = []
    for operation in program.operations[: products[-1]]:
        of.append(_constant(operation, [of[source] for source in operation.sources]))
    factors = {i: np.stack([~of[source] for source in program.operations[i].sources]) for i in products}
    return frozenset(i for i, varying in factors.items() if (varying.sum(axis=0) > 1).any())


def _constant(operation: Operation, sources: list[Bools]) -> Bools:
    """(C,): which channels of its value are constant on every cell, from those of its sources."""
    found: Bools
    match operation:
        case Embed():
            found = (operation.kinds == LINEAR) & np.all(operation.coefficients[:, :2] == 0.0, axis=1)
        case Conv():
            read = operation.weight.reshape(*operation.weight.shape[:2], -1) != 0.0
            groups = np.repeat(sources[0].reshape(operation.groups, -1), len(read) // operation.groups, axis=0)
            found = ~np.any(read.any(axis=2) & ~groups, axis=1)
        case TensorConv():
            found = np.full(operation.channels, sources[0].all())
        case Activate():
            found = np.ones(operation.channels, dtype=bool) if _flat(operation.name) else sources[0]
        case Maxout():
            found = np.all(sources[0].reshape(operation.channels, operation.pieces), axis=1)
        case LayerNorm():
            found = np.full(operation.channels, sources[0].all())
        case Pool() | Normalise() | Merge() | Add() | Multiply():
            found = np.all(np.stack(sources), axis=0)
        case Concat():
            found = np.concatenate(sources)
        case Gather():
            found = (operation.index < 0) | sources[0][np.maximum(operation.index, 0)]
        case Call():
            found = np.full(operation.channels, sources[0].all())
        case _:
            assert_never(operation)
    return found


def _flat(name: str) -> bool:
    """Whether an activation is constant on every piece."""
    known = face(name)
    if known.pieces is None or known.parameter:
        return False
    (slope, _), steps = known.pieces(0.0)
    return not slope and not any(gain for _, gain, _ in steps)
