"""A thread's own copy of a plan, with the addresses filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from netwarp.engine.compiled import kernel_address
from netwarp.engine.plan import (
    COEFFICIENTS_AT,
    KERNELS,
    KINDS_AT,
    PRIVATE_AT,
    ROWS_AT,
    WEIGHTS_AT,
    WIDTH,
    X_AT,
    Y_AT,
    YS_AT,
    Floats,
    Ints,
    Plan,
)

LINE = 64  # bytes


@dataclass(eq=False)
class Workspace:
    """What one thread works with: its copy of a plan's table, with the addresses of arrays that this keeps alive."""

    table: Ints
    memory: Floats
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    ys: NDArray[np.float64]
    plan: Plan

    @classmethod
    def of(cls, plan: Plan) -> Workspace:
        width = int(plan.table[WIDTH])
        space = cls(
            plan.table.copy(),
            aligned(plan.memory, plan.weights.dtype),
            np.zeros(width),
            np.zeros(width),
            np.zeros(1),
            plan,
        )
        for place, array in (
            (PRIVATE_AT, space.memory),
            (ROWS_AT, space.memory),
            (WEIGHTS_AT, plan.weights),
            (COEFFICIENTS_AT, plan.coefficients),
            (KINDS_AT, plan.kinds),
            (X_AT, space.x),
            (Y_AT, space.y),
            (YS_AT, space.ys),
        ):
            space.table[place] = array.ctypes.data
        for kernel in plan.kernels:
            space.table[kernel] = kernel_address(kernel - KERNELS, 8 * plan.weights.dtype.itemsize)
        return space

    def columns(self, xs: NDArray[np.float64]) -> None:
        """Lets column c have x = xs[c]."""
        self.x = np.ascontiguousarray(xs)
        self.table[X_AT] = self.x.ctypes.data

    def rows(self, ys: NDArray[np.float64]) -> None:
        """Lets row r have y = ys[r]."""
        self.ys = np.ascontiguousarray(ys)
        self.table[YS_AT] = self.ys.ctypes.data


def aligned(count: int, dtype: DTypeLike) -> Floats:
    """(count,) zeros that begin where a cache line does: a vector that lies across two costs twice."""
    size = np.dtype(dtype).itemsize
    memory = np.zeros(count * size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    found: Floats = memory[start : start + count * size].view(dtype)
    return found
