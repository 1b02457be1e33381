"""planar: a Program whose first layer reads the plane itself, where its many inputs are affine in x and y."""

# K inputs, C channels of the first layer

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from netwarp.network.cut import renumbered
from netwarp.network.program import LINEAR, Array, Conv, Embed, Program

# inputs from which on it is worth it, and to which pictures of fewer keep every bit
MANY = 65
BLOCK = 256  # inputs whose products are added up at once


@lru_cache(maxsize=16)
def planar(program: Program) -> Program:
    """The same function but for rounding, its first layer's weights (C, K) times the inputs' (K, 3) in one Embed.

    A point then costs 3 C multiplications and not K + K C. The Program as it is where it has fewer than 65 inputs, some
    that are not affine, or where more than one layer reads them.
    """
    first, second = (*program.operations, None)[:2]
    if not isinstance(first, Embed) or first.channels < MANY or (first.kinds != LINEAR).any():
        return program
    if not isinstance(second, Conv) or second.groups != 1 or second.kernel != 1 or program.last_use[0] != 1:
        return program
    rows = _times(second.weight[:, :, 0, 0], first.coefficients)
    rows[:, 2] += second.bias
    if not np.isfinite(rows).all():
        return program
    made = Embed(np.full(len(rows), LINEAR, dtype=np.int64), rows, second.layer)
    number = {i: max(0, i - 1) for i in range(len(program.operations))}
    operations = tuple(renumbered(operation, number) for operation in program.operations[2:])
    return replace(program, operations=(made, *operations), layers=tuple(number[layer] for layer in program.layers))


def _times(weight: Array, coefficients: Array) -> Array:
    """(C, 3) products, added up in one order on every machine, which a matrix product of BLAS is not."""
    found = np.zeros((len(weight), 3))
    with np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, len(coefficients), BLOCK):
            part = slice(first, first + BLOCK)
            products = weight[:, part].T[:, :, None] * coefficients[part, None, :]
            found += np.add.reduce(products, axis=0)
    return found
