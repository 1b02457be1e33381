"""A thread's own copy of a plan, with the addresses filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from netwarp.engine.compiled import loop_address
from netwarp.engine.plan import Header, Ints, Plan
from netwarp.engine.protocol import Floats

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
        width = int(plan.table[Header.WIDTH])
        space = cls(
            plan.table.copy(),
            aligned(plan.memory, plan.weights.dtype),
            np.zeros(width),
            np.zeros(width),
            np.zeros(1),
            plan,
        )
        for place, array in (
            (Header.PRIVATE_AT, space.memory),
            (Header.ROWS_AT, space.memory),
            (Header.WEIGHTS_AT, plan.weights),
            (Header.COEFFICIENTS_AT, plan.coefficients),
            (Header.KINDS_AT, plan.kinds),
            (Header.X_AT, space.x),
            (Header.Y_AT, space.y),
            (Header.YS_AT, space.ys),
        ):
            space.table[place] = array.ctypes.data
        for loop in plan.loops:
            space.table[loop] = loop_address(loop, 8 * plan.weights.dtype.itemsize)
        return space

    def columns(self, xs: NDArray[np.float64]) -> None:
        """Lets column c have x = xs[c]."""
        self.x = np.ascontiguousarray(xs)
        self.table[Header.X_AT] = self.x.ctypes.data

    def rows(self, ys: NDArray[np.float64]) -> None:
        """Lets row r have y = ys[r]."""
        self.ys = np.ascontiguousarray(ys)
        self.table[Header.YS_AT] = self.ys.ctypes.data


def aligned(count: int, dtype: DTypeLike) -> Floats:
    """(count,) zeros that begin where a cache line does: a vector that lies across two costs twice."""
    size = np.dtype(dtype).itemsize
    memory = np.zeros(count * size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    found: Floats = memory[start : start + count * size].view(dtype)
    return found
