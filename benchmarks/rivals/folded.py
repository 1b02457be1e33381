"""Walks a calibrated Program with somebody else's primitives, so that every rival computes the very same function.

Either every convolution is valid, on just the halo it needs (plain sequences), or all keep the halo's full size and the
end is cut out (branches: no cropping inside). Both give the same numbers on the picture.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from netwarp.network.program import Activate, Add, Concat, Conv, Embed, Multiply, Pool, Program
from netwarp.plane import Raster

Value = Any  # whatever the rival calls an array


class Primitives(Protocol):
    """What a rival must be able to do. `pad` is the number of zeros on each side, alike on both axes."""

    def conv(self, x: Value, weight: np.ndarray, bias: np.ndarray, dilation: int, groups: int, pad: int) -> Value: ...
    def activate(self, x: Value, name: str, parameter: np.ndarray) -> Value: ...
    def pool(self, x: Value, kind: str, size: int, dilation: int, pad: int) -> Value: ...
    def concat(self, values: list[Value]) -> Value: ...
    def add(self, values: list[Value]) -> Value: ...
    def multiply(self, values: list[Value]) -> Value: ...
    def crop(self, x: Value, by: int) -> Value: ...


class AbsentError(Exception):
    """A rival cannot take part in a row; the message says why, in a few words."""


def halo(program: Program) -> int:
    before, after = program.reach[0]
    if before != after:
        raise AbsentError("even windows")
    return before


def branches(program: Program) -> bool:
    return any(isinstance(operation, Concat | Add | Multiply) for operation in program.operations)


def image(program: Program, raster: Raster) -> np.ndarray:
    """(K, rows + 2 halo, columns + 2 halo) float32: the input channels, handed to the rivals for free."""
    embed = program.operations[0]
    assert isinstance(embed, Embed)
    if embed.kinds.any():
        raise AbsentError("inputs other than x and y")
    wide = halo(program)
    dx, dy = raster.pitch
    xs = raster.xs()[0] + dx * np.arange(-wide, raster.columns + wide)
    ys = raster.ys()[0] + dy * np.arange(-wide, raster.rows + wide)
    a, b, c = embed.coefficients.T[:, :, None, None]
    return (a * xs + b * ys[:, None] + c).astype(np.float32)


def walk(program: Program, inputs: Value, with_: Primitives) -> Value:
    """The output of the Program, (3, rows, columns) in whatever form the primitives have."""
    same = branches(program)
    values: list[Value] = [inputs]
    for operation in program.operations[1:]:
        sources = [values[source] for source in operation.sources]
        if isinstance(operation, Conv):
            pad = (operation.kernel - 1) // 2 * operation.dilation if same else 0
            weight, bias = operation.weight.astype(np.float32), operation.bias.astype(np.float32)
            made = with_.conv(sources[0], weight, bias, operation.dilation, operation.groups, pad)
        elif isinstance(operation, Activate):
            made = with_.activate(sources[0], operation.name, operation.parameter)
        elif isinstance(operation, Pool):
            pad = (operation.size - 1) // 2 * operation.dilation if same else 0
            made = with_.pool(sources[0], operation.kind, operation.size, operation.dilation, pad)
        elif isinstance(operation, Concat):
            made = with_.concat(sources)
        elif isinstance(operation, Add):
            made = with_.add(sources)
        elif isinstance(operation, Multiply):
            made = with_.multiply(sources)
        else:
            raise AbsentError(type(operation).__name__)
        values.append(made)
    return with_.crop(values[-1], halo(program)) if same else values[-1]
